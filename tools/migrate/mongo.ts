import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installPackages } from '../install/npm.ts';
import { once } from '../install/once.ts';
import { root } from '../install/root.ts';
import { run } from '../install/run.ts';

const folder = join(root, 'tools/migrate/mongo');

/**
 * A server that speaks MongoDB's protocol (FerretDB): `mongo ADDRESS FOLDER`. Built once, at low priority.
 *
 * @returns its path
 */
export async function installMongo(): Promise<string> {
  const sources = ['main.go', 'go.mod', 'go.sum'].map((file) => readFile(join(folder, file), 'utf8'));
  const into = await once('mongo', (await Promise.all(sources)).join('\n'), async (target) => {
    const build = ['go', 'build', '-C', folder, '-mod=readonly', '-trimpath', '-buildvcs=false'];
    await run('nice', ['-n', '10', ...build, '-o', join(target, 'mongo'), '.'], 'install Go 1.24 or newer');
  });
  return join(into, 'mongo');
}

/**
 * MongoDB's official driver, as projects have it.
 *
 * @returns the folder of node_modules
 */
export function installMongoDriver(): Promise<string> {
  return installPackages('mongo-driver', join(folder, 'driver'));
}
