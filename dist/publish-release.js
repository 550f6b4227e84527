import { start } from './index.js';

await start('publish-release');
