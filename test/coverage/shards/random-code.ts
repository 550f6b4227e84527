import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';
import { type Random, random } from '../formats/writers.ts';
import { runProgram } from '../producers/project.ts';

/** What V8 writes of one process, as far as it is looked at. */
export interface ProcessCoverage {
  readonly result: readonly { readonly url: string; readonly functions: unknown }[];
}

const FILES = 20;
const PROCESSES = 9;

/** Modules of random code, and what V8 says of processes that each call some of their functions. */
export async function randomRuns(
  seed: number,
): Promise<{ readonly workspace: string; readonly files: readonly string[]; readonly runs: ProcessCoverage[] }> {
  const next = random(seed);
  const workspace = await temporaryFolder();
  const files = Array.from({ length: FILES }, (_, number) => `src/m${number}.cjs`);
  await writeFiles(workspace, Object.fromEntries(files.map((file) => [file, moduleText(next)])));
  const runs: ProcessCoverage[] = [];
  for (let number = 0; number < PROCESSES; number += 1) {
    await writeFiles(workspace, { [`run${number}.cjs`]: callsOf(next, files) });
    const into = join(workspace, `raw${number}`);
    await runProgram(process.execPath, [`run${number}.cjs`], workspace, { NODE_V8_COVERAGE: into });
    const [file = ''] = await readdir(into);
    const { result } = JSON.parse(await readFile(join(into, file), 'utf8')) as ProcessCoverage;
    runs.push({ result: result.filter(({ url }) => url.includes('/src/')) });
  }
  return { workspace, files, runs };
}

function callsOf(next: Random, files: readonly string[]): string {
  const used = files.filter(() => next(5) > 0);
  return used
    .map((file) => {
      const calls = ['f0', 'f1', 'f2', 'g'].flatMap((name) => Array.from({ length: next(3) }, () => name));
      const texts = calls.map((name) => `m.${name}(${next(5)}, ${next(4) === 0 ? 'undefined' : next(4)});`);
      return `{ const m = require('./${file}'); ${texts.join(' ')} }\n`;
    })
    .join('');
}

function moduleText(next: Random): string {
  const functions = [0, 1, 2].map((number) => {
    const last = next(3) === 0 ? `b = ${next(3)}` : 'b';
    return `exports.f${number} = function f${number}(a, ${last}) {\n  let r = 0;\n${block(next, 0, 2)}  return r;\n};\n`;
  });
  return `${functions.join('')}exports.g = (a, b) => ${expression(next, 0)};\n`;
}

function expression(next: Random, depth: number): string {
  const part = () => expression(next, depth + 1);
  switch (next(depth > 2 ? 3 : 8)) {
    case 0:
      return 'a';
    case 1:
      return 'b';
    case 2:
      return String(next(5));
    case 3:
      return `(a > ${next(4)} ? ${part()} : ${part()})`;
    case 4:
      return `(b > ${next(3)} && ${part()})`;
    case 5:
      return `(a === ${next(4)} || ${part()})`;
    case 6:
      return `[a, b].map((x) => x > ${next(3)} ? x : ${part()}).length`;
    default:
      return `(${part()} + ${part()})`;
  }
}

function block(next: Random, depth: number, indent: number): string {
  return Array.from({ length: 1 + next(3) }, () => statement(next, depth, indent)).join('');
}

function statement(next: Random, depth: number, indent: number): string {
  const space = ' '.repeat(indent);
  const inner = () => block(next, depth + 1, indent + 2);
  switch (next(depth > 3 ? 3 : 9)) {
    case 0:
    case 1:
      return `${space}r += ${expression(next, 0)};\n`;
    case 2:
      return `${space}if (a > ${next(5)}) return r;\n`;
    case 3:
      return `${space}if (a > ${next(4)}) {\n${inner()}${space}} else {\n${inner()}${space}}\n`;
    case 4:
      return `${space}if (b === ${next(4)}) {\n${inner()}${space}} else if (a > ${next(4)}) {\n${inner()}${space}}\n`;
    case 5:
      return `${space}for (let i = 0; i < a; i += 1) {\n${inner()}${space}}\n`;
    case 6:
      return `${space}switch (b) {\n${space}  case 0: r += 1; break;\n${space}  default:\n${inner()}${space}}\n`;
    case 7:
      return `${space}[a, b].forEach((x) => {\n${space}  if (x > ${next(3)}) r += ${expression(next, 1)};\n${space}});\n`;
    default:
      return `${space}try {\n${space}  if (b > ${next(3)}) throw new Error('x');\n${inner()}${space}} catch {\n${inner()}${space}}\n`;
  }
}
