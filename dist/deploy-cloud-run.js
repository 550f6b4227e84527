'use strict';
require('./index.js').start('deploy-cloud-run');
