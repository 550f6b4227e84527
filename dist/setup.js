'use strict';
require('./index.js').start('setup');
