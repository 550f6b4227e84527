"use strict";exports.id=38,exports.ids=[38],exports.modules={38:(e,n,o)=>{o.r(n),o.d(n,{npmLock:()=>t});var s=o(7629);function t(e,n){const o=(0,s.qF)(e),t="value"in o?(0,s._F)(o.value,"packages"):void 0
;if(!("value"in o)||"object"!=typeof t||null===t||Array.isArray(t))return{problem:"it is not of the formats 2 or 3 of npm"};const i=new Map(Object.entries(t)),d=new Map,c=new Map,l=new Set(n);for(const[e,n]of i){const o=r(e,n,i)
;if("problem"in o)return o;l.has(e)?c.set(e,o.keys):!0!==(0,s._F)(n,"link")&&d.set(e,{identity:JSON.stringify(n),needs:o.keys})}return{whole:JSON.stringify(["lockfileVersion","requires"].map(e=>(0,s._F)(o.value,e))),entries:d,roots:c}}
const i=[["dependencies",!0],["devDependencies",!0],["optionalDependencies",!1],["peerDependencies",!1]];function r(e,n,o){const t=new Set((0,s.CB)((0,s._F)(n,"optionalDependencies")).keys()),r=[]
;for(const[c,l]of i)if("devDependencies"!==c||!e.includes("node_modules/"))for(const i of(0,s.CB)((0,s._F)(n,c)).keys()){const n=d(i,e,o);if(void 0!==n)!0!==(0,s._F)(o.get(n),"link")&&r.push(n);else if(l&&!t.has(i))return{
problem:"it does not hold every dependency"}}return{keys:r}}function d(e,n,o){let s=n;for(;;){const n=""===s?`node_modules/${e}`:`${s}/node_modules/${e}`;if(o.has(n))return n;if(""===s)return
;s=s.includes("/")?s.slice(0,s.lastIndexOf("/")):""}}}};
