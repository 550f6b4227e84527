import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { type Environment, projectEnvironment } from '../runtime/environment.ts';
import { ConfigurationError, ProjectFailure, shown } from '../runtime/errors.ts';
import { type Captured, capture, execute, type Finished } from '../runtime/process.ts';

/** What every call of Docker's client needs. */
export interface DockerCall {
  readonly environment: Environment;
  /** Ends the call when aborted. */
  readonly signal?: AbortSignal;
  /** Longest call in milliseconds. */
  readonly timeout: number;
}

/** How long a question to Docker that starts nothing may take, in milliseconds. */
export const ANSWER_WITHIN = 30_000;
export const NOTHING_STARTED = 'nothing was started';

/**
 * Folder in which Docker's client runs. Not the project's: its code may have removed it by the time the services are
 * taken down, and compose would read a compose file that it finds there.
 */
const ANYWHERE = '/';
/** What can be kept of a line, in characters, and of all lines, in lines. */
const LONGEST_LINE = 1_000;
const KEPT_LINES = 200;

/**
 * Asks Docker's client something.
 *
 * @throws ConfigurationError PIPE-COMPOSE-001 when there is no client
 * @throws ProjectFailure PIPE-COMPOSE-014 when cancelled
 */
export async function ask(args: readonly string[], call: DockerCall): Promise<Captured> {
  const answer = await withClient(() => capture('docker', args, { ...processOf(call), cwd: ANYWHERE }));
  if (answer.endedBy === 'cancellation') throw cancelled(NOTHING_STARTED);
  return answer;
}

/** What a call of Docker's client that shows its progress printed last, and how it ended. */
export interface Followed extends Finished {
  readonly lines: readonly string[];
}

/** Runs Docker's client and hands its lines on as they come, without colours and control characters. */
export async function follow(
  args: readonly string[],
  call: DockerCall,
  onLine: (line: string) => void,
): Promise<Followed> {
  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    onLine(line);
  };
  const readers = { stdout: lineReader(keep), stderr: lineReader(keep) };
  const finished = await withClient(() =>
    execute('docker', args, {
      ...processOf(call),
      cwd: ANYWHERE,
      onOutput: (chunk, stream) => readers[stream].write(chunk),
    }),
  );
  readers.stdout.end();
  readers.stderr.end();
  return { ...finished, lines };
}

function processOf({ environment, signal, timeout }: DockerCall) {
  const env = projectEnvironment(environment, { DOCKER_CLI_HINTS: 'false', BUILDKIT_PROGRESS: 'plain' });
  return { env, timeout, ...(signal === undefined ? {} : { signal }) };
}

async function withClient<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ConfigurationError) || error.code !== 'PIPE-PROCESS-001') throw error;
    throw new ConfigurationError(
      {
        code: 'PIPE-COMPOSE-001',
        what: '`compose` needs Docker, and there is no program `docker` on PATH',
        accepted: 'a runner with Docker and its Compose plugin',
        example: 'runs-on: ubuntu-latest',
        remedy: 'choose a runner with Docker, or leave `compose` out and start the services in another way',
        state: NOTHING_STARTED,
      },
      { cause: error },
    );
  }
}

/**
 * Makes sure that Compose v2 is there and that its daemon answers.
 *
 * @throws ConfigurationError PIPE-COMPOSE-001 no client, PIPE-COMPOSE-002 no Compose v2, PIPE-COMPOSE-003 no daemon
 * @throws ProjectFailure PIPE-COMPOSE-014 when cancelled
 */
export async function requireCompose(call: DockerCall): Promise<void> {
  const plugin = await ask(['compose', 'version'], call);
  if (plugin.exitCode !== 0) throw noPlugin(await standaloneVersion(call));
  const server = await ask(['version', '--format', '{{.Server.Version}}'], call);
  if (server.exitCode !== 0) throw daemonFault(server, NOTHING_STARTED);
}

function noPlugin(standalone: string | undefined): ConfigurationError {
  const found =
    standalone === undefined ? '' : `; only the separate program docker-compose ${shown(standalone)} is there`;
  return new ConfigurationError({
    code: 'PIPE-COMPOSE-002',
    what: `\`docker compose\` is not there${found}`,
    accepted: 'Docker Compose 2 as a plugin of the Docker client',
    example: 'apt-get install docker-compose-plugin',
    remedy: 'install the plugin on the runner, or choose a runner that has it (GitHub-hosted Ubuntu ones do)',
    state: NOTHING_STARTED,
  });
}

/** The version of the program that Compose 1 was, where it is installed. */
async function standaloneVersion(call: DockerCall): Promise<string | undefined> {
  try {
    const answer = await capture('docker-compose', ['version', '--short'], { ...processOf(call), cwd: ANYWHERE });
    return answer.exitCode === 0 ? answer.stdout.trim() : undefined;
  } catch (error) {
    if (error instanceof ConfigurationError && error.code === 'PIPE-PROCESS-001') return undefined;
    throw error;
  }
}

/** The failure that a daemon which does not answer is, in Docker's words. */
export function daemonFault(answer: Captured, state: string): ConfigurationError {
  const words = lastLine(readableLines(answer.stderr));
  const reason = answer.endedBy === 'timeout' ? `no answer within ${ANSWER_WITHIN / 1_000} s` : words;
  return new ConfigurationError({
    code: 'PIPE-COMPOSE-003',
    what: `the Docker daemon can't be used: ${shown(reason, 300)}`,
    accepted: 'a daemon that runs and that the user of this runner may reach',
    remedy: 'start Docker on the runner, put its user into the group `docker`, or correct DOCKER_HOST',
    state,
  });
}

export function cancelled(state: string): ProjectFailure {
  const what = 'the run was cancelled before the compose services were ready';
  return new ProjectFailure({ code: 'PIPE-COMPOSE-014', what, remedy: 'run it again', state });
}

/** The lines of a text that say something, without colours and control characters. */
export function readableLines(text: string): string[] {
  return text.split(/\r\n|\n|\r/).flatMap((line) => {
    const readable = readableLine(line);
    return readable === '' ? [] : [readable];
  });
}

function readableLine(line: string): string {
  const plain = stripVTControlCharacters(line).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
  return plain.length > LONGEST_LINE ? `${plain.slice(0, LONGEST_LINE)}…` : plain.trimEnd();
}

/** What a client says at the end of a failure; empty when it said nothing. */
export function lastLine(lines: readonly string[]): string {
  return lines.findLast((line) => line.trim() !== '')?.trim() ?? '';
}

interface LineReader {
  readonly write: (chunk: Buffer) => void;
  readonly end: () => void;
}

/** Makes lines of chunks; an unfinished line is held back, up to the length that is kept of one. */
function lineReader(onLine: (line: string) => void): LineReader {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const write = (text: string) => {
    const lines = (rest + text).split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE + 1);
    for (const line of lines.flatMap(readableLines)) onLine(line);
  };
  return { write: (chunk) => write(decoder.write(chunk)), end: () => write(`${decoder.end()}\n`) };
}
