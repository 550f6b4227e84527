import type { PreparedEnvironment } from '../run-types.ts';
import { type Answer, type Call, notFound, problem, type Route } from './api.ts';
import { BOT } from './comments.ts';
import { idOf, repository, user } from './objects.ts';

export interface PlaceFacts {
  readonly environments: readonly (string | PreparedEnvironment)[];
  readonly defaultBranch: string;
  readonly now: string;
}

/** Who the token is, the repository, and its environments. */
export function identityRoutes(facts: PlaceFacts): readonly Route[] {
  const repo = '/repos/{owner}/{repo}';
  return [
    // A job token is no user: GitHub refuses these two whatever the permissions are.
    {
      method: 'GET',
      path: '/user',
      needs: [{ scope: 'not-for-job-tokens', level: 'read' }],
      page: 'users/users#get-the-authenticated-user',
      handle: () => notFound('users/users'),
    },
    {
      method: 'GET',
      path: '/app',
      needs: [],
      page: 'apps/apps#get-the-authenticated-app',
      handle: () => ({
        status: 401,
        body: problem('A JSON web token could not be decoded', 'apps/apps#get-the-authenticated-app', 401),
      }),
    },
    { method: 'GET', path: '/users/{username}', needs: [], page: 'users/users#get-a-user', handle: account },
    { method: 'POST', path: '/graphql', needs: [], page: 'graphql', handle: viewer },
    {
      method: 'GET',
      path: repo,
      needs: [],
      page: 'repos/repos#get-a-repository',
      handle: (call) => ({ status: 200, body: repository(call.addresses, facts) }),
    },
    {
      method: 'GET',
      path: `${repo}/environments/{environment_name}`,
      needs: [{ scope: 'actions', level: 'read' }],
      page: 'deployments/environments#get-an-environment',
      handle: (call) => environment(call, facts),
    },
    {
      method: 'GET',
      path: `${repo}/actions/runs/{run_id}/approvals`,
      needs: [{ scope: 'actions', level: 'read' }],
      page: 'actions/workflow-runs#get-the-review-history-for-a-workflow-run',
      handle: (call) => ({ status: 200, body: approvals(call, facts) }),
    },
  ];
}

/** `public-user` */
function account(call: Call): Answer {
  const login = call.params['username'] ?? '';
  return {
    status: 200,
    body: {
      ...user(call.addresses, login),
      user_view_type: 'public',
      name: null,
      company: null,
      blog: null,
      location: null,
      email: null,
      hireable: null,
      bio: null,
      public_repos: 0,
      public_gists: 0,
      followers: 0,
      following: 0,
      created_at: '2018-07-30T09:30:17Z',
      updated_at: '2025-01-01T00:00:00Z',
    },
  };
}

/** GraphQL, as far as a job asks who it is: `query { viewer { login } }`. */
function viewer(call: Call): Answer {
  const { query } = (call.body ?? {}) as { query?: unknown };
  const fields = typeof query === 'string' ? /\{\s*viewer\s*\{([^{}]*)\}\s*\}\s*$/.exec(query)?.[1] : undefined;
  if (fields === undefined) {
    const message = 'the local stand-in answers the viewer only';
    return { status: 200, body: { errors: [{ type: 'NOT_IMPLEMENTED', message }] } };
  }
  const account = user(call.addresses, BOT);
  const known: Readonly<Record<string, unknown>> = {
    login: BOT,
    databaseId: account.id,
    id: account.node_id,
    url: account.html_url,
  };
  const asked = fields.split(/[\s,]+/).filter((name) => name in known);
  return { status: 200, body: { data: { viewer: Object.fromEntries(asked.map((name) => [name, known[name]])) } } };
}

/** `environment-approvals`: of each environment that asks, the first of those who may has approved. */
function approvals(call: Call, facts: PlaceFacts) {
  return facts.environments.flatMap((one) => {
    const login = typeof one === 'string' ? undefined : one.reviewers?.[0];
    const name = typeof one === 'string' ? one : one.name;
    if (login === undefined) return [];
    const { id, node_id, url, html_url, created_at, updated_at } = environmentObject(name, call, facts);
    const environments = [{ id, node_id, name, url, html_url, created_at, updated_at }];
    return [{ state: 'approved', comment: '', environments, user: user(call.addresses, login) }];
  });
}

/** `environment` */
function environment(call: Call, facts: PlaceFacts): Answer {
  const name = call.params['environment_name'] ?? '';
  const known = facts.environments.map((one) => (typeof one === 'string' ? { name: one } : one));
  const found = known.find((one) => one.name === name);
  if (found === undefined) return notFound('deployments/environments#get-an-environment');
  const described = environmentObject(name, call, facts);
  const rules = protectionRules(described.id, found, call);
  return { status: 200, body: { ...described, protection_rules: rules, deployment_branch_policy: null } };
}

/** What every object of an environment has. */
function environmentObject(name: string, { addresses }: Call, facts: PlaceFacts) {
  const { api, owner, name: repo } = addresses;
  const id = idOf(`${owner}/${repo}/${name}`);
  return {
    id,
    node_id: Buffer.from(`Environment:${id}`).toString('base64url'),
    name,
    url: `${api}/repos/${owner}/${repo}/environments/${encodeURIComponent(name)}`,
    html_url: `https://github.com/${owner}/${repo}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
    created_at: facts.now,
    updated_at: facts.now,
  };
}

/** `environment.protection_rules`: who has to approve. */
function protectionRules(id: number, { reviewers = [] }: PreparedEnvironment, { addresses }: Call) {
  if (reviewers.length === 0) return [];
  const rule = idOf(`${id}/required_reviewers`);
  return [
    {
      id: rule,
      node_id: Buffer.from(`GateRule:${rule}`).toString('base64url'),
      type: 'required_reviewers',
      prevent_self_review: false,
      reviewers: reviewers.map((login) => ({ type: 'User', reviewer: user(addresses, login) })),
    },
  ];
}
