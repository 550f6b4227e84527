export const id=402;export const ids=[402];export const modules={5402:(e,t,o)=>{o.d(t,{googleIdentity:()=>googleIdentity});var r=o(5732),i=o(5860)
;const n=/^projects\/(\d{1,20})\/locations\/global\/workloadIdentityPools\/([a-z0-9-]{4,32})\/providers\/([a-z0-9-]{4,32})$/,a=/^[a-z0-9.-]{1,64}@[a-z0-9.-]{1,190}$/,s="https://oauth2.googleapis.com/token";function googleIdentity(e){
const t=e.workloadIdentityProvider?.trim()??"",o=e.serviceAccount?.trim()??"",i=e.credentialsJson?.trim()??"";return""!==t?{kind:"workload-identity",provider:readProvider(t),serviceAccount:""===o?void 0:readAccount(o)
}:""===i?void 0:function readKey(e){const t=jsonOf(e)??jsonOf(Buffer.from(e,"base64").toString("utf8"));if(void 0===t)throw notAKey("text that is not JSON","paste the whole file, from { to }")
;const{type:o,client_email:i,private_key:n,private_key_id:a}=t;if("external_account"===o)throw notAKey("a workload identity configuration","give its `audience` as `workload-identity-provider` instead")
;if("authorized_user"===o)throw notAKey("a person's own login","make a service account, or use OIDC");if("service_account"!==o)throw notAKey(`an object of the type ${(0,r.SP)(o)}`,"give a service account key")
;if(![i,n,a].every(e=>"string"==typeof e&&""!==e)||!String(n).includes("-----BEGIN")){
throw notAKey(`a key without ${["client_email","private_key","private_key_id"].filter(e=>"string"!=typeof t[e]).join(", ")||"a private key in PEM form"}`,"make a new key and paste it whole")}const{project_id:c,token_uri:d=s}=t;return{
kind:"key",email:String(i),keyId:String(a),privateKey:String(n),project:"string"==typeof c?c:void 0,tokenAddress:readTokenAddress(d)}}(i)}function readProvider(e){const t=e.replace(/^(?:https:)?\/\/iam\.googleapis\.com\//,"")
;if(n.test(t))return t
;const o=t.includes("/providers/")?/^projects\/[^/]*[^\d/]/.test(t)?"use the project's number, not its id: `gcloud projects describe <id> --format='value(projectNumber)'`":'copy it from `gcloud iam workload-identity-pools providers describe … --format="value(name)"`':"this is the name of a pool: add /providers/ and the name of the provider"
;throw new r.j1({code:"PIPE-GOOGLE-001",what:"the input `workload-identity-provider` is not the full name of a provider",given:(0,r.SP)(e,200),accepted:"projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>",
example:"projects/123456789012/locations/global/workloadIdentityPools/github/providers/my-org",remedy:o,state:"nothing was sent"})}function readAccount(e){if(a.test(e))return e;throw new r.j1({code:"PIPE-GOOGLE-001",
what:"the input `service-account` is not the e-mail address of a service account",given:(0,r.SP)(e),accepted:"an account's e-mail address, or nothing where the job itself has been granted the roles",
example:"deploy@my-project.iam.gserviceaccount.com",state:"nothing was sent"})}function readTokenAddress(e){if("string"==typeof e&&URL.canParse(e)){const{protocol:t,hostname:o}=new URL(e)
;if("https:"===t&&("accounts.google.com"===o||o.endsWith(".googleapis.com")))return e}throw notAKey("a `token_uri` that is no address of Google",`set it to ${s}`)}function jsonOf(e){try{const t=JSON.parse(e);return(0,i.j)(t)?t:void 0}catch{
return}}function notAKey(e,t){return new r.j1({code:"PIPE-GOOGLE-002",what:"the input `credentials-json` is not the key of a service account",given:e,
accepted:"the JSON file of a service account key, whole; better no key at all: `workload-identity-provider`",remedy:t,state:"nothing was sent"})}}};
