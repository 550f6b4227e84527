"use strict";exports.id=3433,exports.ids=[3433],exports.modules={3433:(e,t,n)=>{n.d(t,{deliver:()=>u,messageOf:()=>c,newsOf:()=>i});var o=n(3713),r=n(6067);function i(e,t,n){
if("pull_request"!==t&&"pull_request_target"!==t&&"merge_group"!==t)return e.isDone?"failure"===n?"recovery":e.lines.some(s)?"release":e.lines.some(a)?"rollback":void 0:"failure"}function s({name:e,state:t,job:n}){
return"done"===t&&("promotion"===e||"deployment"===e&&"deploy"===n)}function a({name:e,state:t}){return"rollback"===e&&"done"===t}const l={failure:"Red",recovery:"Green again",release:"Released",rollback:"Rolled back"},d=3e3
;function c(e,t,n,o){const i=""===n.name?"":` ${p((0,r.pj)(n.name,200))}`,c=t.lines.filter(({state:e})=>"failed"===e).map(e=>`• ${p((0,r.pj)(e.name,60))}: ${p((0,r.pj)(function({detail:e,failing:t=[]}){const[n]=t.flatMap(({problems:e})=>e)
;return void 0===n?e:`${(0,r.$t)(n)} ${n.message}`
}(e),300))}`),u=""===n.sha?"":`commit ${n.sha.slice(0,7)}, `,m=`run ${n.runNumber}`,f=`${u}${void 0===n.page?m:`<${n.page}|${m}>`}`,h=t.lines.filter(e=>s(e)||a(e)).map(e=>`• ${[e.detail,e.address??""].filter(e=>""!==e).join(", ")}`),$=[`*${l[e]}:*${i} — ${p((0,
r.pj)((0,r.gD)(t),400))}`,...o.map(e=>p((0,r.pj)(e,500))),..."failure"===e?c.slice(0,10):h.map(e=>p((0,r.pj)(e,500))),f].join("\n");return JSON.stringify({text:$.length>d?`${$.slice(0,d-1)}…`:$})}function p(e){
return e.replaceAll("&","&amp;").replaceAll("<","&lt;").replaceAll(">","&gt;")}async function u({address:e,body:t,environment:r,signal:i}){
const s=URL.canParse(e)?new URL(e):void 0,a=void 0!==s&&/^(127\.0\.0\.1|localhost|\[::1\])$/.test(s.hostname);if(void 0===s||"https:"!==s.protocol&&(!a||"http:"!==s.protocol))return"the secret `webhook-url` holds no address with https://"
;const{createHttp:l}=await n.e(2828).then(n.bind(n,2828)),d=l({environment:r,service:"the webhook",code:"PIPE-REPORT-007"});try{const n={method:"POST",url:e,headers:{"content-type":"application/json"},body:t,idempotent:!0,tries:3
},{status:o}=await d.send({...n,timeout:1e4,deadline:6e4,signal:i,limit:65536});return o>=200&&o<300?void 0:`it answered with status ${o}`}catch(e){if(!(e instanceof o.zC)||i.aborted)throw e
;return e instanceof o.sD?`it did not answer (${e.details.tries} tries)`:"it could not be asked"}finally{d.close()}}}};
