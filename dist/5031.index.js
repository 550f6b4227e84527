"use strict";exports.id=5031,exports.ids=[5031],exports.modules={5031:(e,t,i)=>{i.r(t),i.d(t,{deployAction:()=>s});var n=i(2164),r=i(9535);function s(e){return(0,n.Q)({name:`deploy-${e.scheme}`,
description:`Stages a release on ${e.title} without live traffic, probes it, and moves the traffic to it when it is healthy.`,inputs:(0,r.xR)(e),outputs:r.V4,
run:async(t,n)=>(await Promise.all([i.e(6556),i.e(1883),i.e(6376)]).then(i.bind(i,6376))).run(e,t,n)})}},2164:(e,t,i)=>{function n(e){return e}i.d(t,{Q:()=>n})}};
