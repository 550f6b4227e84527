import type { PreparedComment, RecordedComment } from '../run-types.ts';
import { type Answer, type Call, notFound, problem, type Route, textField } from './api.ts';
import { type Addresses, idOf, user } from './objects.ts';

/** Login of every job's own token. */
export const BOT = 'github-actions[bot]';

/** A comment holds this many characters (GitHub answers 422 beyond). */
const LONGEST = 65_536;

interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly author: string;
  readonly createdAt: string;
  body: string;
  updatedAt: string;
  updates: number;
}

const READS = [
  { scope: 'issues', level: 'read' },
  { scope: 'pull-requests', level: 'read' },
] as const;
const WRITES = [
  { scope: 'issues', level: 'write' },
  { scope: 'pull-requests', level: 'write' },
] as const;

const PAGE = 'issues/comments#';

/**
 * Comments on issues and pull requests (https://docs.github.com/rest/issues/comments).
 *
 * @param issues numbers of the issues and pull requests that exist.
 */
export function commentRoutes(prepared: readonly PreparedComment[], issues: readonly number[], now: () => Date) {
  const comments: Comment[] = prepared.map((comment, index) => {
    const createdAt = comment.createdAt ?? new Date(now().getTime() - 3_600_000).toISOString();
    const author = comment.author ?? BOT;
    const body = comment.body;
    return { id: 1_000 + index, issue: issues[0] ?? 0, author, createdAt, body, updatedAt: createdAt, updates: 0 };
  });
  const find = (call: Call) => comments.find(({ id }) => id === Number(call.params['comment_id']));

  const list = (call: Call): Answer => {
    const number = Number(call.params['issue_number']);
    if (!issues.includes(number)) return notFound(`${PAGE}list-issue-comments`);
    const since = call.query.get('since');
    const items = comments
      .filter(({ issue, updatedAt }) => issue === number && (since === null || updatedAt >= since))
      .map((comment) => rendered(comment, call.addresses));
    return { status: 200, list: { items } };
  };

  const create = (call: Call): Answer => {
    const issue = Number(call.params['issue_number']);
    if (!issues.includes(issue)) return notFound(`${PAGE}create-an-issue-comment`);
    const body = textField(call.body, 'body');
    const refusal = refusalOf(body, `${PAGE}create-an-issue-comment`);
    if (refusal !== undefined || body === undefined) return refusal ?? notFound(PAGE);
    const createdAt = now().toISOString();
    const comment = {
      id: 2_000 + comments.length,
      issue,
      author: BOT,
      createdAt,
      body,
      updatedAt: createdAt,
      updates: 0,
    };
    comments.push(comment);
    return { status: 201, body: rendered(comment, call.addresses) };
  };

  const update = (call: Call): Answer => {
    const comment = find(call);
    if (comment === undefined) return notFound(`${PAGE}update-an-issue-comment`);
    const body = textField(call.body, 'body');
    const refusal = refusalOf(body, `${PAGE}update-an-issue-comment`);
    if (refusal !== undefined || body === undefined) return refusal ?? notFound(PAGE);
    comment.body = body;
    comment.updatedAt = now().toISOString();
    comment.updates += 1;
    return { status: 200, body: rendered(comment, call.addresses) };
  };

  const get = (call: Call): Answer => {
    const comment = find(call);
    if (comment === undefined) return notFound(`${PAGE}get-an-issue-comment`);
    return { status: 200, body: rendered(comment, call.addresses) };
  };

  const remove = (call: Call): Answer => {
    const comment = find(call);
    if (comment === undefined) return notFound(`${PAGE}delete-an-issue-comment`);
    comments.splice(comments.indexOf(comment), 1);
    return { status: 204 };
  };

  const ofIssue = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
  const one = '/repos/{owner}/{repo}/issues/comments/{comment_id}';
  const routes: readonly Route[] = [
    { method: 'GET', path: ofIssue, needs: READS, page: `${PAGE}list-issue-comments`, handle: list },
    { method: 'POST', path: ofIssue, needs: WRITES, page: `${PAGE}create-an-issue-comment`, handle: create },
    { method: 'GET', path: one, needs: READS, page: `${PAGE}get-an-issue-comment`, handle: get },
    { method: 'PATCH', path: one, needs: WRITES, page: `${PAGE}update-an-issue-comment`, handle: update },
    { method: 'DELETE', path: one, needs: WRITES, page: `${PAGE}delete-an-issue-comment`, handle: remove },
  ];
  const recorded = (): readonly RecordedComment[] =>
    comments.map(({ id, issue, author, body, updates }) => ({ id, issue, author, body, updates }));
  return { routes, recorded };
}

function refusalOf(body: string | undefined, page: string): Answer | undefined {
  if (body === undefined) {
    return { status: 422, body: problem('Invalid request.\n\n"body" wasn\'t supplied.', page, 422) };
  }
  const custom = (message: string) => [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }];
  if (body.trim() === '') {
    return { status: 422, body: problem('Validation Failed', page, 422, custom('Body cannot be blank')) };
  }
  if (body.length > LONGEST) {
    const errors = custom(`Body is too long (maximum is ${LONGEST} characters)`);
    return { status: 422, body: problem('Validation Failed', page, 422, errors) };
  }
  return undefined;
}

/** `issue-comment` */
function rendered(comment: Comment, addresses: Addresses) {
  const { api, owner, name } = addresses;
  const repo = `${api}/repos/${owner}/${name}`;
  const url = `${repo}/issues/comments/${comment.id}`;
  return {
    id: comment.id,
    node_id: Buffer.from(`IssueComment:${comment.id}`).toString('base64url'),
    url,
    html_url: `https://github.com/${owner}/${name}/pull/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${repo}/issues/${comment.issue}`,
    user: user(addresses, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    body: comment.body,
    author_association: comment.author === owner ? 'OWNER' : 'NONE',
    performed_via_github_app: comment.author === BOT ? actionsApp(addresses) : null,
    reactions: {
      url: `${url}/reactions`,
      total_count: 0,
      '+1': 0,
      '-1': 0,
      laugh: 0,
      hooray: 0,
      confused: 0,
      heart: 0,
      rocket: 0,
      eyes: 0,
    },
  };
}

/** `integration`: the app behind every job token; its id is GitHub's own. */
function actionsApp(addresses: Addresses) {
  return {
    id: 15_368,
    slug: 'github-actions',
    node_id: Buffer.from('App:15368').toString('base64url'),
    owner: user(addresses, 'github'),
    name: 'GitHub Actions',
    description: 'Automate your workflow from idea to production',
    external_url: 'https://help.github.com/en/actions',
    html_url: 'https://github.com/apps/github-actions',
    created_at: '2018-07-30T09:30:17Z',
    updated_at: '2025-01-01T00:00:00Z',
    permissions: {},
    events: [],
    client_id: `Iv1.${idOf('github-actions').toString(16)}`,
  };
}
