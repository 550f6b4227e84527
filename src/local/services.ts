import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CacheJob, type CacheService, startCache } from './cache/server.ts';
import { openStore } from './cache/store.ts';
import type { RunContext } from './events.ts';
import { PULL_REQUEST } from './events.ts';
import type { Environment, Git } from './git.ts';
import type { GitHubStandIn, JobIdentity, Route } from './github/api.ts';
import { commentRoutes } from './github/comments.ts';
import { commitRoutes } from './github/commits.ts';
import { identityRoutes } from './github/identities.ts';
import { type ListedJob, runRoutes } from './github/runs.ts';
import { startGitHub } from './github/server.ts';
import type { PlannedJob } from './plan.ts';
import type { Snapshot } from './project.ts';
import type { RecordedCacheCall, RecordedComment, RecordedExchange, RunOptions } from './run-types.ts';
import { downloadStandIn, uploadStandIn } from './stand-ins/artifacts.ts';
import { checkoutStandIn } from './stand-ins/checkout.ts';
import { type StandInService, startStandIns } from './stand-ins/server.ts';

/** What stands in for GitHub during a run. They start before the run is planned, because the plan holds addresses. */
export interface Services {
  readonly apiUrl: string;
  /** Opens cache and stand-ins for the event. */
  readonly open: (facts: OpenFacts) => Promise<{ readonly cacheUrl: string; readonly standInUrl: string }>;
  /** Lets the jobs of the plan in. */
  readonly admit: (jobs: readonly PlannedJob[]) => void;
  readonly requests: () => readonly RecordedExchange[];
  readonly comments: () => readonly RecordedComment[];
  readonly cacheCalls: () => readonly RecordedCacheCall[];
  readonly close: () => Promise<void>;
}

export interface OpenFacts {
  readonly options: RunOptions;
  readonly snapshot: Snapshot;
  readonly context: RunContext;
  readonly git: Git;
  readonly environment: Environment;
  readonly folder: string;
  readonly cacheFolder: string;
  readonly workflowName: string;
  readonly workflowPath: string;
  readonly now: Date;
  readonly jobs: () => readonly ListedJob[];
}

/** Numbers GitHub gives a run where none are asked for. */
export const FIRST_RUN = { id: 1_000_000_001, number: 1, attempt: 1 } as const;

export async function startServices(owner: string, name: string): Promise<Services> {
  const identities = new Map<string, JobIdentity>();
  const cacheJobs = new Map<string, CacheJob>();
  const standInTokens = new Map<string, string>();
  let routes: readonly Route[] = [];
  let comments: () => readonly RecordedComment[] = () => [];
  let cache: CacheService | undefined;
  let standIns: StandInService | undefined;
  const github: GitHubStandIn = await startGitHub({
    owner,
    name,
    tokens: identities,
    routes: () => routes,
    comments: () => comments(),
  });

  const open = async (facts: OpenFacts) => {
    const { options, snapshot, context, git } = facts;
    const now = facts.now.toISOString().replace(/\.\d+Z$/, 'Z');
    const issues = context.pullRequest === undefined && options.comments === undefined ? [] : [PULL_REQUEST];
    const commented = commentRoutes(options.comments ?? [], issues, () => new Date());
    comments = commented.recorded;
    const own = {
      id: options.runId ?? FIRST_RUN.id,
      runNumber: options.runNumber ?? FIRST_RUN.number,
      path: facts.workflowPath,
      event: options.event?.name ?? 'push',
      headBranch: snapshot.branch,
      headSha: snapshot.head,
      status: 'in_progress',
      conclusion: null,
    } as const;
    const { defaultBranch } = snapshot;
    routes = [
      ...commented.routes,
      ...commitRoutes(git, context.pullRequest),
      ...runRoutes({
        own,
        attempt: options.runAttempt ?? FIRST_RUN.attempt,
        others: options.runs ?? [],
        workflowName: facts.workflowName,
        defaultBranch,
        now,
        jobs: facts.jobs,
      }),
      ...identityRoutes({ environments: options.environments ?? [], defaultBranch, now }),
    ];
    cache = await startCache({
      store: await openStore(facts.cacheFolder),
      uploadFolder: facts.cacheFolder,
      tokens: cacheJobs,
      scope: context.ref,
      readableScopes: context.readableScopes,
      fault: options.cacheFault,
    });
    const artifacts = join(facts.folder, 'artifacts');
    await mkdir(artifacts, { recursive: true });
    const repository = `${owner}/${name}`;
    standIns = await startStandIns(
      {
        checkout: checkoutStandIn({
          gitFolder: snapshot.gitFolder,
          environment: facts.environment,
          repository,
          ref: context.ref,
          sha: context.sha,
        }),
        'upload-artifact': uploadStandIn(artifacts, repository, own.id),
        'download-artifact': downloadStandIn(artifacts),
      },
      standInTokens,
    );
    return { cacheUrl: cache.url, standInUrl: standIns.url };
  };

  return {
    apiUrl: github.url,
    open,
    admit: (jobs) => {
      for (const job of jobs.filter(({ isCall }) => !isCall)) {
        identities.set(job.token, { id: job.id, permissions: job.permissions });
        cacheJobs.set(job.runtimeToken, { id: job.id, mode: job.cacheMode });
        standInTokens.set(job.runtimeToken, job.token);
      }
    },
    requests: () => github.requests,
    comments: () => comments(),
    cacheCalls: () => cache?.calls ?? [],
    close: async () => {
      await Promise.all([github.close(), cache?.close(), standIns?.close()]);
    },
  };
}
