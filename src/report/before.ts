import { ask } from '../github/ask.ts';
import { createGitHub } from '../github/client.ts';
import type { RunIdentity } from '../github/run.ts';
import type { Environment } from '../runtime/environment.ts';
import { PipelineError } from '../runtime/errors.ts';
import type { Before } from './notify.ts';

/** Runs of the branch that are looked through for the one before this. */
const MOST = 20;

/**
 * How the run of this workflow before this one ended on the same branch, for the same event ("List workflow runs for a
 * workflow", docs.github.com/rest/actions/workflow-runs). A cancelled run says nothing and is passed over.
 *
 * @returns undefined when there was none, or the token may not know (`actions: read`)
 */
export async function endOfRunBefore(
  run: RunIdentity,
  { environment, token, signal }: { environment: Environment; token: string; signal: AbortSignal },
): Promise<Before> {
  const file = /([^/]+\.ya?ml)$/.exec(run.workflow)?.[1];
  const branch = environment['GITHUB_REF_NAME'] ?? '';
  const event = environment['GITHUB_EVENT_NAME'] ?? '';
  if (file === undefined || branch === '' || token === '') return undefined;
  try {
    const github = createGitHub({ environment, token, signal });
    try {
      const { workflow_runs: runs } = await ask(
        github,
        'GET',
        '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
        {
          doing: 'see how the run before this one ended',
          permission: 'actions: read',
          path: { workflow_id: file },
          query: { branch, event, status: 'completed', per_page: MOST },
        },
      );
      const before = runs
        .filter(({ id, conclusion }) => Number(id) < run.id && (conclusion === 'success' || conclusion === 'failure'))
        .sort((left, right) => Number(right.id) - Number(left.id))[0];
      return before?.conclusion === 'success' || before?.conclusion === 'failure' ? before.conclusion : undefined;
    } finally {
      github.close();
    }
  } catch (error) {
    // Whether it is good news is not worth a red run.
    if (error instanceof PipelineError && !signal.aborted) return undefined;
    throw error;
  }
}
