"use strict";exports.id=6699,exports.ids=[6699],exports.modules={1371:function(e,t,a){return require("./shared-1371.index.js")[1371].call(this,e,t,a)},6699:(e,t,a)=>{a.r(t),a.d(t,{action:()=>s});var r=a(2164),i=a(39),n=a(1371);const o={
release:{kind:(0,i.Yj)({accepted:"a release reference, the output `release` of a deploy action",example:"vercel://acme/shop/dpl_8Fq1"}),description:"Preview that is removed. Without it `target` and `channel` say which."},target:{kind:(0,
i.Yj)({accepted:"a release reference without the release: a scheme, `://`, and the names of the place",example:"firebase://acme-production/acme-web"}),description:"Place of the preview, when `release` is not given."},channel:{kind:(0,
i.Yj)({example:"pr-12",limit:255}),description:"Name of the preview at `target`."},...n.HP},s=(0,r.Q)({name:"delete-preview",
description:"Removes a preview: a Hosting channel or a preview deployment. One that is gone already is no failure.",inputs:o,outputs:{deleted:{kind:"boolean",description:"Whether there was one to remove."}},
run:async(e,t)=>(await Promise.all([a.e(6556),a.e(7073)]).then(a.bind(a,7073))).run(e,t)})},2164:(e,t,a)=>{function r(e){return e}a.d(t,{Q:()=>r})}};
