import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scenario } from '../fault-matrix.ts';
import type { Folders } from './agent.ts';
import { HOST, target } from './target.ts';

/** The folders' platform, for the matrix of faults. */
export function foldersScenario(folders: Folders): Scenario {
  return {
    target,
    module: new URL('./target.ts', import.meta.url),
    services: { [HOST]: folders.service },
    inputs: async (deployment, workspace) => {
      await mkdir(join(workspace, 'public'), { recursive: true });
      await writeFile(join(workspace, 'public/index.html'), `<p>release ${deployment}</p>`);
      return { place: 'shop', folder: 'public' };
    },
    readState: async () => Object.fromEntries(folders.serving()),
    frontDoor: folders.url,
  };
}
