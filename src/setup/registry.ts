import { createHash } from 'node:crypto';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, OutsideFault, shown } from '../runtime/errors.ts';
import type { HttpClient } from '../runtime/http.ts';
import { capture } from '../runtime/process.ts';
import { isMap } from '../runtime/yaml.ts';
import { fetchFrom, type Site, unexpectedAnswer } from './answers.ts';
import type { StatedHash } from './package-manager.ts';
import { findProgram } from './programs.ts';
import { loadSemver } from './semver.ts';

/** An npm registry (github.com/npm/registry, docs/REGISTRY-API.md) and the credential for it, if there is one. */
export interface Registry {
  /** Address without a slash at the end. */
  readonly url: string;
  readonly token: string | undefined;
}

export interface RegistryClient {
  readonly http: HttpClient;
  readonly registry: Registry;
  readonly signal: AbortSignal;
}

/** A published version and where its archive is. */
export interface PublishedVersion {
  readonly version: string;
  readonly archive: string;
  /** Base64 SHA-512 values of which the archive has one (Subresource Integrity). */
  readonly integrity: readonly string[];
}

/** Metadata of a package with thousands of versions has a few megabytes. */
const LARGEST_METADATA = 64 * 1024 * 1024;
const LARGEST_ARCHIVE = 192 * 1024 * 1024;

/**
 * The registry that npm is set up for outside the project: a file of the project can't send us elsewhere.
 *
 * @param cwd folder outside the project
 * @throws ConfigurationError PIPE-SETUP-022 when there is no npm to ask or its answer is no address
 */
export async function configuredRegistry(environment: Environment, cwd: string, signal: AbortSignal): Promise<string> {
  const npm = await findProgram('npm', environment);
  const asked =
    npm === undefined
      ? undefined
      : await capture(npm, ['config', 'get', 'registry'], { cwd, env: environment, signal });
  const answer = asked?.stdout.trim() ?? '';
  const address = registryAddress(answer);
  if (address !== undefined) return address;
  throw new ConfigurationError({
    code: 'PIPE-SETUP-022',
    what:
      npm === undefined
        ? 'there is no npm to say which registry is set up'
        : 'npm does not say which registry is set up',
    given: shown(answer),
    accepted: 'a Node that comes with npm, and an address in its setting `registry`',
    example: 'npm config set registry https://npm.example.com/',
    state: 'nothing was installed',
  });
}

/** An http or https address without credentials, without a slash at the end; undefined for anything else. */
export function registryAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return isPlain && /^https?:$/.test(url.protocol) ? url.href.replace(/\/+$/, '') : undefined;
}

function siteOf(url: string): Site {
  return {
    service: `the npm registry at ${new URL(url).host}`,
    code: 'PIPE-SETUP-018',
    remedy: 'run the job again; if it stays, check the registry and whether `npm-token` is for it',
  };
}

/**
 * A version of a package: the exact one, or the newest release in a range (what the registry calls latest, where that
 * is in the range).
 *
 * @throws ConfigurationError PIPE-SETUP-017 no such version
 * @throws OutsideFault PIPE-SETUP-018 the registry does not answer as a registry does
 */
export async function findVersion(client: RegistryClient, name: string, wanted: string): Promise<PublishedVersion> {
  const { valid, maxSatisfying, satisfies } = await loadSemver();
  const address = `${client.registry.url}/${name.replace('/', '%2f')}`;
  if (valid(wanted) !== null) {
    return published(await metadata(client, `${address}/${wanted}`, `${name}@${wanted}`), name, address);
  }
  const all = await metadata(client, address, name);
  const versions = isMap(all['versions']) ? all['versions'] : {};
  const tags = isMap(all['dist-tags']) ? all['dist-tags'] : {};
  const latest = typeof tags['latest'] === 'string' ? tags['latest'] : '';
  const isLatest = Object.hasOwn(versions, latest) && satisfies(latest, wanted);
  const chosen = isLatest ? latest : maxSatisfying(Object.keys(versions), wanted);
  if (chosen === null) throw noSuchVersion(`${name}@${wanted}`, client.registry.url);
  const manifest = versions[chosen];
  return published(isMap(manifest) ? manifest : {}, name, address);
}

async function metadata(client: RegistryClient, url: string, what: string): Promise<Readonly<Record<string, unknown>>> {
  const headers = {
    ...authorization(client.registry, url),
    accept: 'application/vnd.npm.install-v1+json, application/json',
  };
  const request = { url, headers, limit: LARGEST_METADATA, signal: client.signal };
  const fetched = await fetchFrom(client.http, siteOf(url), request);
  if ('fault' in fetched) throw fetched.status === 404 ? noSuchVersion(what, client.registry.url) : fetched.fault;
  try {
    const value: unknown = JSON.parse(fetched.body.toString('utf8'));
    if (isMap(value)) return value;
  } catch (error) {
    throw unexpectedAnswer(siteOf(url), 'metadata that is not JSON', error);
  }
  throw unexpectedAnswer(siteOf(url), 'metadata that is not an object');
}

/** The token goes to addresses below its own registry, nowhere else. */
function authorization({ url, token }: Registry, target: string): Readonly<Record<string, string>> {
  return token !== undefined && target.startsWith(`${url}/`) ? { authorization: `Bearer ${token}` } : {};
}

function published(manifest: Readonly<Record<string, unknown>>, name: string, address: string): PublishedVersion {
  const dist = isMap(manifest['dist']) ? manifest['dist'] : {};
  const version = manifest['version'];
  const { integrity, tarball } = dist;
  const archive = typeof tarball === 'string' && URL.canParse(tarball) ? new URL(tarball) : undefined;
  const isFetchable = archive?.protocol === 'https:' || archive?.protocol === new URL(address).protocol;
  const hashes = typeof integrity === 'string' ? [...integrity.matchAll(/sha512-([A-Za-z0-9+/]{86}==)/g)] : [];
  if (typeof version !== 'string' || archive === undefined || !isFetchable || hashes.length === 0) {
    throw unexpectedAnswer(siteOf(address), `metadata of ${name} without a version, an archive or its SHA-512`);
  }
  return { version, archive: archive.href, integrity: hashes.map(([, hash]) => hash ?? '') };
}

function noSuchVersion(what: string, registry: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SETUP-017',
    what: `the npm registry at ${new URL(registry).host} has no ${shown(what)}`,
    accepted: 'a version that is published there',
    remedy: 'correct the version in package.json or the input `package-manager`',
    state: 'nothing was installed',
  });
}

/**
 * The archive of a version, checked against the registry's SHA-512 and, where the project states one, against its hash.
 *
 * @throws OutsideFault PIPE-SETUP-018 not reachable, PIPE-SETUP-019 another archive than was promised
 */
export async function fetchArchive(
  client: RegistryClient,
  name: string,
  { version, archive, integrity }: PublishedVersion,
  stated: StatedHash | undefined,
): Promise<Buffer> {
  const headers = authorization(client.registry, archive);
  const fetched = await fetchFrom(client.http, siteOf(archive), {
    url: archive,
    headers,
    limit: LARGEST_ARCHIVE,
    signal: client.signal,
  });
  if ('fault' in fetched) throw fetched.fault;
  const promised = integrity.includes(createHash('sha512').update(fetched.body).digest('base64'));
  if (!promised) throw otherArchive(`${name}@${version}`, 'the registry itself promises', archive);
  const actual = stated === undefined ? undefined : createHash(stated.algorithm).update(fetched.body).digest('hex');
  if (actual !== stated?.hex)
    throw otherArchive(`${name}@${version}`, 'the project states', archive, actual, stated?.hex);
  return fetched.body;
}

/** A package that is not what it should be by its hash. */
export function otherArchive(what: string, by: string, url: string, given?: string, accepted?: string): OutsideFault {
  return new OutsideFault(
    {
      code: 'PIPE-SETUP-019',
      what: `${what} was refused: its archive does not have the hash that ${by}`,
      ...(given === undefined ? {} : { given }),
      ...(accepted === undefined ? {} : { accepted }),
      remedy: 'correct the hash in `packageManager` if it was mistyped; otherwise do not use that registry',
      state: 'nothing was left in the tool cache',
    },
    { service: siteOf(url).service, status: 200, tries: 1, elapsed: 0 },
  );
}
