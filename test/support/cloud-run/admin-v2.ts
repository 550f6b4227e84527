import type { CloudAnswer } from '../cloud-proxy.ts';
import { badField, ok, Refusal } from './answers.ts';
import type { OperationState, ServiceSpec } from './resources.ts';
import {
  addOperation,
  checkEtag,
  checkedSpec,
  createService,
  deleteRevision,
  missingRevision,
  missingService,
  type Place,
  type Reconciler,
  updateService,
} from './services.ts';
import { shownOperation, shownRevision, shownService } from './shown.ts';
import { type CloudRunState, serviceOf } from './state.ts';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly who: string;
}

/** Fields of a service that a user may set; the others are the platform's. */
const SETTABLE = [
  'annotations',
  'binaryAuthorization',
  'client',
  'clientVersion',
  'customAudiences',
  'defaultUriDisabled',
  'description',
  'iapEnabled',
  'ingress',
  'invokerIamDisabled',
  'labels',
  'launchStage',
  'scaling',
  'template',
  'traffic',
] as const;

const SYSTEM = /^(run\.googleapis\.com|cloud\.googleapis\.com|serving\.knative\.dev|autoscaling\.knative\.dev)\//;

/** Admin API v2 (run.v2.json). */
export async function adminV2(state: CloudRunState, reconciler: Reconciler, request: ApiRequest): Promise<CloudAnswer> {
  const [, project = '', region = '', rest = ''] =
    /^\/v2\/projects\/([^/]+)\/locations\/([^/]+)\/(.+)$/.exec(request.path) ?? [];
  if (project !== state.settings.project && project !== state.settings.projectNumber) {
    throw new Refusal(403, `Permission denied on resource project ${project}.`);
  }
  if (!state.settings.regions.includes(region))
    throw new Refusal(404, `Location ${region} is not found or access is unauthorized.`, 'NOT_FOUND');
  const [kind = '', ...names] = rest.split('/');
  const place = (name: string): Place => ({ project: state.settings.project, region, name });
  if (kind === 'operations')
    return await operationCall(state, request, `projects/${state.settings.project}/locations/${region}/${rest}`);
  if (kind !== 'services') throw new Refusal(404, 'Method not found.');
  const [named = '', sub, revision] = names;
  if (named === '') return serviceCollection(state, reconciler, request, place(request.query.get('serviceId') ?? ''));
  const [name = '', verb] = named.split(':');
  if (verb !== undefined) return policyCall(state, request, place(name), verb);
  if (sub === 'revisions') return revisionCall(state, request, place(name), revision);
  return await serviceCall(state, reconciler, request, place(name));
}

/** @throws Refusal when whoever asks may not */
export function demand(state: CloudRunState, who: string, permission: string, { project, region, name }: Place): void {
  const resource = `projects/${project}/locations/${region}/services/${name}`;
  if (state.may(who, permission, resource)) return;
  throw new Refusal(403, `Permission '${permission}' denied on resource '${resource}' (or resource may not exist).`);
}

/** Whoever deploys a revision must be allowed to act as the account that it runs as. */
export function demandActAs(state: CloudRunState, who: string, account: string | undefined): void {
  const email = account || `${state.settings.projectNumber}-compute@developer.gserviceaccount.com`;
  if (state.may(who, 'iam.serviceaccounts.actAs', email)) return;
  throw new Refusal(
    403,
    `Permission 'iam.serviceaccounts.actAs' denied on service account ${email} (or it may not exist).`,
  );
}

/** A page of a list. */
function pageOf<T>(items: readonly T[], query: URLSearchParams, most: number): { page: readonly T[]; next: string } {
  const size = Math.min(Number(query.get('pageSize') ?? most) || most, most);
  const from = Number(Buffer.from(query.get('pageToken') ?? '', 'base64').toString('utf8') || '0');
  const to = from + size;
  return {
    page: items.slice(from, to),
    next: to < items.length ? Buffer.from(String(to), 'utf8').toString('base64') : '',
  };
}

function serviceCollection(
  state: CloudRunState,
  reconciler: Reconciler,
  request: ApiRequest,
  place: Place,
): CloudAnswer {
  const { method, query, who } = request;
  if (method === 'GET') {
    demand(state, who, 'run.services.list', place);
    const all = [...state.services.values()].filter(({ region }) => region === place.region);
    const { page, next } = pageOf(all, query, state.settings.pageSize);
    return ok({
      services: page.map((service) => shownService(state, service)),
      ...(next === '' ? {} : { nextPageToken: next }),
    });
  }
  demand(state, who, 'run.services.create', place);
  const spec = specOf(request.body ?? {});
  demandActAs(state, who, spec.template.serviceAccount);
  if (query.get('validateOnly') === 'true') return validated(state, checkedSpec(spec, place, state), place);
  const { operation } = createService(state, place, spec, who, reconciler);
  return ok(shownOperation(operation));
}

/** What a user wants, in a body. */
function specOf(body: Readonly<Record<string, unknown>>): ServiceSpec {
  const given = Object.fromEntries(
    SETTABLE.filter((name) => body[name] !== undefined && body[name] !== null).map((name) => [name, body[name]]),
  );
  for (const name of Object.keys((given['annotations'] ?? {}) as object)) {
    if (SYSTEM.test(name)) throw badField('annotations', `system annotation ${name} is not supported`);
  }
  if (given['template'] === undefined) throw badField('template', 'Required field is missing.');
  return { ingress: 'INGRESS_TRAFFIC_ALL', launchStage: 'GA', traffic: [], ...given } as unknown as ServiceSpec;
}

function validated(state: CloudRunState, spec: ServiceSpec, { project, region, name }: Place): CloudAnswer {
  const operation = `projects/${state.settings.project}/locations/${region}/operations/validate-only`;
  const type = 'type.googleapis.com/google.cloud.run.v2.Service';
  const response = { '@type': type, name: `projects/${project}/locations/${region}/services/${name}`, ...spec };
  return ok({ name: operation, metadata: { '@type': type }, done: true, response });
}

async function serviceCall(
  state: CloudRunState,
  reconciler: Reconciler,
  request: ApiRequest,
  place: Place,
): Promise<CloudAnswer> {
  const { method, query, who } = request;
  const service = serviceOf(state, place.region, place.name);
  if (method === 'GET') {
    demand(state, who, 'run.services.get', place);
    if (service === undefined) throw missingService(place);
    return ok(shownService(state, service));
  }
  if (method === 'DELETE') {
    demand(state, who, 'run.services.delete', place);
    if (service === undefined) throw missingService(place);
    state.services.delete(`${place.region}/${place.name}`);
    const operation = addOperation(state, place.region, 'Service', () => shownService(state, service));
    operation.done = true;
    return ok(shownOperation(operation));
  }
  demand(state, who, 'run.services.update', place);
  const body = request.body ?? {};
  if (service === undefined) {
    if (query.get('allowMissing') !== 'true') throw missingService(place);
    demand(state, who, 'run.services.create', place);
    const spec = specOf(body);
    demandActAs(state, who, spec.template.serviceAccount);
    if (query.get('validateOnly') === 'true') return validated(state, checkedSpec(spec, place, state), place);
    return ok(shownOperation(createService(state, place, spec, who, reconciler).operation));
  }
  checkEtag(service, body['etag']);
  const spec = masked(service.spec, body, query.get('updateMask'));
  if (spec.template !== service.spec.template) demandActAs(state, who, spec.template.serviceAccount);
  if (query.get('validateOnly') === 'true') return validated(state, checkedSpec(spec, place, state), place);
  return ok(shownOperation(updateService(state, service, spec, who, reconciler)));
}

/** The wish with those fields of the body that the mask names; all of them where there is none. */
function masked(old: ServiceSpec, body: Readonly<Record<string, unknown>>, mask: string | null): ServiceSpec {
  if (mask === null || mask === '') return specOf(body);
  const merged: Record<string, unknown> = { ...old };
  for (const path of mask.split(',')) {
    const [first = '', ...rest] = path
      .split('.')
      .map((part) => part.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()));
    if (!(SETTABLE as readonly string[]).includes(first)) throw new Refusal(400, `Invalid field mask: ${path}`);
    merged[first] = rest.length === 0 ? body[first] : setAt(merged[first], body[first], rest);
  }
  return specOf(merged);
}

function setAt(old: unknown, given: unknown, [first = '', ...rest]: readonly string[]): unknown {
  const before = (typeof old === 'object' && old !== null ? old : {}) as Record<string, unknown>;
  const after = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
  return { ...before, [first]: rest.length === 0 ? after[first] : setAt(before[first], after[first], rest) };
}

function policyCall(state: CloudRunState, { who, body }: ApiRequest, place: Place, verb: string): CloudAnswer {
  const service = serviceOf(state, place.region, place.name);
  if (verb === 'testIamPermissions') {
    const permissions = ((body?.['permissions'] ?? []) as string[]).filter((permission) =>
      state.may(who, permission, place.name),
    );
    return ok({ permissions });
  }
  demand(state, who, `run.services.${verb}`, place);
  if (service === undefined) throw missingService(place);
  if (verb === 'getIamPolicy') return ok(service.policy);
  const { policy } = (body ?? {}) as { policy?: { etag?: string; bindings?: [] } };
  if (policy?.etag !== undefined && policy.etag !== service.policy.etag) {
    throw new Refusal(
      409,
      'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
    );
  }
  const etag = Buffer.from(crypto.randomUUID().slice(0, 8), 'utf8').toString('base64');
  service.policy = {
    version: 1,
    etag,
    bindings: (policy?.bindings ?? []).filter(({ members }) => (members as []).length > 0),
  };
  return ok(service.policy);
}

function revisionCall(state: CloudRunState, request: ApiRequest, place: Place, name: string | undefined): CloudAnswer {
  const { method, query, who } = request;
  const service = serviceOf(state, place.region, place.name);
  const action = method === 'DELETE' ? 'delete' : name === undefined ? 'list' : 'get';
  demand(state, who, `run.revisions.${action}`, place);
  if (service === undefined) {
    if (name === undefined) return ok({});
    throw missingRevision(place, name);
  }
  if (name === undefined) {
    const all = [...service.revisions.values()].reverse();
    const { page, next } = pageOf(all, query, state.settings.pageSize);
    return ok({
      revisions: page.map((item) => shownRevision(service, item)),
      ...(next === '' ? {} : { nextPageToken: next }),
    });
  }
  const revision = service.revisions.get(name);
  if (revision === undefined) throw missingRevision(place, name);
  if (method === 'GET') return ok(shownRevision(service, revision));
  deleteRevision(service, name);
  const key = `${service.name}/${name}`;
  void state.instances.get(key)?.then((instances) => Promise.all((instances ?? []).map((instance) => instance.stop())));
  state.instances.delete(key);
  const operation = addOperation(state, place.region, 'Revision', () => shownRevision(service, revision));
  operation.done = true;
  return ok(shownOperation(operation));
}

async function operationCall(
  state: CloudRunState,
  { method, who, body }: ApiRequest,
  path: string,
): Promise<CloudAnswer> {
  const [name = '', verb] = path.split(':');
  if (!state.may(who, 'run.operations.get', name))
    throw new Refusal(403, `Permission 'run.operations.get' denied on resource '${name}' (or resource may not exist).`);
  const operation = state.operations.get(name);
  if (operation === undefined || (method === 'POST' && verb !== 'wait'))
    throw new Refusal(404, `Operation '${name}' not found.`);
  if (verb === 'wait') await waited(state, operation, Number.parseFloat(String(body?.['timeout'] ?? '30')) * 1_000);
  const shown = shownOperation(operation);
  operation.polls = Math.max(0, operation.polls - 1);
  return ok(shown);
}

/** Waits for the end of an operation, or a part of the time that was asked for: the API promises no more. */
async function waited(state: CloudRunState, operation: OperationState, timeout: number): Promise<void> {
  const until =
    performance.now() + Math.min(timeout, operation.polls > 0 ? state.settings.pace : state.settings.longestWait);
  while (performance.now() < until && !(operation.done && operation.polls <= 0)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
