export const id=4578;export const ids=[4578];export const modules={74578:(t,o,r)=>{r.r(o),r.d(o,{buildOutput:()=>s});var e=r(41971),i=r(51648),n=r(62470),d=r(77126);async function s(t,o){
const r=o=>String(t[o]??"").trim(),s=r("deploy"),a=Object.hasOwn(i.z,s)?i.z[s]:void 0,c=(await(a?.()))?.target;if(void 0===c?.outputFolders)return[];const u={"INPUT_WORKING-DIRECTORY":r("working-directory"),
INPUT_CONFIG:r("working-directory"),INPUT_SETTINGS:r("deploy-settings")},p=(0,d.gE)(()=>{}),l=`deploy-${s}`,w=await(0,n.K)((0,e.xR)(c),u,{workspace:o},p,l);return await c.outputFolders(w,o)}}};
