import { gzipSync } from 'node:zlib';
import { NOT_FOUND, PERMISSION_MISSING } from '../github/answers.ts';
import { ask, hasCode } from '../github/ask.ts';
import type { GitHub } from '../github/client.ts';
import { PipelineError } from '../runtime/errors.ts';
import { isMap } from '../runtime/yaml.ts';

export interface SarifUpload {
  /** The file's text: foreign, it may come from a job that runs project code. */
  readonly sarif: string;
  /** Put before the categories of the runs in the file, where a workflow uploads several. */
  readonly category?: string | undefined;
  /** Commit that was scanned; on pull requests GitHub's merge commit. */
  readonly sha: string;
  /** `refs/heads/main`, `refs/pull/7/merge`. */
  readonly ref: string;
}

export type Uploaded =
  | { readonly kind: 'uploaded'; readonly id: string }
  /** Not taken, and why: something for a notice, no failure. */
  | { readonly kind: 'refused'; readonly reason: string };

/** GitHub's limits: packed size, and runs in a file. */
const MOST_BYTES = 10 * 1024 * 1024;
const MOST_RUNS = 20;

/**
 * Hands a SARIF file to code scanning (REST API, "Upload an analysis as SARIF data"). A token without
 * `security-events: write` (pull requests of forks), a repository without code scanning and a file that GitHub would not
 * take are reasons, not failures: the gate has spoken already.
 *
 * @throws OutsideFault PIPE-GITHUB-004, -005 GitHub did not answer or failed
 */
export async function uploadSarif(github: GitHub, upload: SarifUpload): Promise<Uploaded> {
  const document = documentOf(upload.sarif, upload.category);
  if (typeof document === 'string') return { kind: 'refused', reason: document };
  const packed = gzipSync(JSON.stringify(document));
  if (packed.length > MOST_BYTES) {
    return { kind: 'refused', reason: `it has ${packed.length} bytes packed, GitHub takes ${MOST_BYTES}` };
  }
  try {
    const answer: unknown = await ask(github, 'POST', '/repos/{owner}/{repo}/code-scanning/sarifs', {
      doing: 'upload the findings to code scanning',
      permission: 'security-events: write',
      path: {},
      body: { commit_sha: upload.sha, ref: upload.ref, sarif: packed.toString('base64') },
      // The same file twice is one analysis.
      idempotent: true,
    });
    const id = isMap(answer) && typeof answer['id'] === 'string' ? answer['id'] : '';
    return { kind: 'uploaded', id };
  } catch (error) {
    if (!hasCode(error, PERMISSION_MISSING) && !hasCode(error, NOT_FOUND)) throw error;
    const reason = error instanceof PipelineError ? error.faults[0].what : String(error);
    return { kind: 'refused', reason: `${reason} (code scanning may be off in this repository)` };
  }
}

/** The file with its categories, or what is wrong with it. */
function documentOf(text: string, category: string | undefined): Readonly<Record<string, unknown>> | string {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (!isMap(document) || document['version'] !== '2.1.0' || !Array.isArray(document['runs'])) {
    return 'it is not SARIF 2.1.0';
  }
  const runs: readonly unknown[] = document['runs'];
  if (runs.length === 0 || runs.length > MOST_RUNS) return `it has ${runs.length} runs, GitHub takes 1 to ${MOST_RUNS}`;
  if (!runs.every(isMap)) return 'one of its runs is no object';
  const named = runs.filter(isMap).map((run, index) => {
    const details = isMap(run['automationDetails']) ? run['automationDetails'] : {};
    const own = typeof details['id'] === 'string' ? details['id'] : `run-${index + 1}/`;
    return { ...run, automationDetails: { ...details, id: category === undefined ? own : `${category}/${own}` } };
  });
  return { ...document, runs: named };
}
