import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from './once.ts';
import { run } from './run.ts';

/**
 * Programs from Python wheels, in a virtual environment of their own, each wheel checked against its hash.
 *
 * @param name folder below `.tools/`
 * @param requirements absolute path of a requirements file with hashes
 * @returns the folder of the programs
 */
export async function installPythonTools(name: string, requirements: string): Promise<string> {
  const folder = await once(name, await readFile(requirements, 'utf8'), async (into) => {
    await run('python3', ['-m', 'venv', into], 'install Python 3 with venv (Debian: python3-venv)');
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--require-hashes', '--only-binary', ':all:'];
    await run(join(into, 'bin/python'), [...pip, '-r', requirements], 'the package index must be reachable');
  });
  return join(folder, 'bin');
}
