import { randomUUID } from 'node:crypto';
import type { Environment } from '../runtime/environment.ts';
import { PipelineError } from '../runtime/errors.ts';
import { durationText } from '../runtime/kinds.ts';
import {
  type Container,
  containersOf,
  describeContainer,
  isWell,
  logsOf,
  logsText,
  readinessOf,
} from './compose-containers.ts';
import {
  ANSWER_WITHIN,
  ask,
  cancelled,
  type DockerCall,
  type Followed,
  follow,
  requireCompose,
} from './compose-docker.ts';
import { takeDown } from './compose-down.ts';
import { startFailure } from './compose-failures.ts';
import { type ComposeFile, readComposeFile } from './compose-file.ts';

export { type TakeDownOptions, takeDown } from './compose-down.ts';

export interface ComposeServices {
  readonly project: string;
  /** Removes containers, networks and volumes; a second call is harmless. */
  readonly stop: () => Promise<void>;
  /** State and last 50 lines of each service, those that are not well first; 16 KiB a container at most. */
  readonly logs: () => Promise<string>;
}

export interface StartOptions {
  /** Absolute path of the compose file, inside the workspace. */
  readonly file: string;
  /** Absolute path of the checked-out repository. */
  readonly workspace: string;
  /** Name under which everything is started; see {@link projectName}. */
  readonly project: string;
  /** The step's environment, for the file's interpolation; the runner's own part of it is left out. */
  readonly environment: Environment;
  /** Longest time until every service is ready, pulling and building included, in milliseconds. */
  readonly timeout: number;
  /** Breaks the start off when aborted. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** Called when the file has been accepted and before anything is started: from here on there is something to take down. */
  readonly onStart: () => void;
}

/** A name for a compose project that nothing else on the machine has: `hint` in safe characters and a random part. */
export function projectName(hint: string): string {
  const safe = hint
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 40);
  return `${safe === '' ? 'services' : safe.replace(/-+$/, '')}-${randomUUID().slice(0, 8)}`;
}

/**
 * Starts the services of a compose file under a project name of their own and returns when each is ready: healthy, or
 * running where it has no healthcheck, or ended with status 0 (a service that seeds or migrates). When that does not
 * come about, the services' logs are said, everything is taken down again, and the failure says so.
 *
 * @throws ConfigurationError PIPE-COMPOSE-001 no Docker, -002 no Compose v2, -003 no daemon, -004 no such file,
 *   -005 invalid file, -008 port in use, -012 container name in use
 * @throws ProjectFailure PIPE-COMPOSE-006 unhealthy, -007 exited, -010 build failed, -011 too slow, -013 compose's own
 *   words, -014 cancelled
 * @throws OutsideFault PIPE-COMPOSE-009 image not pulled, -015 not everything taken down
 */
export async function startServices(options: StartOptions): Promise<ComposeServices> {
  const { project, environment, signal, say } = options;
  if (!/^[a-z0-9][a-z0-9_-]{0,62}$/.test(project)) throw new TypeError(`not a compose project name: ${project}`);
  const call: DockerCall = { environment, timeout: ANSWER_WITHIN };
  const started = performance.now();
  await requireCompose({ ...call, signal });
  const file = await readComposeFile(options.file, { ...options, call: { ...call, signal } });
  const names = file.services.map(({ name }) => name).join(', ');
  say(`Starting the services of ${file.name} as ${project}: ${names} (${durationText(options.timeout)} at most)`);
  options.onStart();
  let failure: (state: string) => unknown;
  let isInterrupted = true;
  try {
    const start = await bringUp(file, options, started);
    if (start.isReady) {
      say(`Ready after ${durationText(performance.now() - started)}: ${readyLine(start.containers)}`);
      return { project, ...handlesOf(file, options) };
    }
    isInterrupted = start.up.endedBy !== 'itself';
    failure = await explain(start, file, options, started);
  } catch (error) {
    // Docker itself did not answer in the middle of it: what it had started must go all the same.
    failure = () => error;
  }
  throw failure(await stateAfterTakeDown(file, options, isInterrupted));
}

interface Start {
  readonly isReady: boolean;
  readonly up: Followed;
  readonly containers: readonly Container[];
}

/**
 * Runs `docker compose up --wait` (https://docs.docker.com/reference/cli/docker/compose/up/), which fails as soon as a
 * service ends, also with status 0. As that is how services that only prepare something end, it then waits for the rest.
 */
async function bringUp(file: ComposeFile, options: StartOptions, started: number): Promise<Start> {
  const { project, environment, signal, say, timeout } = options;
  const common = ['compose', '--ansi', 'never', '--project-name', project, '--file', file.file];
  const args = [...common, 'up', '--detach', '--wait', '--quiet-pull'];
  let rest: readonly string[] = [];
  let done = 0;
  for (;;) {
    const left = Math.max(1, timeout - (performance.now() - started));
    const up = await follow([...args, ...rest], { environment, signal, timeout: left }, (line) =>
      say(`  ${line.trim()}`),
    );
    if (up.endedBy === 'cancellation') return { isReady: false, up, containers: [] };
    const containers = await containersOf(project, { environment, timeout: ANSWER_WITHIN });
    const waiting = containers.filter((container) => !isWell(container));
    if (up.exitCode === 0 && waiting.length === 0) return { isReady: true, up, containers };
    const ended = containers.filter((one) => readinessOf(one) === 'done').length;
    const canBecomeReady = waiting.every((container) => readinessOf(container) === 'starting');
    const isProgress = up.exitCode === 0 || ended > done;
    if (up.endedBy !== 'itself' || !canBecomeReady || !isProgress) return { isReady: false, up, containers };
    done = ended;
    const unfinished = file.services.filter(({ name }) => !isDone(name, containers));
    if (unfinished.length === 0) return { isReady: true, up, containers };
    rest = ['--no-deps', '--no-recreate', ...unfinished.map(({ name }) => name)];
  }
}

function isDone(service: string, containers: readonly Container[]): boolean {
  const own = containers.filter((container) => container.service === service);
  return own.length > 0 && own.every((container) => readinessOf(container) === 'done');
}

function readyLine(containers: readonly Container[]): string {
  const each = containers.map((container) => {
    const isUnsure = container.status === 'running' && container.health === '';
    return `${container.service} (${describeContainer(container)}${isUnsure ? ', has no healthcheck' : ''})`;
  });
  return each.join(', ');
}

/** Says what the services logged, and returns what their failure was. */
async function explain(
  { up, containers }: Start,
  file: ComposeFile,
  { environment, timeout, say }: StartOptions,
  started: number,
): Promise<(state: string) => PipelineError> {
  if (up.endedBy === 'cancellation') return cancelled;
  const call: DockerCall = { environment, timeout: ANSWER_WITHIN };
  const elapsed = performance.now() - started;
  const logs = await logsOf(containers, call);
  if (containers.length > 0) {
    say('What the services logged:');
    for (const line of logsText(containers, logs).split('\n')) say(`  ${line}`);
  }
  const missingImages = containers.length === 0 ? await missingOf(file, call) : [];
  const { lines, endedBy } = up;
  return (state) => startFailure({ file, containers, logs, lines, missingImages, endedBy, elapsed, timeout }, state);
}

/** Images of a compose file that the machine does not have. */
async function missingOf({ services }: ComposeFile, call: DockerCall): Promise<string[]> {
  const images = [...new Set(services.flatMap(({ image }) => (image === undefined ? [] : [image])))];
  const found = await Promise.all(
    images.map(async (image) => (await ask(['image', 'inspect', '--format', '{{.Id}}', image], call)).exitCode === 0),
  );
  return images.filter((_, index) => found[index] === false);
}

async function stateAfterTakeDown(
  { file }: ComposeFile,
  { project, environment, say }: StartOptions,
  interrupted: boolean,
): Promise<string> {
  try {
    await takeDown(project, { environment, file, interrupted, say });
    return 'everything that was started has been taken down';
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return `not everything that was started could be taken down (${error.message})`;
  }
}

function handlesOf(
  { file }: ComposeFile,
  { project, environment, say }: StartOptions,
): Pick<ComposeServices, 'stop' | 'logs'> {
  const call: DockerCall = { environment, timeout: ANSWER_WITHIN };
  let stopped: Promise<void> | undefined;
  return {
    stop: () => {
      stopped ??= takeDown(project, { environment, file, say }).catch((error: unknown) => {
        // What could not be removed now may be another time.
        stopped = undefined;
        throw error;
      });
      return stopped;
    },
    logs: async () => {
      const containers = await containersOf(project, call);
      return logsText(containers, await logsOf(containers, call));
    },
  };
}
