/** What decides about the cache of a build. */
export interface CacheFacts {
  readonly wanted: 'auto' | 'registry' | 'gha' | 'off';
  readonly noCache: boolean;
  readonly push: boolean;
  /** The image's full name; undefined without a registry. */
  readonly reference: string | undefined;
  /** Whether the cache of GitHub Actions can be reached: ACTIONS_RESULTS_URL and ACTIONS_RUNTIME_TOKEN are there. */
  readonly hasActions: boolean;
  /** The image's name, which tells the entries of several apart. */
  readonly scope: string;
}

/** Arguments of `docker buildx build` for its cache. */
export interface CacheChoice {
  readonly kind: 'registry' | 'gha' | 'none';
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/**
 * Which cache a build uses (https://docs.docker.com/build/cache/backends/). What is pushed trusts the registry's alone,
 * which only pushes write: an entry of GitHub's cache may come from code that nobody has reviewed. `ignore-error`: a
 * cache that can't be written costs the next build time, not this one its result.
 */
export function chooseCache({ wanted, noCache, push, reference, hasActions, scope }: CacheFacts): CacheChoice {
  const automatic = push || !hasActions ? 'registry' : 'gha';
  const kind = wanted === 'auto' ? automatic : wanted;
  if (kind === 'registry' && reference !== undefined) {
    const ref = `type=registry,ref=${reference}-cache`;
    const to = `${ref},mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true`;
    return { kind, from: noCache ? [] : [ref], to: push ? [to] : [] };
  }
  if (kind === 'gha' && hasActions) {
    const own = `type=gha,scope=${scope.replaceAll('/', '-')}`;
    return { kind, from: noCache ? [] : [own], to: [`${own},mode=max,ignore-error=true`] };
  }
  return { kind: 'none', from: [], to: [] };
}
