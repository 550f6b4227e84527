"use strict";exports.id=7309,exports.ids=[7309],exports.modules={7309:(e,t,a)=>{a.r(t),a.d(t,{action:()=>c});var i=a(2164),s=a(39),n=a(1371),o=a(9535);const r=(0,s.Yj)({
accepted:"a release reference, the output `release` of a deploy action",example:"cloud-run://acme-production/europe-west1/api/api-00041-vuf"}),h={release:{kind:r,
description:"Release that is to serve again. Without it `target` and `to` say which."},from:{kind:r,description:"Release that traffic is taken from. When it has none, nothing is moved and the step is green. Without it the one that serves."
},commit:{kind:(0,s.Yj)({example:"0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",pattern:/^([0-9a-f]{40}|[0-9a-f]{64})$/,accepted:"a whole commit, 40 or 64 hexadecimal digits"}),
description:"With `target`: commit whose release traffic is taken from, where its reference is not known (the runner that staged it was lost). Only a release that the same run has made counts."},target:{kind:(0,s.Yj)({
accepted:"a release reference without the release: a scheme, `://`, and the names of the place",example:"cloud-run://acme-production/europe-west1/api"}),description:"Place whose traffic is moved back, when `release` is not given."},to:{
kind:(0,s.Yj)({example:"api-00041-vuf",limit:255}),description:"Name of the release of `target` that is to serve again, or `previous`: what serves beside the newest one, else the last good one before it.",default:"previous"},migrations:{
kind:(0,s.Yj)({accepted:"the output `migrations` of `migrate` with `mode: apply`",example:'{"after":null,"migrations":[],"leftOut":0}',limit:65536}),
description:"Migrations that the database was given, to say which of them are newer than the release that serves again."},...n.HP},d={url:{kind:"string",description:"Address that users ask."},release:{kind:"string",
description:"Reference of the release that serves now."},"previous-release":{kind:"string",description:"Reference of the release that the traffic was taken from."},moved:{kind:"boolean",
description:"Whether traffic was moved; not when there was nothing to move."},migrations:{kind:"json",description:"What the database was given since that release: names and whether they destroy data; empty when it is not known."},...o.wl
},c=(0,i.Q)({name:"rollback",description:"Moves traffic back to the previous release, or to a named one, in seconds and without a build, and says which migrations the database was given since.",inputs:h,outputs:d,
run:async(e,t)=>(await Promise.all([a.e(1835),a.e(2666)]).then(a.bind(a,4087))).run(e,t)})},2164:(e,t,a)=>{function i(e){return e}a.d(t,{Q:()=>i})}};
