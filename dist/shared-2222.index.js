"use strict";module.exports={2222:(e,t,n)=>{n.d(t,{J:()=>r});var s=n(4551),i=n(1872);const o="oauth2accesstoken";async function r(e,t){const{host:r}=(0,
i.l5)(e.registry),{secrets:c,log:d,environment:h}=t,u=function({username:e="",password:t=""},n){const i=e.trim();if(""!==i&&""!==t)return{host:n,username:i,password:t};if(""===i&&""===t)return;const o=""===i?"username":"password"
;throw new s.j1({code:"PIPE-REGISTRY-009",what:`the registry ${n} has half a login: the input \`${o}\` is empty`,accepted:"`username` and `password` together, or neither",example:`${o}: \${{ secrets.REGISTRY_${o.toUpperCase()} }}`,
remedy:"see whether the secret exists here and has this name: a secret of an environment is empty in a called workflow unless `secrets: inherit` is given, and in pull requests of forks",state:"nothing was sent"})}(e,r)
;if(void 0!==u)return c.add(u.password),d.info(`Registry ${r}: signs in as ${u.username}, with the password given.`),u;const g=e.githubToken??"";if("ghcr.io"===r&&""!==g)return c.add(g),
d.info(`Registry ${r}: signs in with the job's own token.`),{host:r,username:h.GITHUB_ACTOR||"github-actions",password:g};if(function(e){return e.endsWith("-docker.pkg.dev")||"gcr.io"===e||e.endsWith(".gcr.io")
}(r))return await async function(e,t,s){const{googleIdentity:i}=await n.e(1363).then(n.bind(n,1363)),{secrets:r,log:c}=s,d=i(t)
;if(void 0===d)return void c.info(`Registry ${e}: used without a login, as neither a provider nor a key was given for Google.`);const{createGoogleTokens:h}=await n.e(9808).then(n.bind(n,7427))
;return await a("Google Cloud","PIPE-GOOGLE-009",s,async t=>{const{token:n,expiresAt:s}=await h({identity:d,secrets:r,...t})(),i="key"===d.kind?d.email:d.serviceAccount??"this job itself"
;return c.info(`Registry ${e}: signs in to Google as ${i}, ${"key"===d.kind?"by a key":"by OIDC"}.`),{host:e,username:o,password:n,expiresAt:s}})}(r,e,t);const l=e.awsRole?.trim()??""
;if(r.includes(".dkr")&&""!==l)return await async function(e,t,s){const{ecrRegistry:i,ecrLogin:o}=await n.e(9492).then(n.bind(n,9492)),{secrets:r,log:c,environment:d}=s,h=i(e)
;return void 0===h?void 0:await a("AWS","PIPE-AWS-005",s,async n=>{const s=`pipelines-${d.GITHUB_RUN_ID??"local"}`,i=await o(h,t,s,{secrets:r,...n});return c.info(`Registry ${e}: signs in to AWS as the role ${t}, by OIDC.`),{host:e,...i}})
}(r,l,t);d.info(`Registry ${r}: used without a login, as none was given for it.`)}async function a(e,t,{environment:s,secrets:i,signal:o},r){
const{createHttp:a}=await Promise.resolve().then(n.bind(n,7977)),{githubIdTokens:c,claimsShown:d}=await n.e(324).then(n.bind(n,324)),h=a({environment:s,service:"GitHub's OpenID Connect service",code:"PIPE-IDENTITY-002"}),u=a({environment:s,
service:e,code:t});try{const e=c({environment:s,http:h,secrets:i,signal:o});return await r({http:u,idToken:e,describeIdToken:d,signal:o})}finally{u.close(),h.close()}}}};
