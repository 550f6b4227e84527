'use strict';
require('./index.js').start('gate');
