export const id=165;export const ids=[165];export const modules={1165:(t,e,n)=>{n.d(e,{claimsShown:()=>claimsShown,githubIdTokens:()=>githubIdTokens});var o=n(5732),s=n(5860),r=n(3209),a=n(8395)
;function githubIdTokens({environment:t,http:e,secrets:n,signal:i}){return async c=>{const u=t.ACTIONS_ID_TOKEN_REQUEST_URL??"",d=t.ACTIONS_ID_TOKEN_REQUEST_TOKEN??"";if(""===u||""===d)throw function notPermitted(t){
const e="pull_request"===t.GITHUB_EVENT_NAME;return new o.j1({code:"PIPE-IDENTITY-001",what:"this job may not ask GitHub for an OpenID Connect token",accepted:"the permission `id-token: write`, in the workflow that calls this one as well",
example:"permissions: {contents: read, id-token: write}",remedy:e?"add the permission; a pull request of a fork or of Dependabot never has it, whatever the workflow says":"add the permission to the job that calls this workflow",
state:"nothing was sent"})}(t);const h=performance.now(),p=function requestAddress(t,e){if(!URL.canParse(t))return;const n=new URL(t);return"https:"===n.protocol||(0,a.U9)(n.host)?(n.searchParams.set("audience",e),n.href):void 0
}(u,c),fault=(t,e,n)=>new o.sD({code:"PIPE-IDENTITY-002",what:t,remedy:"run the job again; https://www.githubstatus.com tells of outages"},{service:"GitHub's OpenID Connect service",status:e,tries:n,elapsed:performance.now()-h})
;if(void 0===p)throw fault("ACTIONS_ID_TOKEN_REQUEST_URL is no https address",0,0);const l={authorization:`Bearer ${d}`,accept:"application/json"},f=await e.send({url:p,headers:l,signal:i,limit:1048576
}),w=200===f.status?function tokenIn(t){try{const e=JSON.parse(t.toString("utf8")),n=(0,s.j)(e)?e.value:void 0;return"string"==typeof n&&""!==n?n:void 0}catch{return}}(f.body):void 0
;if(void 0===w)throw fault("GitHub gave no token for this job",f.status,(0,r.p5)(f.status));return n.add(w),w}}const i=["sub","aud","repository","ref","environment","event_name"];function claimsShown(t){try{
const e=JSON.parse(Buffer.from(t.split(".")[1]??"","base64url").toString("utf8"));if(!(0,s.j)(e))return"a token that can not be read";return i.filter(t=>void 0!==e[t]).map(t=>`${t} ${(0,o.SP)(e[t],200)}`).join(", ")}catch{
return"a token that can not be read"}}}};
