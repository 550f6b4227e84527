import { randomBytes } from 'node:crypto';
import { BUNDLE_REF } from './act-job.ts';
import { allows } from './permissions.ts';
import type { Permissions } from './run-types.ts';
import { isMap, textOf, type ValueMap } from './workflow-file.ts';

/** What identity tokens tell of a job, and the job's right to ask for them. */
export function identityOf(
  job: ValueMap,
  permissions: Permissions,
  file: { readonly label: string; readonly isCalled: boolean; readonly ownRef: string },
) {
  const mayAsk = allows(permissions, 'id-token', 'write');
  return {
    ...(mayAsk ? { identityToken: randomBytes(24).toString('hex') } : {}),
    environment: environmentOf(job),
    workflowRef: file.isCalled ? claimedRef(file.label) : file.ownRef,
    isOfBundle: file.isCalled,
  };
}

/** A job's `environment:` is a name, or a map with one. */
function environmentOf(job: ValueMap): string {
  const { environment } = job;
  return textOf(isMap(environment) ? environment['name'] : environment);
}

/** A file of the bundle as identity tokens name it: with the whole ref. */
function claimedRef(label: string): string {
  return label.replace(`@${BUNDLE_REF}`, `@refs/tags/${BUNDLE_REF}`);
}

/** A token in the form of GitHub's: a JWT whose `ac` claim lists the cache scopes (1 reads, 3 reads and writes). */
export function runtimeToken(scopes: { readonly own: string; readonly readable: readonly string[] }): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const access = [
    { Scope: scopes.own, Permission: 3 },
    ...scopes.readable.filter((scope) => scope !== scopes.own).map((Scope) => ({ Scope, Permission: 1 })),
  ];
  const id = randomBytes(16).toString('hex');
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    ac: JSON.stringify(access),
    scp: `Actions.Results:${id}:${id} Actions.UploadArtifacts:1/1:1`,
    jti: id,
    // Clients refuse a token that never ends, or is not valid yet by a clock that is behind (BuildKit does).
    nbf: now - 300,
    exp: now + 6 * 3_600,
  };
  return `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.${randomBytes(16).toString('base64url')}`;
}
