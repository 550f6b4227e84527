import type { Environment } from '../runtime/environment.ts';
import { PipelineError } from '../runtime/errors.ts';
import { ask } from './ask.ts';
import { createGitHub } from './client.ts';
import { runIdentityOf } from './run.ts';

/** A review of a job that waited for an environment. Texts are foreign. */
export interface Approval {
  readonly user: string;
  readonly environments: readonly string[];
  readonly isApproved: boolean;
  readonly comment: string;
}

/**
 * Who approved the jobs of this run, and who refused to (REST API, "Get the review history for a workflow run"), the
 * oldest first.
 *
 * @returns why that can't be told: it is something for a table, and no reason to fail
 */
export async function approvalsOfRun({
  environment,
  token,
  signal,
}: {
  /** The step's own: where the API is, which repository, which run. */
  readonly environment: Environment;
  readonly token: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<readonly Approval[] | string> {
  const { id } = runIdentityOf(environment);
  if (id === 0) return 'the runner names no run';
  try {
    const github = createGitHub({ environment, token, ...(signal === undefined ? {} : { signal }) });
    try {
      const reviews = await ask(github, 'GET', '/repos/{owner}/{repo}/actions/runs/{run_id}/approvals', {
        doing: 'read who approved this run',
        permission: 'actions: read',
        path: { run_id: id },
      });
      return reviews.map(({ user, environments, state, comment }) => ({
        user: user.login,
        environments: environments.flatMap(({ name }) => name ?? []),
        isApproved: state === 'approved',
        comment,
      }));
    } finally {
      github.close();
    }
  } catch (error) {
    if (!(error instanceof PipelineError) || signal?.aborted === true) throw error;
    return error.faults[0].what;
  }
}

/** One phrase for a table: `octocat approved production ("go")`; empty without any. */
export function approvalText(approvals: readonly Approval[]): string {
  return approvals
    .slice(0, 20)
    .map(({ user, environments, isApproved, comment }) => {
      const said = comment === '' ? '' : ` (“${comment.slice(0, 200)}”)`;
      return `${user} ${isApproved ? 'approved' : 'refused'} ${environments.join(', ')}${said}`;
    })
    .join('; ');
}
