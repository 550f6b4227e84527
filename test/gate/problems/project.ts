/** Generated projects in temporary folders, and real tools run in them as the gate runs a project's tasks. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'vitest';
import type { Problem } from '../../../src/gate/problems/problem.ts';
import { findProblems } from '../../../src/gate/problems/problems.ts';

/** Contents by path, in lines. */
export type Files = Record<string, readonly string[]>;

/** Where a problem must be found. `line` is undefined for a problem of the whole file. */
export interface Fault {
  file: string;
  line: number | undefined;
  rule?: string | undefined;
}

export interface Setting {
  name: string;
  colours: boolean;
  env: Record<string, string>;
}

/** As in CI, on GitHub and elsewhere, with colours off and forced on. */
export const settings: readonly Setting[] = [
  { name: 'plain', colours: false, env: { NO_COLOR: '1' } },
  { name: 'colours', colours: true, env: { FORCE_COLOR: '1' } },
  { name: 'plain on GitHub', colours: false, env: { NO_COLOR: '1', GITHUB_ACTIONS: 'true' } },
  { name: 'colours on GitHub', colours: true, env: { FORCE_COLOR: '1', GITHUB_ACTIONS: 'true' } },
];

/**
 * Calls `use` with a folder that has these files, and removes it afterwards. Where a folder of programs is given, what
 * it belongs to is the project's node_modules.
 */
export async function withProject(
  files: Files,
  bin: string | undefined,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'problem project ')));
  try {
    if (bin !== undefined) await symlink(dirname(bin), join(folder, 'node_modules'));
    await write(folder, files);
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function write(folder: string, files: Files): Promise<void> {
  for (const [path, lines] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), `${lines.join('\n')}\n`);
  }
}

export interface Run {
  status: number | null;
  /** stdout and stderr as they came. */
  output: string;
}

/** Runs a program in a folder with a clean environment, both outputs through pipes. */
export function run(program: string, args: readonly string[], cwd: string, env: Record<string, string>): Promise<Run> {
  const path = [dirname(process.execPath), dirname(program), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter);
  const base = { PATH: path, HOME: cwd, TMPDIR: tmpdir(), LANG: 'C.UTF-8', CI: 'true' };
  const child = spawn(program, args, { cwd, env: { ...base, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}

/** Asserts that the run failed and that its output tells of exactly these faults, once each. */
export function expectFaults(
  tool: string,
  { status, output }: Run,
  folder: string,
  faults: readonly Fault[],
): Problem[] {
  const problems = findProblems(output, { workspace: folder, directory: folder });
  const found = problems.map(({ tool, file, line, rule }) => describe({ tool, file, line, rule }));
  const wanted = faults.map((fault) => describe({ tool, ...fault }));
  expect(found.sort(), `output:\n${stripVTControlCharacters(output)}`).toEqual(wanted.sort());
  expect(status, output).not.toBe(0);
  return problems;
}

function describe({ tool, file, line, rule }: Fault & { tool: string }): string {
  return `${tool} ${file}:${line ?? '-'} ${rule ?? ''}`;
}

/** Asserts that the run passed and that nothing in its output is taken for a problem. */
export function expectNone({ status, output }: Run, folder: string): void {
  expect(findProblems(output, { workspace: folder, directory: folder }), output).toEqual([]);
  expect(status, output).toBe(0);
}

/** Asserts that forced colours are there: a test of colours without colours proves nothing. */
export function expectColours({ output }: Run, setting: Setting): void {
  if (setting.colours) expect(output, setting.name).toMatch(/\u001b\[[\d;]+m/);
}
