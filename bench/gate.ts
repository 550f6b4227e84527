import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../tools/install/root.ts';
import { run } from '../tools/install/run.ts';
import { turboProgram } from '../tools/install/turbo.ts';
import { type Command, compare } from './measure.ts';

const TASKS = ['lint', 'typecheck', 'test', 'build'];

/**
 * The gate beside the same tasks in a row and beside turbo (without its cache), on tasks of a known length that use no
 * processor, so that the machine's cores do not decide; and on the real example.
 */
export async function benchGate(): Promise<string[][]> {
  const turbo = await turboProgram();
  const folder = await mkdtemp(join(tmpdir(), 'bench-gate-'));
  try {
    const project = join(folder, 'project');
    await cp(join(root, 'bench/project'), project, { recursive: true });
    await run('git', ['init', '-q', project], 'git must be there');
    const temp = join(folder, 'temp');
    const gate: Command = {
      program: process.execPath,
      args: [join(root, 'dist/gate.js')],
      cwd: project,
      env: { GITHUB_WORKSPACE: project, RUNNER_TEMP: temp },
    };
    const inRow: Command = {
      program: 'sh',
      args: ['-c', TASKS.map((task) => `npm run ${task}`).join(' && ')],
      cwd: project,
    };
    const longest: Command = { program: 'npm', args: ['run', 'test'], cwd: project };
    const turboRun: Command = {
      program: turbo,
      args: ['run', ...TASKS, '--force', '--no-daemon'],
      cwd: project,
      env: { TURBO_TELEMETRY_DISABLED: '1' },
    };
    const row = async (name: string, peerName: string, peer: Command, goal: string) => {
      const { ours, peer: theirs, ratio } = await compare(gate, peer, 5);
      return [name, `${ours.toFixed(0)} ms`, `${peerName}: ${theirs.toFixed(0)} ms`, ratio.toFixed(2), goal];
    };
    return [
      await row('gate, 4 tasks of 3 to 4 s', 'longest chain alone', longest, 'at most 1.05'),
      await row('gate, 4 tasks of 3 to 4 s', 'the same in a row', inRow, ''),
      await row('gate, 4 tasks of 3 to 4 s', 'turbo run', turboRun, 'at most 1'),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
