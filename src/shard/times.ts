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
    2_000,
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
 * The record with as many files as fit into an output, the slowest first; those left out have one time, their mean.
 *
 * @param limit bytes
 */
export function timesOutput(times: Times, limit = LARGEST_OUTPUT): string {
  const whole = timesText(times);
  if (Buffer.byteLength(whole) <= limit) return whole;
  const files = [...times].flatMap(([id, { files: own }]) => [...own].map(([path, ms]) => ({ id, path, ms })));
  files.sort((one, other) => other.ms - one.ms || (one.path < other.path ? -1 : 1));
  const bare = new Map([...times].map(([id, { ms }]) => [id, { ms, files: new Map(), others: 0 }] as const));
  let room = limit - Buffer.byteLength(timesText(bare)) - times.size * 16;
  const isKept = ({ path }: { readonly path: string }) => {
    room -= Buffer.byteLength(JSON.stringify(path)) + 12;
    return room >= 0;
  };
  const kept = new Set(files.filter(isKept));
  return timesText(
    new Map(
      [...times].map(([id, task]) => {
        const own = files.filter((file) => file.id === id);
        const rest = own.filter((file) => !kept.has(file));
        const others = rest.length === 0 ? task.others : rest.reduce((sum, { ms }) => sum + ms, 0) / rest.length;
        const shown = own.filter((file) => kept.has(file)).map(({ path, ms }) => [path, ms] as const);
        return [id, { ms: task.ms, files: new Map(shown), others }];
      }),
    ),
  );
}
