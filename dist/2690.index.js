"use strict";exports.id=2690,exports.ids=[2690],exports.modules={2690:function(e,s,r){return require("./shared-2690.index.js")[2690].call(this,e,s,r)}};
