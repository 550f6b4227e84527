import type { Environment } from '../runtime/environment.ts';

/** Which run this is, in an order: of two runs of one workflow the one with the greater id was started later. */
export interface RunIdentity {
  readonly id: number;
  /** Counts the runs of one workflow file; what people call the run. */
  readonly number: number;
  readonly attempt: number;
  /** The caller's workflow file, `.github/workflows/ci.yml`, or its name where the runner does not know the file. */
  readonly workflow: string;
  /** Commit that the run works on; for a pull request GitHub's merge of it. */
  readonly sha: string;
  /** The run's page, `https://github.com/acme/shop/actions/runs/1`; undefined outside of GitHub. */
  readonly page: string | undefined;
  /** The repository's page, `https://github.com/acme/shop`; undefined outside of GitHub. */
  readonly repositoryPage: string | undefined;
}

/** Reads the run's identity from the variables that GitHub sets in every job; a number that is missing is 0. */
export function runIdentityOf(environment: Environment): RunIdentity {
  const id = countOf(environment['GITHUB_RUN_ID']);
  const server = environment['GITHUB_SERVER_URL'] ?? '';
  const repository = environment['GITHUB_REPOSITORY'] ?? '';
  const isKnown = /^https:\/\/[A-Za-z0-9.-]+(:\d+)?$/.test(server) && /^[\w-]+\/[\w.-]+$/.test(repository);
  const repositoryPage = isKnown ? `${server}/${repository}` : undefined;
  return {
    id,
    number: countOf(environment['GITHUB_RUN_NUMBER']),
    attempt: countOf(environment['GITHUB_RUN_ATTEMPT']),
    workflow: workflowOf(environment),
    sha: /^[0-9a-f]{40,64}$/.exec(environment['GITHUB_SHA'] ?? '')?.[0] ?? '',
    page: repositoryPage === undefined || id === 0 ? undefined : `${repositoryPage}/actions/runs/${id}`,
    repositoryPage,
  };
}

/** GITHUB_WORKFLOW_REF is `owner/name/.github/workflows/ci.yml@refs/…`; the path is unique where the name is not. */
function workflowOf(environment: Environment): string {
  const [, path] = /^[^/]+\/[^/]+\/([^@]+)@/.exec(environment['GITHUB_WORKFLOW_REF'] ?? '') ?? [];
  return path ?? environment['GITHUB_WORKFLOW'] ?? '';
}

function countOf(value: string | undefined): number {
  return /^\d{1,15}$/.test(value ?? '') ? Number(value) : 0;
}

/** Whether `left` was started after `right`: a later run, or a later attempt of the same run. */
export function isLater(left: RunOrder, right: RunOrder): boolean {
  return left.id === right.id ? left.attempt > right.attempt : left.id > right.id;
}

/** What of a run decides the order. */
export type RunOrder = Pick<RunIdentity, 'id' | 'attempt'>;
