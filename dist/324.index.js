"use strict";exports.id=324,exports.ids=[324],exports.modules={324:(t,e,o)=>{o.d(e,{claimsShown:()=>u,githubIdTokens:()=>i});var n=o(4551),s=o(4314),r=o(6273),a=o(5751);function i({environment:t,http:e,secrets:o,signal:i}){return async c=>{
const u=t.ACTIONS_ID_TOKEN_REQUEST_URL??"",d=t.ACTIONS_ID_TOKEN_REQUEST_TOKEN??"";if(""===u||""===d)throw function(t){const e="pull_request"===t.GITHUB_EVENT_NAME;return new n.j1({code:"PIPE-IDENTITY-001",
what:"this job may not ask GitHub for an OpenID Connect token",accepted:"the permission `id-token: write`, in the workflow that calls this one as well",example:"permissions: {contents: read, id-token: write}",
remedy:e?"add the permission; a pull request of a fork or of Dependabot never has it, whatever the workflow says":"add the permission to the job that calls this workflow",state:"nothing was sent"})}(t)
;const h=performance.now(),p=function(t,e){if(!URL.canParse(t))return;const o=new URL(t);return"https:"===o.protocol||(0,r.U)(o.host)?(o.searchParams.set("audience",e),o.href):void 0}(u,c),l=(t,e,o)=>new n.sD({code:"PIPE-IDENTITY-002",
what:t,remedy:"run the job again; https://www.githubstatus.com tells of outages"},{service:"GitHub's OpenID Connect service",status:e,tries:o,elapsed:performance.now()-h})
;if(void 0===p)throw l("ACTIONS_ID_TOKEN_REQUEST_URL is no https address",0,0);const f={authorization:`Bearer ${d}`,accept:"application/json"},w=await e.send({url:p,headers:f,signal:i,limit:1048576}),m=200===w.status?function(t){const e=(0,
s.vM)(t)?.value;return"string"==typeof e&&""!==e?e:void 0}(w.body):void 0;if(void 0===m)throw l("GitHub gave no token for this job",w.status,(0,a.p5)(w.status));return o.add(m),m}}
const c=["sub","aud","repository","ref","environment","event_name"];function u(t){const e=(0,s.vM)(Buffer.from(t.split(".")[1]??"","base64url"));return void 0===e?"a token that can not be read":c.filter(t=>void 0!==e[t]).map(t=>`${t} ${(0,
n.SP)(e[t],200)}`).join(", ")}}};
