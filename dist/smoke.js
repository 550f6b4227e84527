'use strict';
require('./index.js').start('smoke');
