import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from '../runtime/environment.ts';
import { OutsideFault, PipelineError, shown } from '../runtime/errors.ts';
import { idsOf, PROJECT_LABEL } from './compose-containers.ts';
import { ANSWER_WITHIN, ask, type DockerCall, follow, lastLine, readableLines } from './compose-docker.ts';

/** Longest `compose down`, in milliseconds. */
const DOWN_WITHIN = 60_000;
/** Seconds that a service has to end by itself. Its data goes with it, so there is nothing to finish. */
const GOODBYE = '2';
/** How often what is left is removed piece by piece, and the pause in between in milliseconds. */
const ROUNDS = 8;
const PAUSE = 500;
/** How often nothing must be left after a start that was broken off: what Docker was asked for last can come late. */
const QUIET_ROUNDS = 3;

export interface TakeDownOptions {
  readonly environment: Environment;
  /** Absolute path of the compose file; what a project consists of is also known without. */
  readonly file?: string;
  /** Whether its start was broken off, so that Docker may still be making what was last asked of it. */
  readonly interrupted?: boolean;
  readonly say?: (line: string) => void;
}

/**
 * Removes the containers, networks and volumes of a compose project, by
 * `docker compose down` (https://docs.docker.com/reference/cli/docker/compose/down/) and, whatever that leaves, one by
 * one by their label. A project of which nothing is there is no error; nor is a machine without Docker.
 *
 * @throws OutsideFault PIPE-COMPOSE-015 when something could not be removed
 * @throws ConfigurationError PIPE-COMPOSE-003 when the daemon does not answer
 */
export async function takeDown(project: string, options: TakeDownOptions): Promise<void> {
  const call: DockerCall = { environment: options.environment, timeout: ANSWER_WITHIN };
  const started = performance.now();
  try {
    let remains = await remainsOf(project, call);
    if (isEmpty(remains) && options.interrupted !== true) return;
    const words = [await down(project, options, call)];
    let quietRounds = 0;
    const quietEnough = options.interrupted === true ? QUIET_ROUNDS : 1;
    for (let round = 0; round < ROUNDS; round += 1) {
      remains = await remainsOf(project, call);
      quietRounds = isEmpty(remains) ? quietRounds + 1 : 0;
      if (quietRounds >= quietEnough) return;
      if (!isEmpty(remains)) words.push(await removePieces(remains, call));
      await delay(PAUSE);
    }
    if (isEmpty(remains)) return;
    throw notRemoved(project, remains, lastLine(words), performance.now() - started);
  } catch (error) {
    if (error instanceof PipelineError && error.code === 'PIPE-COMPOSE-001') return;
    throw error;
  }
}

async function down(project: string, options: TakeDownOptions, call: DockerCall): Promise<string> {
  const file = options.file === undefined ? [] : ['--file', options.file];
  const args = ['compose', '--project-name', project, ...file, 'down', '--volumes', '--remove-orphans'];
  const { exitCode, lines } = await follow(
    [...args, '--timeout', GOODBYE],
    { ...call, timeout: DOWN_WITHIN },
    () => undefined,
  );
  if (exitCode === 0) return '';
  const words = lastLine(lines);
  options.say?.(`docker compose down did not end well (${words}); removing what is left piece by piece`);
  return words;
}

interface Remains {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

async function remainsOf(project: string, call: DockerCall): Promise<Remains> {
  const [containers, networks, volumes] = await Promise.all([
    idsOf(['ps', '--all'], project, call),
    idsOf(['network', 'ls'], project, call),
    idsOf(['volume', 'ls'], project, call),
  ]);
  return { containers, networks, volumes };
}

function isEmpty({ containers, networks, volumes }: Remains): boolean {
  return containers.length + networks.length + volumes.length === 0;
}

/** Containers first: what they use can't be removed before. Returns what Docker said where it refused. */
async function removePieces({ containers, networks, volumes }: Remains, call: DockerCall): Promise<string> {
  const refusals: string[] = [];
  for (const [command, pieces] of [
    [['rm', '--force', '--volumes'], containers],
    [['network', 'rm'], networks],
    [['volume', 'rm', '--force'], volumes],
  ] as const) {
    if (pieces.length === 0) continue;
    const { exitCode, stderr } = await ask([...command, ...pieces], call);
    // One complaint a line, then in newer clients the status; the first says enough.
    if (exitCode !== 0) refusals.push(...readableLines(stderr).slice(0, 1));
  }
  return lastLine(refusals);
}

function notRemoved(project: string, remains: Remains, words: string, elapsed: number): OutsideFault {
  const left = Object.entries(remains).flatMap(([kind, pieces]: [string, readonly string[]]) =>
    pieces.length === 0 ? [] : [`${kind} ${pieces.slice(0, 5).join(', ')}${pieces.length > 5 ? '…' : ''}`],
  );
  return new OutsideFault(
    {
      code: 'PIPE-COMPOSE-015',
      what: `not everything of the compose project ${project} could be removed: ${shown(words, 300)}`,
      remedy: `end what still uses it, then remove it: docker ps --all --filter label=${PROJECT_LABEL}=${project}`,
      state: `still there: ${left.join('; ')}`,
    },
    { service: 'Docker', tries: ROUNDS, elapsed },
  );
}
