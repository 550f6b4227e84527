import type { TaskTime, Times } from './times.ts';

/** A task to be given to shards. */
export interface Work {
  readonly task: string;
  /** Its test files, those in one list inseparable; undefined for a task that one shard runs whole. */
  readonly units: readonly (readonly string[])[] | undefined;
}

/** What one shard runs: by the task's id its files, or undefined for the whole task. */
export interface Shard {
  readonly pieces: ReadonlyMap<string, readonly string[] | undefined>;
  /** Milliseconds that it is expected to take. */
  readonly expected: number;
}

/** Milliseconds of a task or a test file of which nothing is recorded: then files are given out by number. */
const UNKNOWN = 1_000;

/** A task is divided when it takes more than this share of what one shard has to do: shorter ones balance as they are. */
const WORTH_DIVIDING = 0.5;

interface Piece {
  readonly task: string;
  readonly files: readonly string[] | undefined;
  readonly ms: number;
}

/**
 * Whether the tests of a task are to be divided: not where they are so short that starting the runner on every machine
 * costs more than it saves. Of tasks without a recorded time all are, unless there are many of them.
 *
 * @param all ids of all tasks that are given to shards
 * @param divisible ids of those that can be divided
 */
export function isWorthDividing(
  task: string,
  {
    all,
    divisible,
    times,
    shards,
  }: {
    readonly all: readonly string[];
    readonly divisible: readonly string[];
    readonly times: Times;
    readonly shards: number;
  },
): boolean {
  if (shards < 2) return false;
  const own = times.get(task)?.ms;
  if (own === undefined) return divisible.filter((id) => !times.has(id)).length * WORTH_DIVIDING < shards;
  const total = all.reduce((sum, id) => sum + (times.get(id)?.ms ?? UNKNOWN), 0);
  return own > (total / shards) * WORTH_DIVIDING;
}

/**
 * Gives all work to shards: the longest piece first, each into the shard that has the least to do (Graham's longest
 * processing time rule, at most 4/3 of the best division). The same work, times and number always give the same
 * division, whatever the order they came in: each machine computes it for itself.
 *
 * @param shards how many, from 1
 * @returns that many, some of them empty where there is too little work
 */
export function divide(work: readonly Work[], times: Times, shards: number): readonly Shard[] {
  const loads = Array.from({ length: shards }, () => ({ pieces: [] as Piece[], expected: 0 }));
  const pieces = work.flatMap((one) => piecesOf(one, times.get(one.task)));
  const key = ({ task, files }: Piece) => JSON.stringify([task, files?.[0] ?? '']);
  pieces.sort((one, other) => other.ms - one.ms || (key(one) < key(other) ? -1 : 1));
  for (const piece of pieces) {
    const load = loads.reduce((least, other) => (other.expected < least.expected ? other : least));
    load.pieces.push(piece);
    load.expected += piece.ms;
  }
  return loads.map(({ pieces: own, expected }) => ({ pieces: byTask(own), expected }));
}

function byTask(pieces: readonly Piece[]): Shard['pieces'] {
  const tasks = new Map<string, readonly string[] | undefined>();
  for (const { task, files } of pieces) {
    tasks.set(task, files === undefined ? undefined : [...(tasks.get(task) ?? []), ...files].sort());
  }
  return new Map([...tasks].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function piecesOf({ task, units }: Work, time: TaskTime | undefined): readonly Piece[] {
  if (units === undefined) return [{ task, files: undefined, ms: time?.ms ?? UNKNOWN }];
  const usual = usualTime(time);
  const weights = units.map((files) => files.reduce((sum, file) => sum + (time?.files.get(file) ?? usual), 0));
  const sum = weights.reduce((total, ms) => total + ms, 0);
  // Files run beside each other in one runner, and every runner has to start: what counts is the task's own time.
  const scale = time === undefined || sum === 0 ? 1 : time.ms / sum;
  // What takes no time at all takes some: else all of it would go to one machine.
  return units.map((files, index) => ({ task, files, ms: Math.max(1, (weights[index] ?? 0) * scale) }));
}

/** What a file takes that has no time of its own: as much as the others on average. */
function usualTime(time: TaskTime | undefined): number {
  if (time?.others !== undefined) return time.others;
  if (time === undefined || time.files.size === 0) return UNKNOWN;
  return [...time.files.values()].reduce((sum, ms) => sum + ms, 0) / time.files.size;
}
