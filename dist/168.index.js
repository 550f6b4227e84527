export const id=168;export const ids=[168];export const modules={1168:(e,t,n)=>{n.r(t),n.d(t,{action:()=>r});var o=n(8717),a=n(9832),i=n(5199);const s={"working-directory":{kind:(0,a.X5)({example:"apps/api"}),
description:"Folder of the project. A package of a workspace is planned with the builds of the packages it depends on.",default:"."},"changed-since":{kind:(0,a.Yj)({example:"origin/main"}),
description:"Commit to compare with, so that only affected packages are planned. Not available yet."},coverage:{kind:(0,a.zM)(),
description:"Whether the tests have to measure coverage: a script that does is preferred, else the runner’s own flag is added. Give `gate` the same.",default:"false"},"workflow-inputs":{kind:(0,i.P)(),
description:"Inputs of the workflow that plans, as `toJSON(inputs)`: what it can not do is refused at once."}},r=(0,o.Q)({name:"plan",description:"Reads the repository and explains what the pipeline will do and why.",inputs:s,outputs:{
plan:{kind:"json",description:"The plan, as docs/plan.schema.json describes it; at most 120,000 bytes, `leftOut` says what did not fit."},affected:{kind:"json",description:"Folders of the affected packages, relative to the repository."},
prisma:{kind:"boolean",description:"Whether a Prisma schema was found."},promised:{kind:"json",description:"What `report` needs of the plan, 8 KiB at most."}},
run:async(e,t)=>(await Promise.all([n.e(485),n.e(610)]).then(n.bind(n,8229))).run(e,t)})},5199:(e,t,n)=>{n.d(t,{D:()=>checkWorkflowInputs,P:()=>workflowInputsKind});var o=n(5732),a=n(9832),i=n(5860)
;const s='{"working-directory": ".", "deploy": "none"}',r="the inputs of the workflow as JSON, `toJSON(inputs)`";function workflowInputsKind(){const read=(e,t)=>{if((0,i.j)(e)&&Object.values(e).every(isScalar))return e;throw new a.Lw([{
at:t,given:(0,o.SP)(e),accepted:r,example:s}])};return{accepted:r,example:s,secret:!1,fromText:e=>{try{return read(JSON.parse(e),"")}catch(t){if(!(t instanceof SyntaxError))throw t;throw new a.Lw([{at:"",given:`${(0,
o.SP)(e)}; ${t.message.slice(0,120)}`,accepted:r,example:s}])}},fromYaml:read}}function isScalar(e){return"string"==typeof e||"number"==typeof e||"boolean"==typeof e||null===e}
const d=["none","cloud-run","firebase","vercel"],c=["url","environment","environments","project","region","deploy-settings"],p=["smoke","health"];function checkWorkflowInputs(e){const given=t=>String(e[t]??"").trim(),t=given("deploy"),n=[]
;""===t||d.includes(t)?""!==t&&"none"!==t&&n.push(notAvailable("deploy",t,"`none`")):n.push(function unknownTarget(e){const t=(0,o.pA)(e,d);return{code:"PIPE-PLAN-020",what:"the input `deploy` names no target",given:(0,o.SP)(e),
accepted:`${void 0===t?"":`\`${t}\` (nearest), or another of: `}${d.join(", ")}`,example:"`deploy: none`",state:"nothing was run"}}(t));for(const e of c)""!==given(e)&&n.push(notAvailable(e,given(e),"nothing"))
;for(const e of p)""!==given(e)&&"off"!==given(e)&&n.push(notAvailable(e,given(e),"nothing, or `off`"));if(n.length>0)throw new o.j1(n)}function notAvailable(e,t,n){return{code:"PIPE-PLAN-021",
what:`the input \`${e}\` is declared but not available yet in this version`,given:(0,o.SP)(t),accepted:n,remedy:"leave it out; what is checked without it is in the table",state:"nothing was deployed, pushed or migrated"}}},8717:(e,t,n)=>{
function defineAction(e){return e}n.d(t,{Q:()=>defineAction})}};
