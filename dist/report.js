'use strict';
require('./index.js').start('report');
