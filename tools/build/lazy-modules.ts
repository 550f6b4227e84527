import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Node's modules that are there anyway when a program starts, or that are a function themselves. */
const EAGER: ReadonlySet<string> = new Set(['node:events', 'node:fs', 'node:path']);

/** What the bundler writes for a module of Node that the program's own code imports. */
const EXTERNAL = /module\.exports = require\("(node:[a-z_/]+)"\);/g;

/**
 * Lets a bundle load Node's modules when they are first used, not when the file that imports them is: `node:http` and
 * `node:https` together take as long as Node itself needs to start, and most runs of an action that refuse their inputs
 * never ask for either.
 */
export async function loadNodeModulesLate(dist: string): Promise<void> {
  for (const name of (await readdir(dist)).filter((file) => file.endsWith('.js'))) {
    const path = join(dist, name);
    const code = await readFile(path, 'utf8');
    const late = withLateModules(code);
    if (late !== code) await writeFile(path, late);
  }
}

/** Code of a chunk whose modules of Node are loaded late. */
export function withLateModules(code: string): string {
  return code.replace(EXTERNAL, (whole, id: string) => {
    return EAGER.has(id) ? whole : `module.exports = ${LATE}(() => require(${JSON.stringify(id)}));`;
  });
}

/** A stand-in that loads the module with the first look at one of its names; `__esModule` is only asked by bundlers. */
const LATE = `(load => new Proxy({}, {
  get: (_, name) => name === "__esModule" ? undefined : load()[name],
  has: (_, name) => name in load(),
  ownKeys: () => Reflect.ownKeys(load()),
  getOwnPropertyDescriptor: (_, name) => {
    const found = Reflect.getOwnPropertyDescriptor(load(), name);
    return found && { ...found, configurable: true };
  },
}))`;
