import type { CloudAnswer, CloudRequest } from '../cloud-proxy.ts';
import { badRequest, invalidToken, notAuthorized, notFound, rateLimited, VercelRefusal } from './answers.ts';
import { deploymentRoutes } from './deployments.ts';
import { environmentRoutes } from './environment.ts';
import { projectRoutes } from './projects.ts';
import type { VercelSchemas } from './schemas.ts';
import type { BuildOutcome, VercelFile, VercelState, VercelTeam, VercelUser } from './state.ts';
import { teamView, userView } from './views.ts';

/** How the stand-in behaves where Vercel's own behaviour depends on the day. */
export interface VercelBehaviour {
  /** Reads that a deployment stays in each state, and a job of aliases in each of its; 0: all is done at once. */
  readonly reads: number;
  /** Readers of a project that still see what served before, after its domains have moved. */
  readonly lag: number;
  /** How a build ends; default: prebuilt output by its config.json, source as a static site. */
  readonly build: (
    files: ReadonlyMap<string, VercelFile>,
    content: (path: string) => Buffer | undefined,
  ) => BuildOutcome;
  /** Names that an alias can't be given, with the refusal's code and message. */
  readonly refusedAliases: Map<string, readonly [status: number, code: string, message: string]>;
  /** Domains that stay where they are when the others move. */
  readonly stuckDomains: Set<string>;
  /** Requests that an endpoint takes in a minute, by its route. */
  readonly limits: Map<string, number>;
  readonly pageSize: number;
}

/** One request, with who asks and for whom. */
export interface VercelCall {
  readonly state: VercelState;
  readonly behaviour: VercelBehaviour;
  readonly schemas: VercelSchemas | undefined;
  readonly request: CloudRequest;
  readonly user: VercelUser;
  /** Team or user for whom is asked. */
  readonly accountId: string;
  readonly team: VercelTeam | undefined;
  /** Parts of the path that the route names. */
  readonly parts: Readonly<Record<string, string>>;
  /** @throws VercelRefusal when the body is no JSON object */
  readonly body: () => Readonly<Record<string, unknown>>;
}

export type VercelRoute = readonly [method: string, path: string, handle: (call: VercelCall) => CloudAnswer];

function readTeam({ state, user, request, parts }: VercelCall): CloudAnswer {
  const team = state.teams.find(({ id, slug }) => id === parts['team'] || slug === parts['team']);
  if (team === undefined) throw notFound('Team not found');
  if (!scopesOf(user, request).includes(team.id)) throw notAuthorized();
  return { status: 200, body: teamView(team) };
}

function listTeams({ state, user, request }: VercelCall): CloudAnswer {
  const teams = state.teams.filter(({ id }) => scopesOf(user, request).includes(id)).map(teamView);
  return { status: 200, body: { teams, pagination: { count: teams.length, next: null, prev: null } } };
}

const accountRoutes: readonly VercelRoute[] = [
  ['GET', '/v2/user', ({ user }) => ({ status: 200, body: { user: userView(user) } })],
  ['GET', '/v2/teams/:team', readTeam],
  ['GET', '/teams/:team', readTeam],
  ['GET', '/v1|v2/teams', listTeams],
];

const ROUTES: readonly VercelRoute[] = [...accountRoutes, ...projectRoutes, ...environmentRoutes, ...deploymentRoutes];

/** `api.vercel.com`. */
export function vercelApi(
  state: VercelState,
  behaviour: VercelBehaviour,
  schemas: VercelSchemas | undefined,
): (request: CloudRequest) => CloudAnswer {
  const counts = new Map<string, { count: number; resetMs: number }>();
  const answer = (request: CloudRequest): CloudAnswer => {
    const { route, parts } = routeOf(request, state);
    const headers = limitOf(`${route[0]} ${route[1]}`, counts, behaviour);
    const user = userOf(request, state);
    const { accountId, team } = scopeOf(request, state, user);
    const body = () => bodyOf(request);
    const call = { state, behaviour, schemas, request, user, accountId, team, parts, body };
    const answered = route[2](call);
    return { ...answered, headers: { ...headers, ...answered.headers } };
  };
  return (request) => {
    try {
      return answer(request);
    } catch (error) {
      if (error instanceof VercelRefusal) return error.answer;
      throw error;
    }
  };
}

function routeOf(request: CloudRequest, state: VercelState): { route: VercelRoute; parts: Record<string, string> } {
  let methods: string[] = [];
  for (const route of ROUTES) {
    const parts = partsOf(route[1], request.path);
    if (parts === undefined) continue;
    if (route[0] === request.method) return { route, parts };
    methods = [...methods, route[0]];
  }
  state.unknown.push(`${request.method} ${request.path}`);
  if (methods.length === 0) throw notFound('The requested API endpoint was not found');
  throw new VercelRefusal(405, 'method_unknown', `This endpoint only responds to ${methods.join(', ')}`);
}

function partsOf(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const parts: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = decodeURIComponent(given[index] ?? '');
    if (part.startsWith(':')) parts[part.slice(1)] = value;
    else if (!part.split('|').includes(value)) return undefined;
  }
  return parts;
}

/** Every answer says what is left of the endpoint's quota. */
function limitOf(
  name: string,
  counts: Map<string, { count: number; resetMs: number }>,
  behaviour: VercelBehaviour,
): Record<string, string> {
  const total = behaviour.limits.get(name) ?? 5_000;
  const known = counts.get(name);
  const entry = known === undefined || known.resetMs <= Date.now() ? { count: 0, resetMs: Date.now() + 60_000 } : known;
  counts.set(name, { ...entry, count: entry.count + 1 });
  if (entry.count >= total) throw rateLimited(name, total, entry.resetMs);
  return {
    'x-ratelimit-limit': String(total),
    'x-ratelimit-remaining': String(total - entry.count - 1),
    'x-ratelimit-reset': String(Math.ceil(entry.resetMs / 1_000)),
  };
}

function tokenOf(request: CloudRequest): string {
  return /^Bearer (.+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? '';
}

function scopesOf(user: VercelUser, request: CloudRequest): readonly string[] {
  const token = user.tokens.find(({ value }) => value === tokenOf(request));
  return (token?.scopes ?? []).map((scope) => (scope === 'personal' ? user.id : scope));
}

function userOf(request: CloudRequest, state: VercelState): VercelUser {
  const token = tokenOf(request);
  if (token === '') throw new VercelRefusal(401, 'forbidden', 'The request is missing an authentication token');
  const found = state.users.find(({ tokens }) => tokens.some(({ value }) => value === token));
  if (found === undefined || found.tokens.find(({ value }) => value === token)?.isExpired === true)
    throw invalidToken();
  return found;
}

/** For whom is asked: the team of the query, else the user's default team, else the user. */
function scopeOf(
  request: CloudRequest,
  state: VercelState,
  user: VercelUser,
): { accountId: string; team: VercelTeam | undefined } {
  const id = request.query.get('teamId');
  const slug = request.query.get('slug');
  if (id !== null && id === user.id) return { accountId: user.id, team: undefined };
  const wanted = id ?? slug ?? user.defaultTeamId;
  if (wanted === undefined) return { accountId: user.id, team: undefined };
  const team = state.teams.find((item) => item.id === wanted || item.slug === wanted);
  if (team === undefined || !scopesOf(user, request).includes(team.id)) throw notAuthorized();
  return { accountId: team.id, team };
}

function bodyOf(request: CloudRequest): Readonly<Record<string, unknown>> {
  if (request.body.length === 0) return {};
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) throw badRequest('Invalid JSON');
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Said below.
  }
  throw new VercelRefusal(400, 'bad_request', 'Invalid JSON');
}
