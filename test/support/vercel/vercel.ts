import type { CloudService } from '../cloud-proxy.ts';
import { type VercelBehaviour, vercelApi } from './api.ts';
import type { VercelSchemas } from './schemas.ts';
import { vercelEdge } from './serving.ts';
import { type BuildOutcome, emptyState, type VercelFile, type VercelState } from './state.ts';

export interface VercelOptions {
  /** Hosts outside vercel.app that deployments are served on. */
  readonly domains?: readonly string[];
  /** Vercel's own description of bodies and queries: with it, nothing else is accepted. */
  readonly schemas?: VercelSchemas;
  readonly behaviour?: Partial<VercelBehaviour>;
}

export interface Vercel {
  /** By host, for the proxy to the clouds. */
  readonly services: Readonly<Record<string, CloudService>>;
  readonly state: VercelState;
  readonly behaviour: VercelBehaviour;
}

/**
 * Vercel, as far as deployments go: its REST API and the hosts that serve what was deployed. It is empty: tests add a
 * user, a team and projects to its state.
 */
export function createVercel(options: VercelOptions = {}): Vercel {
  const state = emptyState();
  const behaviour: VercelBehaviour = {
    reads: 1,
    lag: 0,
    build: buildOf,
    refusedAliases: new Map(),
    stuckDomains: new Set(),
    limits: new Map(),
    pageSize: 100,
    ...options.behaviour,
  };
  const edge = vercelEdge(state);
  const hosts = ['*.vercel.app', ...(options.domains ?? [])].map((host) => [host, edge] as const);
  return {
    services: { 'api.vercel.com': vercelApi(state, behaviour, options.schemas), ...Object.fromEntries(hosts) },
    state,
    behaviour,
  };
}

/** Prebuilt output has to be version 3; source is a static site unless it says that its build fails. */
function buildOf(files: ReadonlyMap<string, VercelFile>, content: (path: string) => Buffer | undefined): BuildOutcome {
  const config = [...files.keys()].find((path) => path.endsWith('.vercel/output/config.json'));
  if (config !== undefined) {
    const { version } = JSON.parse(content(config)?.toString('utf8') ?? '{}') as { version?: number };
    if (version === 3) return { state: 'READY', log: ['Using prebuilt build artifacts...', 'Deploying outputs...'] };
    return { state: 'ERROR', code: 'BUILD_FAILED', message: `Unsupported Build Output version: ${version}` };
  }
  return {
    state: 'READY',
    log: ['Cloning completed', 'Build Completed in /vercel/output [5s]', 'Deploying outputs...'],
  };
}
