import { installGoogleDocuments } from '../../../tools/registry/install.ts';
import type { CloudAnswer, CloudRequest, CloudService } from '../cloud-proxy.ts';
import type { GoogleCloud } from '../google-cloud.ts';
import { type Description, readDescription } from '../google-discovery.ts';
import { adminV1 } from './admin-v1.ts';
import { type ApiRequest, adminV2 } from './admin-v2.ts';
import { ok, Refusal } from './answers.ts';
import { front } from './front.ts';
import { createIdTokens } from './id-tokens.ts';
import { createImages } from './images.ts';
import { createReconciler } from './reconcile.ts';
import { secretManager } from './secret-manager.ts';
import type { Reconciler } from './services.ts';
import { shownService } from './shown.ts';
import type { CloudRunState, Settings } from './state.ts';

export interface CloudRun {
  /** By host, for the cloud proxy; Google's services for signing in are among them. */
  readonly services: Readonly<Record<string, CloudService>>;
  readonly state: CloudRunState;
  /** Ends all containers. */
  readonly stop: () => Promise<void>;
}

const DEFAULTS: Settings = {
  project: 'acme-production',
  projectNumber: '123456789012',
  regions: ['europe-west1', 'us-central1'],
  pace: 15,
  startWithin: 10_000,
  polls: 2,
  longestWait: 30_000,
  cpuQuota: 10_000,
  requestQuota: 1_000_000,
  pageSize: 100,
};

/**
 * Cloud Run's Admin API in both of its forms over one state, Secret Manager, Cloud Logging and Artifact Registry as far
 * as a deployment asks them, and the addresses under which services answer. Containers are real processes.
 *
 * @param google where tokens come from: what it gave out is let in
 */
export async function createCloudRun(google: GoogleCloud, settings: Partial<Settings> = {}): Promise<CloudRun> {
  const folder = await installGoogleDocuments();
  const read = (name: string) => readDescription(folder, name);
  const [v1, v2, secrets, logging] = await Promise.all([
    read('run.v1'),
    read('run.v2'),
    read('secretmanager.v1'),
    read('logging.v2'),
  ]);
  const images = { programs: new Map(), unreadable: new Set<string>(), registries: new Map<string, string>() };
  const state: CloudRunState = {
    settings: { ...DEFAULTS, ...settings },
    google,
    services: new Map(),
    operations: new Map(),
    secrets: new Map(),
    images,
    store: createImages(images),
    instances: new Map(),
    logs: [],
    may: () => true,
    disabled: new Set(),
    visits: [],
    requests: 0,
  };
  const tokens = createIdTokens(google);
  const reconciler: Reconciler = { start: createReconciler(state), show: (service) => shownService(state, service) };
  const api = (
    document: Description,
    call: (request: ApiRequest) => CloudAnswer | Promise<CloudAnswer>,
  ): CloudService => {
    return (request) => answered(state, document, request, call);
  };
  const serve: CloudService = (request) => front(state, tokens, request);
  const { regions } = state.settings;
  return {
    state,
    services: {
      ...tokens.services,
      'run.googleapis.com': (request) =>
        request.path.startsWith('/v2/')
          ? answered(state, v2, request, (call) => adminV2(state, reconciler, call))
          : answered(state, v1, request, (call) => globalV1(state, reconciler, call)),
      ...Object.fromEntries(
        regions.flatMap((region) => [
          [`${region}-run.googleapis.com`, api(v1, (call) => adminV1(state, reconciler, call, region))],
          [`*.${region}.run.app`, serve],
          [`${region}-docker.pkg.dev`, (request: CloudRequest) => registry(state, request)],
        ]),
      ),
      '*.a.run.app': serve,
      'ghcr.io': (request) => githubRegistry(state, request),
      'secretmanager.googleapis.com': api(secrets, (call) => secretManager(state, call)),
      'logging.googleapis.com': api(logging, (call) => logs(state, call)),
      'serviceusage.googleapis.com': () =>
        ok({ name: `projects/${state.settings.projectNumber}/services/run.googleapis.com`, state: 'ENABLED' }),
    },
    stop: async () => {
      const running = await Promise.all(state.instances.values());
      await Promise.all(running.flatMap((instances) => instances ?? []).map((instance) => instance.stop()));
      await state.store.stop();
    },
  };
}

async function answered(
  state: CloudRunState,
  description: Description,
  request: CloudRequest,
  call: (request: ApiRequest) => CloudAnswer | Promise<CloudAnswer>,
): Promise<CloudAnswer> {
  try {
    const holder = state.google.holderOf((request.headers['authorization'] ?? '').replace(/^Bearer /, ''));
    if (holder === undefined) {
      throw new Refusal(
        401,
        'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
      );
    }
    const { host, method, query } = request;
    if (state.disabled.has(host)) {
      const { projectNumber } = state.settings;
      throw new Refusal(
        403,
        `${host} API has not been used in project ${projectNumber} before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/${host}/overview?project=${projectNumber} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`,
      );
    }
    state.requests += 1;
    if (state.requests > state.settings.requestQuota) {
      throw new Refusal(
        429,
        `Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute' of service '${host}'.`,
      );
    }
    const path = decodeURIComponent(request.path);
    const found = description.find(method, path);
    if (found === undefined) throw new Refusal(404, 'Method not found.', 'NOT_FOUND');
    const body =
      request.body.length === 0
        ? undefined
        : (JSON.parse(request.body.toString('utf8')) as Readonly<Record<string, unknown>>);
    const fault = description.queryFault(found.method, query) ?? description.bodyFault(found.method, body);
    if (fault !== undefined) throw new Refusal(400, fault);
    return await call({ method, path, query, body, who: holder.who });
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    if (error instanceof SyntaxError) return new Refusal(400, `Invalid JSON payload received. ${error.message}`).answer;
    throw error;
  }
}

/** What gcloud asks the global host in v1's form: which regions there are, and who may ask a service. */
async function globalV1(state: CloudRunState, reconciler: Reconciler, call: ApiRequest): Promise<CloudAnswer> {
  const { path } = call;
  if (/\/services\/[^/:]+:\w+$/.test(path)) return await adminV1(state, reconciler, call, '');
  if (!/^\/v1\/projects\/[^/]+\/locations$/.test(path)) throw new Refusal(404, 'Method not found.');
  const { project, regions } = state.settings;
  return ok({
    locations: regions.map((region) => ({ name: `projects/${project}/locations/${region}`, locationId: region })),
  });
}

/** Cloud Logging API v2, entries.list: the lines that containers wrote. */
function logs(state: CloudRunState, { body, who }: ApiRequest): CloudAnswer {
  const {
    filter = '',
    pageSize = 50,
    orderBy = 'timestamp asc',
  } = (body ?? {}) as { filter?: string; pageSize?: number; orderBy?: string };
  if (!state.may(who, 'logging.logEntries.list', state.settings.project)) {
    throw new Refusal(403, 'Permission denied for all log views');
  }
  const revision = /resource\.labels\.revision_name\s*=\s*"([^"]+)"/.exec(filter)?.[1];
  const all = state.logs.filter((entry) => entry.revision === revision);
  const ordered = orderBy === 'timestamp desc' ? [...all].reverse() : all;
  const entries = ordered.slice(0, pageSize).map(({ text, timestamp, service, revision: name }) => ({
    textPayload: text,
    timestamp,
    resource: { type: 'cloud_run_revision', labels: { service_name: service, revision_name: name } },
  }));
  return ok({ entries });
}

/** GitHub's registry, as somebody without a login meets it: public images can be read, private ones can't. */
function githubRegistry(state: CloudRunState, { path, headers, query }: CloudRequest): CloudAnswer {
  const denied = { errors: [{ code: 'DENIED', message: 'requested access to the resource is denied' }] };
  const isPrivate = (name: string) =>
    [...state.images.unreadable].some((image) => image.startsWith(`ghcr.io/${name}@`));
  if (path === '/token') {
    const name = (query.get('scope') ?? '').split(':')[1] ?? '';
    return isPrivate(name) ? { status: 403, body: denied } : ok({ token: 'anonymous' });
  }
  const [, name = '', reference = ''] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(path) ?? [];
  if (headers['authorization'] !== 'Bearer anonymous') {
    const challenge = `Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:${name}:pull"`;
    return { status: 401, headers: { 'www-authenticate': challenge }, body: denied };
  }
  if (path === '/v2/') return ok({});
  if (!state.images.programs.has(reference)) return { status: 404, body: { errors: [{ code: 'MANIFEST_UNKNOWN' }] } };
  const type = 'application/vnd.oci.image.manifest.v1+json';
  return { status: 200, headers: { 'content-type': type, 'docker-content-digest': reference, 'content-length': '2' } };
}

/** Artifact Registry: the real registry behind it, for those who have a token of Google's. */
async function registry(state: CloudRunState, request: CloudRequest): Promise<CloudAnswer> {
  const { host, path, headers, method } = request;
  const basic = Buffer.from(/^Basic (.+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '', 'base64').toString('utf8');
  const token = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1] ?? basic.replace(/^oauth2accesstoken:/, '');
  const holder = state.google.holderOf(token);
  const fault = (status: number, code: string, message: string): CloudAnswer => ({
    status,
    headers: { 'www-authenticate': `Basic realm="${host}"` },
    body: { errors: [{ code, message }] },
  });
  if (holder === undefined) return fault(401, 'UNAUTHORIZED', 'authentication required');
  const [, name = '', reference = ''] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(path) ?? [];
  const image = `${host}/${name}@${reference}`;
  if (!state.may(holder.who, 'artifactregistry.repositories.downloadArtifacts', image)) {
    const resource = `projects/${state.settings.project}/locations/${host.replace('-docker.pkg.dev', '')}/repositories/${name.split('/')[1]}`;
    return fault(
      403,
      'DENIED',
      `Permission "artifactregistry.repositories.downloadArtifacts" denied on resource "${resource}" (or it may not exist)`,
    );
  }
  const origin = state.images.registries.get(host);
  if (origin !== undefined) {
    const answer = await fetch(`${origin}${path}`, { method, headers: { accept: headers['accept'] ?? '*/*' } });
    const kept = ['content-type', 'docker-content-digest', 'content-length'].flatMap((header) => {
      const value = answer.headers.get(header);
      return value === null ? [] : [[header, value]];
    });
    return { status: answer.status, headers: Object.fromEntries(kept), body: Buffer.from(await answer.arrayBuffer()) };
  }
  if (path === '/v2/') return ok({});
  const isThere =
    state.images.programs.has(reference) || state.images.programs.has(image) || state.images.unreadable.has(image);
  if (!isThere) return fault(404, 'MANIFEST_UNKNOWN', 'Failed to fetch the manifest.');
  const type = 'application/vnd.oci.image.manifest.v1+json';
  return {
    status: 200,
    headers: { 'content-type': type, 'docker-content-digest': reference, 'content-length': '2' },
    body: method === 'HEAD' ? '' : '{}',
  };
}
