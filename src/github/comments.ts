import { unreadableAnswer } from './answers.ts';
import { ask, askWithHeaders } from './ask.ts';
import type { GitHub } from './client.ts';
import { askAll } from './pages.ts';

/** A comment of a pull request, as far as anybody here wants to know it. */
export interface Comment {
  readonly id: number;
  /** Login of its author; empty when the account is gone. */
  readonly author: string;
  /** Foreign text. */
  readonly body: string;
}

/** GitHub's limit for a comment's body, in UTF-16 units. */
export const LONGEST_COMMENT = 65_536;

const COMMENTS = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
const COMMENT = '/repos/{owner}/{repo}/issues/comments/{comment_id}';
const READ = 'pull-requests: read';
const WRITE = 'pull-requests: write';

/** 30 pages of 100: GitHub takes no more than 2,500 comments on one issue. */
const PAGES = 30;

/** All comments of a pull request, oldest first. Throws as `askAll`. */
export async function listComments(github: GitHub, pullRequest: number): Promise<readonly Comment[]> {
  const call = {
    doing: `list the comments of pull request ${pullRequest}`,
    permission: READ,
    path: { issue_number: pullRequest },
    query: { per_page: 100 },
  };
  const found = await askAll(github, COMMENTS, call, PAGES);
  return found.map(commentOf).sort((a, b) => a.id - b.id);
}

/** @returns the comment as GitHub made it, with the author that the token stands for */
export async function createComment(github: GitHub, pullRequest: number, body: string): Promise<Comment> {
  const doing = `comment on pull request ${pullRequest}`;
  const call = { doing, permission: WRITE, path: { issue_number: pullRequest }, body: { body } };
  return commentOf(await ask(github, 'POST', COMMENTS, call));
}

/** Replaces a comment's body. Throws PIPE-GITHUB-003 when the comment has gone. */
export async function updateComment(github: GitHub, id: number, body: string): Promise<Comment> {
  const call = {
    doing: `change the comment ${id}`,
    permission: WRITE,
    path: { comment_id: id },
    body: { body },
    // The same text twice is the same comment.
    idempotent: true,
  };
  return commentOf(await ask(github, 'PATCH', COMMENT, call));
}

/** Throws PIPE-GITHUB-003 when the comment has gone. */
export async function deleteComment(github: GitHub, id: number): Promise<void> {
  await ask(github, 'DELETE', COMMENT, {
    doing: `delete the comment ${id}`,
    permission: WRITE,
    path: { comment_id: id },
  });
}

function commentOf(found: {
  readonly id: number | bigint;
  readonly body?: string;
  readonly user: { readonly login: string } | null;
}): Comment {
  return { id: Number(found.id), author: found.user?.login ?? '', body: found.body ?? '' };
}

/** The commit that a pull request's head is at now. */
export async function headOf(github: GitHub, pullRequest: number): Promise<string> {
  const found = await ask(github, 'GET', '/repos/{owner}/{repo}/pulls/{pull_number}', {
    doing: `read pull request ${pullRequest}`,
    permission: READ,
    path: { pull_number: pullRequest },
  });
  return found.head.sha;
}

/**
 * Login of whom the token stands for, `github-actions[bot]` for a job's own. By GraphQL, since the REST API tells it to
 * personal tokens only (docs.github.com/graphql/reference/queries, `viewer`).
 */
export async function loginOf(github: GitHub): Promise<string> {
  // Of github.com's REST address; on other servers GraphQL is beside `/api/v3`.
  const url = `${github.api.replace(/\/v3$/, '')}/graphql`;
  const call = {
    doing: 'say whose token this is',
    permission: 'metadata: read',
    body: { query: 'query { viewer { login } }' },
    idempotent: true,
  };
  const { answer } = await askWithHeaders(github, 'POST', url, call);
  const login = (answer as { data?: { viewer?: { login?: unknown } } } | undefined)?.data?.viewer?.login;
  if (typeof login === 'string' && login !== '') return login;
  const asked = { method: 'POST', url, ...call, tries: 1, elapsed: 0 };
  throw unreadableAnswer(200, asked, 'it names nobody');
}
