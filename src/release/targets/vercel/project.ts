import { listOf, textOf } from '../../../runtime/json.ts';
import { mapOf, type VercelApi } from './api.ts';
import { noProject, refused } from './faults.ts';

/** A project, as far as deployments go. */
export interface Project {
  readonly id: string;
  readonly name: string;
  /** Id of the team or user that owns it. */
  readonly accountId: string;
  /** Folder of the repository that holds it; empty: the repository. */
  readonly rootDirectory: string;
  readonly sourceFilesOutsideRootDirectory: boolean;
  /** The deployment that production's domains lead to; undefined before the first one. */
  readonly production: Production | undefined;
  readonly lastMove: Move | undefined;
  /** Host names that production's deployment is to have. */
  readonly domains: readonly string[];
  /** Which addresses ask who comes to sign in; empty: none. */
  readonly protection: readonly string[];
  /** Secrets that let automation through, where the token may see them. */
  readonly bypassSecrets: readonly string[];
  /** A rolling release is under way: Vercel moves its traffic by itself. */
  readonly isRolling: boolean;
}

export interface Production {
  readonly id: string;
  /** Host names that lead to it, as Vercel orders them. */
  readonly domains: readonly string[];
  /** Host name of its own. */
  readonly url: string;
  /** Milliseconds since the epoch; 0 when Vercel does not say. */
  readonly readyAt: number;
}

/** The last promotion or rollback: a job that takes a moment. */
export interface Move {
  readonly type: 'promote' | 'rollback';
  readonly from: string;
  readonly to: string;
  readonly status: 'running' | 'succeeded' | 'failed' | 'skipped';
  /** Milliseconds since the epoch. */
  readonly requestedAt: number;
}

/**
 * Reads a project with what serves and the last move of its domains (GET /v9/projects/{idOrName}).
 *
 * @param owner for messages
 * @throws ConfigurationError PIPE-VERCEL-003 there is no such project
 */
export async function readProject(api: VercelApi, name: string, owner: string): Promise<Project> {
  const path = `/v9/projects/${encodeURIComponent(name)}`;
  const { value, refusal } = await api.ask({ path, query: { rollbackInfo: 'true' } });
  if (refusal?.status === 404) throw noProject(name, owner);
  if (refusal !== undefined) throw refused(`read the project ${name}`, refusal, 'nothing was changed');
  return projectOf(mapOf(value));
}

function projectOf(value: Readonly<Record<string, unknown>>): Project {
  const protections = ['ssoProtection', 'passwordProtection', 'trustedIps'].map((name) => mapOf(value[name]));
  return {
    id: textOf(value['id']),
    name: textOf(value['name']),
    accountId: textOf(value['accountId']),
    rootDirectory: textOf(value['rootDirectory']).replace(/^\.?\/+|\/+$/g, ''),
    sourceFilesOutsideRootDirectory: value['sourceFilesOutsideRootDirectory'] !== false,
    production: productionOf(mapOf(mapOf(value['targets'])['production'])),
    lastMove: moveOf(mapOf(value['lastAliasRequest'])),
    domains: listOf(value['alias'])
      .map(mapOf)
      .filter(({ target, redirect }) => target === 'PRODUCTION' && textOf(redirect) === '')
      .map(({ domain }) => textOf(domain)),
    protection: protections.map(({ deploymentType }) => textOf(deploymentType)).filter((type) => type !== ''),
    bypassSecrets: Object.entries(mapOf(value['protectionBypass']))
      .filter(([, entry]) => mapOf(entry)['scope'] === 'automation-bypass')
      .map(([secret]) => secret),
    isRolling: mapOf(value['rollingRelease'])['target'] !== undefined,
  };
}

/** A deployment that is only staged has never had production's domains, even if it is the newest of its target. */
function productionOf(value: Readonly<Record<string, unknown>>): Production | undefined {
  const id = textOf(value['id']);
  if (id === '' || value['readySubstate'] === 'STAGED') return undefined;
  const ready = value['readyAt'];
  return {
    id,
    domains: listOf(value['alias'])
      .map(textOf)
      .filter((name) => name !== ''),
    url: textOf(value['url']),
    readyAt: typeof ready === 'number' ? ready : 0,
  };
}

function moveOf(value: Readonly<Record<string, unknown>>): Move | undefined {
  const { type, requestedAt, jobStatus } = value;
  if (type !== 'promote' && type !== 'rollback') return undefined;
  const isEnded = jobStatus === 'succeeded' || jobStatus === 'failed' || jobStatus === 'skipped';
  return {
    type,
    from: textOf(value['fromDeploymentId']),
    to: textOf(value['toDeploymentId']),
    status: isEnded ? jobStatus : 'running',
    requestedAt: typeof requestedAt === 'number' ? requestedAt : 0,
  };
}

/** The deployment that a rollback took the traffic from, as long as that was the last move. */
export function rolledBackOf({ lastMove }: Project): string {
  return lastMove?.type === 'rollback' && lastMove.status === 'succeeded' ? lastMove.from : '';
}
