"use strict";exports.id=5272,exports.ids=[5272],exports.modules={4626:function(e,n,t){return require("./shared-4626.index.js")[4626].call(this,e,n,t)},5272:(e,n,t)=>{t.d(n,{KS:()=>i,ask:()=>s,ci:()=>c,up:()=>d});var r=t(4551),o=t(4626)
;async function s(e,n,t,r){const{answer:o}=await i(e,n,c(e,t,r),r);return o}async function i(e,n,t,r){const{doing:o,permission:s,body:i,idempotent:c}=r,d=await e.send({method:n,url:t,doing:o,permission:s,...void 0===i?{}:{
body:JSON.stringify(i)},...void 0===c?{}:{idempotent:c}});return{answer:a(d,{method:n,url:t,doing:o,permission:s,tries:1,elapsed:0}),headers:d.headers}}function a(e,n){const t=e.body.toString("utf8");if(""!==t.trim())try{
return JSON.parse(t)}catch(s){throw(0,o.Cw)(e.status,n,`no JSON but ${(0,r.SP)(t,60)}`,s)}}function c(e,n,t){const{owner:r,name:o}=e.repository,s={...t.path,owner:r,repo:o
},i=n.replace(/\{(\w+)\}/g,(e,n)=>encodeURIComponent(String(s[n]))),a=new URLSearchParams;for(const[e,n]of Object.entries(t.query??{}))null!=n&&a.set(e,String(n));return`${e.api}${i}${0===a.size?"":`?${a}`}`}function d(e,n){
return(e instanceof r.j1||e instanceof r.sD)&&e.code===n}}};
