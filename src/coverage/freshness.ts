import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import type { Repository } from '../runtime/git.ts';
import { modifiedFiles } from './git.ts';
import type { ReportFile } from './types.ts';

/**
 * When the job began, as far as files tell: a report last written before is not of this run (it was restored from a
 * cache, or lay there already).
 *
 * The runner empties its temporary folder when a job starts and makes the folder of GITHUB_EVENT_PATH before the first
 * action of the job. The file in it is written again before every action (actions/runner, ActionRunner.cs and
 * ExecutionContext.cs, WriteWebhookPayload), so its own time is no evidence; the folder's is, as writing a file anew
 * does not touch it. The earliest of what is there counts: other runners write the file once and others beside it.
 *
 * @returns milliseconds since 1970; 0, which every report is newer than, where nothing tells
 */
export async function jobStart(environment: Environment): Promise<number> {
  const event = environment['GITHUB_EVENT_PATH'] ?? '';
  if (event === '') return 0;
  try {
    const [file, folder] = [await stat(event), await stat(dirname(event))];
    const times = [file.mtimeMs, folder.mtimeMs, file.birthtimeMs].filter((time) => time > 0);
    return Math.min(...times);
  } catch {
    // Whatever the reason, it tells nothing; git still says what was checked out with the repository.
    return 0;
  }
}

/**
 * Refuses reports that came with the checkout: git tracks them and they are as they were committed.
 *
 * @throws ConfigurationError PIPE-COVERAGE-031 for each
 */
export async function refuseCommitted(
  reports: readonly ReportFile[],
  tracked: ReadonlySet<string>,
  repository: Repository,
): Promise<void> {
  const candidates = reports.map(({ path }) => path).filter((path) => tracked.has(path));
  if (candidates.length === 0) return;
  const modified = await modifiedFiles(repository, candidates);
  const faults = candidates
    .filter((path) => !modified.has(path))
    .map((path) => ({
      code: 'PIPE-COVERAGE-031' as const,
      what: `the report ${shown(path, 200)} is committed to the repository, and the tests of this run did not write it`,
      accepted: 'a report that this run has written',
      remedy: `take it out of git (\`git rm --cached\`), ignore it, and let the tests write it`,
      state: 'it was not used',
    }));
  if (faults.length > 0) throw new ConfigurationError(faults);
}
