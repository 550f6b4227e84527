import { type CacheFault, type CacheService, startCache } from '../../../src/local/cache/server.ts';
import { openStore } from '../../../src/local/cache/store.ts';
import { runtimeToken } from '../../../src/local/job-tokens.ts';
import type { CacheMode } from '../../../src/local/plan.ts';

export interface TestCacheOptions {
  /** Where entries live; the same folder again is a later run. */
  readonly folder: string;
  /** Default `refs/heads/main`. */
  readonly scope?: string;
  /** Default: the scope alone. */
  readonly readable?: readonly string[];
  readonly mode?: CacheMode;
  readonly fault?: CacheFault;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface TestCache extends CacheService {
  /** What a step that uses an action has in its environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** GitHub's cache service for one job, as the local runner serves it. */
export async function serveCache(options: TestCacheOptions): Promise<TestCache> {
  const { folder, scope = 'refs/heads/main', readable = [scope], mode = 'write', fault, now } = options;
  // BuildKit reads from the token until when it holds, and which scopes it may write.
  const token = runtimeToken({ own: scope, readable });
  const service = await startCache({
    store: await openStore(folder, now),
    uploadFolder: folder,
    tokens: new Map([[token, { id: 'job', mode }]]),
    scope,
    readableScopes: readable,
    fault,
  });
  const environment = {
    ACTIONS_RESULTS_URL: service.url,
    ACTIONS_RUNTIME_TOKEN: token,
    ACTIONS_CACHE_SERVICE_V2: 'true',
    GITHUB_SERVER_URL: 'https://github.com',
  };
  return { ...service, environment };
}
