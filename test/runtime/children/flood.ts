// Hears 200 MB of output and prints how much the process grew meanwhile, in bytes.
import { execute } from '../../../src/runtime/process.ts';

const before = process.memoryUsage().rss;
let largest = before;
let bytes = 0;
await execute('head', ['-c', '200000000', '/dev/zero'], {
  cwd: '/',
  env: { PATH: '/usr/bin:/bin' },
  onOutput: (chunk) => {
    bytes += chunk.length;
    largest = Math.max(largest, process.memoryUsage.rss());
  },
});
console.log(JSON.stringify({ bytes, grown: largest - before }));
