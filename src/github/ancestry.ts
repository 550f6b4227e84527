import type { Environment } from '../runtime/environment.ts';
import { NOT_FOUND, PERMISSION_MISSING } from './answers.ts';
import { ask, hasCode } from './ask.ts';
import { createGitHub } from './client.ts';

export interface AncestrySurroundings {
  /** The step's own: where the API is, which repository, which proxy. */
  readonly environment: Environment;
  readonly token: string;
  readonly signal?: AbortSignal | undefined;
}

/** What two commits are to each other, as the second sees the first. */
export type Ancestry = 'ancestor' | 'same' | 'descendant' | 'diverged' | 'unknown';

/**
 * Whether a commit is an ancestor of another (REST API, "Compare two commits").
 *
 * @returns `unknown` when the token may not see it, or one of them is not in this repository
 * @throws ConfigurationError PIPE-GITHUB-001 the token is not known, PIPE-GITHUB-007 no usable token or repository
 * @throws OutsideFault PIPE-GITHUB-004 to 006
 */
export async function ancestryOf(
  commit: string,
  other: string,
  { environment, token, signal }: AncestrySurroundings,
): Promise<Ancestry> {
  if (commit === other) return 'same';
  const github = createGitHub({ environment, token, ...(signal === undefined ? {} : { signal }) });
  try {
    const { status } = await ask(github, 'GET', '/repos/{owner}/{repo}/compare/{basehead}', {
      doing: `compare ${commit.slice(0, 8)} with ${other.slice(0, 8)}`,
      permission: 'contents: read',
      path: { basehead: `${commit}...${other}` },
      // The lists of commits and files are not wanted.
      query: { per_page: 1 },
    });
    return STATUSES[status] ?? 'unknown';
  } catch (error) {
    if (hasCode(error, NOT_FOUND) || hasCode(error, PERMISSION_MISSING)) return 'unknown';
    throw error;
  } finally {
    github.close();
  }
}

/** GitHub's word says how the second is to the first. */
const STATUSES: Readonly<Record<string, Ancestry>> = {
  ahead: 'ancestor',
  behind: 'descendant',
  identical: 'same',
  diverged: 'diverged',
};
