import { createHash } from 'node:crypto';
import type { CloudAnswer } from '../cloud-proxy.ts';
import { badRequest, notFound, VercelRefusal } from './answers.ts';
import type { VercelCall, VercelRoute } from './api.ts';
import { advance } from './builds.ts';
import { createDeployment } from './create-deployment.ts';
import { projectOf } from './projects.ts';
import { productionDomains, tick, type VercelDeployment } from './state.ts';
import { deploymentView, listedView } from './views.ts';

/** @throws VercelRefusal when the account has no such deployment, by its id or its address */
function deploymentOf({ state, accountId, parts }: VercelCall): VercelDeployment {
  const name = parts['deployment'] ?? '';
  if (name.startsWith('dpl_') && !/^dpl_[A-Za-z0-9]{1,40}$/.test(name))
    throw badRequest('`id` is not a deployment id.');
  const id = state.aliases.get(name) ?? name;
  const found = state.deployments.find((deployment) => deployment.id === id || deployment.url === id);
  if (found === undefined || found.accountId !== accountId) throw notFound('The deployment was not found');
  return found;
}

function uploadFile({ state, request, accountId, schemas }: VercelCall): CloudAnswer {
  const digest = request.headers['x-now-digest'] ?? request.headers['x-vercel-digest'];
  const size = Number(request.headers['x-now-size'] ?? request.headers['content-length']);
  const headers = { contentLength: Number(request.headers['content-length']), xNowDigest: digest, xNowSize: size };
  schemas?.check('uploadFile', headers);
  if (request.headers['content-type'] !== 'application/octet-stream') {
    throw new VercelRefusal(400, 'bad_request', 'The Content-Type header must be application/octet-stream');
  }
  if (digest === undefined || !/^[0-9a-f]{40}$/.test(digest)) {
    throw new VercelRefusal(400, 'missing_digest', 'The x-now-digest header is missing');
  }
  if (size !== request.body.length) throw new VercelRefusal(400, 'bad_content_length', 'The size of the file is wrong');
  if (createHash('sha1').update(request.body).digest('hex') !== digest) {
    throw new VercelRefusal(400, 'invalid_digest', 'The digest does not match the content of the file');
  }
  state.files.set(`${accountId}/${digest}`, request.body);
  return { status: 200, body: [] };
}

function listDeployments(call: VercelCall): CloudAnswer {
  const { state, accountId, request, behaviour, schemas } = call;
  const { query } = request;
  const number = (name: string) => (query.has(name) ? { [name]: Number(query.get(name)) } : {});
  const given: Record<string, string> = Object.fromEntries(query);
  const isCandidate = query.get('rollbackCandidate');
  const metas = Object.keys(given).filter((name) => name.startsWith('meta-'));
  for (const name of metas) delete given[name];
  schemas?.check('getDeployments', {
    ...given,
    ...number('limit'),
    ...number('since'),
    ...number('until'),
    ...(isCandidate === null ? {} : { rollbackCandidate: isCandidate === 'true' }),
  });
  const limit = Number(query.get('limit') ?? 20);
  if (!(limit >= 1 && limit <= 100)) throw badRequest('`limit` should be <= 100.');
  const until = Number(query.get('until') ?? Number.POSITIVE_INFINITY);
  const named = query.get('projectId');
  // By its id or by its name; one that is not there has no deployments.
  const project = state.projects.find(({ id, name }) => id === named || name === named)?.id ?? named;
  const states = query.get('state')?.toUpperCase().split(',');
  const found = state.deployments
    .filter((deployment) => {
      if (deployment.accountId !== accountId || deployment.createdAt >= until) return false;
      if (project !== null && deployment.projectId !== project) return false;
      if (query.get('target') === 'production' && deployment.target !== 'production') return false;
      if (isCandidate === 'true' && deployment.readySubstate !== 'PROMOTED') return false;
      if (metas.some((name) => deployment.meta[name.slice(5)] !== query.get(name))) return false;
      return states === undefined || states.includes(deployment.readyState);
    })
    .sort((left, right) => right.createdAt - left.createdAt);
  const page = found.slice(0, Math.min(limit, behaviour.pageSize));
  const next = page.length < found.length ? (page.at(-1)?.createdAt ?? null) : null;
  const pagination = { count: page.length, next, prev: page[0]?.createdAt ?? null };
  return { status: 200, body: { deployments: page.map((item) => listedView(state, item)), pagination } };
}

function removeDeployment(call: VercelCall): CloudAnswer {
  const { state } = call;
  const deployment = deploymentOf(call);
  const serving = state.projects.find(({ production }) => production === deployment.id);
  for (const [name, id] of state.aliases) if (id === deployment.id) state.aliases.delete(name);
  if (serving !== undefined) serving.production = undefined;
  state.deployments.splice(state.deployments.indexOf(deployment), 1);
  return { status: 200, body: { uid: deployment.id, state: 'DELETED' } };
}

/** Lines of the build, newest last, or first with `direction=backward`; at most `limit` (-1: all). */
function listEvents(call: VercelCall): CloudAnswer {
  const deployment = deploymentOf(call);
  const { query } = call.request;
  const numbers = ['follow', 'limit', 'since', 'until', 'builds', 'delimiter'].filter((name) => query.has(name));
  // The command line's own: newlines between events.
  const { format: _, ...given } = Object.fromEntries(query);
  call.schemas?.check('getDeploymentEvents', {
    ...given,
    idOrUrl: deployment.id,
    ...Object.fromEntries(numbers.map((name) => [name, Number(query.get(name))])),
  });
  const limit = Number(query.get('limit') ?? 100);
  const forward = deployment.events.map((event, index) => ({
    created: event.created,
    date: event.created,
    deploymentId: deployment.id,
    id: `${event.created}${index}`,
    serial: `${event.created}${index}`,
    text: event.text,
    type: event.type,
    info: { type: 'build', name: 'bld_1', entrypoint: '.' },
  }));
  const ordered = query.get('direction') === 'backward' ? forward.toReversed() : forward;
  const events = limit < 0 ? ordered : ordered.slice(0, limit);
  if (query.get('follow') !== '1') return { status: 200, body: events };
  const lines = events.map((event) => `${JSON.stringify(event)}\n`);
  return { status: 200, headers: { 'content-type': 'application/stream+json' }, body: lines.join('') };
}

function assignAlias(call: VercelCall): CloudAnswer {
  const { state, behaviour, schemas } = call;
  const deployment = deploymentOf(call);
  const body = call.body();
  schemas?.check('assignAlias', body);
  const name = String(body['alias'] ?? '');
  const refused = behaviour.refusedAliases.get(name);
  if (refused !== undefined) throw new VercelRefusal(...refused);
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name)) {
    throw new VercelRefusal(400, 'invalid_alias', `The specified value is not a valid alias: ${name}`);
  }
  if (deployment.readyState !== 'READY') {
    throw new VercelRefusal(400, 'deployment_not_ready', 'The deployment is not ready yet');
  }
  const owner = state.projects.find(({ domains }) => domains.some((domain) => domain.name === name));
  if (owner !== undefined && owner.accountId !== call.accountId) {
    throw new VercelRefusal(403, 'forbidden', `You don't have access to the domain ${name}.`);
  }
  const oldDeploymentId = state.aliases.get(name);
  for (const other of state.deployments) {
    const index = other.alias.indexOf(name);
    if (index >= 0) other.alias.splice(index, 1);
  }
  state.aliases.set(name, deployment.id);
  deployment.alias.push(name);
  if (owner !== undefined && productionDomains(owner).includes(name)) owner.production = deployment.id;
  const created = new Date(tick(state)).toISOString();
  return { status: 200, body: { uid: name, alias: name, created, ...(oldDeploymentId ? { oldDeploymentId } : {}) } };
}

export const deploymentRoutes: readonly VercelRoute[] = [
  ['POST', '/v2/files', uploadFile],
  ['POST', '/v13/deployments', (call) => createDeployment(call, projectOf)],
  ['GET', '/v6|v7/deployments', listDeployments],
  [
    'GET',
    '/v13/deployments/:deployment',
    (call) => {
      const deployment = deploymentOf(call);
      advance(call, deployment);
      return { status: 200, body: deploymentView(call.state, deployment) };
    },
  ],
  ['DELETE', '/v13/deployments/:deployment', removeDeployment],
  [
    'GET',
    '/v11/deployments/:deployment/builds',
    (call) => {
      const { id, readyState, createdAt } = deploymentOf(call);
      return { status: 200, body: { builds: [{ id: 'bld_1', deploymentId: id, readyState, createdAt, output: [] }] } };
    },
  ],
  ['GET', '/v2|v3/deployments/:deployment/events', listEvents],
  ['GET', '/v3/now/deployments/:deployment/events', listEvents],
  ['POST', '/v2/deployments/:deployment/aliases', assignAlias],
  ['POST', '/now/deployments/:deployment/aliases', assignAlias],
  [
    'GET',
    '/v4/aliases/:alias',
    ({ state, accountId, parts }) => {
      const alias = parts['alias'] ?? '';
      const found = state.deployments.find(({ id }) => id === state.aliases.get(alias));
      if (found === undefined || found.accountId !== accountId) throw notFound('The alias was not found');
      const { id, url, projectId } = found;
      return { status: 200, body: { uid: alias, alias, deploymentId: id, deployment: { id, url }, projectId } };
    },
  ],
];
