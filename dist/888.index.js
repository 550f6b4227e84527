export const id=888;export const ids=[888];export const modules={30888:(t,e,n)=>{n.d(e,{packSite:()=>s});var o=n(51455),a=n(76760),i=n(15732),r=n(94400);async function s(t,e,n,{environment:s,signal:d}){const h=t.map(t=>({
path:t.replace(/^\?/,""),isOptional:t.startsWith("?")})),l=[];for(const{path:t,isOptional:n}of h){const i=await(0,o.stat)((0,a.join)(e,t)).catch(()=>{});if(!0===i?.isDirectory())l.push(t);else if(!n)throw c(t,void 0!==i)}
if(0===l.length)return[]
;const p=["--create","--file",n,"--sort=name","--mtime=@0","--owner=0","--group=0","--numeric-owner","--format=pax","--pax-option=delete=atime,delete=ctime","--",...l],f=performance.now(),{exitCode:u,stderr:m}=await(0,r.F)("tar",p,{cwd:e,
env:s,signal:d});if(0===u)return l;throw new i.sD({code:"PIPE-ARCHIVE-005",what:"tar could not pack the build output",given:(0,i.SP)(m.trim(),400)},{service:"tar on this runner",tries:1,elapsed:performance.now()-f})}function c(t,e){
return new i.cV({code:"PIPE-ARCHIVE-004",what:`the build left no folder ${(0,i.SP)(t,200)}`,given:e?"a file of that name":"nothing of that name",accepted:"the folder that the hosting configuration names",
remedy:"see where the build writes, and set that folder in the configuration; or add the task `build`",state:"nothing was packed and nothing was deployed"})}}};
