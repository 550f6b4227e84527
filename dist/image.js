'use strict';
require('./index.js').start('image');
