import type { GitHubStandIn } from '../../../src/local/github/api.ts';
import { commentRoutes } from '../../../src/local/github/comments.ts';
import { identityRoutes } from '../../../src/local/github/identities.ts';
import { runRoutes } from '../../../src/local/github/runs.ts';
import { startGitHub } from '../../../src/local/github/server.ts';
import type { Permissions, PreparedComment, PreparedRun } from '../../../src/local/run-types.ts';

export interface TestGitHubOptions {
  /** What the job's token may do. */
  readonly permissions: Permissions;
  readonly comments?: readonly PreparedComment[];
  readonly runs?: readonly PreparedRun[];
  readonly environments?: readonly string[];
  /** Numbers of issues and pull requests that exist. Default 1. */
  readonly issues?: readonly number[];
}

export interface TestGitHub extends GitHubStandIn {
  /** `github.token` of the job. */
  readonly token: string;
  /** `owner/name` */
  readonly repository: string;
}

const NOW = '2026-01-02T03:04:05Z';

/** GitHub's REST API for one job of `acme/api`: comments, runs, identities, environments; as the local runner serves it. */
export async function serveGitHub(options: TestGitHubOptions): Promise<TestGitHub> {
  const { comments = [], runs = [], environments = [], issues = [1] } = options;
  const token = 'ghs_tokenOfTheTest0000000000000000000000';
  const commented = commentRoutes(comments, issues, () => new Date());
  const own: PreparedRun = {
    ...{ id: 1_000_000_001, runNumber: 1, path: '.github/workflows/ci.yml', event: 'pull_request' },
    ...{ headBranch: 'feature', headSha: 'a'.repeat(40), status: 'in_progress', conclusion: null },
  };
  const shared = { defaultBranch: 'main', now: NOW };
  const routes = [
    ...commented.routes,
    ...runRoutes({ own, attempt: 1, others: runs, workflowName: 'ci', jobs: () => [], ...shared }),
    ...identityRoutes({ environments, ...shared }),
  ];
  const github = await startGitHub({
    owner: 'acme',
    name: 'api',
    tokens: new Map([[token, { id: 'job', permissions: options.permissions }]]),
    routes: () => routes,
    comments: commented.recorded,
  });
  return { ...github, token, repository: 'acme/api' };
}
