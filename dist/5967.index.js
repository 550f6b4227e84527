"use strict";exports.id=5967,exports.ids=[5967],exports.modules={5967:(e,r,t)=>{t.d(r,{artifactName:()=>a});var s=t(7598);const i=40;function a(e,{workflow:r,folder:t,service:i}){const a=(0,
s.createHash)("sha256").update(JSON.stringify([r,t,i])).digest("hex").slice(0,8);return[e,...[r,"."===t?"":t,i].map(c).filter(e=>""!==e),a].join("-")}function c(e){return e.replace(/[^A-Za-z0-9._-]+/g,"-").slice(0,i).replace(/^-+|-+$/g,"")}
}};
