import { randomUUID } from 'node:crypto';
import type { RunContext } from '../events.ts';
import { idOf } from '../github/objects.ts';
import type { Setting } from '../run-setting.ts';
import type { StoredRun } from '../state/run-file.ts';

/** Issuer of every identity token of github.com. */
export const ISSUER = 'https://token.actions.githubusercontent.com';

/** What is the same in all tokens of a run. */
export interface RunClaims {
  /** `owner/name` */
  readonly repository: string;
  readonly actor: string;
  readonly event: string;
  readonly ref: string;
  readonly refType: 'branch' | 'tag';
  readonly sha: string;
  /** Branches of a pull request, else empty. */
  readonly headRef: string;
  readonly baseRef: string;
  /** Name of the caller's workflow, and its file with the ref. */
  readonly workflow: string;
  readonly workflowRef: string;
  readonly runId: number;
  readonly runNumber: number;
  readonly attempt: number;
  readonly subject: 'names' | 'ids';
}

/** What belongs to one job. */
export interface JobClaims {
  /** Id of its check run. */
  readonly checkRun: number;
  /** `owner/name/.github/workflows/file.yml@refs/…` of the file that the job stands in, and that file's commit. */
  readonly workflowRef: string;
  readonly workflowSha: string;
  /** The job's `environment`, evaluated; empty without one. */
  readonly environment: string;
}

/** What the tokens of a run say. */
export function claimsOf(setting: Setting, context: RunContext, own: StoredRun): RunClaims {
  const { options, snapshot, caller, repository } = setting;
  const { pullRequest, actor, ref, refType, sha } = context;
  return {
    ...{ repository, actor, ref, refType, sha, event: own.event, workflow: own.name },
    headRef: pullRequest === undefined ? '' : snapshot.branch,
    baseRef: pullRequest === undefined ? '' : snapshot.baseBranch,
    workflowRef: `${repository}/${caller.label}@${ref}`,
    ...{ runId: own.id, runNumber: own.runNumber, attempt: own.attempt },
    subject: options.oidcSubject ?? 'names',
  };
}

/**
 * The claims of an identity token (https://docs.github.com/actions/reference/security/oidc#oidc-token-claims). All are
 * texts but the three times.
 *
 * @param audience what the job asks for; the owner's page on GitHub when it does not.
 * @param now seconds since 1970.
 */
export function identityClaims(run: RunClaims, job: JobClaims, audience: string | undefined, now: number) {
  const owner = run.repository.split('/')[0] ?? '';
  return {
    jti: randomUUID(),
    sub: subjectOf(run, job),
    aud: audience ?? `https://github.com/${owner}`,
    iss: ISSUER,
    iat: now,
    nbf: now - 600,
    exp: now + 300,
    actor: run.actor,
    actor_id: String(idOf(run.actor)),
    base_ref: run.baseRef,
    check_run_id: String(job.checkRun),
    ...(job.environment === '' ? {} : { environment: job.environment }),
    event_name: run.event,
    head_ref: run.headRef,
    job_workflow_ref: job.workflowRef,
    job_workflow_sha: job.workflowSha,
    ref: run.ref,
    ref_protected: 'false',
    ref_type: run.refType,
    repository: run.repository,
    repository_id: String(idOf(run.repository)),
    repository_owner: owner,
    repository_owner_id: String(idOf(owner)),
    repository_visibility: 'private',
    run_attempt: String(run.attempt),
    run_id: String(run.runId),
    run_number: String(run.runNumber),
    runner_environment: 'github-hosted',
    sha: run.sha,
    workflow: run.workflow,
    workflow_ref: run.workflowRef,
    workflow_sha: run.sha,
  };
}

/** https://docs.github.com/actions/reference/security/oidc#example-subject-claims */
function subjectOf(run: RunClaims, { environment }: JobClaims): string {
  const [owner = '', name = ''] = run.repository.split('/');
  const repository = run.subject === 'ids' ? `${owner}@${idOf(owner)}/${name}@${idOf(run.repository)}` : run.repository;
  // A colon in the name of an environment would make another claim of it.
  if (environment !== '') return `repo:${repository}:environment:${environment.replaceAll(':', '%3A')}`;
  return run.event === 'pull_request' ? `repo:${repository}:pull_request` : `repo:${repository}:ref:${run.ref}`;
}
