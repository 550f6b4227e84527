"use strict";exports.id=7077,exports.ids=[7077],exports.modules={1371:function(e,t,i){return require("./shared-1371.index.js")[1371].call(this,e,t,i)},7077:(e,t,i)=>{i.r(t),i.d(t,{target:()=>o});var a=i(1371),s=i(39);const n={project:{
kind:(0,s.Yj)({example:"acme-production",limit:64}),description:"Firebase project, by its id or by its alias in .firebaserc. Without it GOOGLE_CLOUD_PROJECT of the environment, then the alias `default` of .firebaserc, then its only alias."
},site:{kind:(0,s.Yj)({example:"acme-shop",limit:64}),description:"Hosting site. Without it the one of `target`, the one that firebase.json names, or the default site of the project."},target:{kind:(0,s.Yj)({example:"shop",limit:128}),
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
}},o={scheme:"firebase",title:"Firebase Hosting",parts:["project","site","version"],canSplit:!1,credentials:a.Vh,inputs:n,prepare:async(e,t)=>(await i.e(7708).then(i.bind(i,641))).prepare(e,t),
outputFolders:async(e,t)=>(await i.e(7708).then(i.bind(i,6847))).outputFolders(e,t),open:async(e,t)=>(await i.e(7708).then(i.bind(i,9690))).open(e,t)}}};
