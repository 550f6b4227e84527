import { randomUUID } from 'node:crypto';
import { access, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import type { Inputs, InputValues } from '../runtime/inputs.ts';
import type { Target } from './target.ts';

export interface Places {
  readonly workspace: string;
  readonly temp: string;
}

/**
 * Does work with what an earlier job has built: the archive is unpacked into a folder of its own, which is gone
 * afterwards. The archive is foreign, and nothing of it is run.
 *
 * @param archive its path, absolute or from the workspace; undefined: it was built in the workspace
 * @param work gets that folder; undefined without an archive
 * @throws ConfigurationError PIPE-RELEASE-018 there is no such file
 * @throws ProjectFailure PIPE-ARCHIVE-001 to 003 it holds what is not accepted
 */
export async function withBuilt<T>(
  target: Target,
  given: InputValues<Inputs>,
  archive: string | undefined,
  { workspace, temp }: Places,
  work: (built: string | undefined) => Promise<T>,
): Promise<T> {
  if (archive === undefined || target.outputFolders === undefined) return await work(undefined);
  const path = resolve(workspace, archive);
  if (!(await isThere(path))) throw noArchive(archive);
  const { unpackSite } = await import('../archive/unpack.ts');
  const folder = join(temp, `pipelines-built-${randomUUID()}`);
  try {
    await unpackSite(path, folder, await target.outputFolders(given, workspace));
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // The caller says so.
    return false;
  }
}

function noArchive(archive: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-RELEASE-018',
    what: 'the file of the input `archive` is not there',
    given: shown(archive, 200),
    accepted: 'the path of the tar that an earlier job has built, absolute or from the root of the repository',
    remedy: 'download the artifact before this step',
    state: 'nothing was staged',
  });
}
