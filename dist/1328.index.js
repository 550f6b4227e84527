export const id=1328;export const ids=[1328];export const modules={31328:(t,e,n)=>{n.r(e),n.d(e,{deployAction:()=>r});var i=n(58717),o=n(41971);function r(t){return(0,i.Q)({name:`deploy-${t.scheme}`,
description:`Stages a release on ${t.title} without live traffic, probes it, and moves the traffic to it when it is healthy.`,inputs:(0,o.xR)(t),outputs:o.V4,
run:async(e,i)=>(await Promise.all([n.e(5850),n.e(2666)]).then(n.bind(n,38179))).run(t,e,i)})}},58717:(t,e,n)=>{function i(t){return t}n.d(e,{Q:()=>i})}};
