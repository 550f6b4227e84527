import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from './once.ts';
import { run } from './run.ts';

const TURBO = 'turbo@2.11.11';

/** Absolute path of turbo, a peer of measurements and a witness of tests. */
export async function turboProgram(): Promise<string> {
  const folder = await once('bench-turbo', TURBO, async (into) => {
    await writeFile(join(into, 'package.json'), '{"private":true}');
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', TURBO];
    await run('npm', args, 'the npm registry must be reachable', into);
  });
  return join(folder, 'node_modules/.bin/turbo');
}
