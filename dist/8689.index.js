"use strict";exports.id=8689,exports.ids=[8689],exports.modules={8689:function(e,s,r){return require("./shared-8689.index.js")[8689].call(this,e,s,r)}};
