import { lstat, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import { isMap } from '../runtime/yaml.ts';
import { configKeyOf } from './reference.ts';
import type { RegistryLogin } from './sign-in.ts';

/**
 * Settings of the user's own config.json that decide how Docker works here, and hold no login
 * (docs.docker.com/reference/cli/docker, "Docker CLI configuration file"). All others stay behind, above all auths,
 * credsStore, credHelpers and HttpHeaders.
 */
const KEPT = ['currentContext', 'cliPluginsExtraDirs', 'features', 'proxies'];

/** Folders beside config.json in which the Docker CLI and buildx look: plugins, contexts, builders. */
const FOLDERS = ['cli-plugins', 'contexts', 'buildx'];

const PREFIX = 'docker-config-';

/** A user's config.json holds logins and a few settings. */
const LARGEST = 1024 * 1024;

/**
 * A folder for the variable DOCKER_CONFIG: it holds these logins and no others. Plugins, contexts and builders of the
 * user are still found, through links to his folders.
 *
 * @param temp absolute folder that is emptied after the job
 * @param environment DOCKER_CONFIG and HOME say where the user's own folder is
 * @throws ConfigurationError PIPE-REGISTRY-010 when the user's config.json can't be read
 */
export async function writeDockerConfig(
  temp: string,
  logins: readonly RegistryLogin[],
  environment: Environment,
): Promise<{ readonly folder: string }> {
  const own = environment['DOCKER_CONFIG'] || join(environment['HOME'] ?? '/', '.docker');
  const kept = await settingsOf(own);
  await mkdir(temp, { recursive: true });
  // mkdtemp makes folders that only their owner can enter (mode 0700).
  const folder = await mkdtemp(join(temp, PREFIX));
  try {
    for (const name of FOLDERS) {
      if (await isThere(join(own, name))) await symlink(join(own, name), join(folder, name));
    }
    await writeLogins(folder, kept, logins);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return { folder };
}

/** Removes the folder with its logins; what its links lead to stays. Does nothing when it is gone already. */
export async function removeDockerConfig(folder: string): Promise<void> {
  if (!basename(folder).startsWith(PREFIX)) return;
  await rm(folder, { recursive: true, force: true });
}

async function writeLogins(
  folder: string,
  kept: Readonly<Record<string, unknown>>,
  logins: readonly RegistryLogin[],
): Promise<void> {
  const auths = Object.fromEntries(
    logins.map(({ host, username, password }) => {
      return [configKeyOf(host), { auth: Buffer.from(`${username}:${password}`, 'utf8').toString('base64') }];
    }),
  );
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...kept, auths }, undefined, 2), { mode: 0o600 });
}

async function settingsOf(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const path = join(folder, 'config.json');
  const text = await readTextFile(path, LARGEST);
  if (text === undefined || text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notSettings(path, error);
  }
  if (!isMap(value)) throw notSettings(path);
  const found = value;
  return Object.fromEntries(KEPT.flatMap((name) => (found[name] === undefined ? [] : [[name, found[name]]])));
}

function notSettings(path: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(
    {
      code: 'PIPE-REGISTRY-010',
      what: `Docker's settings ${shown(path, 200)} are not a JSON object`,
      accepted: 'a JSON object, or no file',
      remedy: 'correct or remove the file; Docker itself can not use it either',
      state: 'nobody was signed in',
    },
    { cause },
  );
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR')
      return false;
    throw error;
  }
}
