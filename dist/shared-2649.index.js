"use strict";module.exports={2649:(e,t,n)=>{n.d(t,{M:()=>f,k:()=>l});var o=n(4551),r=n(801),a=n(9310),i=n(8638),s=n(1287),c=n(3820);const d=600;async function l(e,t,n=Date.now()){const{platform:o,release:r}=t,i=void 0===o?void 0:await(0,
a.Cq)(()=>o.current()),c=void 0===r||void 0===i?0:(0,s.tC)(r,i.shares),[d]=e.faults;return{version:1,serving:u(i,t,n),happened:{code:d.code,text:p(`${d.code}: ${d.what}`)},database:h(t.lastMigration,c),command:v(e,i,c,t),again:g(e)}}
function f(e){const{run:t,vendor:n,text:o}=e.command,r=[t,n].filter(e=>""!==e).join("  or  ")
;return[["serving now",e.serving.text],["what happened",e.happened.text],["database",e.database],["what to run",""===r?o:`${o}: ${r}`],["again",e.again.text]]}function u(e,{platform:t,previous:n},o){if(void 0===e)return{known:!1,url:"",
shares:[],since:null,page:"",text:void 0===n?"not known: the platform could not be asked":`not known: the platform could not be asked; ${(0,i.do)(n)} served before`};const a=e.shares.slice(0,5).map(({reference:e,percent:t})=>({release:(0,
i.n5)(e),percent:t})),s=e.shares.slice(0,5).map(({reference:e,percent:t})=>`${(0,
i.do)(e)} has ${t}%`),c=void 0===e.since?null:new Date(e.since).toISOString(),d=void 0===e.since?"":`, since ${new Date(e.since).toISOString().slice(0,16).replace("T"," ")} UTC (${(0,
r.S5)(Math.max(0,o-e.since))})`,l=0===s.length?`nothing serves at ${e.url}`:`${s.join(", ")} of the traffic of ${e.url}${d}`,[f]=e.shares,u=void 0===t||void 0===f?"":t.pageFor(f.reference);return{known:!0,url:e.url,shares:a,since:c,page:u,
text:p(l)}}function h(e,t){if(""===e)return"this deployment names no migration; moving traffic changes nothing in the database";const n=100===t?"the release that serves was made for it":"what serves was made for it or an earlier one"
;return p(`has all migrations up to ${(0,o.SP)(e,256).slice(1,-1)}; ${n}; moving traffic undoes none`)}function m({code:e}){return"PIPE-RELEASE-007"===e||"PIPE-RELEASE-010"===e}function v(e,t,n,o){
const{platform:r,previous:a,release:c,runId:d,repository:l}=o,f=/^[\w.-]+\/[\w.-]+$/.test(l)?` --repo ${l}`:"",u=void 0!==t&&0===n;if(u&&m(e))return{run:"",vendor:"",
text:"nothing has to be moved; deploy a commit that repairs it (this release only by `promote` with `force`)"};if(void 0===r||u||void 0===a)return{run:0===d?"":`gh run rerun ${d} --failed${f}`,vendor:"",
text:0===n?"nothing has to be moved; when the cause is repaired":"there is nothing to go back to; repair, then"};const h=void 0!==c&&100===n;return{run:p(`gh workflow run rollback.yml --field release=${(0,i.n5)(a)}${f}`),
vendor:p(r.commandFor(a)),text:h?`${(0,i.do)(a)} gets the traffic back by`:`all traffic goes to ${(0,i.do)((0,s._d)(a)[0]?.reference??a)} by`}}function g(e){return e instanceof c.L?{safe:!1,
text:"look first: something else moves traffic; running again moves it once more"}:m(e)?{safe:!0,text:"safe: this release is refused again, as it was rolled back; a new commit is deployed"}:{safe:!0,
text:"configuration"===e.kind?"safe, and it fails in the same way until that is corrected":"safe: what is done already is found and not done twice"}}function p(e){return e.length>d?`${e.slice(0,d-1)}…`:e}}};
