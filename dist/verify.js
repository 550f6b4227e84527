'use strict';
require('./index.js').start('verify');
