"use strict";exports.id=6794,exports.ids=[6794],exports.modules={6794:(t,e,o)=>{o.r(e),o.d(e,{writeBills:()=>i});var r=o(1455),a=o(6760),n=o(6583);async function i(t,e,{file:o,format:i,timeout:l}){
const m=e.flatMap(({target:t,platforms:e})=>e.map(e=>({report:e.file,name:[t.name,e.platform??""].filter(Boolean).join("-")})));await(0,r.mkdir)((0,a.dirname)(o),{recursive:!0});const c=[];for(const{report:e,name:r}of m){
const a=1===m.length?o:s(o,r),f=["convert","--format",i,"--output",a,e];await(0,n.mp)(t,f,{doing:`write the bill of materials of ${r}`,code:"PIPE-SCAN-007",timeout:l}),c.push(a)}return c}function s(t,e){const o=(0,a.extname)(t)
;return`${t.slice(0,t.length-o.length)}-${e.replace(/[^A-Za-z0-9._-]+/g,"-")}${o}`}}};
