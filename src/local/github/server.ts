import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../loopback-server.ts';
import { allows } from '../permissions.ts';
import type { RecordedComment, RecordedExchange } from '../run-types.ts';
import { type Answer, type Call, type GitHubStandIn, type JobIdentity, problem, type Route } from './api.ts';
import type { Addresses } from './objects.ts';

export interface ServerSettings {
  readonly owner: string;
  readonly name: string;
  /** Job tokens to jobs. */
  readonly tokens: ReadonlyMap<string, JobIdentity>;
  /** Asked for at each request: they are made when the event is known. */
  readonly routes: () => readonly Route[];
  readonly comments: () => readonly RecordedComment[];
}

/** Requests an hour that a job token has (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api). */
const RATE_LIMIT = 1_000;
/** Bytes of a request; the largest is a SARIF file of 10 MB, base64. */
const LONGEST_BODY = 20 * 1024 * 1024;

/**
 * Starts the stand-in for GitHub's REST API on a free port of 127.0.0.1. Each token does what its job's permission
 * block allows and gets GitHub's 403 for everything else; what the stand-in does not know is a 404 in the record.
 */
export async function startGitHub(settings: ServerSettings): Promise<GitHubStandIn> {
  const requests: RecordedExchange[] = [];
  let addresses: Addresses = { api: '', owner: settings.owner, name: settings.name };

  const server = createServer((request, response) => {
    const answering = answerTo(request).then((exchange) => {
      requests.push(exchange.record);
      send(response, exchange.answer, addresses, request.url ?? '/', requests.length);
    });
    answering.catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(problem(`The stand-in failed: ${String(error)}`, '', 500)));
    });
  });

  const answerTo = async (request: IncomingMessage) => {
    const { method = 'GET', url = '/' } = request;
    const body = await readBody(request);
    const job = settings.tokens.get(tokenOf(request));
    const answer = await dispatch({
      method,
      url: new URL(url, addresses.api),
      body,
      job,
      addresses,
      routes: settings.routes(),
    });
    const responseBody = answer.list === undefined ? answer.body : paged(answer.list, new URL(url, addresses.api)).body;
    const record: RecordedExchange = {
      job: job?.id ?? '(unknown token)',
      method,
      path: url,
      requestBody: body.value,
      status: answer.status,
      responseBody,
    };
    return { answer, record };
  };

  const listening = await listenOnLoopback(server);
  addresses = { ...addresses, api: listening.url };
  return {
    url: addresses.api,
    requests,
    comments: settings.comments,
    close: listening.close,
  };
}

interface Body {
  readonly value: unknown;
  readonly isBroken: boolean;
}

async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LONGEST_BODY) return { value: undefined, isBroken: true };
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return { value: undefined, isBroken: false };
  try {
    return { value: JSON.parse(text), isBroken: false };
  } catch {
    // A body that is no JSON is answered with 400, as GitHub does.
    return { value: text, isBroken: true };
  }
}

function tokenOf(request: IncomingMessage): string {
  return /^(?:token|bearer)\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

interface Request {
  readonly method: string;
  readonly url: URL;
  readonly body: Body;
  readonly job: JobIdentity | undefined;
  readonly addresses: Addresses;
  readonly routes: readonly Route[];
}

async function dispatch({ method, url, body, job, addresses, routes }: Request): Promise<Answer> {
  if (job === undefined) return { status: 401, body: problem('Bad credentials', '', 401) };
  const matches = routes.flatMap((route) => {
    const params = matchPath(route.path, url.pathname);
    return params === undefined ? [] : [{ route, params }];
  });
  const match = matches.find(({ route }) => route.method === method);
  if (match === undefined) return { status: 404, body: problem('Not Found', '', 404) };
  const { route, params } = match;
  const isOwn = params['owner'] === undefined || isRepository(params, addresses);
  if (!isOwn) return { status: 404, body: problem('Not Found', route.page, 404) };
  if (route.needs.length > 0 && !route.needs.some((need) => allows(job.permissions, need.scope, need.level))) {
    return {
      status: 403,
      body: problem('Resource not accessible by integration', route.page, 403),
      headers: { 'x-accepted-github-permissions': route.needs.map(accepted).join('; ') },
    };
  }
  if (body.isBroken) return { status: 400, body: problem('Problems parsing JSON', route.page, 400) };
  const call: Call = { params, query: url.searchParams, body: body.value, job, addresses };
  return route.handle(call);
}

function accepted({ scope, level }: Route['needs'][number]): string {
  return `${scope.replaceAll('-', '_')}=${level}`;
}

function isRepository(params: Readonly<Record<string, string>>, { owner, name }: Addresses): boolean {
  return `${params['owner']}/${params['repo']}`.toLowerCase() === `${owner}/${name}`.toLowerCase();
}

/** Values of a path template's parameters; the last one may contain slashes (a ref, a comparison). */
function matchPath(template: string, path: string): Record<string, string> | undefined {
  const names: string[] = [];
  const pattern = template.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    names.push(name);
    return name === 'ref' || name === 'basehead' || name === 'environment_name' ? '(.+)' : '([^/]+)';
  });
  const match = new RegExp(`^${pattern}$`).exec(path);
  if (match === null) return undefined;
  try {
    return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]));
  } catch {
    // A broken percent escape names nothing.
    return undefined;
  }
}

/** One page of a list and the Link header (https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api). */
function paged(list: NonNullable<Answer['list']>, url: URL): { body: unknown; link: string } {
  const size = clamp(Number(url.searchParams.get('per_page') ?? 30), 1, 100);
  const last = Math.max(1, Math.ceil(list.items.length / size));
  const page = clamp(Number(url.searchParams.get('page') ?? 1), 1, Number.MAX_SAFE_INTEGER);
  const items = list.items.slice((page - 1) * size, page * size);
  const relation = (name: string, target: number) => {
    const address = new URL(url);
    address.searchParams.set('page', String(target));
    return `<${address.href}>; rel="${name}"`;
  };
  const links = [
    ...(page > 1 ? [relation('prev', page - 1)] : []),
    ...(page < last ? [relation('next', page + 1), relation('last', last)] : []),
    ...(page > 1 ? [relation('first', 1)] : []),
  ];
  const body = list.name === undefined ? items : { total_count: list.items.length, [list.name]: items };
  return { body, link: links.join(', ') };
}

function clamp(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(least, Math.trunc(value))) : least;
}

function send(response: ServerResponse, answer: Answer, addresses: Addresses, path: string, used: number): void {
  const page = answer.list === undefined ? undefined : paged(answer.list, new URL(path, addresses.api));
  const body = page?.body ?? answer.body;
  response.writeHead(answer.status, {
    'content-type': 'application/json; charset=utf-8',
    'x-github-request-id': randomUUID(),
    'x-ratelimit-limit': String(RATE_LIMIT),
    'x-ratelimit-remaining': String(Math.max(0, RATE_LIMIT - used)),
    'x-ratelimit-used': String(used),
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1_000) + 3_600),
    'x-ratelimit-resource': 'core',
    ...(page === undefined || page.link === '' ? {} : { link: page.link }),
    ...answer.headers,
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
