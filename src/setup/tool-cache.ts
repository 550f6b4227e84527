import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ActionContext } from '../runtime/action.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { exists } from '../runtime/files.ts';

/**
 * The runner's tool cache (actions/toolkit, packages/tool-cache): `<root>/<tool>/<version>/<arch>`, complete only with
 * the file `<arch>.complete` beside it.
 */
export interface ToolCache {
  readonly root: string;
  /** As Node says it: `x64`, `arm64`. */
  readonly arch: string;
}

/** The runner's own, or one of the job where the runner has none. */
export function toolCacheOf({ environment, temp }: Pick<ActionContext, 'environment' | 'temp'>): ToolCache {
  const root = environment['RUNNER_TOOL_CACHE'] ?? '';
  return { root: root === '' ? join(temp, 'tool-cache') : root, arch: process.arch };
}

export function toolFolder({ root, arch }: ToolCache, tool: string, version: string): string {
  return join(root, tool, version, arch);
}

/** Versions of a tool that are complete, in no order. */
export async function cachedVersions(cache: ToolCache, tool: string): Promise<readonly string[]> {
  const names = await namesIn(join(cache.root, tool));
  const versions = await Promise.all(names.map(async (name) => ((await isCached(cache, tool, name)) ? [name] : [])));
  return versions.flat();
}

export async function isCached(cache: ToolCache, tool: string, version: string): Promise<boolean> {
  const folder = toolFolder(cache, tool, version);
  return (await exists(folder)) && (await exists(`${folder}.complete`));
}

/**
 * Puts a tool into the cache as a whole or not at all: `fill` writes into a folder beside it, which is moved in place
 * when it is finished. A version that another job has put there meanwhile stays; one that was there is replaced.
 *
 * @returns the tool's folder
 * @throws ConfigurationError PIPE-SETUP-009 when the cache can't be written, and whatever `fill` throws
 */
export async function addTool(
  cache: ToolCache,
  tool: string,
  version: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = toolFolder(cache, tool, version);
  const staging = join(cache.root, `.pipelines-${randomUUID()}`);
  const wasThere = await isCached(cache, tool, version);
  await makeStaging(staging, cache);
  try {
    await fill(staging);
    if (!wasThere && (await isCached(cache, tool, version))) return folder;
    await rm(`${folder}.complete`, { force: true });
    await mkdir(dirname(folder), { recursive: true });
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
    await writeFile(`${folder}.complete`, '');
    return folder;
  } finally {
    await rm(staging, { recursive: true, force: true });
    await removeEmpty([dirname(folder), join(cache.root, tool)]);
  }
}

async function makeStaging(staging: string, { root }: ToolCache): Promise<void> {
  try {
    await mkdir(staging, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(
      {
        code: 'PIPE-SETUP-009',
        what: `the tool cache ${shown(root, 200)} can't be written (${code ?? String(error)})`,
        accepted: 'a folder that the job may write, in RUNNER_TOOL_CACHE',
        remedy: 'give the runner its folder back, or use a version that the runner has already',
        state: 'nothing was installed',
      },
      { cause: error },
    );
  }
}

/** Removes folders that are empty, so that a refused download leaves no trace. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    try {
      await rmdir(folder);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOTEMPTY' && code !== 'ENOENT' && code !== 'EEXIST') throw error;
    }
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
