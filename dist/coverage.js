'use strict';
require('./index.js').start('coverage');
