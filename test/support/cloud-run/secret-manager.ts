import type { CloudAnswer } from '../cloud-proxy.ts';
import type { ApiRequest } from './admin-v2.ts';
import { now, ok, Refusal } from './answers.ts';
import { type CloudRunState, etagText, type SecretState } from './state.ts';

/** Largest value of a secret in bytes. */
const LARGEST = 65_536;

/** Secret Manager API v1 (secretmanager.v1.json), as far as values go in and are looked up. */
export function secretManager(state: CloudRunState, request: ApiRequest): CloudAnswer {
  const [, project = '', rest = ''] = /^\/v1\/projects\/([^/]+)\/secrets(?:[/]?)(.*)$/.exec(request.path) ?? [];
  const { project: own, projectNumber } = state.settings;
  if (project !== own && project !== projectNumber)
    throw new Refusal(403, `Permission denied on resource project ${project}.`);
  if (rest === '') return collection(state, request);
  const [, name = '', sub = '', version = '', verb = ''] =
    /^([^/:]+)(?:\/(versions)(?:\/([^/:]+))?)?(?::(\w+))?$/.exec(rest) ?? [];
  const secret = state.secrets.get(name);
  if (sub === '') return secretCall(state, request, name, secret, verb);
  const permission = verb === 'access' ? 'access' : request.method === 'GET' && version === '' ? 'list' : 'get';
  demandSecret(state, request.who, `secretmanager.versions.${permission}`, name);
  if (secret === undefined) throw missing(state, name);
  return versionCall(state, request, secret, version, verb);
}

function demandSecret(state: CloudRunState, who: string, permission: string, name: string): void {
  const resource = `projects/${state.settings.projectNumber}/secrets/${name}`;
  if (state.may(who, permission, resource)) return;
  throw new Refusal(403, `Permission '${permission}' denied for resource '${resource}' (or it may not exist).`);
}

function missing({ settings }: CloudRunState, name: string): Refusal {
  return new Refusal(404, `Secret [projects/${settings.projectNumber}/secrets/${name}] not found or has no versions.`);
}

function shown({ settings }: CloudRunState, secret: SecretState): object {
  return {
    name: `projects/${settings.projectNumber}/secrets/${secret.name}`,
    replication: { automatic: {} },
    createTime: secret.createTime,
    labels: secret.labels,
    annotations: secret.annotations,
    etag: etagText(secret.etag),
  };
}

function shownVersion({ settings }: CloudRunState, secret: SecretState, index: number): object {
  const version = secret.versions[index];
  return {
    name: `projects/${settings.projectNumber}/secrets/${secret.name}/versions/${index + 1}`,
    createTime: version?.createTime,
    state: version?.state,
    replicationStatus: { automatic: {} },
    etag: etagText(index + 1),
  };
}

function collection(state: CloudRunState, { method, query, who, body }: ApiRequest): CloudAnswer {
  const name = query.get('secretId') ?? '';
  if (method === 'GET') {
    demandSecret(state, who, 'secretmanager.secrets.list', '-');
    return ok({
      secrets: [...state.secrets.values()].map((secret) => shown(state, secret)),
      totalSize: state.secrets.size,
    });
  }
  demandSecret(state, who, 'secretmanager.secrets.create', name);
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name))
    throw new Refusal(400, 'Secret ID must match [a-zA-Z_0-9-]+ and be at most 255 characters.');
  if (state.secrets.has(name)) {
    throw new Refusal(
      409,
      `Secret [projects/${state.settings.projectNumber}/secrets/${name}] already exists.`,
      'ALREADY_EXISTS',
    );
  }
  if (body?.['replication'] === undefined) throw new Refusal(400, 'The replication field must be set.');
  const { labels = {}, annotations = {} } = (body ?? {}) as Pick<SecretState, 'labels' | 'annotations'>;
  const secret: SecretState = {
    project: state.settings.project,
    name,
    createTime: now(),
    etag: 1,
    labels,
    annotations,
    versions: [],
    readers: new Set([`${state.settings.projectNumber}-compute@developer.gserviceaccount.com`]),
  };
  state.secrets.set(name, secret);
  return ok(shown(state, secret));
}

function secretCall(
  state: CloudRunState,
  { method, who, body }: ApiRequest,
  name: string,
  secret: SecretState | undefined,
  verb: string,
): CloudAnswer {
  if (verb === 'addVersion') {
    demandSecret(state, who, 'secretmanager.versions.add', name);
    if (secret === undefined) throw missing(state, name);
    const { payload } = (body ?? {}) as { payload?: { data?: string } };
    const value = Buffer.from(payload?.data ?? '', 'base64');
    if (value.length > LARGEST) throw new Refusal(400, `The payload is larger than ${LARGEST} bytes.`);
    secret.versions.push({ state: 'ENABLED', value, createTime: now() });
    return ok(shownVersion(state, secret, secret.versions.length - 1));
  }
  if (method !== 'GET' || verb !== '') throw new Refusal(404, 'Method not found.');
  demandSecret(state, who, 'secretmanager.secrets.get', name);
  if (secret === undefined) throw missing(state, name);
  return ok(shown(state, secret));
}

function versionCall(
  state: CloudRunState,
  { query }: ApiRequest,
  secret: SecretState,
  version: string,
  verb: string,
): CloudAnswer {
  if (version === '') {
    const all = secret.versions.map((_, index) => shownVersion(state, secret, index)).reverse();
    const enabled = all.filter(
      (item) => query.get('filter') !== 'state:ENABLED' || (item as { state: string }).state === 'ENABLED',
    );
    return ok({ versions: enabled, totalSize: enabled.length });
  }
  const index = version === 'latest' ? secret.versions.length - 1 : Number(version) - 1;
  const found = secret.versions[index];
  const full = `projects/${state.settings.projectNumber}/secrets/${secret.name}/versions/${version}`;
  if (found === undefined) throw new Refusal(404, `Secret Version [${full}] not found.`);
  if (verb === '') return ok(shownVersion(state, secret, index));
  if (found.state !== 'ENABLED')
    throw new Refusal(400, `Secret Version [${full}] is in ${found.state} state.`, 'FAILED_PRECONDITION');
  const name = full.replace(/latest$/, String(index + 1));
  return ok({ name, payload: { data: found.value.toString('base64') } });
}
