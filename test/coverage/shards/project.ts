import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { collectReports } from '../../../src/coverage/collect.ts';
import { type PartialLine, partialLines } from '../../../src/coverage/partial.ts';
import { readParts } from '../../../src/coverage/parts.ts';
import { readReports } from '../../../src/coverage/reports.ts';
import type { Counts, Coverage } from '../../../src/coverage/types.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';
import { runProgram } from '../producers/project.ts';

/** How the tests of a runner are written, and its modules loaded. */
export type Flavour = 'vitest' | 'jest' | 'mocha' | 'node';

const SOURCES = {
  price: `export function price(amount, { discount = 0, currency } = {}) {
  if (amount < 0) {
    throw new RangeError('below 0');
  }
  const reduced = discount > 0 ? amount - discount : amount;
  const round = (value) => Math.round(value * 100) / 100;
  switch (currency) {
    case 'JPY':
      return Math.round(reduced);
    case 'EUR': return round(reduced);
    default:
  }
  return currency && currency.length === 3 ? round(reduced) : (currency ?? 'none') && round(reduced);
}

export const sumOf = (items) => items.map((item) => item > 1 ? item : 0).reduce((all, one) => all + one, 0);

export function unused() {
  const inner = () => { if (1) { return 2; } };
  return inner();
}
`,
  basket: `export class Basket {
  constructor(items = []) { this.items = items; }
  get size() { return this.items.length; }
  add(item) {
    this.items.push(item); if (this.items.length > 2) { this.items.shift(); }
    for (const one of this.items) {
      if (!one) continue;
      try { one.check?.(); } catch (error) { this.failed = error; }
    }
  }
  remove(item) {
    const index = this.items.indexOf(item);
    if (index === -1) {
      return false;
    } else if (index > 1) {
      this.late = true;
    }
    this.items.splice(index, 1);
    return true;
  }
}
`,
  'täst dir/names': `export const first = (name) => name?.split(' ')[0] ?? '';
export const last = (name) => { const all = name.split(' '); return all[all.length - 1] || ''; };
export function walk(names, visit) {
  let seen = 0;
  while (seen < names.length) {
    visit(names[seen]); seen += 1;
  }
  return names.filter((name) => {
    if (name.length > 3) {
      return true;
    }
    return false;
  });
}
`,
  late: `export function late(flag) {
  const value = flag || 'none';
  if (flag) {
    return value;
  }
  return [1, 2].map((n) => n > 1 && n);
}
`,
  never: `export function never(flag) {
  return flag ? 1 : 2;
}
export const nothing = () => 3;
`,
  // Git does not know it, and the job that reads all reports does not have it.
  'generated/table': `export const table = (key) => {
  if (key === 'a') {
    return 1;
  }
  return key === 'b' ? 2 : 3;
};
`,
} as const;

/** What each test file runs. A file is loaded in one shard, in several, in none; a branch is taken in one of them. */
const TESTS = [
  `price(10, { discount: 1, currency: 'EUR' })`,
  'price(10)',
  `new Basket().add('a')`,
  'sumOf([2, 3])',
  `(() => { const b = new Basket(['a', 'b']); b.add({ check() { throw new Error('x'); } }); b.remove('b'); b.size; })()`,
  `[first('Ada Lovelace'), table('a')]`,
  `(() => { try { price(-1); } catch {} price(3, { currency: 'JPY' }); table('b'); })()`,
  `(() => { walk(['Ada', 'Grace'], () => {}); late(true); table('c'); })()`,
  `(() => { sumOf([0]); first(); last('Ada'); late(); walk([], () => {}); new Basket(['q']).remove('z'); })()`,
] as const;

/** Numbers of the tests of each shard. */
export const SHARDS = [
  [0, 5, 8],
  [1, 3, 4],
  [2, 6, 7],
] as const;

const exported = (text: string) =>
  [...text.matchAll(/^export (?:function|class|const) (\w+)/gm)].map(([, name]) => name);

/** The project for one runner: packages are linked. */
async function projectFor(flavour: Flavour, packages: string): Promise<string> {
  const folder = await temporaryFolder();
  const isModule = flavour === 'vitest' || flavour === 'node';
  const end = isModule ? 'mjs' : 'cjs';
  const sources = Object.entries(SOURCES).map(([name, text]) => {
    const plain = `${text.replace(/^export /gm, '')}module.exports = { ${exported(text).join(', ')} };\n`;
    return [`src/${name}.${end}`, isModule ? text : plain];
  });
  const head = {
    vitest: `import { test } from 'vitest';`,
    node: `import { test } from 'node:test';`,
    jest: '',
    mocha: '',
  };
  const tests = TESTS.map((body, number) => {
    const needed = Object.entries(SOURCES).flatMap(([name, text]) => {
      const used = exported(text).filter((one) => new RegExp(`\\b${one}\\(`).test(body));
      const [from, names] = [`'../src/${name}.${end}'`, `{ ${used.join(', ')} }`];
      if (used.length === 0) return [];
      return isModule ? `import ${names} from ${from};` : `const ${names} = require(${from});`;
    });
    const lines = [
      head[flavour],
      ...needed,
      `${flavour === 'mocha' ? 'it' : 'test'}('t${number}', () => { ${body}; });`,
    ];
    return [testFile(flavour, number), `${lines.join('\n')}\n`];
  });
  const jest = {
    transform: {},
    testEnvironment: 'node',
    testMatch: ['**/*.test.cjs'],
    collectCoverageFrom: ['src/**'],
  };
  const manifest = flavour === 'jest' ? { jest } : { type: 'module' };
  await writeFiles(folder, { ...Object.fromEntries([...sources, ...tests]), 'package.json': JSON.stringify(manifest) });
  await symlink(packages, join(folder, 'node_modules'));
  return folder;
}

function testFile(flavour: Flavour, number: number): string {
  return `test/t${number}.test.${flavour === 'vitest' || flavour === 'node' ? 'mjs' : 'cjs'}`;
}

export interface Runner {
  readonly flavour: Flavour;
  /** Where its project finds packages. */
  readonly packages: string;
  /** Node's arguments before the test files. */
  readonly argv: readonly string[];
  /** The reports that are looked at; the usual ones when left out. */
  readonly reports?: readonly string[];
}

/** All tests in one run, and the same in shards: each in a checkout of its own, put together in another. */
export async function bothWays(runner: Runner): Promise<{ readonly whole: Coverage; readonly merged: Coverage }> {
  const { flavour, packages, argv, reports } = runner;
  const run = async (numbers: readonly number[]) => {
    const folder = await projectFor(flavour, packages);
    const files = numbers.map((number) => testFile(flavour, number));
    await runProgram(process.execPath, [...argv, ...files], folder);
    return { workspace: folder, workingDirectory: folder, reports, tracked: await trackedIn(folder), since: 0 };
  };
  const whole = await readReports(await run(TESTS.map((_, number) => number)));
  const parts = await temporaryFolder();
  for (const [number, numbers] of SHARDS.entries()) {
    const part = join(parts, `shard-${number + 1}-of-${SHARDS.length}`);
    await mkdir(part);
    await collectReports(await run(numbers), part, async () => {});
  }
  const workspace = await temporaryFolder();
  const tracked = (await trackedIn(await projectFor(flavour, packages))).filter((path) => path !== 'unused');
  const { coverage } = await readParts({ workspace, workingDirectory: workspace, tracked, since: 0 }, parts);
  return { whole, merged: coverage };
}

async function trackedIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files
    .map((file) => file.slice(folder.length + 1))
    .filter((path) => /^(?:src|test|package)/.test(path) && !path.startsWith('src/generated'));
}

export interface Figures {
  readonly counts: Counts;
  readonly lines: readonly number[];
  readonly hits: readonly number[];
  readonly partial: readonly PartialLine[];
}

/** Every figure of every file, by its name without the end. */
export function figuresOf({ files }: Coverage): Readonly<Record<string, Figures>> {
  const figures = [...files.values()].map((file): [string, Figures] => [
    file.path.replace(/^src\/(.*)\..js$/, '$1'),
    { counts: file.counts, lines: [...file.lines], hits: [...file.hits], partial: partialLines(file) },
  ]);
  return Object.fromEntries(figures);
}
