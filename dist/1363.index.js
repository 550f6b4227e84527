"use strict";exports.id=1363,exports.ids=[1363],exports.modules={1363:function(e,s,r){return require("./shared-1363.index.js")[1363].call(this,e,s,r)}};
