export const id=2312;export const ids=[2312];export const modules={62312:(e,t,o)=>{o.r(t),o.d(t,{action:()=>l});var a=o(58717),n=o(9832),i=o(15732),s=o(75860)
;const r='{"working-directory": ".", "deploy": "none"}',d="the inputs of the workflow as JSON, `toJSON(inputs)`";function p(e){return"string"==typeof e||"number"==typeof e||"boolean"==typeof e||null===e}const c={"working-directory":{
kind:(0,n.X5)({example:"apps/api"}),description:"Folder of the project. A package of a workspace is planned with the builds of the packages it depends on.",default:"."},"changed-since":{kind:(0,n.Yj)({example:"origin/main"}),
description:"Commit to compare with, so that only affected packages are planned. Not available yet."},coverage:{kind:(0,n.zM)(),
description:"Whether the tests have to measure coverage: a script that does is preferred, else the runner’s own flag is added. Give `gate` the same.",default:"false"},workflow:{kind:(0,n.Yj)({example:"node-service",
pattern:/^(?:[a-z][a-z-]{0,40})?$/,limit:41}),description:"Name of the workflow that plans: each deploys to targets of its own.",default:""},"workflow-inputs":{kind:function(){const e=(e,t)=>{if((0,
s.j)(e)&&Object.values(e).every(p))return e;throw new n.Lw([{at:t,given:(0,i.SP)(e),accepted:d,example:r}])};return{accepted:d,example:r,secret:!1,fromText:t=>{try{return e(JSON.parse(t),"")}catch(e){if(!(e instanceof SyntaxError))throw e
;throw new n.Lw([{at:"",given:`${(0,i.SP)(t)}; ${(0,i.g$)(e.message.slice(0,120))}`,accepted:d,example:r}])}},fromYaml:e}}(),description:"Inputs of the workflow that plans, as `toJSON(inputs)`: what it can not do is refused at once."}
},l=(0,a.Q)({name:"plan",description:"Reads the repository and explains what the pipeline will do and why.",inputs:c,outputs:{plan:{kind:"json",
description:"The plan, as docs/plan.schema.json describes it; at most 120,000 bytes, `leftOut` says what did not fit."},affected:{kind:"json",description:"Folders of the affected packages, relative to the repository."},prisma:{
kind:"boolean",description:"Whether a Prisma schema was found."},"build-output":{kind:"string",description:"Folders of the build that the workflow deploys, one a line: what `gate` takes as `pack`."},"build-artifact":{kind:"string",
description:"Name for the artifact of that output: workflow, folder and service are in it."},promised:{kind:"json",description:"What `report` needs of the plan, 8 KiB at most."}},
run:async(e,t)=>(await Promise.all([o.e(9485),o.e(7727)]).then(o.bind(o,17727))).run(e,t)})},58717:(e,t,o)=>{function a(e){return e}o.d(t,{Q:()=>a})}};
