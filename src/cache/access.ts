import type { ActionContext } from '../runtime/action.ts';
import type { Environment } from '../runtime/environment.ts';

/** How a step reaches the cache service, and how long it may take. */
export interface CacheAccess {
  /** The step's own environment: with the service's address and token. */
  readonly environment: Environment;
  /** Absolute folder for short-lived files. */
  readonly temp: string;
  readonly signal: AbortSignal;
  /** Longest time of one restore or save, in milliseconds. */
  readonly timeout: number;
}

/** @param timeout longest time of one restore or save, in milliseconds */
export function cacheAccess({ environment, temp, signal }: ActionContext, timeout: number): CacheAccess {
  return { environment, temp, signal, timeout };
}

/**
 * Whether the job has a cache service at all, whatever it allows. GitHub's second version is the one on github.com;
 * the runner says so in a variable.
 */
export function hasCacheService(environment: Environment): boolean {
  return ['ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN', 'ACTIONS_CACHE_SERVICE_V2'].every(
    (name) => (environment[name] ?? '') !== '',
  );
}

/** Why the job's cache can't be used for an operation; undefined when it can (`cache-mode`, GitHub Actions). */
export function whyOff(environment: Environment, operation: 'restore' | 'save'): string | undefined {
  if (!hasCacheService(environment)) return 'this job has no cache service';
  const mode = (environment['ACTIONS_CACHE_MODE'] ?? '').trim().toLowerCase();
  const forbids = operation === 'restore' ? ['none', 'write-only'] : ['none', 'read'];
  return forbids.includes(mode) ? `\`cache-mode: ${mode}\`` : undefined;
}
