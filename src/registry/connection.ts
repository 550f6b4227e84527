import { ConfigurationError, shown } from '../runtime/errors.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../runtime/http.ts';
import { TRIES } from '../runtime/tries.ts';
import type { Access, Authorization } from './authorization.ts';
import { type Asked, denied, refused } from './faults.ts';
import { isDigest, isRepositoryName, isTag, originOf } from './reference.ts';

/** What the requests to one registry share. */
export interface Connection {
  readonly host: string;
  readonly http: HttpClient;
  readonly authorization: Authorization;
  readonly signedIn: boolean;
  readonly signal: AbortSignal;
}

/**
 * Sends a request about a repository with the credential that the registry wants for it.
 *
 * @throws ConfigurationError PIPE-REGISTRY-003 login not accepted, PIPE-REGISTRY-004 no right
 * @throws OutsideFault PIPE-REGISTRY-005 no answer
 */
export async function send(
  connection: Connection,
  name: string,
  access: Access,
  request: Omit<HttpRequest, 'url'> & { readonly path: string },
): Promise<HttpResponse> {
  const { host, http, authorization, signal } = connection;
  const asked: Asked = { host, name, signedIn: connection.signedIn };
  const { path, ...rest } = request;
  const ask = async () => {
    const credential = await authorization.header(name, access);
    const headers = { ...rest.headers, ...(credential === undefined ? {} : { authorization: credential }) };
    return await http.send({ ...rest, url: originOf(host) + path, headers, signal, tries: TRIES });
  };
  let answer = await ask();
  // A token can run out, or be revoked, between two requests.
  if (answer.status === 401 && authorization.forget(name, access)) answer = await ask();
  // A token that is good, but not for this (RFC 6750, 3.1), is what others say with 403.
  const isDenied = /insufficient_scope/.test(answer.headers['www-authenticate'] ?? '');
  if (answer.status === 403 || (answer.status === 401 && isDenied)) {
    throw denied(asked, access === 'pull' ? 'read' : 'write', answer);
  }
  if (answer.status === 401) throw refused(asked, answer);
  return answer;
}

/** @throws ConfigurationError PIPE-REGISTRY-002 when it is no name, tag or digest */
export function manifestPath(name: string, reference: string): string {
  if (!isDigest(reference) && !isTag(reference)) throw notAReference(name, reference);
  return `/v2/${checkedName(name)}/manifests/${reference}`;
}

/** @throws ConfigurationError PIPE-REGISTRY-002 when it is no name */
export function checkedName(name: string): string {
  if (isRepositoryName(name)) return name;
  throw new ConfigurationError({
    code: 'PIPE-REGISTRY-002',
    what: 'this can not be the name of an image',
    given: shown(name),
    accepted: 'lower case letters, digits and single . _ - between them, parts separated by /',
    example: 'acme/apps/api',
    state: 'nothing was sent',
  });
}

export function notAReference(name: string, reference: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-REGISTRY-002',
    what: `this can be neither a tag nor a digest of ${shown(name)}`,
    given: shown(reference),
    accepted: 'a tag of up to 128 letters, digits, . _ - that starts with neither . nor -, or sha256: and 64 digits',
    state: 'nothing was sent',
  });
}
