"use strict";exports.id=3215,exports.ids=[3215],exports.modules={3215:(t,e,o)=>{o.d(e,{changedSince:()=>n});var s=o(2850);async function n(t,e){
const o=["diff-tree","-r","-z","--name-only","--no-renames","--no-ext-diff",e,"HEAD","--"],n=await(0,s.d$)(t,o);if(0!==n.exitCode)return;const i=n.stdout.split("\0").filter(t=>""!==t);return{base:e,paths:i,before:async o=>{
const{exitCode:n,stdout:i}=await(0,s.d$)(t,["cat-file","blob",`${e}:${o}`]);return 0===n?i:void 0}}}}};
