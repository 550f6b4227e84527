import type { CloudAnswer } from '../cloud-proxy.ts';
import { badRequest, notFound, VercelRefusal } from './answers.ts';
import type { VercelCall, VercelRoute } from './api.ts';
import { productionDomains, tick, type VercelDeployment, type VercelProject, type VercelState } from './state.ts';
import { projectView } from './views.ts';

/** @throws VercelRefusal when the account has no such project */
export function projectOf({ state, accountId, parts }: VercelCall, name = parts['project'] ?? ''): VercelProject {
  const found = state.projects.find((project) => {
    return project.accountId === accountId && (project.id === name || project.name === name);
  });
  if (found === undefined) throw notFound('Project not found.');
  return found;
}

function deploymentOf({ state, parts }: VercelCall, project: VercelProject): VercelDeployment {
  const found = state.deployments.find(({ id }) => id === parts['deployment']);
  if (found === undefined || found.projectId !== project.id) throw notFound('Deployment not found');
  return found;
}

/** A job of aliases goes on while it is looked at. */
function advance(call: VercelCall, project: VercelProject): void {
  const { lastAliasRequest: job } = project;
  if (job === undefined || (job.jobStatus !== 'pending' && job.jobStatus !== 'in-progress')) return;
  job.left -= 1;
  if (job.left > 0) return;
  job.left = call.behaviour.reads;
  if (job.jobStatus === 'pending') {
    job.jobStatus = 'in-progress';
    return;
  }
  const to = call.state.deployments.find(({ id }) => id === job.toDeploymentId);
  const stuck = productionDomains(project).some((name) => call.behaviour.stuckDomains.has(name));
  if (to === undefined || stuck) {
    job.jobStatus = 'failed';
    return;
  }
  project.stale = { production: project.production, left: call.behaviour.lag };
  moveProduction(call.state, project, to);
  job.jobStatus = 'succeeded';
  project.isRolledBack = job.type === 'rollback';
  project.autoAssignCustomDomains = job.type === 'promote';
  if (job.type === 'promote') project.rollbackDescription = undefined;
}

/** Lets production's domains lead to a deployment. */
export function moveProduction(state: VercelState, project: VercelProject, to: VercelDeployment): void {
  for (const name of productionDomains(project)) state.aliases.set(name, to.id);
  project.production = to.id;
  to.readySubstate = 'PROMOTED';
  for (const name of productionDomains(project)) {
    for (const other of state.deployments) {
      const index = other.alias.indexOf(name);
      if (index >= 0) other.alias.splice(index, 1);
    }
    to.alias.push(name);
  }
}

function readProject(call: VercelCall): CloudAnswer {
  const project = projectOf(call);
  advance(call, project);
  const isStale = project.stale.left > 0;
  if (isStale) project.stale.left -= 1;
  const shown = isStale ? { ...project, production: project.stale.production } : project;
  return { status: 200, body: projectView(call.state, shown, call.request.query.get('rollbackInfo') === 'true') };
}

function requestJob(call: VercelCall, type: 'promote' | 'rollback'): CloudAnswer {
  const { state, behaviour, parts, request, schemas } = call;
  const project = projectOf(call);
  const named = { projectId: parts['project'] ?? '', deploymentId: parts['deployment'] ?? '' };
  const query = Object.fromEntries(request.query);
  schemas?.check(type === 'promote' ? 'requestPromote' : 'requestRollback', { ...named, ...query });
  if (Object.keys(call.body()).length > 0) throw badRequest('the body should be empty.');
  const to = deploymentOf(call, project);
  refuseUnfit(project, to, type);
  if (type === 'rollback') checkRollback(call, project, to);
  if (project.isRolling && type === 'promote') return { status: 202 };
  project.lastAliasRequest = {
    fromDeploymentId: project.production ?? null,
    toDeploymentId: to.id,
    jobStatus: 'pending',
    requestedAt: tick(state),
    type,
    left: behaviour.reads,
  };
  for (let steps = 0; behaviour.reads === 0 && steps < 2; steps += 1) advance(call, project);
  return { status: 201 };
}

/** What can't have production's domains, or has them. */
function refuseUnfit(project: VercelProject, to: VercelDeployment, type: 'promote' | 'rollback'): void {
  const { lastAliasRequest: last } = project;
  if (project.production === to.id) {
    const message = `The provided deploymentId (${to.id}) is already the current production deployment.`;
    throw new VercelRefusal(type === 'promote' ? 409 : 422, 'conflict', message);
  }
  if (to.target !== 'production') {
    throw new VercelRefusal(400, 'bad_request', `Deployment ${to.id} must target production.`);
  }
  if (to.readyState !== 'READY') throw new VercelRefusal(400, 'bad_request', `Deployment ${to.id} is not ready.`);
  if (last?.jobStatus === 'pending' || last?.jobStatus === 'in-progress') {
    throw new VercelRefusal(409, 'conflict', 'Another promotion or rollback is in progress.');
  }
}

/** Only what has served can be gone back to; a free team only to what served last. */
function checkRollback({ request, team }: VercelCall, project: VercelProject, to: VercelDeployment): void {
  if (to.readySubstate !== 'PROMOTED') {
    throw new VercelRefusal(422, 'unprocessable_entity', `Deployment ${to.id} is not a rollback candidate.`);
  }
  const description = request.query.get('description') ?? '';
  if (description.length > 250) throw badRequest('`description` should NOT be longer than 250 characters.');
  const last = project.lastAliasRequest;
  if (team?.plan === 'hobby' && last !== undefined && last.fromDeploymentId !== to.id) {
    const message = 'To roll back further than the previous production deployment, upgrade to pro';
    throw new VercelRefusal(402, 'payment_required', message);
  }
  project.rollbackDescription = description === '' ? undefined : description;
}

function jobAliases(call: VercelCall): CloudAnswer {
  const { state, behaviour } = call;
  const project = projectOf(call);
  const job = project.lastAliasRequest;
  const onlyFailed = call.request.query.get('failedOnly') === 'true';
  const aliases = productionDomains(project)
    .map((alias) => ({
      alias,
      deploymentId: state.aliases.get(alias) ?? null,
      id: alias,
      status: behaviour.stuckDomains.has(alias) ? 'failed' : job?.jobStatus === 'succeeded' ? 'completed' : 'pending',
    }))
    .filter(({ status }) => !onlyFailed || status === 'failed');
  return { status: 200, body: { aliases, pagination: { count: aliases.length, next: null, prev: null } } };
}

function listDomains(call: VercelCall): CloudAnswer {
  const project = projectOf(call);
  const until = Number(call.request.query.get('until') ?? 0);
  const limit = Math.min(Number(call.request.query.get('limit') ?? 20), call.behaviour.pageSize);
  const page = project.domains.slice(until, until + limit);
  const next = until + limit < project.domains.length ? until + limit : null;
  return {
    status: 200,
    body: {
      domains: page.map((domain) => ({
        name: domain.name,
        apexName: domain.name.split('.').slice(-2).join('.'),
        projectId: project.id,
        redirect: domain.redirect ?? null,
        gitBranch: domain.gitBranch ?? null,
        customEnvironmentId: domain.customEnvironmentId ?? null,
        verified: domain.verified,
      })),
      pagination: { count: page.length, next, prev: null },
    },
  };
}

export const projectRoutes: readonly VercelRoute[] = [
  ['GET', '/v9/projects/:project', readProject],
  ['GET', '/v9/projects/:project/domains', listDomains],
  // What `vercel alias` asks first.
  [
    'GET',
    '/v5/domains/:domain',
    ({ parts, team }) => {
      const name = parts['domain'] ?? '';
      const domain = { id: name, name, verified: true, serviceType: 'external', nameservers: [], creator: {} };
      return { status: 200, body: { domain: { ...domain, teamId: team?.id ?? null, boughtAt: null } } };
    },
  ],
  [
    'GET',
    '/v9/projects/:project/custom-environments',
    (call) => {
      const environments = projectOf(call).customEnvironments;
      return { status: 200, body: { accountLimit: { total: 12 }, environments } };
    },
  ],
  ['POST', '/v10/projects/:project/promote/:deployment', (call) => requestJob(call, 'promote')],
  ['POST', '/v1|v9/projects/:project/rollback/:deployment', (call) => requestJob(call, 'rollback')],
  ['GET', '/v1|v9/projects/:project/promote|rollback/aliases', jobAliases],
];
