import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import type { Dialect } from './dialect.ts';
import type { FetchPlan } from './fetch-plan.ts';
import { runInstall } from './install.ts';
import type { InstallFailure } from './install-failures.ts';
import { removeTokenFolder } from './npm-token.ts';

export interface PrivateFetch {
  readonly dialect: Dialect;
  readonly program: string;
  /** Absolute path of a folder outside the project that does not exist yet; it holds the token and is removed. */
  readonly folder: string;
  /** Writes the token's npmrc into a folder and returns its path. */
  readonly writeToken: (folder: string) => Promise<string>;
  readonly plan: FetchPlan;
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly write: (text: string) => void;
}

/**
 * Fetches private packages into the package store with the token, in a folder of its own: the one process that can see
 * the token reads nothing of the project but its lockfile and the names of its registries. No script runs; a program,
 * proxy or registry that the project's files name gets neither the token nor a turn. The token is gone when this
 * returns.
 *
 * @returns a failure, or undefined
 */
export async function fetchPrivate(fetch: PrivateFetch): Promise<InstallFailure | undefined> {
  const { dialect, program, folder, plan, signal, write } = fetch;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const userconfig = await fetch.writeToken(join(folder, 'token'));
    const cwd = join(folder, 'fetch');
    await mkdir(cwd);
    for (const [name, content] of Object.entries(plan.files)) {
      await mkdir(dirname(join(cwd, name)), { recursive: true });
      await writeFile(join(cwd, name), content, { mode: 0o600 });
    }
    const env = { ...withoutUserConfig(fetch.env), ...plan.environment, NPM_CONFIG_USERCONFIG: userconfig };
    for (const args of plan.commands) {
      const outcome = await runInstall({ dialect, program, args, cwd, env, signal, write });
      if ('error' in outcome) return outcome;
    }
    return undefined;
  } finally {
    await removeTokenFolder(join(folder, 'token'));
    await rm(folder, { recursive: true, force: true });
  }
}

function withoutUserConfig(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^npm_config_userconfig$/i.test(name)));
}
