import { startProgram } from './index.js';

await startProgram('local');
