'use strict';
require('./index.js').start('rollback');
