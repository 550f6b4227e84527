"use strict";exports.id=6923,exports.ids=[6923,2828],exports.modules={6668:function(e,r,i){return require("./shared-6668.index.js")[6668].call(this,e,r,i)},6923:function(e,r,i){return require("./shared-6923.index.js")[6923].call(this,e,r,i)
},8278:function(e,r,i){return require("./shared-8278.index.js")[8278].call(this,e,r,i)},2828:function(e,r,i){return require("./shared-8278.index.js")[2828].call(this,e,r,i)},2345:function(e,r,i){
return require("./shared-8278.index.js")[2345].call(this,e,r,i)}};
