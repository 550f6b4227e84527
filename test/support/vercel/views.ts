import {
  productionDomains,
  type VercelDeployment,
  type VercelProject,
  type VercelState,
  type VercelTeam,
  type VercelUser,
} from './state.ts';

/** What is told of a user. */
export function userView(user: VercelUser): object {
  return {
    id: user.id,
    uid: user.id,
    username: user.username,
    email: user.email,
    name: user.name,
    limited: false,
    defaultTeamId: user.defaultTeamId ?? null,
    version: user.defaultTeamId === undefined ? null : 'northstar',
  };
}

export function teamView(team: VercelTeam): object {
  return {
    id: team.id,
    slug: team.slug,
    name: team.name,
    creatorId: 'owner',
    createdAt: 1_700_000_000_000,
    avatar: null,
    billing: { plan: team.plan },
    membership: { role: 'OWNER', confirmed: true },
  };
}

export function deploymentView(state: VercelState, deployment: VercelDeployment): object {
  const project = state.projects.find(({ id }) => id === deployment.projectId);
  const custom = project?.customEnvironments.find(({ id }) => id === deployment.customEnvironmentId);
  const team = state.teams.find(({ id }) => id === deployment.accountId);
  const { outcome } = deployment;
  const failure =
    deployment.readyState === 'ERROR' && outcome.state === 'ERROR'
      ? { errorCode: outcome.code, errorMessage: outcome.message, errorStep: 'buildStep' }
      : {};
  const reason =
    deployment.readyState === outcome.state && (outcome.state === 'BLOCKED' || outcome.state === 'CANCELED')
      ? { readyStateReason: outcome.message }
      : {};
  return {
    id: deployment.id,
    name: project?.name ?? '',
    url: deployment.url,
    projectId: deployment.projectId,
    project: { id: deployment.projectId, name: project?.name ?? '' },
    ownerId: deployment.accountId,
    ...(team === undefined ? {} : { team: { id: team.id, name: team.name, slug: team.slug } }),
    target: deployment.target,
    ...(custom === undefined ? {} : { customEnvironment: custom }),
    readyState: deployment.readyState,
    status: deployment.readyState,
    ...(deployment.readySubstate === undefined ? {} : { readySubstate: deployment.readySubstate }),
    ...failure,
    ...reason,
    createdAt: deployment.createdAt,
    ...(deployment.readyAt === undefined ? {} : { ready: deployment.readyAt }),
    creator: { uid: deployment.creator, username: deployment.creator },
    inspectorUrl: inspectorUrl(state, deployment),
    alias: deployment.alias,
    aliasAssigned: deployment.aliasAssigned !== false,
    aliasError: deployment.aliasError ?? null,
    aliasWarning: null,
    meta: deployment.meta,
    env: Object.keys(deployment.env),
    build: { env: Object.keys(deployment.buildEnv) },
    builds: [],
    regions: ['iad1'],
    routes: null,
    plan: 'pro',
    public: false,
    source: 'cli',
    type: 'LAMBDAS',
    version: 2,
    createdIn: 'sfo1',
    bootedAt: deployment.createdAt,
    buildingAt: deployment.createdAt,
  };
}

function inspectorUrl(state: VercelState, deployment: VercelDeployment): string {
  const owner = ownerName(state, deployment.accountId);
  const project = state.projects.find(({ id }) => id === deployment.projectId);
  return `https://vercel.com/${owner}/${project?.name ?? ''}/${deployment.id.replace('dpl_', '')}`;
}

/** The name that stands in addresses. */
export function ownerName(state: VercelState, accountId: string): string {
  const team = state.teams.find(({ id }) => id === accountId);
  return team?.slug ?? state.users.find(({ id }) => id === accountId)?.username ?? '';
}

/** A deployment as a list has it. */
export function listedView(state: VercelState, deployment: VercelDeployment): object {
  const project = state.projects.find(({ id }) => id === deployment.projectId);
  const custom = project?.customEnvironments.find(({ id }) => id === deployment.customEnvironmentId);
  return {
    uid: deployment.id,
    name: project?.name ?? '',
    projectId: deployment.projectId,
    url: deployment.url,
    created: deployment.createdAt,
    createdAt: deployment.createdAt,
    ...(deployment.readyAt === undefined ? {} : { ready: deployment.readyAt }),
    source: 'cli',
    state: deployment.readyState,
    readyState: deployment.readyState,
    ...(deployment.readySubstate === undefined ? {} : { readySubstate: deployment.readySubstate }),
    type: 'LAMBDAS',
    creator: { uid: deployment.creator, username: deployment.creator },
    inspectorUrl: inspectorUrl(state, deployment),
    meta: deployment.meta,
    target: deployment.target,
    ...(custom === undefined ? {} : { customEnvironment: { id: custom.id, slug: custom.slug } }),
    aliasError: deployment.aliasError ?? null,
    aliasAssigned: deployment.aliasAssigned === false ? null : deployment.aliasAssigned,
    isRollbackCandidate: deployment.target === 'production' ? deployment.readySubstate === 'PROMOTED' : null,
    prebuilt: deployment.isPrebuilt,
  };
}

export function projectView(state: VercelState, project: VercelProject, hasRollback: boolean): object {
  const production = state.deployments.find(({ id }) => id === project.production);
  const { lastAliasRequest: request } = project;
  const lastAliasRequest =
    request === undefined
      ? null
      : {
          fromDeploymentId: request.fromDeploymentId,
          toDeploymentId: request.toDeploymentId,
          jobStatus: request.jobStatus,
          requestedAt: request.requestedAt,
          type: request.type,
        };
  const isProtected = project.protection !== undefined;
  return {
    id: project.id,
    name: project.name,
    accountId: project.accountId,
    createdAt: project.createdAt,
    updatedAt: project.createdAt,
    alias: project.domains.map((domain) => ({
      domain: domain.name,
      environment: domain.customEnvironmentId === undefined ? 'production' : 'preview',
      target: domain.customEnvironmentId === undefined ? 'PRODUCTION' : 'STAGING',
      deployment: null,
    })),
    autoAssignCustomDomains: project.autoAssignCustomDomains,
    customEnvironments: project.customEnvironments,
    rootDirectory: project.rootDirectory,
    sourceFilesOutsideRootDirectory: project.sourceFilesOutsideRootDirectory,
    framework: project.framework,
    nodeVersion: project.nodeVersion,
    directoryListing: false,
    live: production !== undefined,
    buildCommand: null,
    devCommand: null,
    installCommand: null,
    outputDirectory: null,
    ssoProtection: isProtected ? { deploymentType: project.protection } : null,
    protectionBypass: Object.fromEntries(
      project.bypassSecrets.map((secret) => [
        secret,
        { createdAt: project.createdAt, createdBy: 'owner', scope: 'automation-bypass' },
      ]),
    ),
    defaultResourceConfig: { functionDefaultRegions: ['iad1'], fluid: true },
    resourceConfig: { functionDefaultRegions: ['iad1'], fluid: true },
    deploymentExpiration: {},
    targets: production === undefined ? {} : { production: targetView(state, project, production) },
    rollingRelease: project.isRolling ? { target: 'production' } : null,
    ...(hasRollback
      ? {
          lastAliasRequest,
          lastRollbackTarget: project.isRolledBack ? {} : null,
          ...(project.rollbackDescription === undefined
            ? {}
            : {
                rollbackDescription: {
                  userId: 'owner',
                  username: 'owner',
                  description: project.rollbackDescription,
                  createdAt: request?.requestedAt ?? 0,
                },
              }),
        }
      : {}),
  };
}

function targetView(state: VercelState, project: VercelProject, deployment: VercelDeployment): object {
  const domains = productionDomains(project).filter((name) => state.aliases.get(name) === deployment.id);
  return {
    id: deployment.id,
    name: project.name,
    url: deployment.url,
    deploymentHostname: deployment.url.replace('.vercel.app', ''),
    alias: domains,
    aliasAssigned: deployment.aliasAssigned === false ? null : deployment.aliasAssigned,
    aliasError: deployment.aliasError ?? null,
    automaticAliases: deployment.alias.filter((name) => !domains.includes(name)),
    createdAt: deployment.createdAt,
    createdIn: 'sfo1',
    creator: { uid: deployment.creator, username: deployment.creator, email: '' },
    meta: deployment.meta,
    plan: 'pro',
    private: true,
    ...(deployment.readyAt === undefined ? {} : { readyAt: deployment.readyAt }),
    readyState: deployment.readyState,
    readySubstate: deployment.readySubstate,
    target: deployment.target,
    teamId: deployment.accountId,
    type: 'LAMBDAS',
    userId: deployment.creator,
  };
}
