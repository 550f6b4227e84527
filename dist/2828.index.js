"use strict";exports.id=2828,exports.ids=[2828],exports.modules={8278:function(e,r,s){return require("./shared-8278.index.js")[8278].call(this,e,r,s)},2828:function(e,r,s){return require("./shared-8278.index.js")[2828].call(this,e,r,s)},
2345:function(e,r,s){return require("./shared-8278.index.js")[2345].call(this,e,r,s)}};
