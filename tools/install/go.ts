import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { once } from './once.ts';
import { run } from './run.ts';

/**
 * A program built from a Go module whose versions and hashes are kept in `folder` (go.mod, go.sum).
 *
 * @param folder absolute path of the go.mod's folder
 * @param tool import path of the program
 * @returns the path of the program
 */
export async function installGoTool(folder: string, tool: string): Promise<string> {
  const name = basename(tool);
  const pins = (await Promise.all(['go.mod', 'go.sum'].map((file) => readFile(join(folder, file), 'utf8')))).join('\n');
  const into = await once(`go-${name}`, pins, async (target) => {
    await run(
      'go',
      ['build', '-C', folder, '-mod=readonly', '-trimpath', '-o', join(target, name), tool],
      'install Go 1.25 or newer',
    );
  });
  return join(into, name);
}
