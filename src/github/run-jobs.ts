import { ask } from './ask.ts';
import type { GitHub } from './client.ts';

/** A job of a run, as GitHub lists it. Its name is what people see: `api / promote` for a job of a called workflow. */
export interface RunJob {
  readonly name: string;
  /** `success`, `failure`, `skipped`…; null while it goes on. */
  readonly conclusion: string | null;
}

const PER_PAGE = 100;
const MOST_PAGES = 5;

/**
 * The jobs of a run's newest attempt (REST API, "List jobs for a workflow run"), at most 500.
 *
 * @returns why they can't be told, as a phrase about the run
 * @throws ConfigurationError and OutsideFault as `ask`
 */
export async function jobsOfRun(
  github: GitHub,
  run: { readonly id: number | bigint; readonly run_number: number },
): Promise<readonly RunJob[] | string> {
  const found: RunJob[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { jobs, total_count: total } = await ask(github, 'GET', '/repos/{owner}/{repo}/actions/runs/{run_id}/jobs', {
      doing: `list the jobs of run ${run.run_number}`,
      permission: 'actions: read',
      path: { run_id: Number(run.id) },
      query: { filter: 'latest', per_page: PER_PAGE, page },
    });
    found.push(...jobs.map(({ name, conclusion }) => ({ name, conclusion })));
    if (jobs.length < PER_PAGE || found.length >= total) return found;
  }
  return `it has more than ${MOST_PAGES * PER_PAGE} jobs`;
}
