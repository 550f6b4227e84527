import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import { isLoopback } from '../runtime/loopback.ts';
import { registryAddress } from './registry.ts';

/** A token and the one registry it is for. */
export interface RegistryToken {
  /** Address without a slash at the end. */
  readonly registry: string;
  readonly token: string;
}

/**
 * A token checked together with its registry.
 *
 * @throws ConfigurationError PIPE-SETUP-040 the token has characters that an npmrc file would read otherwise,
 * PIPE-SETUP-041 the registry is no address, or one that would send the token unencrypted
 */
export function registryToken(token: string, registry: string): RegistryToken {
  if (!/^[A-Za-z0-9+/=_.~:-]{1,8192}$/.test(token)) {
    throw new ConfigurationError({
      code: 'PIPE-SETUP-040',
      what: 'the input `npm-token` is not a token',
      given: `a text of ${token.length} characters with others than tokens have (not shown: it may hold a secret)`,
      accepted: 'letters, digits and `+/=_.~:-`, without spaces and line breaks',
      remedy: 'put the token alone into the secret, not the line of an .npmrc',
      state: 'nothing was installed',
    });
  }
  const address = registryAddress(registry);
  if (address !== undefined && (address.startsWith('https:') || isLoopback(new URL(address).host))) {
    return { registry: address, token };
  }
  throw new ConfigurationError({
    code: 'PIPE-SETUP-041',
    what: 'the registry that `npm-token` is for is not an address that a token may be sent to',
    given: shown(registry),
    accepted: 'an https address',
    example: 'npm-registry: https://npm.example.com/',
    state: 'nothing was installed',
  });
}

/** The npmrc line that binds a token to its registry (npm documentation, npmrc, "Auth related configuration"). */
export function tokenLine({ registry, token }: RegistryToken): string {
  return `${registry.replace(/^https?:/, '')}/:_authToken=${token}`;
}

/**
 * Writes a user-level npmrc with the token into `folder`, readable by this user only: what the user's own one says, and
 * the token's line last, so that it counts.
 *
 * @param folder absolute path that does not exist yet
 * @returns the file's path, for NPM_CONFIG_USERCONFIG of one process
 */
export async function writeTokenFile(folder: string, token: RegistryToken, environment: Environment): Promise<string> {
  const own = userConfigOf(environment);
  const kept = own === undefined ? undefined : await readTextFile(own);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'npmrc');
  await writeFile(file, `${kept ?? ''}\n${tokenLine(token)}\n`, { mode: 0o600, flag: 'wx' });
  return file;
}

function userConfigOf(environment: Environment): string | undefined {
  const named = Object.entries(environment).find(([name]) => /^npm_config_userconfig$/i.test(name))?.[1];
  const home = environment['HOME'];
  return named ?? (home === undefined || home === '' ? undefined : join(home, '.npmrc'));
}

export async function removeTokenFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
