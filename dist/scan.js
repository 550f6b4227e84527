'use strict';
require('./index.js').start('scan');
