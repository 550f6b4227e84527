import { join } from 'node:path';
import { createRegistryClient, type RegistryClient } from '../registry/client.ts';
import { removeDockerConfig, writeDockerConfig } from '../registry/docker-config.ts';
import { configKeyOf } from '../registry/reference.ts';
import { type RegistryLogin, type SignInRequest, signIn } from '../registry/sign-in.ts';
import type { ActionContext } from '../runtime/action.ts';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import { isMap } from '../runtime/yaml.ts';
import type { ScanInputs } from './inputs.ts';

/** How images are reached: by Trivy through a DOCKER_CONFIG, by us for the platforms of an index. */
export interface RegistryAccess {
  /** What Trivy's environment gets. */
  readonly environment: Environment;
  readonly readManifest: (host: string, repository: string, digest: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

type Surroundings = Pick<ActionContext, 'environment' | 'secrets' | 'signal' | 'log' | 'temp'>;

/**
 * Signs in to the registries of the images, where the inputs give something to sign in with.
 *
 * @param keep learns the folder with the logins, which is removed also when this process is ended
 */
export async function openRegistries(
  hosts: readonly string[],
  given: ScanInputs,
  context: Surroundings,
  keep: (folder: string) => void,
): Promise<RegistryAccess> {
  const { environment, secrets, signal, temp } = context;
  const logins: RegistryLogin[] = [];
  const isGiven = given.username !== undefined || given.password !== undefined;
  if (isGiven && new Set(hosts).size > 1) throw severalHosts(hosts);
  for (const host of new Set(hosts)) {
    // What a step before signed in with knows these images; the job's token only knows its own repository.
    const inherited = isGiven ? undefined : await loginIn(environment, host);
    const login = inherited ?? (await signIn(requestFor(host, given), context));
    if (login !== undefined) logins.push(login);
  }
  const own = logins.length === 0 ? undefined : await writeDockerConfig(temp, logins, environment);
  if (own !== undefined) keep(own.folder);
  const clients = new Map<string, RegistryClient>();
  const clientOf = async (host: string) => {
    const known = clients.get(host);
    if (known !== undefined) return known;
    const login = logins.find((entry) => entry.host === host);
    const client = createRegistryClient({ host, login, environment, signal, secrets });
    clients.set(host, client);
    return client;
  };
  return {
    environment: own === undefined ? {} : { DOCKER_CONFIG: own.folder },
    readManifest: async (host, repository, digest) => {
      const manifest = await (await clientOf(host)).manifest(repository, digest);
      if (manifest === undefined) throw missing(`${host}/${repository}@${digest}`);
      return JSON.parse(manifest.bytes.toString('utf8')) as unknown;
    },
    close: async () => {
      for (const client of clients.values()) client.close();
      if (own !== undefined) await removeDockerConfig(own.folder);
    },
  };
}

function requestFor(host: string, given: ScanInputs): SignInRequest {
  return {
    registry: host,
    username: given.username,
    password: given.password,
    githubToken: given.githubToken,
    workloadIdentityProvider: given.workloadIdentityProvider,
    serviceAccount: given.serviceAccount,
    credentialsJson: given.credentialsJson,
    awsRole: given.awsRole,
  };
}

/** A password goes to the registry that it is for, and nobody said which that is. */
function severalHosts(hosts: readonly string[]): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SCAN-001',
    what: 'the images are in several registries, and `username` and `password` are for one',
    given: shown([...new Set(hosts)].join(', '), 200),
    accepted: 'images of one registry in a call, or logins that a step before has left in DOCKER_CONFIG',
    example: 'a step of its own for each registry',
    state: 'nothing was sent, nothing was scanned',
  });
}

/** The login that a step before (the action `image`, `docker login`) left in DOCKER_CONFIG; Docker's config.json. */
async function loginIn(environment: Environment, host: string): Promise<RegistryLogin | undefined> {
  const folder = environment['DOCKER_CONFIG'] || join(environment['HOME'] ?? '/', '.docker');
  const text = await readTextFile(join(folder, 'config.json'));
  if (text === undefined) return undefined;
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    // Docker's own file and not ours: without it there is no login, and the registry says so.
    return undefined;
  }
  const auths = isMap(config) && isMap(config['auths']) ? config['auths'] : {};
  const entry = auths[configKeyOf(host)] ?? auths[host];
  const auth = isMap(entry) && typeof entry['auth'] === 'string' ? entry['auth'] : '';
  const [, username, password] = /^([^:]+):([\s\S]+)$/.exec(Buffer.from(auth, 'base64').toString('utf8')) ?? [];
  return username === undefined || password === undefined ? undefined : { host, username, password };
}

function missing(image: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SCAN-002',
    what: `there is no image ${shown(image, 300)}`,
    accepted: 'an image that was pushed and is still there',
    remedy: 'see whether the registry’s clean-up rules removed it, and whether the login may read it',
    state: 'nothing was scanned',
  });
}
