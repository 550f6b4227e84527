import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ActionContext, ActionResult } from '../runtime/action.ts';
import { ProjectFailure } from '../runtime/errors.ts';
import { readTimes, TIMES_FILE, type Times, timesText } from '../shard/times.ts';
import { gateFailure } from './failure.ts';
import type { GateInputs, outputs } from './inputs.ts';
import { mergeParts } from './merge.ts';
import { ownTemp } from './own-temp.ts';
import { reportedResults } from './results.ts';
import { gateSummary } from './summary.ts';
import type { GateTask } from './task.ts';

/** Tasks that the gate doesn't run. */
interface NotRun {
  /** Ids of those that the caller switched off. */
  readonly off: readonly string[];
  /** Those that the change does not affect. */
  readonly left: readonly GateTask[];
}

/** What all shards came to, as if one machine had run everything. */
export async function runMerge(
  { merge, mergeResult, times: recorded }: GateInputs,
  tasks: readonly GateTask[],
  { off, left }: NotRun,
  context: ActionContext,
): Promise<ActionResult<typeof outputs>> {
  const { log, summarize, workspace } = context;
  const { results, incomplete, times } = await mergeParts(resolve(workspace, merge), tasks, mergeResult);
  for (const { task, result, reason } of results) {
    log.info(`${result} ${task.id}${reason === undefined ? '' : `: ${reason}`}`);
  }
  const red = gateFailure(results);
  // Without a part nothing was cancelled: what is missing has its reason already.
  const failed = results.some(({ result }) => result === 'failed' || result === 'timed-out') ? (red?.faults ?? []) : [];
  const failure = incomplete === undefined ? red : new ProjectFailure([incomplete, ...failed]);
  if (failure !== undefined) summarize(gateSummary(results, failure.faults[0].what));
  const file = join(await ownTemp(context), TIMES_FILE);
  await writeFile(file, timesText(new Map([...earlier(recorded, [...tasks, ...left]), ...times])));
  const reused = results.filter((result) => result.reused !== undefined).length;
  const none = { packed: undefined, part: undefined, 'part-artifact': undefined };
  const passed = failure === undefined;
  return { outputs: { ...none, passed, results: reportedResults(results, off, left), reused, times: file }, failure };
}

/** Recorded times of tasks that this run may not have run: they are as good as before. */
function earlier(recorded: string, tasks: readonly GateTask[]): Times {
  const read = recorded === '' ? '' : readTimes(recorded);
  if (typeof read === 'string') return new Map();
  const known = new Set(tasks.map(({ id }) => id));
  return new Map([...read].filter(([id]) => known.has(id)));
}
