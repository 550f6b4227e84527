import { randomUUID } from 'node:crypto';
import { OutsideFault, shown } from '../runtime/errors.ts';
import { ask, type DockerCall, noDocker, reasonOf } from './buildx.ts';

/** BuildKit v0.33.1. By digest alone: a tag beside it would be looked up to verify its signature. */
export const BUILDKIT_IMAGE = 'moby/buildkit@sha256:cec9f139f45e93c5c69c60f8b07cfad9f43f4ef6b6a6cd917527fea5ff2e3dea';

/** How long a builder may take to answer, and to be made (its image is pulled), in milliseconds. */
const ANSWER_WITHIN = 60_000;
const MADE_WITHIN = 300_000;

export interface Builder {
  readonly name: string;
  /** `docker-container`, `remote`, `kubernetes`, `docker`, … */
  readonly driver: string;
  /** Platforms whose programs it can run; without variants. */
  readonly platforms: readonly string[];
  /** Made for this job, and to be removed after it. */
  readonly isOurs: boolean;
}

export interface BuilderWish {
  /** Value of BUILDX_BUILDER. */
  readonly named: string | undefined;
  readonly push: boolean;
  readonly usesCache: boolean;
  readonly attests: boolean;
  /** BuildKit for a builder that has to be made. */
  readonly image: string;
  /** The registry is on this machine's loopback: a builder in a container must share its network. */
  readonly isLocal: boolean;
}

export type BuilderCall = Omit<DockerCall, 'timeout'>;

/**
 * The builder to use: the one that BUILDX_BUILDER names; else the current one where it can do what is asked; else one in
 * a container, made for this job.
 *
 * @param announce is told the name of a builder before it is made, so that it can be removed however the job ends
 * @throws ConfigurationError PIPE-IMAGE-006 no Docker or no Buildx
 * @throws OutsideFault PIPE-IMAGE-007 a builder that does not answer or can't be made
 */
export async function chooseBuilder(
  wish: BuilderWish,
  call: BuilderCall,
  announce: (name: string) => void,
): Promise<Builder> {
  if (wish.named !== undefined) return await inspect(wish.named, false, call);
  const current = await look(undefined, call);
  if (current !== undefined && current.driver !== 'docker' && current.driver !== '') {
    return usable(current, current.name, false, 0);
  }
  if (current !== undefined && current.driver === 'docker' && canDo(current.features, wish)) {
    return usable(current, current.name, false, 0);
  }
  const name = `pipelines-${randomUUID().slice(0, 13)}`;
  announce(name);
  await create(name, wish, call);
  return await inspect(name, true, call);
}

/**
 * Whether Docker's own BuildKit is enough. What is pushed has its timestamps rewritten, which Docker's image store does
 * not do; a folder in OCI layout it can make where it uses containerd's store.
 */
function canDo(features: ReadonlySet<string>, { push, usesCache, attests }: BuilderWish): boolean {
  if (push || !features.has('OCI exporter')) return false;
  return (!usesCache || features.has('Cache export')) && (!attests || features.has('Multi-platform build'));
}

interface Inspected {
  readonly name: string;
  readonly driver: string;
  readonly platforms: readonly string[];
  readonly features: ReadonlySet<string>;
  readonly error: string | undefined;
}

async function look(name: string | undefined, call: BuilderCall): Promise<Inspected | undefined> {
  // `--debug` makes it list what its driver can do.
  const args = ['--debug', 'buildx', 'inspect', '--bootstrap', ...(name === undefined ? [] : [name])];
  const answer = await ask(args, { ...call, timeout: ANSWER_WITHIN });
  if (answer.exitCode !== 0) {
    const version = await ask(['buildx', 'version'], { ...call, timeout: ANSWER_WITHIN });
    if (version.exitCode !== 0) throw noDocker('no plugin `docker buildx`');
    if (name !== undefined) throw notAnswering(name, reasonOf(answer), answer.duration);
    return undefined;
  }
  return parseInspection(answer.stdout);
}

/** What `docker buildx inspect` prints, as far as it matters (https://docs.docker.com/reference/cli/docker/buildx/inspect/). */
export function parseInspection(text: string): Inspected {
  const value = (key: string) => new RegExp(`^${key}:[ \\t]*(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const platforms = [...text.matchAll(/^Platforms:[ \t]*(.*)$/gm)].flatMap(([, list = '']) => list.split(','));
  const features = [...text.matchAll(/^[ \t]+([A-Z][\w -]*):[ \t]+true$/gm)].map(([, feature = '']) => feature);
  return {
    name: value('Name'),
    driver: value('Driver'),
    // A preferred platform is marked with a star.
    platforms: [
      ...new Set(platforms.map((platform) => platform.replace(/[*\s]/g, '')).filter((platform) => platform !== '')),
    ],
    features: new Set(features),
    error: value('Error') || undefined,
  };
}

async function inspect(name: string, isOurs: boolean, call: BuilderCall): Promise<Builder> {
  const started = performance.now();
  const found = await look(name, call);
  return usable(found, name, isOurs, performance.now() - started);
}

/** @throws OutsideFault PIPE-IMAGE-007 */
function usable(found: Inspected | undefined, name: string, isOurs: boolean, elapsed: number): Builder {
  if (found === undefined || found.error !== undefined || found.platforms.length === 0) {
    throw notAnswering(name, found?.error ?? 'it lists no platforms', elapsed);
  }
  return { name, driver: found.driver, platforms: found.platforms, isOurs };
}

async function create(name: string, { image, isLocal }: BuilderWish, call: BuilderCall): Promise<void> {
  const options = ['--driver-opt', `image=${image}`, ...(isLocal ? ['--driver-opt', 'network=host'] : [])];
  const args = ['buildx', 'create', '--name', name, '--driver', 'docker-container', ...options, '--bootstrap'];
  const answer = await ask(args, { ...call, timeout: MADE_WITHIN });
  if (answer.exitCode === 0) return;
  throw new OutsideFault(
    {
      code: 'PIPE-IMAGE-007',
      what: `a builder could not be made: ${shown(reasonOf(answer), 300)}`,
      remedy: 'run it again; where Docker Hub is out of reach name a copy of BuildKit with `buildkit-image`',
      state: 'nothing was built; what was made of the builder is removed after the job',
    },
    { service: `BuildKit in Docker (${image})`, tries: 1, elapsed: answer.duration },
  );
}

function notAnswering(name: string, reason: string, elapsed: number): OutsideFault {
  return new OutsideFault(
    {
      code: 'PIPE-IMAGE-007',
      what: `the builder ${shown(name)} can't be used: ${shown(reason, 300)}`,
      remedy:
        'docker buildx inspect --bootstrap says the same on that machine; take BUILDX_BUILDER away to have one made',
      state: 'nothing was built',
    },
    { service: `the builder ${name}`, tries: 1, elapsed },
  );
}

/** How often what is left of a builder is removed: what Docker was asked for last can come late. */
const ROUNDS = 5;

/**
 * Removes a builder that was made for this job, with its container and its volume; one that is not there is no error.
 *
 * @throws OutsideFault PIPE-IMAGE-014 when something of it stays
 */
export async function removeBuilder(name: string, call: BuilderCall): Promise<void> {
  const started = performance.now();
  const container = `buildx_buildkit_${name}0`;
  let reason = '';
  for (let round = 0; round < ROUNDS; round += 1) {
    // Known to buildx or not: a creation that was broken off can have left a container without a builder.
    await ask(['buildx', 'rm', '--force', name], { ...call, timeout: ANSWER_WITHIN });
    const left = await leftOf(container, call);
    if (left.length === 0) return;
    for (const args of left) reason = reasonOf(await ask(args, { ...call, timeout: ANSWER_WITHIN }));
    if ((await leftOf(container, call)).length === 0) return;
  }
  throw new OutsideFault(
    {
      code: 'PIPE-IMAGE-014',
      what: `the builder of this job could not be removed: ${shown(reason, 300)}`,
      remedy: `remove it by hand: docker rm --force --volumes ${container}; docker volume rm ${container}_state`,
      state: 'the images are not touched by this',
    },
    { service: 'Docker', tries: ROUNDS, elapsed: performance.now() - started },
  );
}

/** The calls that remove what Docker still has of a builder's container. */
async function leftOf(container: string, call: BuilderCall): Promise<readonly (readonly string[])[]> {
  const list = async (args: readonly string[]) => {
    const answer = await ask([...args, '--filter', `name=${container}`, '--quiet'], {
      ...call,
      timeout: ANSWER_WITHIN,
    });
    return answer.exitCode === 0 && answer.stdout.trim() !== '';
  };
  return [
    ...((await list(['ps', '--all'])) ? [['rm', '--force', '--volumes', container]] : []),
    ...((await list(['volume', 'ls'])) ? [['volume', 'rm', '--force', `${container}_state`]] : []),
  ];
}
