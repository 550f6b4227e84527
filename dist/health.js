'use strict';
require('./index.js').start('health');
