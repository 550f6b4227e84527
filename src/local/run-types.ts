import type { KeySet } from './oidc/key.ts';
import type { JobDeployment, PreparedComment, PreparedEnvironment, PreparedRun } from './prepared-types.ts';

export type * from './prepared-types.ts';

/** Events that the pipelines answer to. */
export type EventName = 'push' | 'pull_request' | 'merge_group' | 'workflow_dispatch' | 'schedule' | 'release';

/** What starts the run, as a caller's repository would see it on GitHub. */
export interface EventRequest {
  readonly name: EventName;
  /** pull_request: `opened` (default), `synchronize`, `reopened`, `closed`; release: `published` (default). */
  readonly action?: string;
  /** Where a pull request comes from. A fork's and Dependabot's get a read-only token and no secrets. */
  readonly from?: 'branch' | 'fork' | 'dependabot';
  /** The branch pushed, or the head branch of a pull request. Default: the project's current branch. */
  readonly branch?: string;
  /** A commit-ish of the project: the base branch of a pull request, the commit before a push. */
  readonly base?: string;
  /** The tag of a release, or a pushed tag. */
  readonly tag?: string;
  /** Fields laid over the generated payload (objects merge, everything else replaces). */
  readonly payload?: Readonly<Record<string, unknown>>;
}

/** A permission block: scope to level, as in a workflow file. */
export type Permissions = Readonly<Record<string, 'read' | 'write' | 'none'>>;

export interface RunOptions {
  /** Folder of the bundle: action.yml, actions/, dist/, .github/workflows/. */
  readonly bundle: string;
  /** Folder of the caller's project. It is read, never written. */
  readonly project: string;
  /** Bare name of a workflow of the bundle. Default `node-service.yml`. */
  readonly workflow?: string;
  /** A workflow file of the project that calls the bundle, relative to the project; instead of a generated caller. */
  readonly caller?: string;
  /** Default: a push of the current branch. */
  readonly event?: EventRequest;
  /** Inputs of the called workflow, as text; converted to the declared type. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Secrets of the called workflow by declared name (`npm-token`). */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Variables of the repository (`vars`). */
  readonly variables?: Readonly<Record<string, string>>;
  /** What the generated caller grants. Default: exactly what the workflow's jobs ask for. */
  readonly permissions?: Permissions;
  /** `owner/name` of the caller on GitHub. Default: from the project's origin, else `octo-org/<folder>`. */
  readonly repository?: string;
  /** Numbers that GitHub gives a run. Default: the next ones after the runs that are known, from 1 000 000 001 and 1; 1. */
  readonly runId?: number;
  readonly runNumber?: number;
  readonly runAttempt?: number;
  readonly comments?: readonly PreparedComment[];
  readonly runs?: readonly PreparedRun[];
  /** Environments that exist, answered by `GET …/environments/{name}`; a name alone is one without reviewers. */
  readonly environments?: readonly (string | PreparedEnvironment)[];
  /** The cache service: as GitHub's (default), or a fault for tests. */
  readonly cacheFault?: 'down' | 'slow' | 'garbage' | 'corrupt';
  /** Folder that keeps cache entries between runs. Default: below the bundle's `.tools/`. */
  readonly cacheFolder?: string;
  /** Folder that keeps what GitHub would remember of earlier runs. Default: below the bundle's `.tools/local/`. */
  readonly stateFolder?: string;
  /** Forgets the earlier runs first. Default false. */
  readonly isFresh?: boolean;
  /** Private RSA key (PEM) that signs identity tokens, so that a stand-in cloud can know it. Default: one for this run. */
  readonly oidcKey?: string;
  /**
   * Form of the subject in identity tokens: `repo:owner/name:…` (default), or with ids, `repo:owner@id/name@id:…`, as
   * repositories made since July 2026 have it.
   */
  readonly oidcSubject?: 'names' | 'ids';
  /** Folder below which this run's temporary folder is made. Default: the system's. */
  readonly tempFolder?: string;
  /** The act program. Default: found on PATH or installed. */
  readonly act?: string;
  /** Variables added to every job's environment (stand-ins' addresses in tests). */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the machine's settings (certificates, proxies, registries, PATH) come from. Default `process.env`. */
  readonly machine?: Readonly<Record<string, string | undefined>>;
  /** Runs jobs side by side, as GitHub does. act 0.2.89 can crash on it ("concurrent map writes"). Default false. */
  readonly parallel?: boolean;
  /** Keeps the temporary folder after the run; its path is in the result. */
  readonly keep?: boolean;
  /** Aborting it does what Ctrl-C does: cancels the run; steps with `always()` and post steps still run. */
  readonly signal?: AbortSignal;
  /** Aborting it ends every process of the run at once. */
  readonly killSignal?: AbortSignal;
  /** Called for everything that happens, in order. Texts are masked. */
  readonly onEvent?: (event: RunEvent) => void;
}

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';

export interface StepResult {
  /** The step's `id`, or its position in the job. */
  readonly id: string;
  readonly name: string;
  readonly stage: 'pre' | 'main' | 'post';
  readonly conclusion: Conclusion;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Outputs as set, not masked: for tests, never for display. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What the step printed, masked, without terminal colours. */
  readonly log: string;
  /** Which lines of the log are groups that fold on GitHub, in order; none is inside another. */
  readonly groups: readonly LogGroup[];
}

/** A group in the log of a step (`::group::` to `::endgroup::`). */
export interface LogGroup {
  /** Index of the line that is its title, and of the first line behind the group, from 0. */
  readonly from: number;
  readonly to: number;
  /** True when the group holds an error annotation, or the step ended inside it. */
  readonly hasFailed: boolean;
}

export interface JobResult {
  /**
   * `<job>` of the called workflow; `<call>/<job>` when calls are nested or a caller has several; a leg of a matrix has
   * its values behind it, or what its name says in their place: `test (1/3)`.
   */
  readonly id: string;
  /** Name shown on GitHub. */
  readonly name: string;
  readonly conclusion: Conclusion;
  readonly durationMs: number;
  /** Name of the job for whose sake this one was skipped: one that it needs and that did not succeed. */
  readonly heldBackBy?: string;
  readonly steps: readonly StepResult[];
  /** Outputs as later jobs got them, not masked. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The deployment that GitHub makes of a job with an environment. */
  readonly deployment?: JobDeployment;
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly job: string;
  readonly step: string;
  readonly message: string;
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
  readonly endLine?: number;
  readonly column?: number;
}

export interface Summary {
  readonly job: string;
  readonly step: string;
  readonly markdown: string;
}

/** One request to the GitHub stand-in, with its answer. */
export interface RecordedExchange {
  readonly job: string;
  readonly method: string;
  /** Path with query, `/repos/o/r/issues/1/comments?per_page=100`. */
  readonly path: string;
  readonly requestBody: unknown;
  readonly status: number;
  readonly responseBody: unknown;
}

export interface RecordedComment {
  readonly id: number;
  readonly issue: number;
  readonly author: string;
  readonly body: string;
  /** How often it was changed after it was created. */
  readonly updates: number;
}

/** An upload to code scanning, as GitHub would take it. */
export interface RecordedSarif {
  readonly id: string;
  readonly job: string;
  readonly commitSha: string;
  readonly ref: string;
  /** Analyses that came of it, one a SARIF run. */
  readonly analyses: readonly { readonly tool: string; readonly category: string; readonly results: number }[];
  /** What GitHub would say while it processes the file; empty when it takes it. */
  readonly errors: readonly string[];
  /** Id of a later upload whose analyses take the place of some of these: same commit, ref, tool and category. */
  readonly replacedBy?: string;
  /** The file itself. */
  readonly sarif: unknown;
}

/** An identity token that a job has asked for (OIDC). */
export interface RecordedIdentityToken {
  readonly job: string;
  readonly audience: string;
  readonly claims: Readonly<Record<string, string>>;
}

/** An artifact that the run has uploaded. */
export interface RecordedArtifact {
  readonly id: number;
  readonly name: string;
  /** Bytes of the archive. */
  readonly size: number;
}

/** One call of the cache service. `hit` is the entry's key for a lookup that found one. */
export interface RecordedCacheCall {
  readonly job: string;
  readonly method: string;
  readonly key: string;
  readonly status: number;
  readonly hit?: string;
}

export interface RunResult {
  /** 0 green, 1 red, 130 interrupted. */
  readonly exitCode: 0 | 1 | 130;
  readonly conclusion: 'success' | 'failure' | 'cancelled';
  readonly durationMs: number;
  readonly jobs: readonly JobResult[];
  /** Outputs of the called workflow, not masked. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly annotations: readonly Annotation[];
  readonly summaries: readonly Summary[];
  readonly requests: readonly RecordedExchange[];
  readonly comments: readonly RecordedComment[];
  readonly codeScanning: readonly RecordedSarif[];
  readonly artifacts: readonly RecordedArtifact[];
  readonly identityTokens: readonly RecordedIdentityToken[];
  /** Keys that the run's identity tokens are signed with; none when none was asked for. */
  readonly jwks: KeySet;
  readonly cacheCalls: readonly RecordedCacheCall[];
  /** Numbers that GitHub would show of the run. */
  readonly runId: number;
  readonly runNumber: number;
  /** Processes that steps left behind and the runner ended, as `pid name`. */
  readonly orphans: readonly string[];
  /** Everything that was printed, masked, without terminal colours. */
  readonly log: string;
  /** The payload that the jobs got as `github.event`. */
  readonly event: Readonly<Record<string, unknown>>;
  /** The temporary folder, when `keep` asked for it. */
  readonly folder?: string;
}

/** What the display is told. */
export type RunEvent =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'job-start'; readonly job: string; readonly name: string }
  | { readonly kind: 'step-start'; readonly job: string; readonly step: string; readonly name: string }
  | { readonly kind: 'line'; readonly job: string; readonly step: string; readonly text: string }
  | { readonly kind: 'annotation'; readonly annotation: Annotation }
  | { readonly kind: 'step-end'; readonly job: string; readonly step: StepResult }
  | { readonly kind: 'job-end'; readonly job: string; readonly conclusion: Conclusion; readonly durationMs: number }
  | { readonly kind: 'summary'; readonly summary: Summary }
  | { readonly kind: 'end'; readonly end: RunEnd };

/** The result as it may be shown: masked, without step logs. */
export interface RunEnd extends Pick<RunResult, 'exitCode' | 'conclusion' | 'durationMs' | 'outputs' | 'orphans'> {
  readonly jobs: readonly Pick<JobResult, 'id' | 'name' | 'conclusion' | 'durationMs' | 'heldBackBy'>[];
  /** The commit that the run works on, and what it is in words of the project's own repository. */
  readonly commit: { readonly sha: string; readonly inWords: string };
  readonly requests: readonly Pick<RecordedExchange, 'job' | 'method' | 'path' | 'status'>[];
  readonly comments: readonly RecordedComment[];
  readonly codeScanning: readonly Omit<RecordedSarif, 'sarif'>[];
  readonly artifacts: readonly RecordedArtifact[];
  readonly cacheCalls: readonly RecordedCacheCall[];
}
