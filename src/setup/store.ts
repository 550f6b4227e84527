import { isAbsolute, join } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { contains } from '../runtime/files.ts';
import { capture } from '../runtime/process.ts';
import { installEnvironment } from './install.ts';

export interface StoreSearch {
  readonly manager: 'npm' | 'pnpm';
  readonly program: string;
  /** Absolute path of the project's root: its settings say where the store is. */
  readonly cwd: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** Folders that a store may neither be nor hold: the workspace, the home folder. */
  readonly kept: readonly string[];
}

/**
 * Where the package manager keeps what it has downloaded: npm's content-addressable cache (`_cacache` alone: logs and
 * the programs of npx beside it are none of a cache's business), pnpm's store of its current format.
 *
 * @returns undefined when it does not say, or names a folder that a store can't be
 */
export async function packageStore(search: StoreSearch): Promise<string | undefined> {
  const { manager, program, cwd, env, signal, kept } = search;
  const args = manager === 'npm' ? ['config', 'get', 'cache'] : ['store', 'path'];
  const { stdout, exitCode } = await capture(program, args, {
    cwd,
    env: installEnvironment(env, manager, false),
    signal,
    timeout: 60_000,
  });
  const said = stdout.trim().split('\n').at(-1) ?? '';
  if (exitCode !== 0 || !isAbsolute(said)) return undefined;
  const store = manager === 'npm' ? join(said, '_cacache') : said;
  const isStore = /[/\\](_cacache|v\d{1,3})$/.test(store);
  return isStore && kept.every((folder) => !contains(store, folder)) ? store : undefined;
}
