"use strict";exports.id=3893,exports.ids=[3893],exports.modules={2369:(e,t,i)=>{i.d(t,{HP:()=>s,Rd:()=>r,Vh:()=>a,YN:()=>n});var o=i(801);const s={"workload-identity-provider":{kind:(0,o.Yj)({
example:"projects/123456789012/locations/global/workloadIdentityPools/github/providers/acme"}),description:"Google Cloud: full name of the workload identity provider that lets this job in without a stored key (`id-token: write`)."},
"service-account":{kind:(0,o.Yj)({example:"deploy@acme-production.iam.gserviceaccount.com",limit:320}),description:"Google Cloud: e-mail address of the account to act as. Without it the job itself must have been granted the roles."},
"credentials-json":{kind:(0,o.rJ)({example:"${{ secrets.GOOGLE_CREDENTIALS }}"}),description:"Google Cloud: key of a service account, for those who can’t use workload identity yet."},token:{kind:(0,o.rJ)({
example:"${{ secrets.VERCEL_TOKEN }}"}),description:"Vercel: access token of an account or a team."},"protection-bypass":{kind:(0,o.rJ)({example:"${{ secrets.VERCEL_AUTOMATION_BYPASS_SECRET }}"}),
description:"Vercel: secret that lets probes through deployment protection."}},a=["workload-identity-provider","service-account","credentials-json"],r=["token","protection-bypass"];function n(e){
const{workloadIdentityProvider:t,serviceAccount:i,credentialsJson:o,token:s,protectionBypass:a}=e;return{workloadIdentityProvider:t,serviceAccount:i,credentialsJson:o,token:s,protectionBypass:a}}},3893:(e,t,i)=>{i.r(t),i.d(t,{target:()=>r})
;var o=i(2369),s=i(801);const a={project:{kind:(0,s.Yj)({example:"acme-production",limit:64}),
description:"Firebase project, by its id or by its alias in .firebaserc. Without it GOOGLE_CLOUD_PROJECT of the environment, then the alias `default` of .firebaserc, then its only alias."},site:{kind:(0,s.Yj)({example:"acme-shop",limit:64
}),description:"Hosting site. Without it the one of `target`, the one that firebase.json names, or the default site of the project."},target:{kind:(0,s.Yj)({example:"shop",limit:128}),
description:"Which configuration of firebase.json, where it has several: the name of its `target`, which .firebaserc links to a site."},config:{kind:(0,s.X5)({example:"apps/web"}),
description:"Folder of firebase.json and .firebaserc, or the path of a configuration file of another name.",default:"."},public:{kind:(0,s.X5)({example:"apps/web/dist"}),
description:"Folder to upload, instead of `public` of firebase.json: what an earlier job built. What lies in it is not trusted: links that lead out of it and anything but files are refused."},channel:{kind:(0,s.Yj)({example:"pr-42",
limit:63,pattern:/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,accepted:"lower-case letters, digits and hyphens, at most 63 characters"}),
description:"Preview channel: what is deployed serves under an address of its own until it expires, and the live site stays as it is. It is made when it is not there."},expires:{kind:(0,s.p0)({min:36e5,max:2592e6,example:"7d"}),
description:"How long the preview channel, or the address of a candidate, stays after the last deployment to it: `1h` to `30d`. Without it seven days, and a channel that stays longer, or for good, is left so."},predeploy:{kind:(0,
s.eG)(["refuse","skip","run"]),
description:"`predeploy` of firebase.json. `refuse`: it is an error to have one, because a job that holds a deploy credential runs no code of the project. `skip`: it ran in an earlier job, whose output is deployed. `run`: it runs here, without the credential in its environment.",
default:"refuse"},clone:{kind:(0,s.Yj)({example:"firebase://acme-staging/acme-staging/1a2b3c4d5e6f7a8b",limit:256}),
description:"A release of another site, by its reference. Its files and its configuration are copied by Firebase as they are and nothing is uploaded. Without `site` and `target` it goes to the site that firebase.json names where the repository is checked out, else to the default site."
}},r={scheme:"firebase",title:"Firebase Hosting",parts:["project","site","version"],canSplit:!1,credentials:o.Vh,inputs:a,prepare:async(e,t)=>(await Promise.all([i.e(6586),i.e(7708)]).then(i.bind(i,5186))).prepare(e,t),
outputFolders:async(e,t)=>(await Promise.all([i.e(6586),i.e(7708)]).then(i.bind(i,3773))).outputFolders(e,t),open:async(e,t)=>(await Promise.all([i.e(6586),i.e(7708)]).then(i.bind(i,5527))).open(e,t)}}};
