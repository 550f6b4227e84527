import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Environment } from '../runtime/environment.ts';

/**
 * Absolute path of a program on PATH. Relative entries are passed over: what they find depends on the folder.
 *
 * @returns undefined when there is none that may be executed
 */
export async function findProgram(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  for (const folder of (environment['PATH'] ?? '').split(delimiter)) {
    if (isAbsolute(folder) && (await isExecutable(join(folder, name)))) return join(folder, name);
  }
  return undefined;
}

/** Whether a path is a file that may be executed. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    // Not there, not allowed, a broken link: in each case the next folder on PATH is the answer.
    return false;
  }
}

/** The environment with folders put first on PATH. */
export function withPath(environment: Environment, folders: readonly string[]): Environment {
  return {
    ...environment,
    PATH: [...folders, environment['PATH'] ?? ''].filter((part) => part !== '').join(delimiter),
  };
}
