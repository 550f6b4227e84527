"use strict";exports.id=9779,exports.ids=[9779,5766],exports.modules={1518:function(e,r,i){return require("./shared-1518.index.js")[1518].call(this,e,r,i)},3521:function(e,r,i){return require("./shared-1518.index.js")[3521].call(this,e,r,i)
},9779:function(e,r,i){return require("./shared-1518.index.js")[9779].call(this,e,r,i)},5766:function(e,r,i){return require("./shared-5766.index.js")[5766].call(this,e,r,i)},9954:function(e,r,i){
return require("./shared-9954.index.js")[9954].call(this,e,r,i)},8207:function(e,r,i){return require("./shared-8207.index.js")[8207].call(this,e,r,i)},4579:function(e,r,i){return require("./shared-4579.index.js")[4579].call(this,e,r,i)},
6838:function(e,r,i){return require("./shared-6838.index.js")[6838].call(this,e,r,i)}};
