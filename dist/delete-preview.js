'use strict';
require('./index.js').start('delete-preview');
