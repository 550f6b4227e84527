import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from './once.ts';
import { run } from './run.ts';

const FILES = ['package.json', 'package-lock.json'] as const;

/**
 * Packages that only some tests need, as their lockfile pins them; no package runs a script.
 *
 * @param name folder below `.tools/`
 * @param source absolute path of the folder with package.json and package-lock.json
 * @returns the folder of node_modules
 */
export async function installPackages(name: string, source: string): Promise<string> {
  const pins = await Promise.all(FILES.map((file) => readFile(join(source, file), 'utf8')));
  const folder = await once(name, pins.join('\n'), async (into) => {
    for (const file of FILES) await copyFile(join(source, file), join(into, file));
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], 'the npm registry must be reachable', into);
  });
  return join(folder, 'node_modules');
}
