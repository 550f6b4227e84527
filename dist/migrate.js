'use strict';
require('./index.js').start('migrate');
