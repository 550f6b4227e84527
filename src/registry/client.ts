import { createHash } from 'node:crypto';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, OutsideFault, shown } from '../runtime/errors.ts';
import { createHttp, type HttpResponse } from '../runtime/http.ts';
import { jsonMap } from '../runtime/json.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { createAuthorization } from './authorization.ts';
import { type Connection, checkedName, manifestPath, notAReference, send } from './connection.ts';
import { notTaken, tooLarge, unexpected } from './faults.ts';
import { isDigest, originOf } from './reference.ts';
import type { RegistryLogin } from './sign-in.ts';

/** What content is, without the content (OCI Image Specification 1.1, "Content Descriptors"). */
export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

export interface Manifest {
  readonly bytes: Buffer;
  readonly descriptor: Descriptor;
}

/** One registry's API (OCI Distribution Specification 1.1), as far as images are read and tagged. */
export interface RegistryClient {
  readonly host: string;
  /** What a tag or a digest stands for; undefined when there is no such thing. */
  readonly head: (name: string, reference: string) => Promise<Descriptor | undefined>;
  /** An image's or index's manifest, its bytes checked against its digest; undefined when there is none. */
  readonly manifest: (name: string, reference: string) => Promise<Manifest | undefined>;
  /**
   * Puts a manifest under a tag or its digest.
   *
   * @returns its digest
   * @throws ConfigurationError PIPE-REGISTRY-008 when the registry does not take it, PIPE-REGISTRY-011 when it is for
   * a tag that must not move
   */
  readonly putManifest: (name: string, reference: string, bytes: Buffer, mediaType: string) => Promise<string>;
  /**
   * A blob, checked against its digest.
   *
   * @param limit largest size in bytes
   * @throws ConfigurationError PIPE-REGISTRY-007 when it is not there
   */
  readonly blob: (name: string, digest: string, limit: number) => Promise<Buffer>;
  /** All tags of a repository; none where there is no such repository. */
  readonly tags: (name: string) => Promise<readonly string[]>;
  readonly close: () => void;
}

export interface RegistryClientOptions {
  /** `ghcr.io`, `127.0.0.1:5000`. */
  readonly host: string;
  readonly login?: RegistryLogin | undefined;
  /** Names a proxy, where one is to be used. */
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** Learns the registry's own tokens, which last minutes. */
  readonly secrets?: Pick<Secrets, 'add'> | undefined;
  /** Waits between tries; replaced in tests. */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** Media types of manifests that are asked for; without them a registry may convert an image to an older form. */
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Registries need not take larger ones (OCI Distribution Specification 1.1, "Pushing Manifests"). */
const LARGEST_MANIFEST = 4 * 1024 * 1024;

/** Content that is not what its digest says is asked for this often in all. */
const CONTENT_TRIES = 3;

/** An answer that says what is wrong, in bytes. */
const LONGEST_ERROR = 65_536;

/** Pages of a list of tags, each of up to 1,000. */
const MOST_PAGES = 100;

/**
 * A client for one registry: plain http for loopback hosts, https for all others. Each request is tried up to 4 times.
 * Every call throws:
 *
 * @throws ConfigurationError PIPE-REGISTRY-002 a name, tag or digest that none can have; PIPE-REGISTRY-003 the registry
 * does not accept the login, or wants one; PIPE-REGISTRY-004 the login has not the right
 * @throws OutsideFault PIPE-REGISTRY-005 no answer, or none of a registry; PIPE-REGISTRY-006 content that is not what
 * its digest says
 */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const { host, login, environment, signal, secrets, wait } = options;
  const settings = { environment, service: 'the registry', code: 'PIPE-REGISTRY-005' as const };
  const http = createHttp(wait === undefined ? settings : { ...settings, wait });
  const onToken = (token: string) => secrets?.add(token);
  const authorization = createAuthorization({ host, login, http, signal, onToken });
  const connection: Connection = { host, http, authorization, signedIn: login !== undefined, signal };
  return {
    host,
    head: (name, reference) => head(connection, name, reference),
    manifest: (name, reference) => manifest(connection, name, reference),
    putManifest: (name, reference, bytes, mediaType) => putManifest(connection, name, reference, bytes, mediaType),
    blob: (name, digest, limit) => blob(connection, name, digest, limit),
    tags: (name) => tags(connection, name),
    close: () => http.close(),
  };
}

/** `sha256:` and the SHA-256 of bytes. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

async function head(connection: Connection, name: string, reference: string): Promise<Descriptor | undefined> {
  const started = performance.now();
  const path = manifestPath(name, reference);
  const answer = await send(connection, name, 'pull', { method: 'HEAD', path, headers: { accept: MANIFEST_TYPES } });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200)
    throw unexpected({ ...connection, name }, `say what ${shown(reference)} is`, answer, started);
  const digest = answer.headers['docker-content-digest'] ?? '';
  const size = Number(answer.headers['content-length'] ?? '');
  // The header is optional: without it the content itself says.
  if (!isDigest(digest) || !Number.isSafeInteger(size) || size <= 0) {
    return (await manifest(connection, name, reference))?.descriptor;
  }
  return { mediaType: mediaTypeOf(answer), digest, size };
}

async function manifest(connection: Connection, name: string, reference: string): Promise<Manifest | undefined> {
  const path = manifestPath(name, reference);
  const request = { path, headers: { accept: MANIFEST_TYPES }, limit: LARGEST_MANIFEST };
  const answer = await content(connection, name, request, isDigest(reference) ? reference : undefined);
  if (answer === undefined) return undefined;
  const descriptor = { mediaType: mediaTypeOf(answer), digest: digestOf(answer.body), size: answer.body.length };
  return { bytes: answer.body, descriptor };
}

async function blob(connection: Connection, name: string, digest: string, limit: number): Promise<Buffer> {
  if (!isDigest(digest)) throw notAReference(name, digest);
  const path = `/v2/${checkedName(name)}/blobs/${digest}`;
  const answer = await content(connection, name, { path, limit }, digest);
  if (answer !== undefined) return answer.body;
  throw new ConfigurationError({
    code: 'PIPE-REGISTRY-007',
    what: `the registry ${connection.host} does not have the content ${digest} of ${shown(name)}`,
    accepted: 'a digest that was pushed there and has not been deleted',
    remedy: 'build and push the image again',
  });
}

/**
 * Content whose bytes are what the digest says: the one asked for, else the one that the registry claims.
 *
 * @returns undefined when it is not there
 */
async function content(
  connection: Connection,
  name: string,
  request: { readonly path: string; readonly headers?: Readonly<Record<string, string>>; readonly limit: number },
  digest: string | undefined,
): Promise<HttpResponse | undefined> {
  const started = performance.now();
  for (let tries = 1; ; tries += 1) {
    // What it says of an error can be longer than the content that is wanted.
    const limit = Math.max(request.limit, LONGEST_ERROR);
    const answer = await send(connection, name, 'pull', { ...request, limit });
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw unexpected({ ...connection, name }, 'send content', answer, started);
    if (answer.body.length > request.limit) throw tooLarge({ ...connection, name }, request.limit, answer, started);
    const claimed = answer.headers['docker-content-digest'] ?? '';
    const wanted = digest ?? (isDigest(claimed) ? claimed : undefined);
    const found = digestOf(answer.body);
    if (wanted === undefined || wanted === found) return answer;
    if (tries < CONTENT_TRIES) continue;
    throw new OutsideFault(
      {
        code: 'PIPE-REGISTRY-006',
        what: `the registry sent content of ${shown(name)} that is not what its digest says: ${found} for ${wanted}`,
        remedy: 'run the job again; if it stays, a proxy between changes or cuts the content, or the registry lost it',
        state: 'the content was not used',
      },
      {
        service: `the registry at ${connection.host}`,
        status: answer.status,
        tries,
        elapsed: performance.now() - started,
      },
    );
  }
}

async function putManifest(
  connection: Connection,
  name: string,
  reference: string,
  bytes: Buffer,
  mediaType: string,
): Promise<string> {
  const started = performance.now();
  const digest = digestOf(bytes);
  const answer = await send(connection, name, 'pull,push', {
    method: 'PUT',
    path: manifestPath(name, reference),
    headers: { 'content-type': mediaType },
    body: bytes,
  });
  if (answer.status >= 200 && answer.status < 300) return digest;
  if (answer.status >= 500 || answer.status === 408 || answer.status === 429) {
    throw unexpected({ ...connection, name }, `take the manifest ${shown(reference)}`, answer, started);
  }
  throw notTaken({ ...connection, name }, reference, answer);
}

async function tags(connection: Connection, name: string): Promise<readonly string[]> {
  const started = performance.now();
  const found: string[] = [];
  let path = `/v2/${checkedName(name)}/tags/list?n=1000`;
  for (let page = 1; ; page += 1) {
    const answer = await send(connection, name, 'pull', { path });
    if (answer.status === 404) return found;
    const listed = answer.status === 200 ? tagsIn(answer.body) : undefined;
    if (listed === undefined) throw unexpected({ ...connection, name }, 'list the tags', answer, started);
    found.push(...listed);
    const next = nextPage(answer.headers['link'] ?? '', originOf(connection.host) + path);
    if (next === undefined) return found;
    // Half a list would be taken for the whole.
    if (page >= MOST_PAGES)
      throw unexpected({ ...connection, name }, `list the tags in ${MOST_PAGES} pages`, answer, started);
    path = next;
  }
}

/** A repository without tags is listed as null by the distribution registry. */
function tagsIn(body: Buffer): string[] | undefined {
  const answer = jsonMap(body);
  const list = answer === undefined ? undefined : (answer['tags'] ?? []);
  return Array.isArray(list) ? list.filter((tag) => typeof tag === 'string') : undefined;
}

/** The next page's path (RFC 8288); a link that leads to another host is no page of this list. */
function nextPage(header: string, from: string): string | undefined {
  const target = /<([^>]*)>\s*;\s*rel="?next"?/.exec(header)?.[1];
  if (target === undefined || !URL.canParse(target, from)) return undefined;
  const url = new URL(target, from);
  return url.host === new URL(from).host ? url.pathname + url.search : undefined;
}

function mediaTypeOf({ headers }: HttpResponse): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim() ?? '';
}
