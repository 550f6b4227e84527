import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

// Loaded before an action, and before every process of Node that it starts: what goes to other processes and into files
// is written down in a file, also what is gone before anybody could look.
const file = process.env['RECORDING'] ?? '';
const append = fs.appendFileSync;

type Call = (...given: unknown[]) => unknown;

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return value.map(text).join(' ');
  return typeof value === 'object' && value !== null ? (JSON.stringify(value) ?? '') : '';
}

/** Node writes a file by its own functions: what is written here is not written down itself. */
let isNoting = false;

function note(what: string, given: readonly unknown[]): void {
  if (isNoting) return;
  isNoting = true;
  try {
    append(file, `${what} ${given.map(text).join(' ').replaceAll('\n', '\u2028')}\n`);
  } finally {
    isNoting = false;
  }
}

function watch(
  object: object,
  names: readonly string[],
  told: (name: string, given: readonly unknown[]) => void,
): void {
  const calls = object as Record<string, Call | undefined>;
  for (const name of names) {
    const original = calls[name];
    if (original === undefined) throw new TypeError(`there is no ${name}`);
    calls[name] = function watched(this: unknown, ...given: unknown[]) {
      told(name, given);
      return original.apply(this, given);
    };
  }
}

/** What a process is started with; without an environment of its own it gets that of this one. */
function started(name: string, given: readonly unknown[]): void {
  const options = given.find((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
  const { env } = (options ?? {}) as { readonly env?: object };
  note(`process ${name}`, [...given, env ?? process.env]);
}

watch(childProcess, ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'], started);
const written = (name: string, given: readonly unknown[]) => note(`file ${name}`, given);
watch(fs, ['writeFile', 'writeFileSync', 'appendFile', 'appendFileSync', 'write', 'writev', 'symlink'], written);
watch(fs, ['writevSync', 'symlinkSync', 'mkdir', 'mkdirSync', 'rename', 'renameSync'], written);
watch(fs.promises, ['writeFile', 'appendFile', 'symlink', 'mkdir', 'rename'], written);
watch(fs.WriteStream.prototype, ['_write'], written);
// The outputs of a process are written by this, too, and they are heard anyway.
const writeSync = fs.writeSync as unknown as Call;
Object.assign(fs, {
  writeSync: (descriptor: number, ...given: unknown[]) => {
    if (descriptor > 2) note('file writeSync', given);
    return writeSync(descriptor, ...given);
  },
});
const handle = await fs.promises.open(file);
watch(Object.getPrototypeOf(handle) as object, ['write', 'writeFile', 'appendFile', 'writev'], written);
await handle.close();
syncBuiltinESMExports();
