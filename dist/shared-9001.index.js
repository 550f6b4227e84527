"use strict";module.exports={9001:(e,t,a)=>{a.d(t,{Xr:()=>m,yH:()=>w,Ju:()=>p,L:()=>d});var i=a(7598),n=a(9290),r=a(4313),o=a(8207),s=a(1455),c=a(6760);async function f(e,t){await l(e),await u(e,t)}async function l(e){
for(const t of await y(e)){const a=(0,c.join)(e,t.name);t.isDirectory()?await l(a):t.isFile()||await(0,s.rm)(a)}}async function u(e,t){if(!await(0,o.t2)(t))return await(0,s.mkdir)((0,c.dirname)(t),{recursive:!0}),void await(0,s.rename)(e,t)
;for(const a of await y(e)){const i=(0,c.join)(e,a.name),n=(0,c.join)(t,a.name);a.isDirectory()?await u(i,n):await(0,o.t2)(n)||await(0,s.rename)(i,n)}}function y(e){return(0,s.readdir)(e,{withFileTypes:!0})}
function d({level:e,text:t},{log:a}){"info"===e?a.info(t):a.annotate(e,t)}function m(e){
const{platform:t,arch:a,image:n,manager:r,managerVersion:o,directory:s,lockfileHash:c}=e,f=`${["pipelines-setup",t,a,...void 0===n?[]:[n],`${r}${o.slice(0,o.indexOf("."))}`,(0,
i.createHash)("sha256").update(s).digest("hex").slice(0,12)].join("-").replace(/[^A-Za-z0-9._-]/g,"_")}-`;return{key:`${f}${c}`,restoreKeys:[f]}}function w({key:e,restoreKeys:t,store:a},i){return(0,r.P)({key:e,restoreKeys:t,folder:a,
paths:h,place:e=>f(e,a)},i)}async function p({key:e,store:t},a){return void 0!==(0,n.q)(a.environment,"save")||await(0,o.t2)(t)?(0,r.I)({key:e,folder:t,paths:h},a):{kind:"off",reason:"the install left nothing in the package store"}}
const h=["."]}};
