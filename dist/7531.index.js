"use strict";exports.id=7531,exports.ids=[7531],exports.modules={7531:(e,t,n)=>{n.d(t,{packSite:()=>s});var o=n(1455),a=n(6760),i=n(4551),r=n(2838);async function s(e,t,n,{environment:s,signal:d}){const h=e.map(e=>({
path:e.replace(/^\?/,""),isOptional:e.startsWith("?")})),l=[];for(const{path:e,isOptional:n}of h){const i=await(0,o.stat)((0,a.join)(t,e)).catch(()=>{});if(!0===i?.isDirectory())l.push(e);else if(!n)throw c(e,void 0!==i)}
if(0===l.length)return[]
;const p=["--create","--file",n,"--sort=name","--mtime=@0","--owner=0","--group=0","--numeric-owner","--format=pax","--pax-option=delete=atime,delete=ctime","--",...l],f=performance.now(),{exitCode:u,stderr:m}=await(0,r.F)("tar",p,{cwd:t,
env:s,signal:d});if(0===u)return l;throw new i.sD({code:"PIPE-ARCHIVE-005",what:"tar could not pack the build output",given:(0,i.SP)(m.trim(),400)},{service:"tar on this runner",tries:1,elapsed:performance.now()-f})}function c(e,t){
return new i.cV({code:"PIPE-ARCHIVE-004",what:`the build left no folder ${(0,i.SP)(e,200)}`,given:t?"a file of that name":"nothing of that name",accepted:"the folder that the hosting configuration names",
remedy:"see where the build writes, and set that folder in the configuration; or add the task `build`",state:"nothing was packed and nothing was deployed"})}}};
