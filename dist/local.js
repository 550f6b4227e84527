'use strict';
require('./index.js').startProgram('local');
