"use strict";exports.id=910,exports.ids=[910,358],exports.modules={4626:function(e,r,i){return require("./shared-4626.index.js")[4626].call(this,e,r,i)},910:function(e,r,i){return require("./shared-910.index.js")[910].call(this,e,r,i)},
8960:function(e,r,i){return require("./shared-8960.index.js")[8960].call(this,e,r,i)},7977:function(e,r,i){return require("./shared-8960.index.js")[7977].call(this,e,r,i)},5751:function(e,r,i){
return require("./shared-8960.index.js")[5751].call(this,e,r,i)}};
