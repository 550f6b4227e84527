import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actions } from '../src/actions.ts';
import { root } from '../tools/install/root.ts';
import { compare } from './measure.ts';

/** How long each action takes to start, load, validate its inputs and refuse one, beside `node` doing nothing. */
export async function benchStart(): Promise<string[][]> {
  const cwd = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const rows: string[][] = [];
    for (const name of Object.keys(actions)) {
      const ours = {
        program: process.execPath,
        args: [join(root, 'dist', `${name}.js`)],
        cwd,
        // Every input is read; the path is refused, which ends the action before it does anything.
        env: { 'INPUT_WORKING-DIRECTORY': '../outside', GITHUB_WORKSPACE: cwd },
        status: 1,
      };
      const {
        ours: time,
        peer,
        ratio,
      } = await compare(ours, { program: process.execPath, args: ['-e', '0'], cwd }, 21);
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

/** Size of everything that GitHub downloads to run an action. */
export async function benchSize(): Promise<string[][]> {
  const names = await readdir(join(root, 'dist'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(root, 'dist', name))).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return [['size of dist', `${(total / 1e6).toFixed(2)} MB`, '3 MB', (total / 3e6).toFixed(2), 'at most 1']];
}
