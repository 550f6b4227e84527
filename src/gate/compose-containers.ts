import { isMap } from '../runtime/yaml.ts';
import { ask, type DockerCall, daemonFault, follow } from './compose-docker.ts';

/** The label by which Compose marks what belongs to a project. */
export const PROJECT_LABEL = 'com.docker.compose.project';
const SERVICE_LABEL = 'com.docker.compose.service';

/** A container of a compose project, from `docker inspect` (https://docs.docker.com/reference/api/engine/). */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  /** created, running, paused, restarting, removing, exited or dead. */
  readonly status: string;
  readonly exitCode: number;
  readonly isOutOfMemory: boolean;
  /** Why Docker could not start it; empty when it could. */
  readonly startError: string;
  readonly restarts: number;
  /** starting, healthy or unhealthy; empty without a healthcheck. */
  readonly health: string;
  /** What the last health probe printed. */
  readonly lastProbe: string;
}

export type Readiness = 'ready' | 'done' | 'starting' | 'unhealthy' | 'failed';

/** Every container of a project, running or not, in the order of their names. */
export async function containersOf(project: string, call: DockerCall): Promise<readonly Container[]> {
  const ids = await idsOf(['ps', '--all', '--no-trunc'], project, call);
  if (ids.length === 0) return [];
  // One that went away in between makes the status 1; the others are still described.
  const described: unknown = JSON.parse((await ask(['inspect', '--type', 'container', ...ids], call)).stdout);
  const containers = Array.isArray(described) ? described.flatMap(containerOf) : [];
  return containers.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** What `docker … --quiet` lists of a project, one each line. */
export async function idsOf(list: readonly string[], project: string, call: DockerCall): Promise<string[]> {
  const answer = await ask([...list, '--quiet', '--filter', `label=${PROJECT_LABEL}=${project}`], call);
  if (answer.exitCode !== 0) throw daemonFault(answer, 'what was started may still run');
  return answer.stdout.split('\n').filter((line) => line !== '');
}

function containerOf(value: unknown): Container[] {
  if (!isMap(value) || !isMap(value['State']) || !isMap(value['Config'])) return [];
  const state = value['State'];
  const labels = isMap(value['Config']['Labels']) ? value['Config']['Labels'] : {};
  const health = isMap(state['Health']) ? state['Health'] : {};
  const probe: unknown = Array.isArray(health['Log']) ? health['Log'].at(-1) : undefined;
  const name = textOf(value['Name']).replace(/^\//, '');
  return [
    {
      id: textOf(value['Id']),
      name,
      service: textOf(labels[SERVICE_LABEL]) || name,
      status: textOf(state['Status']),
      exitCode: numberOf(state['ExitCode']),
      isOutOfMemory: state['OOMKilled'] === true,
      startError: textOf(state['Error']),
      restarts: numberOf(value['RestartCount']),
      health: textOf(health['Status']).replace(/^none$/, ''),
      lastProbe: isMap(probe) ? textOf(probe['Output']) : '',
    },
  ];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** How far a container is on its way to being used; `done` is one that ended by itself with status 0. */
export function readinessOf({ status, exitCode, startError, health }: Container): Readiness {
  if (status === 'exited' || status === 'dead') return exitCode === 0 && startError === '' ? 'done' : 'failed';
  if (status === 'running' && health === 'unhealthy') return 'unhealthy';
  if (status === 'running') return health === 'starting' ? 'starting' : 'ready';
  return startError === '' ? 'starting' : 'failed';
}

/** Whether nothing more is to come of a container than that it goes on: it is ready, or done. */
export function isWell(container: Container): boolean {
  const readiness = readinessOf(container);
  return readiness === 'ready' || readiness === 'done';
}

/** The state of a container in a few words. */
export function describeContainer(container: Container): string {
  const { status, exitCode, startError, health, restarts, isOutOfMemory } = container;
  if (startError !== '') return `not started: ${startError}`;
  const memory = isOutOfMemory ? ', out of memory' : '';
  if (status === 'exited' || status === 'dead') return `exited with status ${exitCode}${memory}`;
  if (status === 'restarting' || restarts > 0) {
    return `${status}, started ${restarts + 1} times, its last exit status ${exitCode}${memory}`;
  }
  if (status !== 'running') return status;
  if (health === 'starting') return 'running, not healthy yet';
  return health === '' ? 'running' : health;
}

/** Most that is kept of one container's log, in lines and in characters. */
const LOG_LINES = 50;
const LOG_LENGTH = 16_384;
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z ?/;

/** The end of a container's log, both streams, without colours and control characters. */
async function logOf({ id }: Container, call: DockerCall): Promise<readonly string[]> {
  const { lines } = await follow(['logs', '--timestamps', '--tail', String(LOG_LINES), id], call, () => undefined);
  const kept: string[] = [];
  let length = 0;
  // The streams come apart; the times in front of the lines, all of one length, put them together again.
  for (const line of lines.toSorted(byTime).toReversed()) {
    const text = line.replace(TIME, '');
    length += text.length + 1;
    if (length > LOG_LENGTH) break;
    kept.unshift(text);
  }
  return kept;
}

function byTime(left: string, right: string): number {
  const [leftTime = '', rightTime = ''] = [left, right].map((line) => TIME.exec(line)?.[0] ?? '');
  if (leftTime === rightTime) return 0;
  return leftTime < rightTime ? -1 : 1;
}

/** The end of each container's log, by the container's id. */
export async function logsOf(containers: readonly Container[], call: DockerCall): Promise<Logs> {
  return new Map(await Promise.all(containers.map(async (one) => [one.id, await logOf(one, call)] as const)));
}

export type Logs = ReadonlyMap<string, readonly string[]>;

/** Logs as text: under a line with each container's state, those that are not well first. */
export function logsText(containers: readonly Container[], logs: Logs): string {
  const ordered = [...containers.filter((one) => !isWell(one)), ...containers.filter(isWell)];
  const parts = ordered.map((container) => {
    const lines = logs.get(container.id) ?? [];
    const log = lines.length === 0 ? ['  (it printed nothing)'] : lines.map((line) => `  ${line}`);
    return [`${container.service} (${describeContainer(container)}):`, ...log].join('\n');
  });
  return parts.join('\n');
}
