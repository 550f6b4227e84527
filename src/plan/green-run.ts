import { runIdentityOf } from '../github/run.ts';
import type { Environment } from '../runtime/environment.ts';
import { PipelineError, shown } from '../runtime/errors.ts';

export type GreenRun =
  | { readonly kind: 'found'; readonly commit: string; readonly number: number }
  /** GitHub was asked, and named none. */
  | { readonly kind: 'none'; readonly reason: string }
  /** GitHub can't be asked. */
  | { readonly kind: 'unasked'; readonly reason: string };

/** Newest runs that are looked at: those that were started after this one are passed over. */
const MOST_RUNS = 30;

/**
 * The newest green run of this workflow file for a push to a branch, among those that were started before this run (a
 * run that is repeated later must not compare with what came after it).
 *
 * REST API: "List workflow runs for a workflow" (docs.github.com/rest/actions), permission `actions: read`. Never throws
 * for what GitHub answers.
 */
export async function newestGreenRun(branch: string, token: string, environment: Environment): Promise<GreenRun> {
  const { workflow, id } = runIdentityOf(environment);
  const file = /^\.github\/workflows\/([^/]+\.ya?ml)$/.exec(workflow)?.[1];
  if (token === '') return { kind: 'unasked', reason: 'there is no token to ask GitHub for green runs' };
  if (file === undefined) return { kind: 'unasked', reason: 'the runner names no workflow file' };
  const { createGitHub } = await import('../github/client.ts');
  const { ask } = await import('../github/ask.ts');
  try {
    const github = createGitHub({ environment, token });
    try {
      const path = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs';
      const { workflow_runs: runs } = await ask(github, 'GET', path, {
        doing: `list the runs of ${file} on ${shown(branch)}`,
        permission: 'actions: read',
        path: { workflow_id: file },
        query: { branch, event: 'push', status: 'success', per_page: MOST_RUNS },
      });
      // What decides is not left to a filter on the other side.
      const found = runs.find((run) => {
        const isOwn = run.path.split('@', 1)[0] === workflow && run.head_repository?.id === run.repository.id;
        const isGreenPush = run.event === 'push' && run.conclusion === 'success' && run.head_branch === branch;
        return isOwn && isGreenPush && Number(run.id) < id && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(run.head_sha);
      });
      if (found !== undefined) return { kind: 'found', commit: found.head_sha, number: found.run_number };
      return { kind: 'none', reason: `there is no green run of ${file} for a push to ${shown(branch)} yet` };
    } finally {
      github.close();
    }
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    const [{ what, accepted }] = error.faults;
    const wanted = error.kind === 'configuration' && accepted !== undefined ? `; it takes ${accepted}` : '';
    // Compared with what was before the push, what was red then would count as seen: one lost answer must not do that.
    return { kind: 'none', reason: `${what}${wanted}` };
  }
}
