import { createHash } from 'node:crypto';

/** What the stand-in of Vercel knows: everything that the real one would keep. Tests read it to judge. */
export interface VercelState {
  readonly users: VercelUser[];
  readonly teams: VercelTeam[];
  readonly projects: VercelProject[];
  readonly deployments: VercelDeployment[];
  /** By the account that uploaded them and their SHA-1: `team_acme/da39a3…`. */
  readonly files: Map<string, Buffer>;
  /** What a host name leads to: the id of a deployment. Deployments' own addresses are not among them. */
  readonly aliases: Map<string, string>;
  /** Requests that no route knows, for tests that want none. */
  readonly unknown: string[];
  /** Milliseconds since the epoch of the last thing that got a time: no two things have the same. */
  clock: number;
  counter: number;
}

export interface VercelUser {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly name: string;
  /** Undefined for an old account that owns projects itself. */
  readonly defaultTeamId: string | undefined;
  readonly tokens: readonly VercelToken[];
}

export interface VercelToken {
  readonly value: string;
  /** Ids of the teams that it opens; the user's own account too with `personal`. */
  readonly scopes: readonly string[];
  readonly isExpired?: boolean;
}

export interface VercelTeam {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly plan: 'hobby' | 'pro' | 'enterprise';
}

export type JobStatus = 'pending' | 'in-progress' | 'succeeded' | 'failed' | 'skipped';

export interface AliasRequest {
  readonly fromDeploymentId: string | null;
  readonly toDeploymentId: string;
  jobStatus: JobStatus;
  readonly requestedAt: number;
  readonly type: 'promote' | 'rollback';
  /** Reads that are left until the next status. */
  left: number;
}

export interface VercelDomain {
  readonly name: string;
  readonly verified: boolean;
  readonly customEnvironmentId?: string;
  readonly gitBranch?: string;
  readonly redirect?: string;
}

export interface VercelVariable {
  readonly id: string;
  readonly key: string;
  value: string;
  type: string;
  target: readonly string[];
  customEnvironmentIds: readonly string[];
  comment: string | undefined;
  readonly createdAt: number;
  updatedAt: number;
}

export interface VercelProject {
  readonly id: string;
  readonly name: string;
  /** Team or user that owns it. */
  readonly accountId: string;
  readonly createdAt: number;
  rootDirectory: string | null;
  sourceFilesOutsideRootDirectory: boolean;
  framework: string | null;
  nodeVersion: string;
  /** Off after a rollback, until the next promotion. */
  autoAssignCustomDomains: boolean;
  readonly customEnvironments: { readonly id: string; readonly slug: string; readonly type: 'preview' }[];
  readonly domains: VercelDomain[];
  readonly env: VercelVariable[];
  /** Id of the deployment that production's domains lead to. */
  production: string | undefined;
  /** What the project said of its production before it moved, and how many more readers get to see that. */
  stale: { readonly production: string | undefined; left: number };
  lastAliasRequest: AliasRequest | undefined;
  isRolledBack: boolean;
  rollbackDescription: string | undefined;
  /** Undefined: deployments' own addresses are open to everybody. */
  protection: 'all' | 'all_except_custom_domains' | 'preview' | undefined;
  /** Secrets that let automation through. */
  readonly bypassSecrets: string[];
  /** A rolling release that is under way: promotions wait for it. */
  isRolling: boolean;
}

export type ReadyState = 'QUEUED' | 'INITIALIZING' | 'BUILDING' | 'READY' | 'ERROR' | 'CANCELED' | 'BLOCKED';

/** A file of a deployment, by its path. */
export interface VercelFile {
  readonly sha: string;
  readonly mode: number;
}

export interface BuildEvent {
  readonly created: number;
  readonly type: 'command' | 'stdout' | 'stderr' | 'exit';
  readonly text: string;
}

export interface VercelDeployment {
  readonly id: string;
  readonly projectId: string;
  readonly accountId: string;
  readonly creator: string;
  /** Host name of its own: `web-0a1b2c3d4-acme.vercel.app`. */
  readonly url: string;
  readonly target: 'production' | null;
  readonly customEnvironmentId: string | undefined;
  readonly isPrebuilt: boolean;
  readonly takesDomains: boolean;
  readonly meta: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly buildEnv: Readonly<Record<string, string>>;
  readonly files: ReadonlyMap<string, VercelFile>;
  readonly createdAt: number;
  /** The body of the request that made it. */
  readonly request: Readonly<Record<string, unknown>>;
  readyState: ReadyState;
  readySubstate: 'STAGED' | 'PROMOTED' | undefined;
  readyAt: number | undefined;
  /** Reads that are left until the next state. */
  left: number;
  readonly outcome: BuildOutcome;
  readonly events: BuildEvent[];
  readonly alias: string[];
  aliasAssigned: number | false;
  aliasError: { readonly code: string; readonly message: string } | undefined;
}

/** How a build ends. */
export type BuildOutcome =
  | { readonly state: 'READY'; readonly log?: readonly string[] }
  | { readonly state: 'ERROR'; readonly code: string; readonly message: string; readonly log?: readonly string[] }
  | { readonly state: 'CANCELED' | 'BLOCKED'; readonly message: string; readonly log?: readonly string[] };

export function emptyState(): VercelState {
  return {
    users: [],
    teams: [],
    projects: [],
    deployments: [],
    files: new Map(),
    aliases: new Map(),
    unknown: [],
    clock: 0,
    counter: 0,
  };
}

/** The time, later than the last one. */
export function tick(state: VercelState): number {
  state.clock = Math.max(Date.now(), state.clock + 1);
  return state.clock;
}

const LETTERS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** An id as Vercel makes them: a prefix, and letters and digits that say nothing. */
export function newId(state: VercelState, prefix: string, length = 28): string {
  state.counter += 1;
  const bytes = createHash('sha256').update(`${prefix} ${state.counter}`).digest();
  const letters = [...bytes, ...bytes].slice(0, length).map((byte) => LETTERS[byte % LETTERS.length]);
  return `${prefix}${letters.join('')}`;
}

export interface NewProject {
  readonly name: string;
  readonly accountId: string;
  /** Names of its domains; each leads to production. */
  readonly domains?: readonly string[];
  readonly customEnvironments?: Readonly<Record<string, readonly string[]>>;
  readonly rootDirectory?: string;
  readonly protection?: VercelProject['protection'];
  readonly bypassSecrets?: readonly string[];
  readonly framework?: string;
}

/** Adds a project, as the dashboard would; it has the domain `<name>.vercel.app`. */
export function addProject(state: VercelState, made: NewProject): VercelProject {
  const customEnvironments = Object.keys(made.customEnvironments ?? {}).map((slug) => {
    return { id: newId(state, 'env_', 24), slug, type: 'preview' as const };
  });
  const production = [`${made.name}.vercel.app`, ...(made.domains ?? [])].map((name) => ({ name, verified: true }));
  const others = customEnvironments.flatMap(({ id, slug }) => {
    return (made.customEnvironments?.[slug] ?? []).map((name) => ({ name, verified: true, customEnvironmentId: id }));
  });
  const project: VercelProject = {
    id: newId(state, 'prj_'),
    name: made.name,
    accountId: made.accountId,
    createdAt: tick(state),
    rootDirectory: made.rootDirectory ?? null,
    sourceFilesOutsideRootDirectory: true,
    framework: made.framework ?? null,
    nodeVersion: '24.x',
    autoAssignCustomDomains: true,
    customEnvironments,
    domains: [...production, ...others],
    env: [],
    production: undefined,
    stale: { production: undefined, left: 0 },
    lastAliasRequest: undefined,
    isRolledBack: false,
    rollbackDescription: undefined,
    protection: made.protection,
    bypassSecrets: [...(made.bypassSecrets ?? [])],
    isRolling: false,
  };
  state.projects.push(project);
  return project;
}

/** Domains of production: all but those of a custom environment, of a branch, and redirects. */
export function productionDomains(project: VercelProject): readonly string[] {
  return project.domains
    .filter(({ verified, customEnvironmentId, gitBranch, redirect }) => {
      return verified && customEnvironmentId === undefined && gitBranch === undefined && redirect === undefined;
    })
    .map(({ name }) => name);
}
