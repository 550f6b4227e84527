import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type Environment, projectEnvironment } from '../runtime/environment.ts';
import { ConfigurationError, ProjectFailure } from '../runtime/errors.ts';
import { type Captured, capture } from '../runtime/process.ts';

/** What a call of Docker's client needs. */
export interface DockerCall {
  readonly environment: Environment;
  readonly signal?: AbortSignal | undefined;
  /** Longest call in milliseconds. */
  readonly timeout: number;
}

/** Variables by which buildx reaches the cache of GitHub Actions. */
const ACTIONS_CACHE = ['ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN', 'ACTIONS_CACHE_URL', 'ACTIONS_CACHE_SERVICE_V2'];

/** Whether the cache of GitHub Actions can be reached from here. */
export function hasActionsCache(environment: Environment): boolean {
  return Boolean(environment['ACTIONS_RESULTS_URL']) && Boolean(environment['ACTIONS_RUNTIME_TOKEN']);
}

/**
 * The environment of Docker's client: without the runner's tokens and files, and without the event, which newer versions
 * of buildx would copy into the provenance. Builders are kept where the user's own are, also when DOCKER_CONFIG is
 * another folder for the length of a build.
 */
export function dockerEnvironment(environment: Environment, additions: Environment = {}): Environment {
  const { GITHUB_EVENT_PATH: _, BUILDX_BUILDER: __, BUILDKIT_PROGRESS: ___, ...kept } = projectEnvironment(environment);
  const own = environment['DOCKER_CONFIG'] || join(environment['HOME'] ?? '/', '.docker');
  return {
    ...kept,
    BUILDX_CONFIG: environment['BUILDX_CONFIG'] || join(own, 'buildx'),
    DOCKER_CLI_HINTS: 'false',
    BUILDX_METADATA_PROVENANCE: 'disabled',
    ...additions,
  };
}

/** The variables for a cache of kind gha, from the step's environment. */
export function actionsCacheEnvironment(environment: Environment): Environment {
  return Object.fromEntries(ACTIONS_CACHE.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
}

/**
 * Asks Docker's client something.
 *
 * @throws ConfigurationError PIPE-IMAGE-006 when there is none
 * @throws ProjectFailure PIPE-IMAGE-013 when cancelled
 */
export async function ask(args: readonly string[], { environment, signal, timeout }: DockerCall): Promise<Captured> {
  try {
    const env = dockerEnvironment(environment);
    const answer = await capture('docker', args, {
      env,
      timeout,
      cwd: '/',
      ...(signal === undefined ? {} : { signal }),
    });
    if (answer.endedBy === 'cancellation') throw cancelled();
    return answer;
  } catch (error) {
    if (error instanceof ConfigurationError && error.code === 'PIPE-PROCESS-001')
      throw noDocker('no program `docker`', error);
    throw error;
  }
}

export function cancelled(): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-IMAGE-013',
    what: 'cancelled before the images were built',
    remedy: 'run it again',
    state: 'the builds were ended; what was made for them is removed after the job',
  });
}

export function noDocker(found: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(
    {
      code: 'PIPE-IMAGE-006',
      what: `images are built by Docker's Buildx, and there is ${found}`,
      accepted: 'a runner with Docker and its Buildx plugin, 0.13 or newer',
      example: 'runs-on: ubuntu-latest',
      remedy: 'choose such a runner, or install the plugin on yours (docker-buildx-plugin)',
      state: 'nothing was built',
    },
    { cause },
  );
}

/** The last line of what Docker's client says on its error stream, without colours; its reason, as a rule. */
export function reasonOf({ stderr, stdout, endedBy, exitCode }: Captured): string {
  if (endedBy === 'timeout') return 'it did not answer in time';
  const lines = stripVTControlCharacters(`${stdout}\n${stderr}`)
    .split('\n')
    .map((line) => line.trim());
  const said = lines.filter((line) => line !== '');
  const last = said.findLast((line) => /^error/i.test(line)) ?? said.at(-1);
  return last === undefined ? `status ${exitCode ?? 'unknown'}` : last.replace(/^error:\s*/i, '');
}
