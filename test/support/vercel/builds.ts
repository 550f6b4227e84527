import type { VercelCall } from './api.ts';
import { moveProduction } from './projects.ts';
import { tick, type VercelDeployment, type VercelState } from './state.ts';
import { ownerName } from './views.ts';

const NEXT = { QUEUED: 'INITIALIZING', INITIALIZING: 'BUILDING' } as const;

/** A build goes on while it is looked at. */
export function advance({ state, behaviour }: VercelCall, deployment: VercelDeployment): void {
  const { readyState } = deployment;
  if (readyState !== 'QUEUED' && readyState !== 'INITIALIZING' && readyState !== 'BUILDING') return;
  deployment.left -= 1;
  if (deployment.left > 0) return;
  deployment.left = behaviour.reads;
  if (readyState !== 'BUILDING') {
    deployment.readyState = NEXT[readyState];
    return;
  }
  const { outcome } = deployment;
  const say = (type: 'stdout' | 'stderr', text: string) => deployment.events.push({ created: tick(state), type, text });
  for (const line of outcome.log ?? []) say(outcome.state === 'READY' ? 'stdout' : 'stderr', line);
  deployment.readyState = outcome.state;
  if (outcome.state !== 'READY') {
    say('stderr', `Error: ${outcome.message}`);
    return;
  }
  say('stdout', 'Deployment completed');
  deployment.readyAt = tick(state);
  assignAliases(state, deployment);
}

/** What leads to a deployment from its start: its automatic names, its environment's domains, production's where it takes them. */
function assignAliases(state: VercelState, deployment: VercelDeployment): void {
  const project = state.projects.find(({ id }) => id === deployment.projectId);
  if (project === undefined) return;
  const give = (name: string) => {
    for (const other of state.deployments) {
      const index = other.alias.indexOf(name);
      if (index >= 0) other.alias.splice(index, 1);
    }
    state.aliases.set(name, deployment.id);
    deployment.alias.push(name);
  };
  const owner = ownerName(state, deployment.accountId);
  if (deployment.customEnvironmentId !== undefined) {
    for (const domain of project.domains) {
      if (domain.customEnvironmentId === deployment.customEnvironmentId) give(domain.name);
    }
  } else if (deployment.target === 'production') {
    give(`${project.name}-${owner}.vercel.app`);
    const isFirst = project.production === undefined;
    if (deployment.takesDomains && (project.autoAssignCustomDomains || isFirst))
      moveProduction(state, project, deployment);
    else deployment.readySubstate = 'STAGED';
  } else {
    give(`${project.name}-${deployment.creator}-${owner}.vercel.app`);
  }
  deployment.aliasAssigned = tick(state);
}
