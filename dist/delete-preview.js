import { start } from './index.js';

await start('delete-preview');
