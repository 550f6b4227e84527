import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { root } from '../../tools/install/root.ts';
import { machine, runStep } from '../support/run-dist.ts';

/**
 * Checks the Next.js monorepo 20 times in a row from a clean tree. `next build` and `tsc` write and read the same
 * generated types there: a missing order between them shows as a red run now and then.
 */
const ROUNDS = 20;

/** Removes what git ignores, but for installed packages: those have ignored folders (`dist`) of their own. */
async function removeBuilt(project: string): Promise<void> {
  const list = ['ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z'];
  const ignored = execFileSync('git', ['-C', project, ...list], { encoding: 'utf8' })
    .split('\0')
    .filter(Boolean);
  const built = ignored.filter((path) => !/(^|\/)node_modules(\/|$)/.test(path));
  if (built.length === 0) throw new Error('there is nothing built to remove: the rounds would not start clean');
  for (const path of built) await rm(join(project, path), { recursive: true, force: true });
}

const folder = await mkdtemp(join(tmpdir(), 'race-'));
const workspace = join(folder, 'project');
try {
  const clean = (path: string) => !/(^|\/)(node_modules|\.next|dist|coverage)$/.test(path);
  await cp(join(root, 'examples/pnpm-monorepo'), workspace, { recursive: true, filter: clean });
  execFileSync('git', ['init', '-q', workspace]);
  execFileSync('git', ['-C', workspace, 'add', '-A']);
  const setup = await runStep({ action: 'setup', workspace, temp: folder, inputs: { cache: 'false' } });
  if (setup.exitCode !== 0) throw new Error(`setup failed:\n${setup.log}`);
  const environment = { PATH: [...setup.paths.toReversed(), machine()['PATH'] ?? ''].join(delimiter) };
  let red = 0;
  for (let round = 1; round <= ROUNDS; round += 1) {
    if (round > 1) await removeBuilt(workspace);
    const started = performance.now();
    const gate = await runStep({ action: 'gate', workspace, temp: folder, environment });
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    console.log(`round ${round} of ${ROUNDS}: ${gate.exitCode === 0 ? 'green' : 'RED'} in ${seconds} s`);
    if (gate.exitCode !== 0) {
      red += 1;
      console.log(gate.log);
    }
  }
  console.log(`${ROUNDS - red} passed, ${red} failed`);
  if (red > 0) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
