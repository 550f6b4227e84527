'use strict';
require('./index.js').start('promote');
