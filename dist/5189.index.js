"use strict";exports.id=5189,exports.ids=[5189],exports.modules={5189:function(e,s,r){return require("./shared-5189.index.js")[5189].call(this,e,s,r)}};
