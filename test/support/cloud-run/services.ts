import { badField, now, Refusal } from './answers.ts';
import type {
  Condition,
  OperationState,
  RevisionState,
  ServiceSpec,
  ServiceState,
  Template,
  TrafficTarget,
} from './resources.ts';
import { BY_REVISION, LATEST } from './resources.ts';
import { type CloudRunState, etagText } from './state.ts';
import { checkTemplate, withDefaults } from './template.ts';

export interface Place {
  readonly project: string;
  readonly region: string;
  readonly name: string;
}

/** What carries changes out, and how a service is shown when one is done. */
export interface Reconciler {
  readonly start: (service: ServiceState, operation: OperationState) => void;
  readonly show: (service: ServiceState) => object;
}

const reconciling = (type: string): Condition => ({ type, state: 'CONDITION_RECONCILING', lastTransitionTime: now() });

export function missingService({ project, region, name }: Place): Refusal {
  return new Refusal(
    404,
    `Resource '${name}' of kind 'SERVICE' in region '${region}' in project '${project}' does not exist.`,
  );
}

/** Checks what a user wants; what was not said is filled in. */
export function checkedSpec(spec: ServiceSpec, place: Place, state: CloudRunState): ServiceSpec {
  if (!/^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$/.test(place.name)) {
    throw badField(
      'service_id',
      'only lowercase, digits, and hyphens; must begin with letter, and cannot end with hyphen; must be less than 50 characters',
    );
  }
  checkTemplate(spec.template, place.name, state);
  const traffic = (spec.traffic ?? []).length === 0 ? [{ type: LATEST, percent: 100 }] : spec.traffic;
  checkTraffic(traffic, place.name);
  return { ...spec, template: withDefaults(spec.template, state), traffic: traffic.map(normal) };
}

function normal({ type, revision, percent, tag }: TrafficTarget): TrafficTarget {
  return {
    type: type ?? (revision === undefined || revision === '' ? LATEST : BY_REVISION),
    ...(revision === undefined || revision === '' ? {} : { revision }),
    ...(percent === undefined || percent === 0 ? {} : { percent }),
    ...(tag === undefined || tag === '' ? {} : { tag }),
  };
}

function checkTraffic(traffic: readonly TrafficTarget[], service: string): void {
  const sum = traffic.reduce((total, { percent = 0 }) => total + percent, 0);
  if (sum !== 100) throw badField('traffic', `The sum of traffic percent must equal 100, got ${sum}.`);
  const tags = traffic.map(({ tag = '' }) => tag).filter((tag) => tag !== '');
  if (new Set(tags).size !== tags.length) throw badField('traffic', 'Traffic tags must be unique.');
  for (const [index, { tag = '', type, revision }] of traffic.entries()) {
    if (tag !== '' && !/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(tag)) {
      throw badField(`traffic[${index}].tag`, 'only lowercase, digits, and hyphens; must begin with letter');
    }
    if (tag.length + service.length > 46) {
      throw badField(
        `traffic[${index}].tag`,
        'The combined length of the traffic tag and service name must not exceed 46 characters.',
      );
    }
    if (type === LATEST && revision !== undefined)
      throw badField(`traffic[${index}].revision`, 'must be empty with LATEST');
  }
}

export function createService(
  state: CloudRunState,
  place: Place,
  given: ServiceSpec,
  who: string,
  reconciler: Reconciler,
): { readonly service: ServiceState; readonly operation: OperationState } {
  const key = `${place.region}/${place.name}`;
  if (state.services.has(key)) throw new Refusal(409, `Resource '${place.name}' already exists.`, 'ALREADY_EXISTS');
  const spec = checkedSpec(given, place, state);
  checkTargets(spec, new Map(), spec.template.revision);
  const time = now();
  const service: ServiceState = {
    ...place,
    uid: crypto.randomUUID(),
    createTime: time,
    updateTime: time,
    creator: who,
    lastModifier: who,
    spec,
    generation: 1,
    observedGeneration: 0,
    etag: 1,
    reconciling: true,
    terminal: reconciling('Ready'),
    conditions: [reconciling('RoutesReady'), reconciling('ConfigurationsReady')],
    latestCreated: '',
    latestReady: '',
    traffic: [],
    operation: '',
    policy: { etag: 'ACAB' },
    next: 1,
    revisions: new Map(),
  };
  state.services.set(key, service);
  addRevision(service, spec.template, who);
  return { service, operation: begin(state, service, reconciler) };
}

/** Replaces what a user wants of a service. */
export function updateService(
  state: CloudRunState,
  service: ServiceState,
  given: ServiceSpec,
  who: string,
  reconciler: Reconciler,
): OperationState {
  const spec = checkedSpec(given, service, state);
  const isNew = needsRevision(service, spec.template);
  checkTargets(spec, service.revisions, isNew ? spec.template.revision : undefined);
  service.spec = spec;
  service.generation += 1;
  service.etag += 1;
  service.lastModifier = who;
  service.updateTime = now();
  service.reconciling = true;
  service.terminal = reconciling('Ready');
  service.conditions = [reconciling('RoutesReady'), ...(isNew ? [reconciling('ConfigurationsReady')] : [])];
  if (isNew) addRevision(service, spec.template, who);
  return begin(state, service, reconciler);
}

/** Whether a template makes a new revision. */
function needsRevision(service: ServiceState, template: Template): boolean {
  const { revision: name = '' } = template;
  const named = service.revisions.get(name);
  if (named !== undefined) {
    if (sameTemplate(named.template, template)) return false;
    throw new Refusal(409, `Revision named '${name}' with different configuration already exists.`, 'ALREADY_EXISTS');
  }
  const latest = service.revisions.get(service.latestCreated);
  return name !== '' || latest === undefined || !sameTemplate(latest.template, template);
}

function sameTemplate(left: Template, right: Template): boolean {
  const bare = ({ revision: _, ...rest }: Template) => canonical(rest);
  return bare(left) === bare(right);
}

/** Text of a value that does not depend on the order of its keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  return `{${entries
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, item]) => `${name}:${canonical(item)}`)
    .join(',')}}`;
}

function checkTargets(
  { traffic }: ServiceSpec,
  revisions: ReadonlyMap<string, RevisionState>,
  added: string | undefined,
): void {
  for (const [index, { revision }] of traffic.entries()) {
    if (revision === undefined || revision === added || revisions.has(revision)) continue;
    throw badField(`traffic[${index}].revision`, `Revision '${revision}' does not exist or is deleted`);
  }
}

function addRevision(service: ServiceState, template: Template, who: string): void {
  const generated = `${service.name}-${String(service.next).padStart(5, '0')}-${crypto
    .randomUUID()
    .replace(/[^a-z]/g, '')
    .slice(0, 3)
    .padEnd(3, 'x')}`;
  const name = template.revision === undefined || template.revision === '' ? generated : template.revision;
  service.next += 1;
  const time = now();
  service.revisions.set(name, {
    name,
    uid: crypto.randomUUID(),
    generation: 1,
    template: { ...template, revision: name },
    createTime: time,
    updateTime: time,
    creator: who,
    conditions: [reconciling('Ready')],
    reconciling: true,
    etag: 1,
  });
  service.latestCreated = name;
}

function begin(state: CloudRunState, service: ServiceState, reconciler: Reconciler): OperationState {
  const operation = addOperation(state, service.region, 'Service', () => reconciler.show(service));
  service.operation = operation.name.split('/').at(-1) ?? '';
  reconciler.start(service, operation);
  return operation;
}

export function addOperation(
  state: CloudRunState,
  region: string,
  kind: OperationState['kind'],
  response: () => object,
): OperationState {
  const name = `projects/${state.settings.project}/locations/${region}/operations/${crypto.randomUUID()}`;
  const operation = { name, kind, polls: state.settings.polls, done: false, response };
  state.operations.set(name, operation);
  return operation;
}

/** Deletes a revision, unless something leads to it. */
export function deleteRevision(service: ServiceState, name: string): RevisionState {
  const revision = service.revisions.get(name);
  if (revision === undefined) throw missingRevision(service, name);
  const isTarget = service.spec.traffic.some((target) => target.revision === name);
  if (isTarget || (service.latestReady === name && service.traffic.some(({ type }) => type === LATEST))) {
    throw new Refusal(
      400,
      `Revision '${name}' can not be deleted: traffic or a tag leads to it.`,
      'FAILED_PRECONDITION',
    );
  }
  if (service.latestCreated === name) {
    throw new Refusal(
      400,
      `Revision '${name}' can not be deleted: it is the latest created revision.`,
      'FAILED_PRECONDITION',
    );
  }
  service.revisions.delete(name);
  return revision;
}

export function missingRevision({ project, region }: Place, name: string): Refusal {
  return new Refusal(
    404,
    `Resource '${name}' of kind 'REVISION' in region '${region}' in project '${project}' does not exist.`,
  );
}

/** @param given etag of a request; empty or left out: any */
export function checkEtag({ name, etag }: ServiceState, given: unknown): void {
  if (given === undefined || given === null || given === '' || given === etagText(etag)) return;
  const shown = `Conflict for resource '${name}': version '${String(given)}' was specified but current version is '${etagText(etag)}'.`;
  throw new Refusal(409, shown, 'ABORTED');
}
