import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from '../install/once.ts';
import { root } from '../install/root.ts';
import { run } from '../install/run.ts';

/**
 * The program that writes a vulnerability database from a description: `scan-database FOLDER < description.json`.
 * Built once, at low priority.
 *
 * @returns its path
 */
export async function installDatabaseWriter(): Promise<string> {
  const folder = join(root, 'tools/scan/database');
  const sources = ['main.go', 'go.mod', 'go.sum'].map((file) => readFile(join(folder, file), 'utf8'));
  const into = await once('scan-database', (await Promise.all(sources)).join('\n'), async (target) => {
    const build = ['go', 'build', '-C', folder, '-mod=readonly', '-trimpath', '-buildvcs=false'];
    const args = ['-n', '10', ...build, '-o', join(target, 'scan-database'), '.'];
    await run('nice', args, 'install Go 1.25 or newer');
  });
  return join(into, 'scan-database');
}
