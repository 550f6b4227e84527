import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import type { PipelineError } from '../runtime/errors.ts';
import { ConfigurationError } from '../runtime/errors.ts';
import { execute, type Finished } from '../runtime/process.ts';
import { isMap } from '../runtime/yaml.ts';
import { type BuildSettings, buildCommand, type Destination } from './build-arguments.ts';
import { buildError, failureOf } from './build-failure.ts';
import { cancelled, dockerEnvironment, noDocker } from './buildx.ts';
import type { CacheChoice } from './cache.ts';
import type { ImageSpec } from './images.ts';
import { type BuildTrouble, type BuildWarning, followProgress } from './progress.ts';

/** What a build has come to. */
export interface BuildResult {
  readonly image: ImageSpec;
  /** Digest of what was pushed or written: a manifest, or an index. Undefined when it failed. */
  readonly digest: string | undefined;
  readonly destination: Destination;
  readonly failure: PipelineError | undefined;
  /** What explains the failure. */
  readonly trouble: BuildTrouble | undefined;
  readonly warnings: readonly BuildWarning[];
  readonly cacheFaults: readonly string[];
  readonly steps: { readonly run: number; readonly cached: number };
  /** Wall time in milliseconds. */
  readonly duration: number;
}

export interface BuildContext {
  /** The step's environment. */
  readonly environment: Environment;
  /** What is laid over it for this build: DOCKER_CONFIG, the cache's variables. */
  readonly additions: Environment;
  readonly workspace: string;
  /** Absolute folder for files of the build. */
  readonly temp: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * Builds one image. What a cache breaks is tried a second time without it.
 *
 * @throws ConfigurationError PIPE-IMAGE-006 when Docker is gone
 * @throws ProjectFailure PIPE-IMAGE-013 when cancelled
 */
export async function buildImage(
  image: ImageSpec,
  settings: BuildSettings,
  where: {
    readonly builder: string;
    readonly destination: Destination;
    readonly cache: CacheChoice;
    readonly date: string | undefined;
  },
  context: BuildContext,
): Promise<BuildResult> {
  const started = performance.now();
  const key = image.name.replaceAll('/', '--');
  const metadata = join(context.temp, `${key}.json`);
  const file = image.file ?? join(context.temp, `${key}.Dockerfile`);
  if (image.inline !== undefined) await writeFile(file, image.inline);
  const attempt = async (cache: Pick<CacheChoice, 'from' | 'to'>) => {
    const { args, environment } = buildCommand(image, settings, { ...where, cache, metadata, file });
    return await runBuild(args, environment, context);
  };
  let tries = 1;
  let outcome = await attempt(where.cache);
  if (
    outcome.finished.exitCode !== 0 &&
    outcome.finished.endedBy === 'itself' &&
    mayBeCache(outcome.trouble, where.cache)
  ) {
    tries += 1;
    context.say(`once more without the cache, after: ${outcome.trouble.message}`);
    if (where.destination.kind === 'layout') await rm(where.destination.folder, { recursive: true, force: true });
    const again = await attempt({ from: [], to: [] });
    outcome = { ...again, cacheFaults: [...outcome.cacheFaults, outcome.trouble.message, ...again.cacheFaults] };
  }
  const { finished, trouble, ...rest } = outcome;
  if (finished.endedBy === 'cancellation') throw cancelled();
  const duration = performance.now() - started;
  const known = { image, destination: where.destination, duration, ...rest };
  if (finished.exitCode === 0) {
    return { ...known, digest: await digestOf(metadata), failure: undefined, trouble: undefined };
  }
  const place = image.file === undefined ? undefined : relative(context.workspace, image.file);
  const failure = buildError(image.name, place, trouble, { tries, elapsed: duration });
  return { ...known, digest: undefined, failure, trouble };
}

/** Whether a cache can be what broke a build: one was read or written, and the Dockerfile is not what failed. */
function mayBeCache(trouble: BuildTrouble, { from, to }: CacheChoice): boolean {
  return from.length + to.length > 0 && failureOf(trouble) !== 'project';
}

type Outcome = ReturnType<ReturnType<typeof followProgress>['end']> & { readonly finished: Finished };

async function runBuild(args: readonly string[], own: Environment, context: BuildContext): Promise<Outcome> {
  const progress = followProgress(context.say);
  const decoder = new TextDecoder();
  try {
    const finished = await execute('docker', args, {
      cwd: '/',
      env: { ...dockerEnvironment(context.environment, context.additions), ...own },
      signal: context.signal,
      onOutput: (chunk, stream) => {
        if (stream === 'stderr') progress.feed(decoder.decode(chunk, { stream: true }));
      },
    });
    progress.feed(decoder.decode());
    return { finished, ...progress.end() };
  } catch (error) {
    if (error instanceof ConfigurationError && error.code === 'PIPE-PROCESS-001')
      throw noDocker('no program `docker`', error);
    throw error;
  }
}

async function digestOf(metadata: string): Promise<string> {
  const content: unknown = JSON.parse(await readFile(metadata, 'utf8'));
  const digest = isMap(content) ? content['containerimage.digest'] : undefined;
  if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    throw new Error(
      `docker buildx build wrote no digest to its metadata file: ${JSON.stringify(content).slice(0, 500)}`,
    );
  }
  return digest;
}
