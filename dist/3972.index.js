"use strict";exports.id=3972,exports.ids=[3972],exports.modules={3972:(e,n,t)=>{function r({environment:e,temp:n,signal:t},r){return{environment:e,temp:n,signal:t,timeout:r}}function o(e){
return["ACTIONS_RESULTS_URL","ACTIONS_RUNTIME_TOKEN","ACTIONS_CACHE_SERVICE_V2"].every(n=>""!==(e[n]??""))}function i(e,n){if(!o(e))return"this job has no cache service";const t=(e.ACTIONS_CACHE_MODE??"").trim().toLowerCase()
;return("restore"===n?["none","write-only"]:["none","read"]).includes(t)?`\`cache-mode: ${t}\``:void 0}t.d(n,{G:()=>o,cacheAccess:()=>r,q:()=>i})}};
