"use strict";exports.id=5827,exports.ids=[5827,6923,1382,2828],exports.modules={6668:function(e,r,n){return require("./shared-6668.index.js")[6668].call(this,e,r,n)},1382:function(e,r,n){
return require("./shared-1382.index.js")[1382].call(this,e,r,n)},6923:function(e,r,n){return require("./shared-6923.index.js")[6923].call(this,e,r,n)},5827:(e,r,n)=>{n.r(r),n.d(r,{endOfRunBefore:()=>u});var i=n(1382),s=n(6923),o=n(3713)
;const t=20;async function u(e,{environment:r,token:n,signal:u}){const c=/([^/]+\.ya?ml)$/.exec(e.workflow)?.[1],a=r.GITHUB_REF_NAME??"",l=r.GITHUB_EVENT_NAME??"";if(void 0!==c&&""!==a&&""!==n)try{const o=(0,s.createGitHub)({environment:r,
token:n,signal:u});try{const{workflow_runs:r}=await(0,i.ask)(o,"GET","/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs",{doing:"see how the run before this one ended",permission:"actions: read",path:{workflow_id:c},query:{
branch:a,event:l,status:"completed",per_page:t}}),n=r.filter(({id:r,conclusion:n})=>Number(r)<e.id&&("success"===n||"failure"===n)).sort((e,r)=>Number(r.id)-Number(e.id))[0]
;return"success"===n?.conclusion||"failure"===n?.conclusion?n.conclusion:void 0}finally{o.close()}}catch(e){if(e instanceof o.zC&&!u.aborted)return;throw e}}},8278:function(e,r,n){
return require("./shared-8278.index.js")[8278].call(this,e,r,n)},2828:function(e,r,n){return require("./shared-8278.index.js")[2828].call(this,e,r,n)},4579:function(e,r,n){return require("./shared-4579.index.js")[4579].call(this,e,r,n)},
2345:function(e,r,n){return require("./shared-8278.index.js")[2345].call(this,e,r,n)}};
