"use strict";exports.id=5031,exports.ids=[5031],exports.modules={5031:(t,e,i)=>{i.r(e),i.d(e,{deployAction:()=>s});var n=i(2164),r=i(9535);function s(t){return(0,n.Q)({name:`deploy-${t.scheme}`,
description:`Stages a release on ${t.title} without live traffic, probes it, and moves the traffic to it when it is healthy.`,inputs:(0,r.xR)(t),outputs:r.V4,
run:async(e,n)=>(await Promise.all([i.e(1835),i.e(2666)]).then(i.bind(i,6376))).run(t,e,n)})}},2164:(t,e,i)=>{function n(t){return t}i.d(e,{Q:()=>n})}};
