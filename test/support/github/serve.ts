import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitIn } from '../../../src/local/git.ts';
import type { GitHubStandIn } from '../../../src/local/github/api.ts';
import { artifactRoutes } from '../../../src/local/github/artifacts.ts';
import { codeScanningRoutes } from '../../../src/local/github/code-scanning.ts';
import { commentRoutes } from '../../../src/local/github/comments.ts';
import { commitRoutes, treeOf } from '../../../src/local/github/commits.ts';
import { deploymentRoutes } from '../../../src/local/github/deployments.ts';
import { gitRefRoutes } from '../../../src/local/github/git-refs.ts';
import { identityRoutes } from '../../../src/local/github/identities.ts';
import { releaseRoutes } from '../../../src/local/github/releases.ts';
import { runRoutes } from '../../../src/local/github/runs.ts';
import { startGitHub } from '../../../src/local/github/server.ts';
import { startSignedFiles } from '../../../src/local/github/signed-files.ts';
import type {
  Permissions,
  PreparedComment,
  PreparedEnvironment,
  PreparedRun,
  RecordedExchange,
  RecordedSarif,
} from '../../../src/local/run-types.ts';
import { preparedRuns } from '../../../src/local/state/prepared.ts';
import { openWitness } from './openapi.ts';

export interface TestGitHubOptions {
  /** What the job's token may do. */
  readonly permissions: Permissions;
  readonly comments?: readonly PreparedComment[];
  /** Other runs, with their artifacts. */
  readonly runs?: readonly PreparedRun[];
  readonly environments?: readonly (string | PreparedEnvironment)[];
  /** Folder of a git repository: commits, branches and tags. */
  readonly git?: string;
  /** Numbers of issues and pull requests that exist. Default 1. */
  readonly issues?: readonly number[];
}

export interface TestGitHub extends GitHubStandIn {
  /** `github.token` of the job. */
  readonly token: string;
  /** `owner/name` */
  readonly repository: string;
  readonly codeScanning: () => readonly RecordedSarif[];
  /** What it answers: method and path as in GitHub's description. */
  readonly routes: readonly string[];
}

const NOW = '2026-01-02T03:04:05Z';

/**
 * GitHub's REST API for one job of `acme/api`: comments, runs, artifacts, code scanning, identities, environments; as the
 * local runner serves it. Closing it judges every call that was made.
 */
export async function serveGitHub(options: TestGitHubOptions): Promise<TestGitHub> {
  const { comments = [], runs = [], environments = [], issues = [1] } = options;
  const token = 'ghs_tokenOfTheTest0000000000000000000000';
  const repository = 'acme/api';
  const commented = commentRoutes(comments, issues, () => new Date());
  const scanning = codeScanningRoutes();
  const own: PreparedRun = {
    ...{ id: 1_000_000_001, runNumber: 1, path: '.github/workflows/ci.yml', event: 'pull_request' },
    ...{ headBranch: 'feature', headSha: 'a'.repeat(40), status: 'in_progress', conclusion: null },
  };
  const folder = await mkdtemp(join(tmpdir(), 'github-stand-in-'));
  const known = await preparedRuns([own, ...runs], { folder, repository, name: 'ci', now: NOW });
  const newestFirst = [...known].sort((a, b) => b.id - a.id);
  const files = await startSignedFiles();
  const shared = { defaultBranch: 'main', now: NOW };
  const git = options.git === undefined ? undefined : gitIn(options.git, process.env);
  const listed = async () => newestFirst;
  const routes = [
    ...commented.routes,
    ...scanning.routes,
    ...artifactRoutes(listed, files),
    ...runRoutes({ ownId: own.id, runs: listed, jobs: () => [], ...shared, ...(git && { treeOf: treeOf(git) }) }),
    ...(git === undefined ? [] : [...commitRoutes(git, undefined), ...gitRefRoutes(git), ...releaseRoutes(git, NOW)]),
    ...deploymentRoutes({ ownId: own.id, runs: listed, jobs: () => [] }),
    ...identityRoutes({ environments, ...shared }),
  ];
  const github = await startGitHub({
    owner: 'acme',
    name: 'api',
    tokens: new Map([[token, { id: 'job', permissions: options.permissions }]]),
    routes: () => routes,
    comments: commented.recorded,
  });
  const close = async (): Promise<void> => {
    await Promise.all([github.close(), files.close()]);
    await rm(folder, { recursive: true, force: true });
    await refuseUndescribed(github.requests);
  };
  return {
    ...github,
    token,
    repository,
    codeScanning: scanning.recorded,
    routes: routes.map(({ method, path }) => `${method} ${path}`),
    close,
  };
}

/** @throws Error a call, or what it was answered, is not as GitHub's own description says */
export async function refuseUndescribed(requests: readonly RecordedExchange[]): Promise<void> {
  if (requests.length === 0) return;
  const witness = await openWitness();
  const problems = requests.flatMap((exchange) => witness(exchange));
  if (problems.length > 0) throw new Error(`GitHub's description says otherwise:\n${problems.join('\n')}`);
}
