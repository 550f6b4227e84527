import { startProgram } from './index.js';

await startProgram('setup-cache');
