import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { imageName, parseRegistry } from '../registry/reference.ts';
import { signIn } from '../registry/sign-in.ts';
import type { ActionContext, ActionResult } from '../runtime/action.ts';
import { ConfigurationError, PipelineError, ProjectFailure } from '../runtime/errors.ts';
import { durationText } from '../runtime/kinds.ts';
import { isLoopback } from '../runtime/loopback.ts';
import { type BuildResult, buildImage } from './build.ts';
import type { BuildSettings, Destination } from './build-arguments.ts';
import { BUILDKIT_IMAGE, type Builder, chooseBuilder, removeBuilder } from './builder.ts';
import { actionsCacheEnvironment, hasActionsCache } from './buildx.ts';
import { type CacheChoice, chooseCache } from './cache.ts';
import { checkDeployable } from './deployable.ts';
import { annotateDockerfiles } from './dockerfile-errors.ts';
import { runFacts } from './event-facts.ts';
import { chooseImages, type ImageSpec } from './images.ts';
import type { ImageInputs, outputs } from './inputs.ts';
import { reproducibleDate, signInRequest } from './job.ts';
import { type HeldLogin, holdLogin } from './login.ts';
import { builtOutputs } from './outputs.ts';
import { preparePlatforms } from './platforms.ts';
import { BUILDER, FILES, LOGIN } from './post.ts';
import { refuseSecrets } from './refuse-secrets.ts';
import { readSettings } from './settings.ts';
import { failedSummary } from './summary.ts';
import { tagImages } from './tag-images.ts';

/** Builds the images and pushes them by digest or writes them as OCI layouts; with `digest` it only tags. */
export async function run(inputs: ImageInputs, context: ActionContext): Promise<ActionResult<typeof outputs>> {
  const registry = inputs.registry ?? '';
  if (inputs.push && registry === '' && inputs.digest === undefined) throw noRegistry();
  const date = await reproducibleDate(context);
  const facts = await runFacts(context.environment, date);
  checkDeployable(registry, inputs.for, facts.isPrivate);
  if (inputs.digest !== undefined) return await tagImages(inputs, context);
  const images = await chooseImages(inputs, context);
  for (const { name, reason } of images) context.log.info(`Image ${name}: ${reason}.`);
  const settings = await readSettings(inputs, facts, context);
  refuseSecrets(keptValues(images, settings), context.secrets);
  const results = await withLogin(inputs, context, (login) =>
    buildAll(images, settings, { inputs, registry, date, login, context }),
  );
  annotateDockerfiles(results, context.workspace, context.log, context.secrets);
  const failure = verdict(results);
  if (failure !== undefined) context.summarize(failedSummary(results, context.workspace));
  return { outputs: builtOutputs(results, context.workspace), failure };
}

function keptValues(images: readonly ImageSpec[], { labels, annotations }: BuildSettings) {
  const [first] = images;
  return [
    ...images.flatMap(({ name, args, labels: own }) => [
      { image: name, kind: 'build argument' as const, values: args },
      { image: name, kind: 'label' as const, values: own },
    ]),
    { image: first?.name ?? '', kind: 'label' as const, values: labels },
    { image: first?.name ?? '', kind: 'annotation' as const, values: annotations },
  ];
}

/** Runs with a DOCKER_CONFIG of this step's own, which is gone afterwards. */
async function withLogin<T>(
  inputs: ImageInputs,
  context: ActionContext,
  work: (login: HeldLogin) => Promise<T>,
): Promise<T> {
  const { environment, temp, secrets, signal, log, saveState } = context;
  const { registry } = inputs;
  const wanted = registry !== undefined && (inputs.push || inputs.password !== undefined);
  await mkdir(temp, { recursive: true });
  const login = await holdLogin({
    temp,
    environment,
    signIn: async () =>
      wanted ? await signIn(signInRequest(inputs, registry), { environment, secrets, signal, log }) : undefined,
    announce: (folder) => saveState(LOGIN, folder),
    warn: (error) => log.annotate('warning', `The login could not be renewed: ${secrets.redact(String(error))}`),
  });
  try {
    return await work(login);
  } finally {
    await login.close();
  }
}

interface Job {
  readonly inputs: ImageInputs;
  readonly registry: string;
  readonly date: string | undefined;
  readonly login: HeldLogin;
  readonly context: ActionContext;
}

async function buildAll(
  images: readonly ImageSpec[],
  settings: BuildSettings,
  job: Job,
): Promise<readonly BuildResult[]> {
  const { inputs, registry, context } = job;
  const { environment, temp, signal, log, saveState } = context;
  const files = await mkdtemp(join(temp, 'image-files-'));
  saveState(FILES, files);
  const layouts = inputs.push ? undefined : await mkdtemp(join(temp, 'image-layout-'));
  const plans = images.map((image) => planOf(image, job, layouts));
  const call = { environment, signal };
  let builder: Builder | undefined;
  try {
    builder = await chooseBuilder(
      {
        named: environment['BUILDX_BUILDER'] || undefined,
        push: inputs.push,
        usesCache: plans.some(({ cache }) => cache.kind !== 'none'),
        attests: settings.provenance !== 'off' || settings.sbom !== false,
        image: inputs.buildkitImage ?? BUILDKIT_IMAGE,
        isLocal: registry !== '' && isLoopback(parseRegistry(registry).host),
      },
      call,
      (name) => saveState(BUILDER, name),
    );
    log.info(`Builder ${builder.name} (${builder.driver})${builder.isOurs ? ', made for this job' : ''}.`);
    await preparePlatforms(images, builder, call, log);
    const { name } = builder;
    return await besideEachOther(plans, async ({ image, destination, cache }) => {
      const result = await buildImage(
        image,
        settings,
        { builder: name, destination, cache, date: job.date },
        buildContext(image, images.length, cache, files, job),
      );
      say(result, context);
      return result;
    });
  } finally {
    await rm(files, { recursive: true, force: true });
    // A cancelled step has seconds; `post` has minutes.
    if (builder?.isOurs === true && !signal.aborted) {
      await removeBuilder(builder.name, { environment });
      saveState(BUILDER, '');
    }
  }
}

interface BuildPlan {
  readonly image: ImageSpec;
  readonly destination: Destination;
  readonly cache: CacheChoice;
}

function planOf(image: ImageSpec, { inputs, registry, context }: Job, layouts: string | undefined): BuildPlan {
  const reference = registry === '' ? undefined : imageName(registry, image.name);
  const cache = chooseCache({
    wanted: inputs.cache,
    noCache: inputs.noCache,
    push: inputs.push,
    reference,
    hasActions: hasActionsCache(context.environment),
    scope: image.name,
  });
  const destination: Destination =
    layouts === undefined && reference !== undefined
      ? { kind: 'registry', reference }
      : { kind: 'layout', folder: join(layouts ?? context.temp, image.name.replaceAll('/', '--')) };
  return { image, destination, cache };
}

function buildContext(image: ImageSpec, count: number, cache: CacheChoice, files: string, { login, context }: Job) {
  const { environment, workspace, signal, log, secrets } = context;
  return {
    environment,
    additions: {
      ...login.environment,
      ...(cache.kind === 'gha' ? actionsCacheEnvironment(environment) : {}),
    },
    workspace,
    temp: files,
    signal,
    say: (line: string) => log.info(secrets.redact(count === 1 ? line : `${image.name}: ${line}`)),
  };
}

/** Works on several at once, as many as there are cores and at least four; all are done or have failed at the end. */
async function besideEachOther<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = [...items.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results[next[0]] = await work(next[1]);
    }
  };
  const workers = Array.from({ length: Math.min(items.length, Math.max(4, availableParallelism())) }, worker);
  const ended = await Promise.allSettled(workers);
  const broken = ended.find((outcome) => outcome.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  return results;
}

function say(result: BuildResult, { log, secrets }: ActionContext): void {
  const { image, digest, destination, trouble, cacheFaults, duration, steps } = result;
  for (const fault of cacheFaults) {
    log.annotate(
      'warning',
      secrets.redact(
        `${image.name}: a cache could not be used, which cost time and nothing else: ${fault.slice(0, 300)}`,
      ),
    );
  }
  if (digest !== undefined) {
    const where =
      destination.kind === 'registry' ? `${destination.reference}@${digest}` : `${digest} in ${destination.folder}`;
    log.info(`${image.name}: ${where}, ${steps.run} steps run, ${steps.cached} cached, ${durationText(duration)}`);
  }
  if (trouble !== undefined && trouble.tail.length > 0) {
    log.group(`${image.name}: the last lines of ${trouble.step ?? 'the build'}`, [
      secrets.redact(`${trouble.tail.join('\n')}\n`),
    ]);
  }
}

/** The failures of all images as one: a Dockerfile's own fault stands before a service's. */
function verdict(results: readonly BuildResult[]): PipelineError | undefined {
  const failures = results.flatMap(({ failure }) => failure ?? []);
  const [first] = [...failures.filter(({ kind }) => kind === 'project'), ...failures];
  if (first === undefined || failures.length === 1) return first;
  const faults = [...new Set([first, ...failures])].flatMap((failure) => failure.faults);
  return first.kind === 'project' ? new ProjectFailure(faults) : new SeveralFailed(faults);
}

/** Several images failed, none by its own fault. */
class SeveralFailed extends PipelineError {
  readonly kind = 'outside';
}

function noRegistry(): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-IMAGE-004',
    what: '`push` needs a registry',
    given: '`push: true` without `registry`',
    accepted: '`registry` with `push`',
    example: 'registry: ghcr.io/acme/apps',
    state: 'nothing was built',
  });
}
