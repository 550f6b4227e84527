import type { CloudAnswer } from '../cloud-proxy.ts';
import { type ApiRequest, adminV2, demand, demandActAs } from './admin-v2.ts';
import { ok, Refusal } from './answers.ts';
import { fromKnative, type KnativeTemplate, present, toKnative } from './knative.ts';
import type { Condition, RevisionState, ServiceSpec, ServiceState, TrafficTarget } from './resources.ts';
import { BY_REVISION, LATEST } from './resources.ts';
import {
  checkedSpec,
  createService,
  deleteRevision,
  missingRevision,
  missingService,
  type Place,
  type Reconciler,
  updateService,
} from './services.ts';
import { type CloudRunState, etagText, serviceOf, urlsOf } from './state.ts';

type Texts = Readonly<Record<string, string>>;

interface KnativeService {
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Texts;
    readonly annotations?: Texts;
    readonly resourceVersion?: string;
  };
  readonly spec?: { readonly template?: KnativeTemplate; readonly traffic?: readonly KnativeTarget[] };
}

interface KnativeTarget {
  readonly revisionName?: string;
  readonly latestRevision?: boolean;
  readonly percent?: number;
  readonly tag?: string;
  readonly url?: string;
}

const RUN = 'run.googleapis.com';

const INGRESS: Texts = {
  INGRESS_TRAFFIC_ALL: 'all',
  INGRESS_TRAFFIC_INTERNAL_ONLY: 'internal',
  INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER: 'internal-and-cloud-load-balancing',
  INGRESS_TRAFFIC_NONE: 'none',
};

/** Annotations of a service that are fields in v2, or the platform's own. */
const KNOWN = [
  `${RUN}/client-name`,
  `${RUN}/client-version`,
  `${RUN}/ingress`,
  `${RUN}/ingress-status`,
  `${RUN}/operation-id`,
  `${RUN}/urls`,
  `${RUN}/description`,
  `${RUN}/launch-stage`,
  `${RUN}/invoker-iam-disabled`,
  `${RUN}/default-url-disabled`,
  `${RUN}/custom-audiences`,
  'serving.knative.dev/creator',
  'serving.knative.dev/lastModifier',
];

function specOf({ metadata = {}, spec = {} }: KnativeService): ServiceSpec {
  const { annotations = {}, labels = {} } = metadata;
  const { 'cloud.googleapis.com/location': _, ...own } = labels;
  const ingress = Object.entries(INGRESS).find(([, name]) => name === annotations[`${RUN}/ingress`])?.[0];
  const audiences = annotations[`${RUN}/custom-audiences`];
  return present({
    template: fromKnative(spec.template ?? {}),
    traffic: (spec.traffic ?? []).map(({ revisionName, latestRevision, percent, tag }): TrafficTarget => {
      const isLatest = latestRevision === true;
      return present({
        type: isLatest ? LATEST : BY_REVISION,
        revision: isLatest ? undefined : revisionName,
        percent,
        tag,
      }) as TrafficTarget;
    }),
    ingress: ingress ?? 'INGRESS_TRAFFIC_ALL',
    launchStage: annotations[`${RUN}/launch-stage`] ?? 'GA',
    labels: own,
    annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => !KNOWN.includes(key))),
    client: annotations[`${RUN}/client-name`],
    clientVersion: annotations[`${RUN}/client-version`],
    description: annotations[`${RUN}/description`],
    invokerIamDisabled: annotations[`${RUN}/invoker-iam-disabled`] === 'true' ? true : undefined,
    defaultUriDisabled: annotations[`${RUN}/default-url-disabled`] === 'true' ? true : undefined,
    customAudiences: audiences === undefined ? undefined : (JSON.parse(audiences) as string[]),
  }) as unknown as ServiceSpec;
}

const STATUS: Texts = { CONDITION_SUCCEEDED: 'True', CONDITION_FAILED: 'False' };

function knativeCondition({ type, state, message, reason, revisionReason, lastTransitionTime }: Condition): object {
  const words = (revisionReason ?? reason)
    ?.toLowerCase()
    .replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
  return present({ type, status: STATUS[state] ?? 'Unknown', message, reason: words, lastTransitionTime });
}

function knativeService(state: CloudRunState, service: ServiceState): object {
  const { spec, name, region } = service;
  const urls = urlsOf(state, service);
  const target = ({ type, revision, percent, tag }: TrafficTarget) =>
    present({ latestRevision: type === LATEST ? true : undefined, revisionName: revision, percent, tag });
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: state.settings.projectNumber,
      selfLink: `/apis/serving.knative.dev/v1/namespaces/${state.settings.projectNumber}/services/${name}`,
      uid: service.uid,
      resourceVersion: etagText(service.etag),
      generation: service.generation,
      creationTimestamp: service.createTime,
      labels: { ...spec.labels, 'cloud.googleapis.com/location': region },
      annotations: present({
        ...spec.annotations,
        [`${RUN}/client-name`]: spec.client,
        [`${RUN}/client-version`]: spec.clientVersion,
        [`${RUN}/ingress`]: INGRESS[spec.ingress],
        [`${RUN}/ingress-status`]: INGRESS[spec.ingress],
        [`${RUN}/launch-stage`]: spec.launchStage === 'GA' ? undefined : spec.launchStage,
        [`${RUN}/description`]: spec.description,
        [`${RUN}/invoker-iam-disabled`]: spec.invokerIamDisabled === true ? 'true' : undefined,
        [`${RUN}/default-url-disabled`]: spec.defaultUriDisabled === true ? 'true' : undefined,
        [`${RUN}/custom-audiences`]:
          spec.customAudiences === undefined ? undefined : JSON.stringify(spec.customAudiences),
        [`${RUN}/operation-id`]: service.operation,
        [`${RUN}/urls`]: JSON.stringify(urls),
        'serving.knative.dev/creator': service.creator,
        'serving.knative.dev/lastModifier': service.lastModifier,
      }),
    },
    spec: { template: toKnative(spec.template), traffic: spec.traffic.map(target) },
    status: {
      observedGeneration: service.reconciling ? service.observedGeneration : service.generation,
      conditions: [service.terminal, ...service.conditions].map(knativeCondition),
      ...(service.latestReady === '' ? {} : { latestReadyRevisionName: service.latestReady }),
      latestCreatedRevisionName: service.latestCreated,
      traffic: service.traffic.map(({ type, revision, percent, tag, uri }) =>
        present({
          revisionName: type === LATEST ? service.latestReady : revision,
          latestRevision: type === LATEST ? true : undefined,
          percent,
          tag,
          url: uri,
        }),
      ),
      url: urls[1],
      address: { url: urls[1] },
    },
  };
}

function knativeRevision(state: CloudRunState, service: ServiceState, revision: RevisionState): object {
  const { metadata = {}, spec } = toKnative(revision.template);
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Revision',
    metadata: {
      name: revision.name,
      namespace: state.settings.projectNumber,
      uid: revision.uid,
      resourceVersion: etagText(revision.etag),
      generation: revision.generation,
      creationTimestamp: revision.createTime,
      labels: {
        ...metadata.labels,
        'serving.knative.dev/service': service.name,
        'serving.knative.dev/configuration': service.name,
        'serving.knative.dev/configurationGeneration': String(service.generation),
        'cloud.googleapis.com/location': service.region,
      },
      annotations: { ...metadata.annotations, 'serving.knative.dev/creator': revision.creator },
    },
    spec,
    status: {
      observedGeneration: revision.generation,
      conditions: revision.conditions.map(knativeCondition),
      imageDigest: revision.template.containers?.[0]?.image,
      logUrl: `https://console.cloud.google.com/logs/viewer?project=${state.settings.project}`,
    },
  };
}

/** The API in Knative's form at the regional hosts, as gcloud speaks it (run.v1.json). */
export async function adminV1(
  state: CloudRunState,
  reconciler: Reconciler,
  request: ApiRequest,
  region: string,
): Promise<CloudAnswer> {
  const policy = /^\/v1\/projects\/([^/]+)\/locations\/([^/]+)\/services\/([^/:]+):(\w+)$/.exec(request.path);
  if (policy !== null)
    return await adminV2(state, reconciler, { ...request, path: request.path.replace('/v1/', '/v2/') });
  const operation = /^\/v1\/(projects\/[^/]+\/locations\/[^/]+\/operations\/[^/:]+)(:wait)?$/.exec(request.path);
  if (operation !== null) return await waitV1(state, reconciler, request, operation[1] ?? '');
  const [, namespace = '', kind = '', name = ''] =
    /^\/apis\/serving\.knative\.dev\/v1\/namespaces\/([^/]+)\/(services|revisions)(?:\/([^/]+))?$/.exec(request.path) ??
    [];
  if (namespace !== state.settings.project && namespace !== state.settings.projectNumber) {
    throw new Refusal(403, `Permission denied on resource project ${namespace}.`);
  }
  const place: Place = { project: state.settings.project, region, name };
  return kind === 'services' ? services(state, reconciler, request, place) : revisions(state, request, place);
}

/** v1's operation answers with a service in Knative's form. */
async function waitV1(
  state: CloudRunState,
  reconciler: Reconciler,
  request: ApiRequest,
  name: string,
): Promise<CloudAnswer> {
  const answer = await adminV2(state, reconciler, { ...request, path: request.path.replace('/v1/', '/v2/') });
  const body = answer.body as { done?: boolean; error?: object; response?: object };
  if (body.done !== true) return ok({ name });
  const service = [...state.services.values()].find(({ operation }) => name.endsWith(operation) && operation !== '');
  if (service === undefined) return ok({ name, done: true });
  // In v1 a failed deployment is a service whose conditions say so.
  const response = { '@type': 'type.googleapis.com/google.cloud.run.v1.Service', ...knativeService(state, service) };
  return ok({ name, done: true, response });
}

function services(state: CloudRunState, reconciler: Reconciler, request: ApiRequest, place: Place): CloudAnswer {
  const { method, query, who } = request;
  const body = (request.body ?? {}) as KnativeService;
  const name = place.name === '' ? (body.metadata?.name ?? '') : place.name;
  const at = { ...place, name };
  const service = serviceOf(state, at.region, name);
  if (method === 'GET' && place.name === '') {
    demand(state, who, 'run.services.list', at);
    const items = [...state.services.values()].filter(({ region }) => region === place.region);
    return ok({
      apiVersion: 'serving.knative.dev/v1',
      kind: 'ServiceList',
      metadata: {},
      items: items.map((item) => knativeService(state, item)),
    });
  }
  if (method === 'GET') {
    demand(state, who, 'run.services.get', at);
    if (service === undefined) throw missingService(at);
    return ok(knativeService(state, service));
  }
  const spec = specOf(body);
  demand(state, who, method === 'POST' ? 'run.services.create' : 'run.services.update', at);
  demandActAs(state, who, spec.template.serviceAccount);
  if (query.get('dryRun') === 'all') {
    checkedSpec(spec, at, state);
    return ok(body as object);
  }
  if (method === 'POST') return ok(knativeService(state, createService(state, at, spec, who, reconciler).service));
  if (service === undefined) throw missingService(at);
  const version = body.metadata?.resourceVersion ?? '';
  if (version !== '' && version !== etagText(service.etag)) {
    throw new Refusal(
      409,
      `Conflict for resource '${name}': version '${version}' was specified but current version is '${etagText(service.etag)}'.`,
    );
  }
  updateService(state, service, spec, who, reconciler);
  return ok(knativeService(state, service));
}

function revisions(state: CloudRunState, { method, query, who }: ApiRequest, place: Place): CloudAnswer {
  const wanted = /serving\.knative\.dev\/service\s*=\s*([a-z0-9-]+)/.exec(query.get('labelSelector') ?? '')?.[1];
  const nonce = /client\.knative\.dev\/nonce\s*=\s*([a-z0-9-]+)/.exec(query.get('labelSelector') ?? '')?.[1];
  const all = [...state.services.values()].filter(({ region }) => region === place.region);
  if (place.name === '') {
    demand(state, who, 'run.revisions.list', { ...place, name: wanted ?? '-' });
    const items = all
      .filter(({ name }) => wanted === undefined || name === wanted)
      .flatMap((service) => [...service.revisions.values()].reverse().map((revision) => ({ service, revision })))
      .filter(({ revision }) => nonce === undefined || revision.template['nonce'] === nonce)
      .map(({ service, revision }) => knativeRevision(state, service, revision));
    return ok({ apiVersion: 'serving.knative.dev/v1', kind: 'RevisionList', metadata: {}, items });
  }
  const service = all.find((item) => item.revisions.has(place.name));
  const revision = service?.revisions.get(place.name);
  if (service === undefined || revision === undefined) throw missingRevision(place, place.name);
  demand(state, who, `run.revisions.${method === 'DELETE' ? 'delete' : 'get'}`, service);
  if (method === 'GET') return ok(knativeRevision(state, service, revision));
  deleteRevision(service, place.name);
  return ok({ status: 'Success' });
}
