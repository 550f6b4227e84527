"use strict";module.exports={306:(t,e,n)=>{function o(t){const e=i(t.GITHUB_RUN_ID),n=t.GITHUB_SERVER_URL??"",o=t.GITHUB_REPOSITORY??"",d=/^https:\/\/[A-Za-z0-9.-]+(:\d+)?$/.test(n)&&/^[\w-]+\/[\w.-]+$/.test(o)?`${n}/${o}`:void 0;return{
id:e,number:i(t.GITHUB_RUN_NUMBER),attempt:i(t.GITHUB_RUN_ATTEMPT),workflow:r(t),sha:/^[0-9a-f]{40,64}$/.exec(t.GITHUB_SHA??"")?.[0]??"",page:void 0===d||0===e?void 0:`${d}/actions/runs/${e}`,repositoryPage:d}}function r(t){
const[,e]=/^[^/]+\/[^/]+\/([^@]+)@/.exec(t.GITHUB_WORKFLOW_REF??"")??[];return e??t.GITHUB_WORKFLOW??""}function i(t){return/^\d{1,15}$/.test(t??"")?Number(t):0}function d(t,e){return t.id===e.id?t.attempt>e.attempt:t.id>e.id}n.d(e,{
Z:()=>o,d:()=>d})}};
