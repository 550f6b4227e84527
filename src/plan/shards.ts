import { artifactName, type RecordKey } from '../github/artifact-name.ts';
import { type Event, readEvent } from '../github/event.ts';
import { findEvidence } from '../github/evidence.ts';
import { runIdentityOf } from '../github/run.ts';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError } from '../runtime/errors.ts';
import { durationText } from '../runtime/kinds.ts';
import { divide } from '../shard/divide.ts';
import { LARGEST_TIMES, readTimes, TIMES_FILE, type Times, timesOutput } from '../shard/times.ts';
import { defaultBranch } from './default-branch.ts';
import type { Decision, PlannedTask } from './types.ts';

/** What the machines are given, as the outputs of the action. */
export interface PlannedShards {
  /** For `strategy.matrix`. */
  readonly matrix: { readonly shard: readonly string[] };
  /** Pattern of the names of all their artifacts. */
  readonly parts: string;
  /** The recorded times, as the input `times` of the gate takes them; empty where there are none. */
  readonly times: string;
  /** Name of the artifact in which the times are kept. */
  readonly timesArtifact: string;
  readonly decision: Decision;
}

export interface ShardsWish {
  /** From 2. */
  readonly shards: number;
  readonly tasks: readonly PlannedTask[];
  readonly key: RecordKey;
  readonly token: string;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/**
 * Machines for the tasks of a plan, with the times that the last green push run of the base branch has recorded. Without
 * times the tasks are divided all the same, by the number of files.
 */
export async function plannedShards(wish: ShardsWish): Promise<PlannedShards> {
  const { shards, tasks, key } = wish;
  const numbers = Array.from({ length: shards }, (_, index) => index + 1);
  const timesArtifact = artifactName('times', key);
  const found = await recordedTimes(timesArtifact, wish);
  return {
    matrix: { shard: numbers.map((number) => `${number}/${shards}`) },
    parts: artifactName(`shard-*-of-${shards}`, key),
    times: 'times' in found ? timesOutput(found.times) : '',
    timesArtifact,
    decision: { subject: 'shards', decision: `${shards} machines`, reason: told(found, tasks, shards) },
  };
}

type Found = { readonly times: Times; readonly source: string } | { readonly reason: string };

async function recordedTimes(artifact: string, { token, environment, signal }: ShardsWish): Promise<Found> {
  if (token === '') return { reason: '`github-token` is empty' };
  const { workflow: workflowPath } = runIdentityOf(environment);
  let reason = 'this event has no branch';
  for (const branch of await branchesOf(environment)) {
    const wish = { workflowPath, branch, artifact, file: TIMES_FILE, limit: LARGEST_TIMES };
    const evidence = await findEvidence(wish, { environment, token, signal });
    if (evidence.kind === 'none') {
      reason = evidence.reason;
      continue;
    }
    const times = readTimes(evidence.content.toString('utf8'));
    if (typeof times === 'string') reason = `those of run ${evidence.runNumber} can’t be used: ${times}`;
    else return { times, source: `run ${evidence.runNumber} of ${branch}` };
  }
  return { reason };
}

/** Where times are looked for: the branch that a change goes to, the branch itself, the default branch. */
async function branchesOf(environment: Environment): Promise<readonly string[]> {
  const event = await eventOf(environment);
  const isBranch = event !== undefined && environment['GITHUB_REF_TYPE'] === 'branch';
  const own = isBranch ? [environment['GITHUB_REF_NAME'] ?? ''] : [];
  const base = baseOf(event);
  const standard = await defaultBranch(environment);
  const all = [...(base === undefined ? own : [base]), ...(standard === undefined ? [] : [standard])];
  return [...new Set(all)].filter((branch) => branch !== '');
}

/** An event that can't be read has no times: the division is the same without. */
async function eventOf(environment: Environment): Promise<Event | undefined> {
  try {
    return await readEvent(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

function baseOf(event: Event | undefined): string | undefined {
  if (event?.kind !== 'pull_request' && event?.kind !== 'merge_group') return undefined;
  return event.base.ref.replace(/^refs\/heads\//, '');
}

/** What each machine is expected to take, as far as it is known before the runners list their files. */
function told(found: Found, tasks: readonly PlannedTask[], shards: number): string {
  if ('reason' in found) return `files are given out by number, no times are recorded: ${found.reason}`;
  const { times, source } = found;
  const work = tasks.map(({ id, runner }) => {
    const files = [...(times.get(id)?.files.keys() ?? [])];
    return { task: id, units: runner === undefined || files.length === 0 ? undefined : files.map((file) => [file]) };
  });
  const expected = divide(work, times, shards).map((shard) => Math.round(shard.expected));
  const [least, most] = [Math.min(...expected), Math.max(...expected)];
  return `${durationText(least)} to ${durationText(most)} each, by the times of ${source}`;
}
