import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

/** A strict stand-in for the few endpoints of GitHub's API that a report uses, over real HTTP. */
export interface ApiServer {
  readonly url: string;
  /** Every request in the order in which it came, `GET /repos/acme/shop/issues/7/comments?per_page=100`. */
  readonly requests: readonly string[];
  /** What clients did that GitHub's description does not allow. */
  readonly violations: readonly string[];
  readonly comments: StoredComment[];
  /** Commit of the pull request's head. */
  head: string;
  /** Replaces or delays an answer; undefined lets the server answer. */
  intercept: (request: ApiRequest) => Promise<ApiAnswer | undefined> | ApiAnswer | undefined;
}

export interface StoredComment {
  readonly id: number;
  readonly author: string;
  body: string;
}

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly token: string;
  readonly body: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiSettings {
  /** Tokens to logins and what they may do with pull requests. */
  readonly tokens?: Readonly<Record<string, { readonly login: string; readonly may: 'none' | 'read' | 'write' }>>;
  readonly comments?: readonly { readonly author: string; readonly body: string }[];
}

export const BOT = 'github-actions[bot]';
export const HEAD = 'a'.repeat(40);
export const PULL_REQUEST = 7;

const PAGES = /^\/repos\/acme\/shop\/issues\/7\/comments$/;
const ONE = /^\/repos\/acme\/shop\/issues\/comments\/(\d+)$/;

export async function startApi(settings: ApiSettings = {}): Promise<ApiServer> {
  const tokens = settings.tokens ?? { 'job-token': { login: BOT, may: 'write' } };
  const requests: string[] = [];
  const violations: string[] = [];
  let lastId = 100;
  const comments: StoredComment[] = (settings.comments ?? []).map(({ author, body }) => {
    lastId += 1;
    return { id: lastId, author, body };
  });
  const state: ApiServer = {
    url: '',
    requests,
    violations,
    comments,
    head: HEAD,
    intercept: () => undefined,
  };
  const nextId = () => {
    lastId += 1;
    return lastId;
  };

  const answerTo = async (incoming: IncomingMessage): Promise<ApiAnswer> => {
    const path = incoming.url ?? '/';
    const method = incoming.method ?? 'GET';
    requests.push(`${method} ${path}`);
    const text = await bodyOf(incoming);
    violations.push(...headerFaults(incoming, text));
    const [, token = ''] = /^Bearer (\S+)$/.exec(incoming.headers.authorization ?? '') ?? [];
    const request: ApiRequest = { method, path, token, body: text === '' ? undefined : JSON.parse(text) };
    const replaced = await state.intercept(request);
    if (replaced !== undefined) return replaced;
    const who = tokens[token];
    if (who === undefined) return { status: 401, body: { message: 'Bad credentials' } };
    return handle(request, who, { state, comments, violations, nextId });
  };

  const server = createServer((incoming, outgoing) => {
    answerTo(incoming).then(
      (answer) => send(outgoing, answer),
      (error: unknown) => {
        violations.push(String(error));
        send(outgoing, { status: 400, body: { message: 'Problems parsing JSON' } });
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return Object.assign(state, { url: `http://127.0.0.1:${address.port}` });
}

interface Inside {
  readonly state: ApiServer;
  readonly comments: StoredComment[];
  readonly violations: string[];
  readonly nextId: () => number;
}

function handle(request: ApiRequest, who: { login: string; may: string }, inside: Inside): ApiAnswer {
  const { method } = request;
  const url = new URL(request.path, inside.state.url);
  if (method === 'POST' && url.pathname === '/graphql') {
    const { query } = request.body as { query?: string };
    if (!/^query \{ viewer \{ login \} \}$/.test(query ?? '')) inside.violations.push(`unknown query ${query}`);
    return { status: 200, body: { data: { viewer: { login: who.login } } } };
  }
  const needed = method === 'GET' ? ['read', 'write'] : ['write'];
  if (!needed.includes(who.may)) {
    return {
      status: 403,
      headers: { 'x-accepted-github-permissions': 'issues=write; pull_requests=write' },
      body: { message: 'Resource not accessible by integration', status: '403' },
    };
  }
  if (method === 'GET' && url.pathname === '/repos/acme/shop/pulls/7') {
    return { status: 200, body: { number: PULL_REQUEST, head: { sha: inside.state.head, ref: 'feature' } } };
  }
  if (PAGES.test(url.pathname)) return ofIssue(request, url, who, inside);
  const [, id] = ONE.exec(url.pathname) ?? [];
  if (id !== undefined) return ofComment(request, Number(id), inside);
  inside.violations.push(`no such endpoint: ${method} ${request.path}`);
  return { status: 404, body: { message: 'Not Found' } };
}

function ofIssue(request: ApiRequest, url: URL, who: { login: string }, inside: Inside): ApiAnswer {
  const { comments, state } = inside;
  if (request.method === 'POST') {
    const comment = { id: inside.nextId(), author: who.login, body: bodyText(request, inside) };
    comments.push(comment);
    return { status: 201, body: shownComment(comment) };
  }
  const size = Number(url.searchParams.get('per_page') ?? 30);
  if (!(size >= 1 && size <= 100)) inside.violations.push(`per_page=${size}`);
  const page = Number(url.searchParams.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(comments.length / size));
  const at = (target: number) => {
    const link = new URL(url.pathname, state.url);
    link.search = new URLSearchParams({ per_page: String(size), page: String(target) }).toString();
    return link.href;
  };
  const next = page < last ? [`<${at(page + 1)}>; rel="next"`, `<${at(last)}>; rel="last"`] : [];
  const previous = page > 1 ? [`<${at(page - 1)}>; rel="prev"`, `<${at(1)}>; rel="first"`] : [];
  const links = [...previous, ...next].join(', ');
  return {
    status: 200,
    body: comments.slice((page - 1) * size, page * size).map(shownComment),
    headers: links === '' ? {} : { link: links },
  };
}

function ofComment(request: ApiRequest, id: number, inside: Inside): ApiAnswer {
  const { comments } = inside;
  const comment = comments.find((one) => one.id === id);
  if (comment === undefined) return { status: 404, body: { message: 'Not Found' } };
  if (request.method === 'DELETE') {
    comments.splice(comments.indexOf(comment), 1);
    return { status: 204 };
  }
  if (request.method === 'PATCH') comment.body = bodyText(request, inside);
  return { status: 200, body: shownComment(comment) };
}

function bodyText(request: ApiRequest, { violations }: Inside): string {
  const body = request.body as Record<string, unknown> | undefined;
  const text = body?.['body'];
  if (typeof text !== 'string' || text.length === 0 || text.length > 65_536 || Object.keys(body ?? {}).length !== 1) {
    violations.push(`a body of ${typeof text === 'string' ? text.length : typeof text}`);
  }
  return String(text);
}

function shownComment({ id, author, body }: StoredComment) {
  return { id, body, user: { login: author, type: author.endsWith('[bot]') ? 'Bot' : 'User' } };
}

function headerFaults({ headers, method }: IncomingMessage, text: string): string[] {
  const faults: string[] = [];
  if ((headers['user-agent'] ?? '') === '') faults.push('no user-agent');
  if (headers.accept !== 'application/vnd.github+json') faults.push(`accept: ${headers.accept}`);
  if (headers['x-github-api-version'] !== '2022-11-28') faults.push('no api version');
  if (method === 'GET' && text !== '') faults.push('a GET with a body');
  if (text !== '' && !/^application\/json/.test(headers['content-type'] ?? '')) faults.push('a body that is not JSON');
  return faults;
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function send(outgoing: ServerResponse, { status, body, headers = {} }: ApiAnswer): void {
  outgoing.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  outgoing.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
}
