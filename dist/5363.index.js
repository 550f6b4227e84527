"use strict";exports.id=5363,exports.ids=[5363],exports.modules={5363:function(e,s,r){return require("./shared-5363.index.js")[5363].call(this,e,s,r)}};
