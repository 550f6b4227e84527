import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { OutsideFault, ProjectFailure, shown } from '../runtime/errors.ts';
import { capture } from '../runtime/process.ts';

/**
 * Packs folders of the build output as one tar archive, hidden files and links included: the same bytes for the same
 * files. The runner's own tar does it.
 *
 * @param folders from the root of the workspace, with `/`; one that starts with `?` may be missing
 * @param file path of the archive
 * @returns the folders that are in it; none: no archive was written
 * @throws ProjectFailure PIPE-ARCHIVE-004 the build left no such folder
 * @throws OutsideFault PIPE-ARCHIVE-005 tar failed
 */
export async function packSite(
  folders: readonly string[],
  workspace: string,
  file: string,
  { environment, signal }: { readonly environment: Environment; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const wanted = folders.map((folder) => ({ path: folder.replace(/^\?/, ''), isOptional: folder.startsWith('?') }));
  const packed: string[] = [];
  for (const { path, isOptional } of wanted) {
    const found = await stat(join(workspace, path)).catch(() => undefined);
    if (found?.isDirectory() === true) packed.push(path);
    else if (!isOptional) throw missing(path, found !== undefined);
  }
  if (packed.length === 0) return [];
  const reproducible = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=pax'];
  const args = ['--create', '--file', file, ...reproducible, '--pax-option=delete=atime,delete=ctime', '--', ...packed];
  const started = performance.now();
  const { exitCode, stderr } = await capture('tar', args, { cwd: workspace, env: environment, signal });
  if (exitCode === 0) return packed;
  throw new OutsideFault(
    { code: 'PIPE-ARCHIVE-005', what: 'tar could not pack the build output', given: shown(stderr.trim(), 400) },
    { service: 'tar on this runner', tries: 1, elapsed: performance.now() - started },
  );
}

function missing(path: string, isFile: boolean): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-ARCHIVE-004',
    what: `the build left no folder ${shown(path, 200)}`,
    given: isFile ? 'a file of that name' : 'nothing of that name',
    accepted: 'the folder that the hosting configuration names',
    remedy: 'see where the build writes, and set that folder in the configuration; or add the task `build`',
    state: 'nothing was packed and nothing was deployed',
  });
}
