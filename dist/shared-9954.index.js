"use strict";module.exports={9954:(t,e,o)=>{o.d(e,{Bc:()=>z,dz:()=>g,en:()=>w,l5:()=>d,lR:()=>f,tO:()=>u,yv:()=>p});var r=o(3713),a=o(4579)
;const n=/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::\d{1,5})?$/,s=/^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/,i=/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/,c=/^sha256:[0-9a-f]{64}$/,h=new Set(["docker.io","index.docker.io","registry-1.docker.io"])
;function d(t){const[e="",...o]=t.trim().replace(/\/+$/,"").toLowerCase().split("/"),a=o.join("/");if(n.test(e)&&(/[.:]/.test(e)||"localhost"===e)&&(""===a||s.test(a)))return{host:e,prefix:a};throw new r.j1({code:"PIPE-REGISTRY-001",
what:"the input `registry` is not the address of a registry",given:(0,r.SP)(t),accepted:"a host and the path that the names of images start with, without https:// and without a tag",
example:"ghcr.io/acme, docker.io/acme, europe-west1-docker.pkg.dev/project/repository",state:"nothing was sent"})}function u(t,e){const{host:o,prefix:r}=d(t);return[o,r,e.toLowerCase()].filter(t=>""!==t).join("/")}function p(t){
return h.has(t)?"https://registry-1.docker.io":`${(0,a.U)(t)?"http":"https"}://${t}`}function f(t){return h.has(t)?"https://index.docker.io/v1/":t}function z(t){return c.test(t)}function g(t){return i.test(t)}function w(t){
return t.length<=255&&s.test(t)}}};
