import { isAbsolute, join } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { contains } from '../runtime/files.ts';
import { capture } from '../runtime/process.ts';
import type { Dialect } from './dialect.ts';
import { installEnvironment } from './install.ts';

export interface StoreSearch {
  readonly dialect: Dialect;
  readonly program: string;
  /** Absolute path of the project's root: its settings say where the store is. */
  readonly cwd: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** Folders that a store may neither be nor hold: the workspace, the home folder. */
  readonly kept: readonly string[];
}

/** How each is asked for its store, what of the answer is it, and what such a folder is called. */
const STORES: Readonly<
  Record<Dialect, { readonly args: readonly string[]; readonly below?: string; readonly name: RegExp }>
> = {
  // Logs and the programs of npx beside it are none of a cache's business.
  npm: { args: ['config', 'get', 'cache'], below: '_cacache', name: /[/\\]_cacache$/ },
  pnpm: { args: ['store', 'path'], name: /[/\\]v\d{1,3}$/ },
  'yarn-classic': { args: ['cache', 'dir'], name: /[/\\]v\d{1,3}$/ },
  yarn: { args: ['config', 'get', 'cacheFolder'], name: /[/\\]cache$/ },
  bun: { args: ['pm', 'cache'], name: /[/\\]cache$/ },
};

/**
 * Where the package manager keeps what it has downloaded: npm's content-addressable cache, pnpm's store of its current
 * format, the caches of Yarn and bun.
 *
 * @returns undefined when it does not say, or names a folder that a store can't be
 */
export async function packageStore(search: StoreSearch): Promise<string | undefined> {
  const { dialect, program, cwd, env, signal, kept } = search;
  const { args, below, name } = STORES[dialect];
  const { stdout, exitCode } = await capture(program, args, {
    cwd,
    env: installEnvironment(env, dialect, false),
    signal,
    timeout: 60_000,
  });
  const said = stdout.trim().split('\n').at(-1) ?? '';
  if (exitCode !== 0 || !isAbsolute(said)) return undefined;
  const store = below === undefined ? said : join(said, below);
  return name.test(store) && kept.every((folder) => !contains(store, folder)) ? store : undefined;
}
