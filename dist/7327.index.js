"use strict";exports.id=7327,exports.ids=[7327],exports.modules={7327:(e,t,n)=>{n.d(t,{deliver:()=>m,messageOf:()=>p,newsOf:()=>s});var o=n(4551),r=n(944),i=n(189);function s(e,t,n){
if("pull_request"!==t&&"pull_request_target"!==t&&"merge_group"!==t)return e.isDone?"failure"===n?"recovery":e.lines.some(a)?"release":e.lines.some(l)?"rollback":void 0:"failure"}function a({name:e,state:t,job:n}){
return"done"===t&&("promotion"===e||"deployment"===e&&"deploy"===n)}function l({name:e,state:t}){return"rollback"===e&&"done"===t}const d={failure:"Red",recovery:"Green again",release:"Released",rollback:"Rolled back"},c=3e3
;function p(e,t,n,o){const s=""===n.name?"":` ${u((0,r.p)(n.name,200))}`,p=t.lines.filter(({state:e})=>"failed"===e).map(e=>`• ${u((0,r.p)(e.name,60))}: ${u((0,r.p)(function({detail:e,failing:t=[]}){const[n]=t.flatMap(({problems:e})=>e)
;return void 0===n?e:`${(0,i.$t)(n)} ${n.message}`
}(e),300))}`),m=""===n.sha?"":`commit ${n.sha.slice(0,7)}, `,f=`run ${n.runNumber}`,h=`${m}${void 0===n.page?f:`<${n.page}|${f}>`}`,$=t.lines.filter(e=>a(e)||l(e)).map(e=>`• ${[e.detail,e.address??""].filter(e=>""!==e).join(", ")}`),g=[`*${d[e]}:*${s} — ${u((0,
r.p)((0,i.gD)(t),400))}`,...o.map(e=>u((0,r.p)(e,500))),..."failure"===e?p.slice(0,10):$.map(e=>u((0,r.p)(e,500))),h].join("\n");return JSON.stringify({text:g.length>c?`${g.slice(0,c-1)}…`:g})}function u(e){
return e.replaceAll("&","&amp;").replaceAll("<","&lt;").replaceAll(">","&gt;")}async function m({address:e,body:t,environment:r,signal:i}){
const s=URL.canParse(e)?new URL(e):void 0,a=void 0!==s&&/^(127\.0\.0\.1|localhost|\[::1\])$/.test(s.hostname);if(void 0===s||"https:"!==s.protocol&&(!a||"http:"!==s.protocol))return"the secret `webhook-url` holds no address with https://"
;const{createHttp:l}=await n.e(358).then(n.bind(n,7977)),d=l({environment:r,service:"the webhook",code:"PIPE-REPORT-007"});try{const n={method:"POST",url:e,headers:{"content-type":"application/json"},body:t,idempotent:!0,tries:3
},{status:o}=await d.send({...n,timeout:1e4,deadline:6e4,signal:i,limit:65536});return o>=200&&o<300?void 0:`it answered with status ${o}`}catch(e){if(!(e instanceof o.zC)||i.aborted)throw e
;return e instanceof o.sD?`it did not answer (${e.details.tries} tries)`:"it could not be asked"}finally{d.close()}}}};
