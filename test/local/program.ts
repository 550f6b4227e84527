import { spawn } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findOrInstallAct } from '../../src/local/act-install.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { type Files, makeBundle, REPOSITORY, temporaryFolder, writeTree } from './fixtures.ts';

/** The program, as it is in development. */
export const MAIN = join(REPOSITORY, 'src/local/main.ts');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program as `npm start` does, in a process of its own. */
export function start(
  args: readonly string[],
  more: { env?: NodeJS.ProcessEnv; program?: string; onOutput?: (text: string, pid: number) => void } = {},
) {
  return new Promise<Ended>((resolve, reject) => {
    const env = { ...process.env, ...COMPILE_CACHE, NO_COLOR: '', ...more.env };
    const child = spawn(process.execPath, [more.program ?? MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      more.onOutput?.(text, child.pid ?? 0);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/** The program inside a bundle made for a test: found by its place, as in dist. */
export async function bundleWithProgram(
  files: Files,
  more: Files = {},
): Promise<{ bundle: string; program: string; env: NodeJS.ProcessEnv }> {
  const bundle = makeBundle(files, more);
  // A stub beside which nothing of this repository lies; it is a module of either kind, as the folder says.
  writeTree(bundle, { 'dist/local.js': `import(${JSON.stringify(MAIN)}).then(({ main }) => main());\n` });
  const act = await findOrInstallAct({ bundle: REPOSITORY, machine: process.env, onProgress: () => undefined });
  const bin = temporaryFolder('bin');
  symlinkSync(act, join(bin, 'act'));
  const env = { PATH: `${bin}:${process.env['PATH']}`, TMPDIR: temporaryFolder('tmp') };
  return { bundle, program: join(bundle, 'dist/local.js'), env };
}
