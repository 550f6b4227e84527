import { type CacheJob, type CacheService, startCache } from './cache/server.ts';
import { openStore } from './cache/store.ts';
import type { RunContext } from './events.ts';
import { PULL_REQUEST } from './events.ts';
import type { Environment, Git } from './git.ts';
import type { GitHubStandIn, JobIdentity, Route } from './github/api.ts';
import { artifactRoutes } from './github/artifacts.ts';
import { codeScanningRoutes } from './github/code-scanning.ts';
import { commentRoutes } from './github/comments.ts';
import { commitRoutes, treeOf } from './github/commits.ts';
import { deploymentRoutes } from './github/deployments.ts';
import { gitRefRoutes } from './github/git-refs.ts';
import { identityRoutes } from './github/identities.ts';
import { idOf } from './github/objects.ts';
import { releaseRoutes } from './github/releases.ts';
import { type ListedJob, runRoutes } from './github/runs.ts';
import { startGitHub } from './github/server.ts';
import { type SignedFiles, startSignedFiles } from './github/signed-files.ts';
import type { Listening } from './loopback-server.ts';
import type { RunClaims } from './oidc/claims.ts';
import type { SigningKey } from './oidc/key.ts';
import { type IdentityJob, type IdentityProvider, startIdentityProvider } from './oidc/server.ts';
import type { PlannedJob } from './plan.ts';
import type { Snapshot } from './project.ts';
import type { RunOptions, RunResult } from './run-types.ts';
import { downloadStandIn, uploadStandIn } from './stand-ins/artifacts.ts';
import { attestStandIn } from './stand-ins/attest.ts';
import { checkoutStandIn } from './stand-ins/checkout.ts';
import { startStandIns } from './stand-ins/server.ts';
import { isoTime, type RunMemory } from './state/memory.ts';

/** What stands in for GitHub during a run. They start before the run is planned, because the plan holds addresses. */
export interface Services {
  readonly apiUrl: string;
  /** Opens cache and stand-ins for the event. */
  readonly open: (facts: OpenFacts) => Promise<OpenServices>;
  /** Lets the jobs of the plan in. `bundleSha` is the commit of the bundle's files. */
  readonly admit: (jobs: readonly PlannedJob[], bundleSha: string) => void;
  readonly recorded: () => Recorded;
  readonly close: () => Promise<void>;
}

export interface OpenServices {
  readonly cacheUrl: string;
  readonly standInUrl: string;
  readonly identities: IdentityProvider;
}

/** What the jobs of a run have done to GitHub. */
export type Recorded = Pick<
  RunResult,
  'requests' | 'comments' | 'codeScanning' | 'artifacts' | 'identityTokens' | 'cacheCalls'
>;

export interface OpenFacts {
  readonly options: RunOptions;
  readonly snapshot: Snapshot;
  readonly context: RunContext;
  readonly git: Git;
  readonly environment: Environment;
  readonly cacheFolder: string;
  readonly memory: RunMemory;
  readonly identity: { readonly key: SigningKey; readonly claims: RunClaims };
  readonly now: Date;
  readonly jobs: () => readonly ListedJob[];
}

/** Services that are open, and what they have recorded. */
interface Open {
  readonly facts: OpenFacts;
  readonly cache: CacheService;
  readonly standIns: Listening;
  readonly files: SignedFiles;
  readonly identities: IdentityProvider;
  readonly comments: ReturnType<typeof commentRoutes>;
  readonly scanning: ReturnType<typeof codeScanningRoutes>;
}

export async function startServices(owner: string, name: string): Promise<Services> {
  const identities = new Map<string, JobIdentity>();
  const cacheJobs = new Map<string, CacheJob>();
  const standInTokens = new Map<string, string>();
  const identityJobs = new Map<string, IdentityJob>();
  let routes: readonly Route[] = [];
  let opened: Open | undefined;
  const github: GitHubStandIn = await startGitHub({
    ...{ owner, name, tokens: identities },
    routes: () => routes,
    comments: () => opened?.comments.recorded() ?? [],
  });

  const open = async (facts: OpenFacts): Promise<OpenServices> => {
    const { options, snapshot, context, memory } = facts;
    const issues = context.pullRequest === undefined && options.comments === undefined ? [] : [PULL_REQUEST];
    // First what may fail: nothing is open yet that would have to be closed.
    const store = await openStore(facts.cacheFolder);
    const files = await startSignedFiles();
    const repository = `${owner}/${name}`;
    const { key, claims } = facts.identity;
    const checkout = { gitFolder: snapshot.gitFolder, environment: facts.environment, repository };
    opened = {
      ...{ facts, files },
      comments: commentRoutes(options.comments ?? [], issues, () => new Date()),
      scanning: codeScanningRoutes(),
      identities: await startIdentityProvider(key, identityJobs, () => claims),
      cache: await startCache({
        store,
        uploadFolder: facts.cacheFolder,
        tokens: cacheJobs,
        scope: context.ref,
        readableScopes: context.readableScopes,
        fault: options.cacheFault,
      }),
      standIns: await startStandIns(
        {
          checkout: checkoutStandIn({ ...checkout, ref: context.ref, sha: context.sha }),
          'upload-artifact': uploadStandIn(memory, repository),
          'download-artifact': downloadStandIn(memory, repository, identities),
          'attest-build-provenance': attestStandIn(repository, identities),
        },
        standInTokens,
      ),
    };
    routes = routesOf(opened);
    return { cacheUrl: opened.cache.url, standInUrl: opened.standIns.url, identities: opened.identities };
  };

  const admit = (jobs: readonly PlannedJob[], bundleSha: string): void => {
    for (const job of jobs.filter(({ isCall }) => !isCall)) {
      identities.set(job.token, { id: job.id, permissions: job.permissions });
      cacheJobs.set(job.runtimeToken, { id: job.id, mode: job.cacheMode });
      standInTokens.set(job.runtimeToken, job.token);
      if (job.identityToken === undefined || opened === undefined) continue;
      const { memory, context } = opened.facts;
      const workflowSha = job.isOfBundle ? bundleSha : context.sha;
      const checkRun = idOf(`${memory.own().id}/${job.id}`);
      identityJobs.set(job.identityToken, { id: job.id, checkRun, workflowRef: job.workflowRef, workflowSha });
    }
  };

  return {
    apiUrl: github.url,
    open,
    admit,
    recorded: () => ({
      requests: github.requests,
      comments: opened?.comments.recorded() ?? [],
      codeScanning: opened?.scanning.recorded() ?? [],
      artifacts: (opened?.facts.memory.own().artifacts ?? []).map(({ id, name: of, size }) => ({ id, name: of, size })),
      identityTokens: opened?.identities.tokens ?? [],
      cacheCalls: opened?.cache.calls ?? [],
    }),
    close: async () => {
      const others = opened === undefined ? [] : [opened.cache, opened.standIns, opened.files, opened.identities];
      await Promise.all([github, ...others].map((service) => service.close()));
    },
  };
}

function routesOf({ facts, files, comments, scanning }: Open): readonly Route[] {
  const { options, snapshot, context, git, memory, jobs } = facts;
  const { defaultBranch } = snapshot;
  const now = isoTime(facts.now.getTime());
  return [
    ...comments.routes,
    ...scanning.routes,
    ...commitRoutes(git, context.pullRequest),
    ...gitRefRoutes(git),
    ...releaseRoutes(git, now),
    ...artifactRoutes(memory.runs, files),
    ...runRoutes({ ownId: memory.own().id, runs: memory.runs, defaultBranch, now, jobs, treeOf: treeOf(git) }),
    ...deploymentRoutes({ ownId: memory.own().id, runs: memory.runs, jobs }),
    ...identityRoutes({ environments: options.environments ?? [], defaultBranch, now }),
  ];
}
