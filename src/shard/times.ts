import { fields, mapUpTo, NotAsAgreed, numberUpTo, optional, readJson } from '../report/foreign.ts';

/** How long one task took, all its pieces together. */
export interface TaskTime {
  /** Milliseconds of machine time. */
  readonly ms: number;
  /** Milliseconds by test file, from the repository's root; empty for a task that was not divided. */
  readonly files: ReadonlyMap<string, number>;
  /** Milliseconds of a file that had no room in `files`; undefined where all had. */
  readonly others: number | undefined;
}

/** By the task's id. */
export type Times = ReadonlyMap<string, TaskTime>;

/** Name of the file in the artifact. */
export const TIMES_FILE = 'times.json';

/** Largest record in bytes. */
export const LARGEST_TIMES = 16 * 1024 * 1024;

/** What travels as an output and as an input, in bytes: an environment variable holds 131,072 with its name. */
const LARGEST_OUTPUT = 60_000;

const DAY = 86_400_000;

const readAll = fields({
  version: numberUpTo(1),
  tasks: mapUpTo(
    20_000,
    /^[^\u0000-\u001f]{1,500}$/,
    fields({
      ms: numberUpTo(365 * DAY),
      files: optional(mapUpTo(200_000, /^[^\u0000-\u001f]{1,1024}$/, numberUpTo(30 * DAY)), new Map<string, number>()),
      others: optional(numberUpTo(30 * DAY), undefined),
    }),
  ),
});

/** Reads recorded times. @returns one sentence that says what is wrong with them */
export function readTimes(text: string): Times | string {
  try {
    return readJson(text, 'times', readAll).tasks;
  } catch (error) {
    if (error instanceof NotAsAgreed) return error.message;
    throw error;
  }
}

/** The record: version 1, whole milliseconds. */
export function timesText(times: Times): string {
  const tasks = [...times].map(([id, { ms, files, others }]) => {
    const rounded = Object.fromEntries([...files].map(([path, time]) => [path, Math.round(time)]));
    return [
      id,
      {
        ms: Math.round(ms),
        ...(files.size === 0 ? {} : { files: rounded }),
        ...(others === undefined ? {} : { others: Math.round(others) }),
      },
    ];
  });
  return JSON.stringify({ version: 1, tasks: Object.fromEntries(tasks) });
}

/**
 * The record with as much as fits into an output: the slowest tasks, and of their files the slowest. Files that are left
 * out have one time, their mean; tasks that are left out have none.
 *
 * @param limit bytes
 */
export function timesOutput(times: Times, limit = LARGEST_OUTPUT): string {
  const whole = timesText(times);
  if (Buffer.byteLength(whole) <= limit) return whole;
  let room = limit - 100;
  const fits = (bytes: number, least = 0) => {
    if (room - bytes < least) return false;
    room -= bytes;
    return true;
  };
  // Half of the room is for files.
  const tasks = [...times]
    .sort(([one, a], [other, b]) => b.ms - a.ms || (one < other ? -1 : 1))
    .filter(([id]) => fits(Buffer.byteLength(JSON.stringify(id)) + 60, limit / 2));
  const files = tasks.flatMap(([id, { files: own }]) => [...own].map(([path, ms]) => ({ id, path, ms })));
  files.sort((one, other) => other.ms - one.ms || (one.path < other.path ? -1 : 1));
  const kept = new Map(tasks.map(([id]) => [id, new Map<string, number>()]));
  for (const { id, path, ms } of files) {
    if (fits(Buffer.byteLength(JSON.stringify(path)) + 12)) kept.get(id)?.set(path, ms);
  }
  return timesText(new Map(tasks.map(([id, task]) => [id, trimmed(task, kept.get(id) ?? new Map())])));
}

function trimmed({ ms, files, others }: TaskTime, kept: ReadonlyMap<string, number>): TaskTime {
  const rest = [...files].filter(([path]) => !kept.has(path));
  const mean = rest.reduce((sum, [, time]) => sum + time, 0) / rest.length;
  return { ms, files: kept, others: rest.length === 0 ? others : mean };
}
