import { setTimeout as delay } from 'node:timers/promises';
import { now } from './answers.ts';
import { type Instance, startInstance } from './instances.ts';
import type {
  Condition,
  Container,
  OperationState,
  RevisionState,
  ServiceState,
  TrafficStatus,
  TrafficTarget,
} from './resources.ts';
import { LATEST } from './resources.ts';
import { type CloudRunState, tagUrl } from './state.ts';
import { cpusOf, ingressContainer } from './template.ts';

/** Why a revision can't serve, as Cloud Run says it. */
interface Failure {
  readonly condition: string;
  readonly reason?: string;
  readonly revisionReason?: string;
  readonly message: string;
  /** google.rpc.Code. */
  readonly code: number;
}

const succeeded = (type: string): Condition => ({ type, state: 'CONDITION_SUCCEEDED', lastTransitionTime: now() });

/** Brings a service to what its owner wants, in steps, as the platform does: changes of one service one after another. */
export function createReconciler(state: CloudRunState) {
  const queues = new Map<ServiceState, Promise<void>>();
  return (service: ServiceState, operation: OperationState): void => {
    const before = queues.get(service) ?? Promise.resolve();
    const work = before.then(() => reconcile(state, service, operation));
    queues.set(service, work);
  };
}

async function reconcile(state: CloudRunState, service: ServiceState, operation: OperationState): Promise<void> {
  const { generation } = service;
  await delay(state.settings.pace);
  const revision = service.revisions.get(service.latestCreated);
  if (revision?.reconciling === true) {
    const failure = await bringUp(state, service, revision);
    settle(revision, failure);
    await delay(state.settings.pace);
  }
  const failed = revision === undefined ? undefined : failureIn(revision);
  if (revision !== undefined && failed === undefined) service.latestReady = revision.name;
  const routes = routesOf(state, service);
  if ('message' in routes) finish(service, operation, generation, { type: 'RoutesReady', ...routes }, failed);
  else {
    service.traffic = routes.statuses;
    finish(service, operation, generation, undefined, failed);
  }
}

function failureIn({ conditions }: RevisionState): Condition | undefined {
  return conditions.find(({ type, state }) => type === 'Ready' && state === 'CONDITION_FAILED');
}

function settle(revision: RevisionState, failure: Failure | undefined): void {
  revision.reconciling = false;
  revision.updateTime = now();
  revision.etag += 1;
  if (failure === undefined) {
    revision.conditions = ['Ready', 'ContainerHealthy', 'ContainerReady', 'ResourcesAvailable', 'Active'].map(
      succeeded,
    );
    return;
  }
  const { condition, reason, revisionReason, message } = failure;
  const why = {
    state: 'CONDITION_FAILED' as const,
    message,
    lastTransitionTime: now(),
    ...(reason === undefined ? {} : { reason }),
    ...(revisionReason === undefined ? {} : { revisionReason }),
  };
  revision.conditions = [
    { type: 'Ready', ...why },
    { type: condition, ...why },
  ];
}

function finish(
  service: ServiceState,
  operation: OperationState,
  generation: number,
  routes: { readonly type: string; readonly message: string } | undefined,
  failed: Condition | undefined,
): void {
  const latest = service.latestCreated;
  const cause = failed?.message ?? '';
  const configurations: Condition =
    failed === undefined
      ? succeeded('ConfigurationsReady')
      : {
          ...failed,
          type: 'ConfigurationsReady',
          reason: 'REVISION_FAILED',
          message: `Revision '${latest}' is not ready and cannot serve traffic. ${cause}`,
        };
  const route: Condition =
    routes === undefined
      ? succeeded('RoutesReady')
      : { ...routes, state: 'CONDITION_FAILED', reason: 'REVISION_FAILED', lastTransitionTime: now() };
  service.conditions = [configurations, route];
  const bad = [configurations, route].find(({ state }) => state === 'CONDITION_FAILED');
  service.terminal = bad === undefined ? succeeded('Ready') : { ...bad, type: 'Ready' };
  if (bad === undefined) service.observedGeneration = generation;
  service.reconciling = service.generation !== generation;
  service.updateTime = now();
  service.etag += 1;
  if (bad !== undefined) operation.error = { code: codeOf(bad), message: bad.message ?? '' };
  operation.done = true;
}

function codeOf({ message = '' }: Condition): number {
  if (/not found/.test(message)) return 5;
  if (/permission|Permission/.test(message)) return 7;
  return /[Qq]uota/.test(message) ? 8 : 9;
}

/** Where traffic goes when every target can take it. */
function routesOf(
  state: CloudRunState,
  service: ServiceState,
): { readonly statuses: readonly TrafficStatus[] } | { readonly message: string } {
  const statuses: TrafficStatus[] = [];
  for (const target of service.spec.traffic) {
    const isLatest = target.type === LATEST || target.revision === undefined;
    const revision = service.revisions.get(isLatest ? service.latestReady : (target.revision ?? ''));
    const why = revision === undefined ? '' : failureIn(revision)?.message;
    if (revision === undefined || revision.reconciling || why !== undefined) {
      const name = isLatest ? service.latestCreated : target.revision;
      return { message: `Revision '${name}' is not ready and cannot serve traffic. ${why ?? ''}`.trim() };
    }
    statuses.push(statusOf(state, service, target, isLatest ? undefined : revision.name));
  }
  return { statuses };
}

function statusOf(
  state: CloudRunState,
  service: ServiceState,
  { type, percent = 0, tag = '' }: TrafficTarget,
  revision: string | undefined,
): TrafficStatus {
  return {
    type: type ?? LATEST,
    ...(revision === undefined ? {} : { revision }),
    ...(percent === 0 ? {} : { percent }),
    ...(tag === '' ? {} : { tag, uri: tagUrl(state, service, tag) }),
  };
}

/** Starts the containers of a revision. @returns why they do not run */
async function bringUp(
  state: CloudRunState,
  service: ServiceState,
  revision: RevisionState,
): Promise<Failure | undefined> {
  const { containers = [], scaling = {}, serviceAccount = '' } = revision.template;
  const { projectNumber, cpuQuota } = state.settings;
  const cpus = containers.reduce((sum, { resources }) => sum + cpusOf(resources?.limits?.['cpu'] ?? '1'), 0);
  if (cpus * (scaling.maxInstanceCount ?? 100) > cpuQuota) {
    return {
      condition: 'ResourcesAvailable',
      message: 'Quota exceeded for total allowable CPU per project per region.',
      code: 8,
    };
  }
  for (const [index, { image, env = [] }] of containers.entries()) {
    const found = await state.store.find(containers[index] ?? { image });
    if ('problem' in found) return imageFailure(found.problem, image, projectNumber);
    for (const [place, { valueSource }] of env.entries()) {
      const reference = valueSource?.secretKeyRef;
      if (reference === undefined) continue;
      const fault = secretFault(state, reference.secret, reference.version ?? 'latest', serviceAccount);
      if (fault === undefined) continue;
      const at = `spec.template.spec.containers[${index}].env[${place}].value_from.secret_key_ref.name`;
      return {
        condition: 'ContainerReady',
        reason: 'SECRETS_ACCESS_CHECK_FAILED',
        message: `${at}: ${fault}`,
        code: 7,
      };
    }
  }
  const instances = await instancesOf(state, service, revision);
  return instances === undefined ? notListening(state, service, revision, containers) : undefined;
}

function imageFailure(problem: string, image: string, projectNumber: string): Failure {
  const agent = `service-${projectNumber}@serverless-robot-prod.iam.gserviceaccount.com`;
  if (problem === 'not found' || /^(?:ghcr|docker)\.io\//.test(image)) {
    // A private image of a registry that is no Google's looks like none.
    return {
      condition: 'ContainerReady',
      reason: 'CONTAINER_MISSING',
      message: `Image '${image}' not found.`,
      code: 5,
    };
  }
  return {
    condition: 'ContainerReady',
    reason: 'CONTAINER_PERMISSION_DENIED',
    message: `Google Cloud Run Service Agent ${agent} must have permission to read the image, ${image}. Ensure that the provided container image URL is correct and that the above account has permission to access the image. If you just enabled the Cloud Run API, the permissions might take a few minutes to propagate.`,
    code: 7,
  };
}

/** What is wrong with a reference to a secret; undefined when its value can be read. */
function secretFault(state: CloudRunState, name: string, version: string, account: string): string | undefined {
  const { projectNumber } = state.settings;
  const id = name.split('/').at(-1) ?? name;
  const secret = state.secrets.get(id);
  const full = `projects/${projectNumber}/secrets/${id}/versions/${version}`;
  const number = version === 'latest' ? (secret?.versions.length ?? 0) : Number(version);
  if (secret?.versions[number - 1]?.state !== 'ENABLED') return `Secret ${full} was not found`;
  if (secret.readers.has(account)) return undefined;
  return `Permission denied on secret: ${full} for Revision service account ${account}. The service account used must be granted the 'Secret Manager Secret Accessor' role (roles/secretmanager.secretAccessor) at the secret, project or higher level.`;
}

function notListening(
  { settings }: CloudRunState,
  { name }: ServiceState,
  revision: RevisionState,
  containers: readonly Container[],
): Failure {
  const port = ingressContainer(containers)?.ports?.[0]?.containerPort ?? 8_080;
  const filter = `resource.type="cloud_run_revision"\nresource.labels.service_name="${name}"\nresource.labels.revision_name="${revision.name}"`;
  const logs = `https://console.cloud.google.com/logs/viewer?project=${settings.project}&resource=cloud_run_revision/service_name/${name}/revision_name/${revision.name}&advancedFilter=${encodeURIComponent(filter)}`;
  return {
    condition: 'ContainerHealthy',
    revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR',
    message: `The user-provided container failed to start and listen on the port defined provided by the PORT=${port} environment variable within the allocated timeout. This can happen when the container port is misconfigured or if the timeout is too short. The health check timeout can be extended. Logs for this revision might contain more information.\n\nLogs URL: ${logs} \nFor more troubleshooting guidance, see https://cloud.google.com/run/docs/troubleshooting#container-failed-to-start`,
    code: 9,
  };
}

/** The processes of a revision, the one that takes requests first; started when they do not run. */
export function instancesOf(
  state: CloudRunState,
  service: ServiceState,
  revision: RevisionState,
): Promise<readonly Instance[] | undefined> {
  const key = `${service.name}/${revision.name}`;
  const running = state.instances.get(key) ?? startAll(state, service, revision);
  state.instances.set(key, running);
  return running;
}

async function startAll(
  state: CloudRunState,
  service: ServiceState,
  revision: RevisionState,
): Promise<readonly Instance[] | undefined> {
  const { containers = [] } = revision.template;
  const ingress = ingressContainer(containers);
  const instances: Instance[] = [];
  for (const container of [...containers].sort((left, right) => Number(right === ingress) - Number(left === ingress))) {
    const found = await state.store.find(container);
    if ('problem' in found) return undefined;
    const lines: string[] = [];
    const instance = await startInstance(
      found.program,
      variablesOf(state, service, revision, container),
      container === ingress ? state.settings.startWithin : 1_000,
      lines,
    );
    for (const text of lines)
      state.logs.push({ service: service.name, revision: revision.name, text, timestamp: now() });
    if (instance !== undefined) instances.push(instance);
    else if (container === ingress) return undefined;
  }
  return instances;
}

function variablesOf(
  state: CloudRunState,
  service: ServiceState,
  revision: RevisionState,
  { env = [] }: Container,
): Readonly<Record<string, string>> {
  const own = env.map(({ name, value, valueSource }): [string, string] => {
    const reference = valueSource?.secretKeyRef;
    if (reference === undefined) return [name, value ?? ''];
    const versions = state.secrets.get(reference.secret.split('/').at(-1) ?? '')?.versions ?? [];
    const number = (reference.version ?? 'latest') === 'latest' ? versions.length : Number(reference.version);
    return [name, versions[number - 1]?.value.toString('utf8') ?? ''];
  });
  const system = { K_SERVICE: service.name, K_REVISION: revision.name, K_CONFIGURATION: service.name };
  return { ...Object.fromEntries(own), ...system };
}
