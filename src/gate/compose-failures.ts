import {
  ConfigurationError,
  type Fault,
  OutsideFault,
  type PipelineError,
  ProjectFailure,
  shown,
} from '../runtime/errors.ts';
import { durationText } from '../runtime/kinds.ts';
import { type Container, describeContainer, isWell, type Logs, readinessOf } from './compose-containers.ts';
import { lastLine } from './compose-docker.ts';
import { type ComposeFile, invalid, wordsAbout } from './compose-file.ts';

/** Everything known of a start that did not succeed. */
export interface FailedStart {
  readonly file: ComposeFile;
  readonly containers: readonly Container[];
  readonly logs: Logs;
  /** What compose printed, its last lines. */
  readonly lines: readonly string[];
  /** Images of the file that the machine does not have. */
  readonly missingImages: readonly string[];
  readonly endedBy: 'itself' | 'timeout' | 'cancellation';
  /** Milliseconds since the start, and as many as there were. */
  readonly elapsed: number;
  readonly timeout: number;
}

const PORT_TAKEN = /port is already allocated|address already in use/i;
const NAME_TAKEN = /container name "?\/?([^"\s]+)"? is already in use/i;
const BAD_REFERENCE = /invalid reference format/i;
const BUILD =
  /failed to solve|returned a non-zero code|failed to build|failed to read dockerfile|unable to prepare context|dockerfile/i;
const PULL = new RegExp(
  [
    'pull access denied|manifest unknown|manifest for \\S+ not found|no matching manifest|no such image',
    'failed to resolve|failed to pull|failed to copy|unable to get image|denied:|unauthorized|toomanyrequests|rate limit',
    'https?://\\S*/v2/|no such host|connection refused|i/o timeout|TLS handshake|context deadline exceeded',
  ].join('|'),
  'i',
);
/** What registries answer with which status (https://github.com/opencontainers/distribution-spec, "Error Codes"). */
const STATUSES = [
  [/toomanyrequests|rate limit|\b429\b/i, 429],
  [/unauthorized/i, 401],
  [/denied/i, 403],
  [/manifest unknown|not found|no such image/i, 404],
] as const;

/** The failure of a start that compose itself ended, or that took too long. */
export function startFailure(start: FailedStart, state: string): PipelineError {
  const unable = start.containers.find(({ startError }) => startError !== '');
  if (unable !== undefined) return notStarted(unable, start, state);
  const unhealthy = start.containers.find((container) => readinessOf(container) === 'unhealthy');
  if (unhealthy !== undefined) return notHealthy(unhealthy, start, state);
  const failed = start.containers.find((container) => readinessOf(container) === 'failed');
  if (failed !== undefined) return hasExited(failed, start, state);
  if (start.endedBy === 'timeout') return tooSlow(start, state);
  return inComposeWords(start, state);
}

function notStarted(container: Container, start: FailedStart, state: string): PipelineError {
  const { service, startError } = container;
  if (PORT_TAKEN.test(startError)) return portTaken(service, startError, start, state);
  return new ProjectFailure({
    code: 'PIPE-COMPOSE-007',
    what: `the compose service ${shown(service)} could not be started: ${shown(startError, 300)}`,
    remedy: `correct its command, mounts or devices in ${start.file.name}`,
    state,
  });
}

function notHealthy(container: Container, start: FailedStart, state: string): PipelineError {
  const probe = container.lastProbe.trim();
  return new ProjectFailure({
    code: 'PIPE-COMPOSE-006',
    what:
      `the compose service ${shown(container.service)} is unhealthy: its healthcheck failed as often as it may` +
      (probe === '' ? '' : ` and said ${shown(lastLine(probe.split('\n')), 200)}`),
    ...lastWords(container, start),
    remedy: 'read its log above; where it only needs longer, give its healthcheck a `start_period` or more `retries`',
    state,
  });
}

function hasExited(container: Container, start: FailedStart, state: string): PipelineError {
  return new ProjectFailure({
    code: 'PIPE-COMPOSE-007',
    what: `the compose service ${shown(container.service)} ${describeContainer(container)} before the tests`,
    ...lastWords(container, start),
    remedy: `read its log above; \`docker compose --file ${start.file.name} up ${container.service}\` shows the same`,
    state,
  });
}

/** The last three lines of a container's log, as the fault's `given`. */
function lastWords({ id }: Container, { logs }: FailedStart): Pick<Fault, 'given'> {
  const lines = (logs.get(id) ?? []).filter((line) => line.trim() !== '').slice(-3);
  if (lines.length === 0) return { given: 'an empty log' };
  return { given: `its log ends with ${lines.map((line) => shown(line.trim(), 160)).join(', ')}` };
}

function tooSlow({ file, containers, timeout, lines }: FailedStart, state: string): PipelineError {
  const waited = containers.filter((container) => !isWell(container));
  const each = waited.slice(0, 5).map((container) => {
    const probe = lastLine(container.lastProbe.split('\n'));
    return `${container.service} (${describeContainer(container)}${probe === '' ? '' : `: ${shown(probe, 120)}`})`;
  });
  const before = `images were still being pulled or built; compose said last ${shown(lastLine(lines), 200)}`;
  return new ProjectFailure({
    code: 'PIPE-COMPOSE-011',
    what: `the services of ${shown(file.name, 200)} were not ready within ${durationText(timeout)}`,
    given: each.length === 0 ? before : `still waiting for ${each.join(', ')}`,
    accepted: `services that are healthy, or that have ended with status 0, within ${durationText(timeout)}`,
    remedy: 'read the log above; a smaller image or a quicker healthcheck (`interval: 1s`) helps when it is only slow',
    state,
  });
}

function inComposeWords(start: FailedStart, state: string): PipelineError {
  const words = lastLine(start.lines);
  const all = start.lines.join('\n');
  if (PORT_TAKEN.test(words)) return portTaken(undefined, words, start, state);
  const name = NAME_TAKEN.exec(words)?.[1];
  if (name !== undefined) return nameTaken(name, start, state);
  if (BAD_REFERENCE.test(words)) return invalid(start.file.name, words);
  if (start.containers.length === 0 && PULL.test(words)) return notPulled(words, start, state);
  if (BUILD.test(words)) return notBuilt(words, start, state);
  return new ProjectFailure({
    code: 'PIPE-COMPOSE-013',
    what: `Docker Compose could not start the services of ${shown(start.file.name, 200)}: ${shown(
      words === '' ? wordsAbout(start.file.file, all.split('\n')) : words,
      400,
    )}`,
    remedy: `\`docker compose --file ${start.file.name} up\` shows the same`,
    state,
  });
}

function portTaken(service: string | undefined, words: string, { file }: FailedStart, state: string): PipelineError {
  // "listen tcp4 127.0.0.1:5432: bind: …", "Bind for 0.0.0.0:5432 failed: …", "… host port 0.0.0.0:5432/tcp: …"
  const port = /(?:^|[\s\]])(?:[\d.]+|\[?[0-9a-f:]*\]?):(\d{1,5})\b/i.exec(words)?.[1];
  return new ConfigurationError({
    code: 'PIPE-COMPOSE-008',
    what:
      `${port === undefined ? 'a port' : `port ${port}`} that ` +
      `${service === undefined ? 'a compose service' : `the compose service ${shown(service)}`} publishes is already in use`,
    given: shown(words, 300),
    accepted: 'ports that nothing else on the runner listens on',
    example: 'ports: ["5432"] and a test that asks for the port, or another number before the colon',
    remedy: `publish another port in ${file.name}, or end what listens there (another compose file of the same job, a service of the runner)`,
    state,
  });
}

function nameTaken(name: string, { file }: FailedStart, state: string): PipelineError {
  return new ConfigurationError({
    code: 'PIPE-COMPOSE-012',
    what: `there is a container named ${shown(name)} already`,
    accepted: 'services without `container_name`: two projects on one machine then never collide',
    remedy: `remove \`container_name\` from ${file.name}, or the other container from the machine`,
    state,
  });
}

function notPulled(words: string, start: FailedStart, state: string): PipelineError {
  const named = start.missingImages.filter((image) => words.includes(image));
  const images = named.length > 0 ? named : start.missingImages;
  const status = STATUSES.find(([pattern]) => pattern.test(words))?.[1];
  const [image] = images;
  return new OutsideFault(
    {
      code: 'PIPE-COMPOSE-009',
      what: `${images.length === 0 ? 'an image' : images.map((one) => shown(one, 200)).join(', ')} could not be pulled`,
      given: shown(words, 400),
      accepted: 'images that exist for this machine and that it may read',
      remedy:
        status === undefined
          ? 'run it again; if it stays so, the registry can not be reached from this runner'
          : `check the name and tag in ${start.file.name}; an image that is not public needs a \`docker login\` in a step before`,
      state,
    },
    {
      service: image === undefined ? 'the image registry' : `the registry ${registryOf(image)}`,
      ...(status === undefined ? {} : { status }),
      tries: 1,
      elapsed: start.elapsed,
    },
  );
}

/** The host of an image's registry: its first part when that looks like a host, else Docker Hub. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? first : 'docker.io';
}

function notBuilt(words: string, start: FailedStart, state: string): PipelineError {
  return new ProjectFailure({
    code: 'PIPE-COMPOSE-010',
    what: `an image of ${shown(start.file.name, 200)} could not be built: ${shown(words, 400)}`,
    remedy: `read the build's lines above; \`docker compose --file ${start.file.name} build\` shows the same`,
    state,
  });
}
