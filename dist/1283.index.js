export const id=1283;export const ids=[1283];export const modules={91283:(t,e,o)=>{o.r(e),o.d(e,{writeBills:()=>i});var r=o(51455),n=o(76760),a=o(98924);async function i(t,e,{file:o,format:i,timeout:s}){
const c=e.flatMap(({target:t,platforms:e})=>e.map(e=>({report:e.file,name:[t.name,e.platform??""].filter(Boolean).join("-")})));await(0,r.mkdir)((0,n.dirname)(o),{recursive:!0});const m=[];for(const{report:e,name:r}of c){
const n=1===c.length?o:l(o,r),f=["convert","--format",i,"--output",n,e];await(0,a.mp)(t,f,{doing:`write the bill of materials of ${r}`,code:"PIPE-SCAN-007",timeout:s}),m.push(n)}return m}function l(t,e){const o=(0,n.extname)(t)
;return`${t.slice(0,t.length-o.length)}-${e.replace(/[^A-Za-z0-9._-]+/g,"-")}${o}`}}};
