import type { Manifest, RegistryClient } from '../registry/client.ts';
import { isDigest, isTag } from '../registry/reference.ts';
import { ConfigurationError, type Fault, OutsideFault, PipelineError, shown } from '../runtime/errors.ts';
import { waitFor } from '../runtime/http.ts';

export interface PlacedTag {
  readonly tag: string;
  /** What the tag stood for before; undefined when it is new. The digest itself when nothing had to be done. */
  readonly before: string | undefined;
}

export interface TagOptions {
  readonly signal?: AbortSignal;
  /** Waits before a tag is read again; replaced in tests. */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** How often a tag is read back: some registries show a change a moment later. */
const READS = 3;
const PAUSE = 1_000;

/**
 * Puts tags on an image that is in the registry already, by its manifest alone: nothing is pulled or pushed. A tag that
 * stands there already is not written again (registries with immutable tags would refuse it); those that move are moved
 * after those that are new. When it returns, each tag was read back and stands for the digest.
 *
 * @throws ConfigurationError PIPE-TAG-004 no tag or digest, PIPE-TAG-005 the registry does not have the digest,
 * PIPE-REGISTRY-011 a tag is immutable, others of {@link RegistryClient}
 * @throws OutsideFault PIPE-TAG-006 somebody else moved a tag meanwhile, PIPE-TAG-007 the registry did not take a tag.
 * Each says which tags stand for the digest and which do not.
 */
export async function tagImage(
  client: RegistryClient,
  name: string,
  digest: string,
  tags: readonly string[],
  options: TagOptions = {},
): Promise<readonly PlacedTag[]> {
  const wanted = [...new Set(tags)];
  requireReferences(name, digest, wanted);
  const started = performance.now();
  const manifest = await client.manifest(name, digest);
  if (manifest === undefined) throw notThere(client, name, digest);
  const before = new Map<string, string | undefined>();
  // All are read before one is written: what can't be read is found while nothing has changed.
  for (const tag of wanted) before.set(tag, (await client.head(name, tag))?.digest);
  // New ones first: a tag that somebody may be using moves only when nothing else went wrong.
  const isNew = (tag: string) => before.get(tag) === undefined;
  for (const tag of [...wanted.filter(isNew), ...wanted.filter((tag) => !isNew(tag))]) {
    if (before.get(tag) === digest) continue;
    // Registries can't be asked to write only if nothing has changed; reading again leaves a gap of one request.
    const now = isNew(tag) ? undefined : (await client.head(name, tag))?.digest;
    if (now === digest) continue;
    if (now !== before.get(tag)) {
      throw movedMeanwhile(client, name, [tag], await stateOf(client, name, digest, wanted), started);
    }
    await place(client, name, tag, manifest, wanted);
  }
  const moved = await strayTags(client, name, digest, wanted, options);
  if (moved.length > 0) {
    throw movedMeanwhile(client, name, moved, placesOf(digest, wanted, new Set(moved)), started);
  }
  return wanted.map((tag) => ({ tag, before: before.get(tag) }));
}

function requireReferences(name: string, digest: string, tags: readonly string[]): void {
  const wrong = [...(isDigest(digest) ? [] : [digest]), ...tags.filter((tag) => !isTag(tag))];
  if (wrong.length === 0) return;
  throw new ConfigurationError({
    code: 'PIPE-TAG-004',
    what: `${shown(name)} can not be tagged: not all of it are a digest and tags`,
    given: wrong.map((text) => shown(text)).join(', '),
    accepted:
      'a digest (sha256: and 64 digits), tags of up to 128 letters, digits, . _ - that start with neither . nor -',
    state: 'no tag was put on',
  });
}

function notThere(client: RegistryClient, name: string, digest: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-TAG-005',
    what: `the registry ${client.host} does not have the image ${shown(name)} with the digest ${digest}`,
    accepted: 'the digest of an image that was pushed to this repository and has not been deleted',
    remedy: 'run the job that builds and pushes again; a cleaning rule for images without a tag may have removed it',
    state: 'no tag was put on',
  });
}

async function place(
  client: RegistryClient,
  name: string,
  tag: string,
  { bytes, descriptor }: Manifest,
  tags: readonly string[],
): Promise<void> {
  try {
    await client.putManifest(name, tag, bytes, descriptor.mediaType);
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    const state = await stateOf(client, name, descriptor.digest, tags);
    if (error instanceof OutsideFault) {
      const fault = {
        code: 'PIPE-TAG-007' as const,
        what: `the tag ${shown(tag)} could not be put on ${shown(name)}`,
        state,
      };
      throw new OutsideFault({ ...fault, remedy: 'run the job again: it goes on from there' }, error.details, {
        cause: error,
      });
    }
    const [first, ...rest] = error.faults;
    throw new ConfigurationError([{ ...first, state }, ...rest] satisfies Fault[], { cause: error });
  }
}

/** Which tags stand for the digest, read from the registry after a failure. */
async function stateOf(client: RegistryClient, name: string, digest: string, tags: readonly string[]): Promise<string> {
  try {
    const stray = new Set<string>();
    for (const tag of tags) {
      if ((await client.head(name, tag))?.digest !== digest) stray.add(tag);
    }
    return placesOf(digest, tags, stray);
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return `which of the tags ${tags.join(', ')} stand for ${digest} is not known: the registry does not say`;
  }
}

function placesOf(digest: string, tags: readonly string[], stray: ReadonlySet<string>): string {
  const list = (names: readonly string[]) => (names.length === 0 ? 'none' : names.join(', '));
  const placed = tags.filter((tag) => !stray.has(tag));
  return `tags that stand for ${digest}: ${list(placed)}; tags that do not: ${list(tags.filter((tag) => stray.has(tag)))}`;
}

/** The tags that stand for something else, also after a while. */
async function strayTags(
  client: RegistryClient,
  name: string,
  digest: string,
  tags: readonly string[],
  { wait = waitFor, signal }: TagOptions,
): Promise<readonly string[]> {
  let stray = tags;
  for (let reads = 1; ; reads += 1) {
    const found: string[] = [];
    for (const tag of stray) {
      if ((await client.head(name, tag))?.digest !== digest) found.push(tag);
    }
    stray = found;
    if (stray.length === 0 || reads === READS) return stray;
    await wait(PAUSE, signal);
  }
}

function movedMeanwhile(
  client: RegistryClient,
  name: string,
  moved: readonly string[],
  state: string,
  started: number,
): OutsideFault {
  return new OutsideFault(
    {
      code: 'PIPE-TAG-006',
      what: `somebody else moved ${moved.map((tag) => shown(tag)).join(', ')} of ${shown(name)} while it was being put on`,
      remedy: 'see which run did it: the newer one is to win; run this one again only if it is the newer',
      state,
    },
    { service: `the registry at ${client.host}`, tries: READS, elapsed: performance.now() - started },
  );
}
