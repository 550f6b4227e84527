import type { Environment } from '../runtime/environment.ts';
import { PipelineError, shown } from '../runtime/errors.ts';
import { addressOf, ask } from './ask.ts';
import { createGitHub, type GitHub } from './client.ts';
import type { AnswerOf, Call } from './types.ts';

/** What is looked for: a file in an artifact that a green push run of a branch has left. */
export interface EvidenceWish {
  /** The workflow file from the repository's root, `.github/workflows/ci.yml`. */
  readonly workflowPath: string;
  /** Branch without `refs/heads/`. */
  readonly branch: string;
  /** Commit whose run is looked for first. */
  readonly commit?: string | undefined;
  /** Name of the artifact. */
  readonly artifact: string;
  /** Name of the file in it. */
  readonly file: string;
  /** Largest size in bytes, of the artifact as it is packed and of the file as it is unpacked; at most 64 MiB. */
  readonly limit: number;
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
type Artifact = AnswerOf<'/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts', 'GET'>['artifacts'][number];

async function search(github: GitHub, file: string, wish: EvidenceWish): Promise<Evidence> {
  const problems: string[] = [];
  const seen = new Set<Run['id']>();
  const rounds = wish.commit === undefined ? [] : [{ head_sha: wish.commit, most: MOST_EXACT }];
  for (const { most, ...query } of [...rounds, { most: MOST_RUNS }]) {
    for (const run of await runsOf(github, file, wish, query, most)) {
      if (seen.has(run.id)) continue;
      seen.add(run.id);
      const found = await contentOf(github, run, wish);
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

/** The file of a run's artifact, or why there is none. */
async function contentOf(github: GitHub, run: Run, wish: EvidenceWish): Promise<Buffer | string> {
  const { artifacts } = await ask(github, 'GET', '/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts', {
    doing: `list the artifacts of run ${run.run_number}`,
    permission: PERMISSION,
    path: { run_id: Number(run.id) },
    query: { name: wish.artifact, per_page: 100 },
  });
  // Each attempt of a run can leave one: the newest counts.
  const named = artifacts
    .filter(({ name }) => name === wish.artifact)
    .sort((left, right) => Number(right.id) - Number(left.id));
  const artifact = named.find(({ expired }) => !expired);
  if (artifact === undefined) return named.length > 0 ? 'its artifact has expired' : 'it has left no such artifact';
  const size = artifact.size_in_bytes;
  if (size > wish.limit) return `its artifact has ${size} bytes, ${wish.limit} at most`;
  return unpacked(await downloaded(github, artifact), wish);
}

async function downloaded(github: GitHub, artifact: Artifact): Promise<Buffer> {
  const path = '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}';
  const call: Call<typeof path, 'GET'> = {
    doing: `download the artifact ${shown(artifact.name)}`,
    permission: PERMISSION,
    path: { artifact_id: Number(artifact.id), archive_format: 'zip' },
  };
  const url = addressOf<'GET', typeof path>(github, path, call);
  const { body } = await github.send({ method: 'GET', url, doing: call.doing, permission: PERMISSION });
  return body;
}

async function unpacked(archive: Buffer, { file, limit }: EvidenceWish): Promise<Buffer | string> {
  if (archive.length > limit) return `its artifact has ${archive.length} bytes, ${limit} at most`;
  const { unzipSync } = await import('fflate');
  let tooLarge: number | undefined;
  let entries: Readonly<Record<string, Uint8Array>>;
  try {
    entries = unzipSync(archive, {
      filter: ({ name, originalSize }) => {
        // The unpacker writes no byte more than the directory of the archive promises, whatever is packed.
        if (name === file && originalSize > limit) tooLarge = originalSize;
        return name === file && originalSize <= limit;
      },
    });
  } catch (error) {
    return `its artifact is no archive that can be unpacked (${error instanceof Error ? error.message : String(error)})`;
  }
  if (tooLarge !== undefined) return `its ${shown(file)} has ${tooLarge} bytes, ${limit} at most`;
  const content = Object.hasOwn(entries, file) ? entries[file] : undefined;
  return content === undefined ? `its artifact holds no ${shown(file)}` : Buffer.from(content);
}
