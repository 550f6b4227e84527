'use strict';
require('./index.js').start('plan');
