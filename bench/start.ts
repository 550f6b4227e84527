import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actions } from '../src/actions.ts';
import { workspacePath } from '../src/runtime/kinds.ts';
import { root } from '../tools/install/root.ts';
import { compare } from './measure.ts';

/** Pairs of runs of each action: the machine is never quiet. */
const PAIRS = 41;

/**
 * How long each action takes to start, load, validate its inputs and refuse one, beside `node` doing nothing. It is
 * started as the runner does it, with the runner's files.
 */
export async function benchStart(): Promise<string[][]> {
  const cwd = await mkdtemp(join(tmpdir(), 'bench-'));
  const file = (name: string) => join(cwd, name);
  const runner = {
    GITHUB_WORKSPACE: cwd,
    RUNNER_TEMP: cwd,
    GITHUB_OUTPUT: file('output'),
    GITHUB_STATE: file('state'),
    GITHUB_ENV: file('env'),
    GITHUB_PATH: file('path'),
    GITHUB_STEP_SUMMARY: file('summary'),
  };
  try {
    const rows: string[][] = [];
    for (const name of Object.keys(actions)) {
      const ours = {
        program: process.execPath,
        args: [join(root, 'dist', `${name}.js`)],
        cwd,
        // Every input is read; the path is refused, which ends the action before it does anything. One without a path
        // among its inputs goes on until it finds out that it was not told what to work on.
        env: { ...runner, ...(await pathInputs(name)) },
        status: 1,
      };
      const {
        ours: time,
        peer,
        ratio,
      } = await compare(ours, { program: process.execPath, args: ['-e', '0'], cwd }, PAIRS);
      rows.push([
        `start of ${name}`,
        `${time.toFixed(0)} ms`,
        `node -e 0: ${peer.toFixed(0)} ms`,
        ratio.toFixed(2),
        'at most 1.5',
      ]);
    }
    return rows;
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** The paths among the inputs of an action, each one that leads out of the workspace. */
async function pathInputs(name: string): Promise<Readonly<Record<string, string>>> {
  const loaded = await actions[name]?.();
  const inputs = Object.entries(loaded?.action.inputs ?? {});
  const paths = inputs.filter(([, { kind }]) => kind.accepted === PATH.accepted);
  return Object.fromEntries(paths.map(([input]) => [`INPUT_${input.toUpperCase()}`, '../outside']));
}

const PATH = workspacePath({ example: '.' });

/** Size of everything that GitHub downloads to run an action. */
export async function benchSize(): Promise<string[][]> {
  const names = await readdir(join(root, 'dist'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(root, 'dist', name))).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return [['size of dist', `${(total / 1e6).toFixed(2)} MB`, '3 MB', (total / 3e6).toFixed(2), 'at most 1']];
}
