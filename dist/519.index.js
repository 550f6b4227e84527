"use strict";exports.id=519,exports.ids=[519],exports.modules={519:(t,r,o)=>{o.r(r),o.d(r,{buildOutput:()=>n});var e=o(8887),i=o(393),s=o(9273),d=o(9855);async function n(t,r){
const o=r=>String(t[r]??"").trim(),n=o("deploy"),u=Object.hasOwn(i.z,n)?i.z[n]:void 0,a=(await(u?.()))?.target;if(void 0===a?.outputFolders)return[];const p={"INPUT_WORKING-DIRECTORY":o("working-directory"),
INPUT_CONFIG:o("working-directory"),INPUT_SETTINGS:o("deploy-settings")},c=(0,d.gE)(()=>{}),l=`deploy-${n}`,w=await(0,s.K)((0,e.xR)(a),p,{workspace:r},c,l);return await a.outputFolders(w,r)}}};
