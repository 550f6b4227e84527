'use strict';
require('./index.js').start('deploy-firebase');
