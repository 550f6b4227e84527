import type { CloudAnswer, CloudRequest, CloudService } from '../cloud-proxy.ts';
import { Refusal } from './refusal.ts';
import type { HasService } from './versions.ts';

/** A function of either generation. */
export interface StandInFunction {
  readonly id: string;
  readonly region: string;
  readonly generation: 1 | 2;
  readonly isHttp?: boolean;
  readonly minInstances?: number;
}

/** A Cloud Run service, as far as rewrites look at it. */
export interface StandInService {
  readonly id: string;
  readonly region: string;
  latest: string;
  traffic: Readonly<Record<string, unknown>>[];
  etag: number;
}

/** What stands around Hosting: functions, Cloud Run, and what Firebase's own program asks before it deploys. */
export interface Neighbours {
  readonly services: Readonly<Record<string, CloudService>>;
  readonly functions: StandInFunction[];
  readonly runServices: StandInService[];
  /** Whether functions may be listed. */
  mayList: boolean;
  readonly addService: (id: string, region: string, latest: string) => StandInService;
  readonly hasService: HasService;
}

const ALL = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
const ONE = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';

export function createNeighbours(): Neighbours {
  const operations = new Map<string, number>();
  const neighbours: Neighbours = {
    functions: [],
    runServices: [],
    mayList: true,
    addService: (id, region, latest) => {
      const service = { id, region, latest, traffic: [{ type: ALL, percent: 100 }], etag: 1 };
      neighbours.runServices.push(service);
      return service;
    },
    hasService: (id, region, tag) => {
      const isFunction = neighbours.functions.some(
        (one) => one.generation === 2 && one.id === id && one.region === region,
      );
      const service = neighbours.runServices.find((one) => one.id === id && one.region === region);
      if (tag !== undefined) return service?.traffic.some((share) => share['tag'] === tag) === true;
      return isFunction || service !== undefined;
    },
    services: {
      'cloudfunctions.googleapis.com': (request) => answered(() => functions(neighbours, request)),
      'run.googleapis.com': (request) => answered(() => run(neighbours, operations, request)),
    },
  };
  return neighbours;
}

function answered(work: () => CloudAnswer): CloudAnswer {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

/** Cloud Functions API v2, which also lists functions of the first generation, and v1, which lists only those. */
function functions(neighbours: Neighbours, { path, method, query }: CloudRequest): CloudAnswer {
  const [, version, project] = /^\/(v1|v2)\/projects\/([^/]+)\/locations\/-\/functions$/.exec(path) ?? [];
  if (method !== 'GET' || version === undefined) return { status: 404 };
  if (!neighbours.mayList) {
    throw new Refusal(
      'PERMISSION_DENIED',
      `Permission 'cloudfunctions.functions.list' denied on 'projects/${project}/locations/-'`,
    );
  }
  const only = query.get('filter') === 'environment="GEN_2"' ? 2 : version === 'v1' ? 1 : undefined;
  const found = neighbours.functions.filter(({ generation }) => only === undefined || generation === only);
  return {
    status: 200,
    body: { functions: found.map((one) => (version === 'v1' ? firstBody(one, project) : secondBody(one, project))) },
  };
}

function firstBody({ id, region, isHttp = true }: StandInFunction, project = ''): object {
  const trigger = isHttp
    ? { httpsTrigger: { url: 'https://example.com' } }
    : { eventTrigger: { eventType: 'x', resource: 'y' } };
  return {
    name: `projects/${project}/locations/${region}/functions/${id}`,
    entryPoint: id,
    runtime: 'nodejs24',
    status: 'ACTIVE',
    ...trigger,
  };
}

function secondBody(
  { id, region, generation, isHttp = true, minInstances = 0 }: StandInFunction,
  project = '',
): object {
  const service = `projects/${project}/locations/${region}/services/${id.toLowerCase()}`;
  return {
    name: `projects/${project}/locations/${region}/functions/${id}`,
    environment: generation === 1 ? 'GEN_1' : 'GEN_2',
    state: 'ACTIVE',
    buildConfig: { entryPoint: id, runtime: 'nodejs24' },
    serviceConfig: { minInstanceCount: minInstances, ...(generation === 2 ? { service } : {}) },
    ...(isHttp ? {} : { eventTrigger: { eventType: 'x' } }),
  };
}

function run(neighbours: Neighbours, operations: Map<string, number>, request: CloudRequest): CloudAnswer {
  const operation = /^\/v2\/(projects\/.+\/operations\/.+)$/.exec(request.path)?.[1];
  if (operation !== undefined) return waited(operations, operation);
  const [, version, project = '', region, id] =
    /^\/(v1|v2)\/projects\/([^/]+)\/locations\/([^/]+)\/services\/([^/]+)$/.exec(request.path) ?? [];
  const service = neighbours.runServices.find((one) => one.id === id && one.region === region);
  if (service === undefined)
    throw new Refusal('NOT_FOUND', `Resource '${id}' of kind 'SERVICE' in region '${region}' does not exist.`);
  const body =
    request.body.length === 0 ? {} : (JSON.parse(request.body.toString('utf8')) as Readonly<Record<string, unknown>>);
  if (version === 'v1') return { status: 200, body: firstService(service, request.method, body) };
  if (request.method === 'GET') return { status: 200, body: secondService(service, project) };
  if (request.method !== 'PATCH' || request.query.get('updateMask') !== 'traffic') return { status: 404 };
  if (body['etag'] !== `"${service.etag}"`)
    throw new Refusal('ABORTED', 'Conflict for resource: the etag does not match.');
  change(service, body['traffic']);
  const name = `projects/${project}/locations/${region}/operations/${crypto.randomUUID()}`;
  operations.set(name, 2);
  return { status: 200, body: { name, metadata: {} } };
}

function waited(operations: Map<string, number>, name: string): CloudAnswer {
  const left = operations.get(name);
  if (left === undefined) throw new Refusal('NOT_FOUND', 'Requested entity was not found.');
  operations.set(name, left - 1);
  return { status: 200, body: left > 0 ? { name } : { name, done: true, response: {} } };
}

function change(service: StandInService, traffic: unknown): void {
  if (!Array.isArray(traffic)) throw new Refusal('INVALID_ARGUMENT', 'traffic is not a list');
  const tags = traffic
    .map((share: Readonly<Record<string, unknown>>) => share['tag'])
    .filter((tag) => tag !== undefined);
  const isRight = tags.every((tag) => typeof tag === 'string' && /^[a-z][a-z0-9-]{0,45}$/.test(tag));
  if (!isRight || new Set(tags).size !== tags.length)
    throw new Refusal('INVALID_ARGUMENT', 'Violation in traffic: tags.');
  service.traffic = traffic;
  service.etag += 1;
}

function secondService(service: StandInService, project: string): object {
  const name = `projects/${project}/locations/${service.region}/services/${service.id}`;
  return {
    name,
    latestReadyRevision: `${name}/revisions/${service.latest}`,
    traffic: service.traffic,
    etag: `"${service.etag}"`,
  };
}

/** Cloud Run Admin API v1 (Knative), which Firebase's own program speaks. */
function firstService(service: StandInService, method: string, body: Readonly<Record<string, unknown>>): object {
  if (method === 'PUT') {
    const spec = body['spec'] as { readonly traffic: readonly Readonly<Record<string, unknown>>[] };
    const traffic = spec.traffic.map(({ revisionName, latestRevision, percent, tag }) => ({
      ...(latestRevision === true ? { type: ALL } : { type: ONE, revision: revisionName }),
      ...(percent === undefined ? {} : { percent }),
      ...(tag === undefined ? {} : { tag }),
    }));
    change(service, traffic);
  }
  const traffic = service.traffic.map(({ type, revision, percent, tag }) => ({
    ...(type === ALL ? { latestRevision: true } : { revisionName: revision }),
    ...(percent === undefined ? {} : { percent }),
    ...(tag === undefined ? {} : { tag }),
  }));
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      name: service.id,
      namespace: '100000000000',
      generation: service.etag,
      labels: { 'cloud.googleapis.com/location': service.region },
    },
    spec: { template: {}, traffic },
    status: {
      observedGeneration: service.etag,
      latestReadyRevisionName: service.latest,
      conditions: [{ type: 'Ready', status: 'True' }],
      traffic,
    },
  };
}
