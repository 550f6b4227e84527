"use strict";exports.id=358,exports.ids=[358],exports.modules={8960:function(e,r,s){return require("./shared-8960.index.js")[8960].call(this,e,r,s)},7977:function(e,r,s){return require("./shared-8960.index.js")[7977].call(this,e,r,s)},
5751:function(e,r,s){return require("./shared-8960.index.js")[5751].call(this,e,r,s)}};
