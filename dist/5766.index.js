"use strict";exports.id=5766,exports.ids=[5766],exports.modules={5766:function(e,r,s){return require("./shared-5766.index.js")[5766].call(this,e,r,s)},9954:function(e,r,s){return require("./shared-9954.index.js")[9954].call(this,e,r,s)},
4579:function(e,r,s){return require("./shared-4579.index.js")[4579].call(this,e,r,s)}};
