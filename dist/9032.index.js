export const id=9032;export const ids=[9032];export const modules={19032:(o,e,n)=>{n.r(e),n.d(e,{endOfRunBefore:()=>c});var r=n(91771),s=n(28256),t=n(15732);const i=20;async function c(o,{environment:e,token:n,signal:c}){
const u=/([^/]+\.ya?ml)$/.exec(o.workflow)?.[1],a=e.GITHUB_REF_NAME??"",l=e.GITHUB_EVENT_NAME??"";if(void 0!==u&&""!==a&&""!==n)try{const t=(0,s.C)({environment:e,token:n,signal:c});try{const{workflow_runs:e}=await(0,
r.kA)(t,"GET","/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs",{doing:"see how the run before this one ended",permission:"actions: read",path:{workflow_id:u},query:{branch:a,event:l,status:"completed",per_page:i}
}),n=e.filter(({id:e,conclusion:n})=>Number(e)<o.id&&("success"===n||"failure"===n)).sort((o,e)=>Number(e.id)-Number(o.id))[0];return"success"===n?.conclusion||"failure"===n?.conclusion?n.conclusion:void 0}finally{t.close()}}catch(o){
if(o instanceof t.zC&&!c.aborted)return;throw o}}}};
