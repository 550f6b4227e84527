'use strict';
require('./index.js').start('publish-release');
