import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunContext } from '../events.ts';
import type { Snapshot } from '../project.ts';
import type { RunOptions } from '../run-types.ts';
import { beginRun, isoTime, type RunMemory } from './memory.ts';
import { preparedRuns } from './prepared.ts';

/** What is known of a run when it begins. */
export interface Beginning {
  readonly options: RunOptions;
  readonly snapshot: Snapshot;
  readonly context: RunContext;
  /** `owner/name` */
  readonly repository: string;
  /** The run's temporary folder. */
  readonly folder: string;
  /** Name and file of the workflow that the event starts. */
  readonly workflow: { readonly name: string; readonly path: string };
  readonly now: Date;
  readonly onNote: (text: string) => void;
}

/** Enters a run into what GitHub would remember of the repository, beside the runs that a test prepares. */
export async function rememberRun(beginning: Beginning): Promise<RunMemory> {
  const { options, snapshot, context, repository, folder, workflow, onNote } = beginning;
  const now = isoTime(beginning.now.getTime());
  const place = { folder: join(folder, 'prepared'), repository, name: workflow.name, now };
  const others = await preparedRuns(options.runs ?? [], place);
  const { pullRequest } = context;
  const root = join(options.bundle, '.tools', 'local');
  if (options.stateFolder === undefined) await removeUnused(root, beginning.now.getTime());
  return beginRun(
    {
      state: options.stateFolder ?? join(root, repository.replace('/', '+')),
      spare: join(folder, 'state'),
    },
    {
      id: options.runId,
      runNumber: options.runNumber,
      attempt: options.runAttempt ?? 1,
      path: workflow.path,
      name: workflow.name,
      event: options.event?.name ?? 'push',
      headBranch: pullRequest === undefined ? context.ref.replace(/^refs\/(?:heads|tags)\//, '') : snapshot.branch,
      headSha: pullRequest === undefined ? context.sha : snapshot.head,
      headRepository: pullRequest?.head.repo.full_name ?? repository,
      status: 'in_progress',
      conclusion: null,
      createdAt: now,
      updatedAt: now,
    },
    others,
    { onNote, ...(options.isFresh === undefined ? {} : { isFresh: options.isFresh }) },
  );
}

/** Milliseconds after which a repository that nobody runs is forgotten. */
const UNUSED = 30 * 24 * 3_600_000;

async function removeUnused(root: string, now: number): Promise<void> {
  const names = await readdir(root).catch(() => []);
  for (const name of names) {
    const used = await stat(join(root, name, 'runs')).catch(() => undefined);
    if (used !== undefined && now - used.mtimeMs > UNUSED) await rm(join(root, name), { recursive: true, force: true });
  }
}
