"use strict";exports.id=7605,exports.ids=[7605],exports.modules={7605:function(e,s,r){return require("./shared-7605.index.js")[7605].call(this,e,s,r)}};
