export const id=4602;export const ids=[4602];export const modules={14602:(n,e,r)=>{r.d(e,{approvalText:()=>p,approvalsOfRun:()=>i});var o=r(15732),t=r(91771),s=r(28256),a=r(531);async function i({environment:n,token:e,signal:r}){
const{id:i}=(0,a.Z)(n);if(0===i)return"the runner names no run";try{const o=(0,s.C)({environment:n,token:e,...void 0===r?{}:{signal:r}});try{return(await(0,t.kA)(o,"GET","/repos/{owner}/{repo}/actions/runs/{run_id}/approvals",{
doing:"read who approved this run",permission:"actions: read",path:{run_id:i}})).map(({user:n,environments:e,state:r,comment:o})=>({user:n.login,environments:e.flatMap(({name:n})=>n??[]),isApproved:"approved"===r,comment:o}))}finally{
o.close()}}catch(n){if(!(n instanceof o.zC)||!0===r?.aborted)throw n;return n.faults[0].what}}function p(n){return n.slice(0,20).map(({user:n,environments:e,isApproved:r,comment:o})=>{const t=""===o?"":` (“${o.slice(0,200)}”)`
;return`${n} ${r?"approved":"refused"} ${e.join(", ")}${t}`}).join("; ")}}};
