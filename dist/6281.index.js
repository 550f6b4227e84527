"use strict";exports.id=6281,exports.ids=[6281],exports.modules={6281:(e,t,a)=>{a.r(t),a.d(t,{action:()=>p});var i=a(7314),o=a(3815),s=a(801),r=a(2369),n=a(8887),h=a(358);const d=(0,s.Yj)({
accepted:"a release reference, the output `release` of a deploy action",example:"cloud-run://acme-production/europe-west1/api/api-00042-kix"}),l={release:{kind:d,description:"Release that is to take the traffic.",required:!0},expected:{
kind:d,description:"Release that should have the traffic until now (the output `previous-release` of the deploy action). When another one has it, nothing is moved."},steps:{kind:(0,o.p_)((0,s.nd)({min:1,max:100,example:10}),{
example:"10\n50",max:20}),description:"Shares of the traffic, in percent, that the release gets one after the other, rising; 100 comes last by itself. Without it all at once.",default:""},interval:{kind:(0,s.p0)({min:0,max:216e5,
example:"5m"}),description:"How long each step is watched before the next one.",default:"1m"},health:{kind:n.j$.health.kind,
description:"How the release is probed before, between and after the steps: a YAML map of the inputs of the action `health`, or `off`."},"health-url":{kind:n.j$["probe-url"].kind,
description:"Address that is probed. Default: that of the release alone, and after the last step the one that users ask."},force:{kind:(0,s.zM)(),description:"Also promotes a release that was rolled back.",default:"false"},hold:{kind:(0,
s.zM)(),description:"Looks at the release as before a promotion, and moves nothing: it is recorded as held, for a release by hand.",default:"false"},keep:n.j$.keep,commit:{kind:n.j$.commit.kind,
description:"Commit for the record of the release. Default: the one that the release was staged with."},"last-migration":{kind:n.j$["last-migration"].kind,
description:"Name of the last migration that the database has. Default: the one that the release was staged with."},...h.v,...r.HP},c={url:{kind:"string",description:"Address that users ask; that of the release alone when it is held."},
release:{kind:"string",description:"Reference of the release that was to be promoted."},"previous-release":{kind:"string",description:"Reference of the release that had the traffic before."},promoted:{kind:"boolean",
description:"Whether it has all the traffic."},moved:{kind:"boolean",description:"Whether traffic was moved; not when it is held, or had all of it already."},held:{kind:"boolean",
description:"Whether it was held: it is well, is recorded, and has no traffic."},...n.Bv,...n.QS,...n.wl},p=(0,i.Q)({name:"promote",
description:"Moves traffic to a release, at once or in steps, watches its health, reads back that it is the one that serves, and moves the traffic back when it is not well.",inputs:l,outputs:c,
run:async(e,t)=>(await Promise.all([a.e(9310),a.e(9496),a.e(2089)]).then(a.bind(a,2089))).run(e,t)})},7314:(e,t,a)=>{function i(e){return e}a.d(t,{Q:()=>i})}};
