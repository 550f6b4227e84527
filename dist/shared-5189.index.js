"use strict";module.exports={5189:(e,r,t)=>{t.d(r,{artifactName:()=>i});var a=t(7598);const c=40;function i(e,{workflow:r,folder:t,service:c}){const i=(0,a.createHash)("sha256").update(JSON.stringify([r,t,c])).digest("hex").slice(0,8)
;return[e,...[r,"."===t?"":t,c].map(s).filter(e=>""!==e),i].join("-")}function s(e){return e.replace(/[^A-Za-z0-9._-]+/g,"-").slice(0,c).replace(/^-+|-+$/g,"")}}};
