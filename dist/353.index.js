"use strict";exports.id=353,exports.ids=[353],exports.modules={353:(e,t,i)=>{i.r(t),i.d(t,{deployAction:()=>s});var n=i(7314),r=i(8887);function s(e){return(0,n.Q)({name:`deploy-${e.scheme}`,
description:`Stages a release on ${e.title} without live traffic, probes it, and moves the traffic to it when it is healthy.`,inputs:(0,r.xR)(e),outputs:r.V4,
run:async(t,n)=>(await Promise.all([i.e(9310),i.e(9496),i.e(46)]).then(i.bind(i,46))).run(e,t,n)})}},7314:(e,t,i)=>{function n(e){return e}i.d(t,{Q:()=>n})}};
