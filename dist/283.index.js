export const id=283;export const ids=[283];export const modules={1283:(t,e,o)=>{o.r(e),o.d(e,{writeBills:()=>writeBills});var r=o(1455),n=o(6760),i=o(8924);async function writeBills(t,e,{file:o,format:a,timeout:l}){
const s=e.flatMap(({target:t,platforms:e})=>e.map(e=>({report:e.file,name:[t.name,e.platform??""].filter(Boolean).join("-")})));await(0,r.mkdir)((0,n.dirname)(o),{recursive:!0});const m=[];for(const{report:e,name:r}of s){
const n=1===s.length?o:namedFile(o,r),c=["convert","--format",a,"--output",n,e];await(0,i.mp)(t,c,{doing:`write the bill of materials of ${r}`,code:"PIPE-SCAN-007",timeout:l}),m.push(n)}return m}function namedFile(t,e){const o=(0,
n.extname)(t);return`${t.slice(0,t.length-o.length)}-${e.replace(/[^A-Za-z0-9._-]+/g,"-")}${o}`}}};
