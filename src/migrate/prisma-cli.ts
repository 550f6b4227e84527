import { dirname, join } from 'node:path';
import { exists, readTextFile } from '../runtime/files.ts';
import { jsonMap } from '../runtime/json.ts';

/** The project's own Prisma CLI. */
export interface PrismaCli {
  /** Absolute path of the program in node_modules/.bin. */
  readonly program: string;
  /** Such as `7.10.0`. */
  readonly version: string;
  readonly major: number;
}

/**
 * The CLI that is installed in the project, or in a folder above it up to the workspace.
 *
 * @returns undefined when it is not installed
 */
export async function findCli(workspace: string, directory: string): Promise<PrismaCli | undefined> {
  for (let folder = directory; folder.startsWith(workspace); folder = dirname(folder)) {
    const program = join(folder, 'node_modules/.bin/prisma');
    if (await exists(program)) {
      const version = versionIn(await readTextFile(join(folder, 'node_modules/prisma/package.json')));
      if (version !== undefined) return { program, version, major: Number.parseInt(version, 10) };
    }
    if (folder === workspace || folder === dirname(folder)) return undefined;
  }
  return undefined;
}

function versionIn(manifest: string | undefined): string | undefined {
  // Damaged or not there: as good as not installed.
  const version = jsonMap(manifest ?? '')?.['version'];
  return typeof version === 'string' && /^\d+\./.test(version) ? version : undefined;
}
