import type { Environment } from '../runtime/environment.ts';
import { PipelineError, shown } from '../runtime/errors.ts';
import { type ArtifactFile, fileOfRun } from './artifact-file.ts';
import { ask } from './ask.ts';
import { createGitHub, type GitHub } from './client.ts';
import type { AnswerOf } from './types.ts';

/** What is looked for: a file in an artifact that a green push run of a branch has left. */
export interface EvidenceWish extends ArtifactFile {
  /** The workflow file from the repository's root, `.github/workflows/ci.yml`. */
  readonly workflowPath: string;
  /** Branch without `refs/heads/`. */
  readonly branch: string;
  /** Commit whose run is looked for first. */
  readonly commit?: string | undefined;
}

export interface EvidenceSurroundings {
  /** The step's own: where the API is, which repository, which proxy. */
  readonly environment: Environment;
  readonly token: string;
  readonly signal?: AbortSignal | undefined;
}

export type Evidence =
  | {
      readonly kind: 'found';
      readonly content: Buffer;
      readonly runId: number;
      /** What people call the run. */
      readonly runNumber: number;
      /** Page of the run. */
      readonly page: string;
      /** Commit that the run worked on. */
      readonly commit: string;
      /** Whether that is the commit that was asked for. */
      readonly isExact: boolean;
    }
  | {
      readonly kind: 'none';
      /** Why, as a phrase that can stand behind "not measured:". */
      readonly reason: string;
    };

/** Permission that all of it needs. */
const PERMISSION = 'actions: read';

/** Runs of the exact commit that are looked through, and runs of the branch. */
const MOST_EXACT = 5;
const MOST_RUNS = 10;

/**
 * Finds what the last green push run of a branch left as an artifact, the run of one exact commit first: the one kind of
 * record that a pull request can't write (its own runs have the event `pull_request`, those of a fork belong to the
 * fork; a cache, in contrast, can be shadowed). Only runs of this workflow file, event `push`, conclusion `success`, of
 * this repository's branch; both what GitHub was asked for and what it answered is checked. Never throws for what
 * GitHub answers: a missing permission, an expired artifact and a service that is down are reasons.
 *
 * REST API: "List workflow runs for a workflow", "List workflow run artifacts", "Download an artifact"
 * (docs.github.com/rest/actions). The download is a redirect that is followed without the token.
 *
 * @throws ConfigurationError PIPE-GITHUB-007 no usable token or repository
 */
export async function findEvidence(wish: EvidenceWish, surroundings: EvidenceSurroundings): Promise<Evidence> {
  const file = /^\.github\/workflows\/([^/]+\.ya?ml)$/.exec(wish.workflowPath)?.[1];
  if (file === undefined) {
    return { kind: 'none', reason: `the runner names no workflow file but ${shown(wish.workflowPath)}` };
  }
  const { environment, token, signal } = surroundings;
  const github = createGitHub({ environment, token, ...(signal === undefined ? {} : { signal }) });
  try {
    return await search(github, file, wish);
  } catch (error) {
    if (!(error instanceof PipelineError) || signal?.aborted === true) throw error;
    const [{ what, accepted, example }] = error.faults;
    const wanted = error.kind === 'configuration' && accepted !== undefined ? `; it takes ${accepted}` : '';
    return { kind: 'none', reason: `${what}${wanted}${example === undefined ? '' : `, ${example}`}` };
  } finally {
    github.close();
  }
}

type Run = AnswerOf<'/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', 'GET'>['workflow_runs'][number];

async function search(github: GitHub, file: string, wish: EvidenceWish): Promise<Evidence> {
  const problems: string[] = [];
  const seen = new Set<Run['id']>();
  const rounds = wish.commit === undefined ? [] : [{ head_sha: wish.commit, most: MOST_EXACT }];
  for (const { most, ...query } of [...rounds, { most: MOST_RUNS }]) {
    for (const run of await runsOf(github, file, wish, query, most)) {
      if (seen.has(run.id)) continue;
      seen.add(run.id);
      const found = await fileOfRun(github, run, wish);
      if (typeof found === 'string') problems.push(`run ${run.run_number}: ${found}`);
      else return { kind: 'found', content: found, ...told(run, wish) };
    }
  }
  const where = `of ${file} for a push to ${shown(wish.branch)}`;
  const [first] = problems;
  if (first === undefined) return { kind: 'none', reason: `there is no green run ${where} yet` };
  return { kind: 'none', reason: `no green run ${where} among the newest ${problems.length} has left it (${first})` };
}

function told(run: Run, { commit }: EvidenceWish) {
  const { id, run_number: runNumber, html_url: page, head_sha } = run;
  return { runId: Number(id), runNumber, page, commit: head_sha, isExact: head_sha === commit };
}

/** Green push runs of the branch, newest first. */
async function runsOf(
  github: GitHub,
  file: string,
  wish: EvidenceWish,
  query: { readonly head_sha?: string },
  most: number,
): Promise<readonly Run[]> {
  const { workflow_runs: runs } = await ask(
    github,
    'GET',
    '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
    {
      doing: `list the runs of ${file} on ${shown(wish.branch)}`,
      permission: PERMISSION,
      path: { workflow_id: file },
      query: { branch: wish.branch, event: 'push', status: 'success', per_page: most, ...query },
    },
  );
  // What decides is not left to a filter on the other side.
  const isEvidence = (run: Run) =>
    run.event === 'push' &&
    run.conclusion === 'success' &&
    run.head_branch === wish.branch &&
    run.path.split('@', 1)[0] === wish.workflowPath &&
    run.head_repository?.id === run.repository.id &&
    (query.head_sha === undefined || run.head_sha === query.head_sha);
  return runs.filter(isEvidence).slice(0, most);
}
