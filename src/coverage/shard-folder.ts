import { lstat, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { contains } from '../runtime/paths.ts';

/** The inputs that name a folder of shards. */
export type FolderInput = 'collect' | 'merge';

/**
 * The folder that `collect` or `merge` names.
 *
 * @param given absolute, or from the working directory
 * @returns absolute, without links
 * @throws ConfigurationError PIPE-COVERAGE-050 when it is no folder in the workspace or in the runner's temporary folder
 */
export async function shardFolder(
  input: FolderInput,
  given: string,
  where: { readonly workspace: string; readonly workingDirectory: string; readonly temp: string },
): Promise<string> {
  const path = resolve(where.workingDirectory, given);
  try {
    if (!(await lstat(path)).isDirectory()) throw unusable(input, given, 'it is no folder');
    const real = await realpath(path);
    const allowed = [where.workspace, where.temp].filter((folder) => folder !== '');
    const roots = await Promise.all(allowed.map((folder) => realpath(folder)));
    if (roots.some((root) => contains(root, real))) return real;
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw unusable(input, given, code === 'ENOENT' ? 'it is not there' : (code ?? String(error)), error);
  }
  throw unusable(input, given, 'it lies outside of the workspace and of the runner’s temporary folder');
}

export function unusable(input: FolderInput, given: string, reason: string, cause?: unknown): ConfigurationError {
  const isCollect = input === 'collect';
  return new ConfigurationError(
    {
      code: 'PIPE-COVERAGE-050',
      what: `the folder that \`${input}\` names can’t be used: ${reason}`,
      given: shown(given, 200),
      accepted: isCollect
        ? 'the folder that `gate` has made for this shard, once a job'
        : 'a folder with the parts of all shards, each in a folder of its own',
      example: isCollect ? '${{ steps.gate.outputs.part }}' : '${{ runner.temp }}/parts',
      state: isCollect ? 'no report was collected' : 'no coverage was decided',
    },
    { cause },
  );
}
