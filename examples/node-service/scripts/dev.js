// Compiles on every change and restarts the service on every compile. Both processes end with this one.
import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
const compile = [compiler, '-p', 'tsconfig.build.json'];

execFileSync(process.execPath, compile, { stdio: 'inherit' });
const children = [
  [...compile, '--watch', '--preserveWatchOutput'],
  ['--enable-source-maps', '--watch', 'dist/main.js'],
].map((parameters) => spawn(process.execPath, parameters, { stdio: 'inherit' }));

const stop = () => children.forEach((child) => child.kill());
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
for (const child of children) child.once('exit', stop);
