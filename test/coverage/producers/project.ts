import { execFile } from 'node:child_process';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type PartialLine, partialLines } from '../../../src/coverage/partial.ts';
import { readReports } from '../../../src/coverage/reports.ts';
import type { Counts, Coverage } from '../../../src/coverage/types.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';

/** Source with branches of every kind, functions that do not run, and code that no test loads. */
export const SOURCES = {
  'src/price.mjs': `export function price(amount, { discount = 0, currency } = {}) {
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

export class Basket {
  constructor(items = []) { this.items = items; }
  get size() { return this.items.length; }
  add(item) {
    this.items.push(item); if (this.items.length > 99) { this.items.shift(); }
  }
}

export class Order {
  constructor(basket) {
    this.basket = basket;
  }
  get size() {
    for (const item of this.basket.items) { if (!item) return 0; }
    return this.basket.size;
  }
}
export const unused = () => { return 'never'; };
`,
  'src/täst dir/names.mjs': `export const first = (name) => name?.split(' ')[0] ?? '';
export default function () {
  return [1, 2, 3].map((n) => n * 2).filter((n) => { return n > 2; });
}
`,
} as const;

const USE = `import { Basket, price } from './src/price.mjs';
import names, { first } from './src/täst dir/names.mjs';
export function use(check) {
  check(price(10, { discount: 1, currency: 'EUR' }), 9);
  check(price(10), 10);
  const basket = new Basket();
  basket.add('a');
  check(basket.size, 1);
  check(first('Ada Lovelace'), 'Ada');
  check(names().length, 2);
}
`;

/** The project for one runner: the sources, what uses them, and the runner's own files; packages are linked. */
export async function projectFor(packages: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { ...SOURCES, 'use.mjs': USE, 'package.json': '{"type":"module"}', ...files });
  await mkdir(folder, { recursive: true });
  await symlink(packages, join(folder, 'node_modules'));
  return folder;
}

/** Runs a program to its end. @returns what it wrote on standard output @throws when it ends with another status than 0 */
export function runProgram(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const clean = Object.entries(process.env).filter(
    ([name]) => !/^(?:NODE_|VITEST|VITE_|JEST_|FORCE_COLOR|CI$)/.test(name),
  );
  return new Promise((resolve, reject) => {
    execFile(
      program,
      [...args],
      {
        cwd,
        env: {
          ...Object.fromEntries(clean),
          NO_COLOR: '1',
          PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
          ...env,
        },
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${program} ${args.join(' ')}: ${error.message}\n${stdout}\n${stderr}`));
      },
    );
  });
}

/** Reads reports of a project: those named, or the usual ones. */
export async function read(folder: string, reports?: readonly string[]): Promise<Coverage> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const tracked = entries
    .filter(
      (entry) =>
        entry.isFile() &&
        !/node_modules|coverage|\.(?:exec|class|out|info|xml)$/.test(`${entry.parentPath}/${entry.name}`),
    )
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return await readReports({ workspace: folder, workingDirectory: folder, reports, tracked, since: 0 });
}

/** `Statements   : 85.71% ( 6/7 )`, as istanbul's text-summary prints it. */
export function printedTotals(output: string): Counts {
  const rows = [...output.matchAll(/^(Statements|Branches|Functions|Lines)\s*:\s*[\d.]+% \( (\d+)\/(\d+) \)/gm)];
  return Object.fromEntries(
    rows.map(([, name = '', covered, total]) => [
      name.toLowerCase(),
      { covered: Number(covered), total: Number(total) },
    ]),
  );
}

/** Lines that are covered in part, as `src/price.mjs:2 branch 1/2`. */
export function partsOf({ files }: Coverage, part?: PartialLine['part']): readonly string[] {
  return [...files.values()].flatMap((file) =>
    partialLines(file)
      .filter((line) => part === undefined || line.part === part)
      .map(({ line, part: name, covered, total }) => `${file.path}:${line} ${name} ${covered}/${total}`),
  );
}
