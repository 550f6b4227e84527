import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

// Loaded before an action: everything that leaves its process but by the network is written down in a file.
const file = process.env['RECORDING'] ?? '';
const append = fs.appendFileSync;
const notes: string[] = [];

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return typeof value === 'object' ? (JSON.stringify(value) ?? '') : '';
}

type Call = (...given: unknown[]) => unknown;

function watch(object: Record<string, unknown>, names: readonly string[], what: string): void {
  for (const name of names) {
    const original = object[name] as Call;
    object[name] = function watched(this: unknown, ...given: unknown[]) {
      notes.push(`${what} ${name} ${given.map(text).join(' ')}`);
      return original.apply(this, given);
    };
  }
}

watch(childProcess as never, ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'], 'process');
watch(fs as never, ['writeFile', 'appendFile', 'createWriteStream'], 'file');
watch(fs.promises as never, ['writeFile', 'appendFile'], 'file');
syncBuiltinESMExports();
process.once('exit', () => append(file, notes.join('\n')));
