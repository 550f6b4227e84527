import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { ActionContext } from '../runtime/action.ts';
import type { Environment } from '../runtime/environment.ts';
import { PipelineError, printable, shown } from '../runtime/errors.ts';
import { exists } from '../runtime/files.ts';
import { execute } from '../runtime/process.ts';
import { ANSWER, type CacheAnswer, type CacheJob } from './cache-worker.ts';
import { findProgram } from './programs.ts';
import { mergeStore } from './store-merge.ts';

export interface StoreCache {
  readonly key: string;
  readonly restoreKeys: readonly string[];
  /** Absolute path of the package store. */
  readonly store: string;
}

export interface CacheProcess {
  /** Program and arguments that run cache-worker.ts. */
  readonly worker: readonly [string, ...string[]];
  /** The step's own environment: with the cache service's address and token. */
  readonly environment: Environment;
  /** Absolute folder for short-lived files. */
  readonly temp: string;
  readonly signal: AbortSignal;
  /** Longest run in milliseconds. */
  readonly timeout: number;
}

/** A line for the log; a fault of the cache is a notice, so that it is seen once and disturbs nobody. */
export interface CacheMessage {
  readonly level: 'info' | 'notice';
  readonly text: string;
}

/** The process that reaches the cache service in a step. @param timeout longest run in milliseconds */
export function cacheProcess(context: ActionContext, timeout: number): CacheProcess {
  const { environment, signal } = context;
  return { worker: context.program('setup-cache'), environment, temp: context.temp, signal, timeout };
}

export function sayMessage({ level, text }: CacheMessage, { log }: Pick<ActionContext, 'log'>): void {
  if (level === 'info') log.info(text);
  else log.annotate(level, text);
}

export type Restored =
  | { readonly kind: 'hit'; readonly key: string; readonly isExact: boolean; readonly duration: number }
  | { readonly kind: 'miss' }
  /** The job has no cache service, or may not read from it. */
  | { readonly kind: 'off'; readonly reason: string }
  | { readonly kind: 'fault'; readonly reason: string };

export type Saved =
  | { readonly kind: 'saved'; readonly duration: number }
  | { readonly kind: 'off'; readonly reason: string }
  | { readonly kind: 'fault'; readonly reason: string };

export interface KeyParts {
  readonly platform: string;
  readonly arch: string;
  /** Name of the runner's image, where there is one: what was built on one need not run on another. */
  readonly image: string | undefined;
  readonly manager: 'npm' | 'pnpm';
  readonly managerVersion: string;
  /** Path of the lockfile's folder from the repository's root. */
  readonly directory: string;
  /** SHA-256 in hexadecimal. */
  readonly lockfileHash: string;
}

/** The key of an entry, and the prefix under which entries of earlier lockfiles are taken. */
export function cacheKeys(parts: KeyParts): Pick<StoreCache, 'key' | 'restoreKeys'> {
  const { platform, arch, image, manager, managerVersion, directory, lockfileHash } = parts;
  const major = managerVersion.slice(0, managerVersion.indexOf('.'));
  const place = createHash('sha256').update(directory).digest('hex').slice(0, 12);
  const names = [
    'pipelines-setup',
    platform,
    arch,
    ...(image === undefined ? [] : [image]),
    `${manager}${major}`,
    place,
  ];
  const prefix = `${names.join('-').replace(/[^A-Za-z0-9._-]/g, '_')}-`;
  return { key: `${prefix}${lockfileHash}`, restoreKeys: [prefix] };
}

/** Whether the job has a cache service at all, whatever it allows. */
export function hasCacheService(environment: Environment): boolean {
  const address = environment['ACTIONS_RESULTS_URL'] ?? environment['ACTIONS_CACHE_URL'] ?? '';
  return address !== '' && (environment['ACTIONS_RUNTIME_TOKEN'] ?? '') !== '';
}

/** Why the job's cache can't be used for an operation; undefined when it can (`cache-mode`, GitHub Actions). */
function whyOff(environment: Environment, operation: CacheJob['operation']): string | undefined {
  if (!hasCacheService(environment)) return 'this job has no cache service';
  const mode = (environment['ACTIONS_CACHE_MODE'] ?? '').trim().toLowerCase();
  const forbids = operation === 'restore' ? ['none', 'write-only'] : ['none', 'read'];
  return forbids.includes(mode) ? `\`cache-mode: ${mode}\`` : undefined;
}

/**
 * Restores the store. The entry is unpacked beside the store and moved in only when it is whole; it can't reach files
 * outside, and what is in the store already stays. Nothing that happens here fails a run.
 */
export async function restoreStore(cache: StoreCache, from: CacheProcess): Promise<Restored> {
  const off = whyOff(from.environment, 'restore');
  if (off !== undefined) return { kind: 'off', reason: off };
  // Beside the store, so that moving is renaming.
  const staging = join(dirname(cache.store), `.pipelines-restore-${randomUUID()}`);
  try {
    await mkdir(staging, { recursive: true });
    const { key, restoreKeys } = cache;
    const outcome = await runWorker({ operation: 'restore', key, restoreKeys }, staging, from);
    if ('reason' in outcome) return { kind: 'fault', reason: outcome.reason };
    if (outcome.key === undefined) return { kind: 'miss' };
    await mergeStore(staging, cache.store);
    return { kind: 'hit', key: outcome.key, isExact: outcome.key === key, duration: outcome.duration };
  } catch (error) {
    return { kind: 'fault', reason: reasonOf(error) };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Saves the store under its key. Nothing that happens here fails a run. */
export async function saveStore(cache: StoreCache, to: CacheProcess): Promise<Saved> {
  const off = whyOff(to.environment, 'save');
  if (off !== undefined) return { kind: 'off', reason: off };
  // A project without dependencies: the package manager made no store.
  if (!(await exists(cache.store))) return { kind: 'off', reason: 'the install left nothing in the package store' };
  try {
    const { key } = cache;
    const outcome = await runWorker({ operation: 'save', key, restoreKeys: [] }, cache.store, to);
    if ('reason' in outcome) return { kind: 'fault', reason: outcome.reason };
    if (outcome.key === undefined)
      return { kind: 'off', reason: 'the service did not take it; another job may have saved it' };
    return { kind: 'saved', duration: outcome.duration };
  } catch (error) {
    return { kind: 'fault', reason: reasonOf(error) };
  }
}

/** Whatever it is, the cache is only a hint for speed. */
function reasonOf(error: unknown): string {
  const reason = error instanceof PipelineError ? error.faults[0].what : String(error);
  return printable(reason).slice(0, 300);
}

type Outcome = (CacheAnswer & { readonly duration: number }) | { readonly reason: string };

async function runWorker(job: CacheJob, folder: string, process: CacheProcess): Promise<Outcome> {
  const { worker, environment, temp, signal, timeout } = process;
  const [program, ...args] = worker;
  const own = join(temp, `pipelines-cache-${randomUUID()}`);
  const givenUp = new AbortController();
  let output = '';
  try {
    const env = await workerEnvironment(environment, folder, own);
    const { exitCode, endedBy, duration } = await execute(program, args, {
      cwd: folder,
      env,
      signal: AbortSignal.any([signal, givenUp.signal]),
      timeout,
      grace: 1_000,
      input: JSON.stringify(job),
      onOutput: (chunk) => {
        output = (output + chunk.toString('utf8')).slice(-256 * 1024);
        if (failedAttempt(output) !== undefined) givenUp.abort();
      },
    });
    if (endedBy === 'timeout') return { reason: `the cache service took longer than ${timeout / 1_000} s` };
    if (signal.aborted) return { reason: 'the run was cancelled' };
    const trouble = failedAttempt(output) ?? troubleIn(output);
    if (trouble !== undefined) return { reason: trouble };
    if (exitCode !== 0) return { reason: `its process ended with status ${exitCode ?? 'none'}` };
    return { key: answerIn(output), duration };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/**
 * The step's environment with two differences: paths count from the store, and the tar that @actions/cache finds is one
 * without `-P`, with which an entry could write anywhere on the machine.
 */
async function workerEnvironment(environment: Environment, folder: string, own: string): Promise<Environment> {
  const tar = (await findProgram('tar', environment)) ?? 'tar';
  const programs = join(own, 'bin');
  await mkdir(programs, { recursive: true });
  await writeFile(join(programs, 'tar'), CONTAINED_TAR, { mode: 0o755 });
  return {
    ...environment,
    PATH: [programs, environment['PATH'] ?? ''].join(delimiter),
    PIPELINES_TAR: tar,
    RUNNER_TEMP: own,
    GITHUB_WORKSPACE: folder,
    SEGMENT_DOWNLOAD_TIMEOUT_MINS: '1',
  };
}

const CONTAINED_TAR = `#!/bin/sh
# Passes everything on but -P.
for argument; do
  shift
  [ "$argument" = -P ] || set -- "$@" "$argument"
done
exec "$PIPELINES_TAR" "$@"
`;

/** The library asks five times over half a minute; a service that failed twice is left alone. */
function failedAttempt(output: string): string | undefined {
  const said = /^Attempt [2-9] of \d+ failed with error: (.*)$/m.exec(output)?.[1];
  return said === undefined ? undefined : shown(said, 200);
}

/** What @actions/cache logs as warning or error when it gives up. */
function troubleIn(output: string): string | undefined {
  const said = /^::(?:warning|error)[^:]*::(Failed to .*|.*[Cc]ache.*)$/m.exec(output)?.[1];
  if (said === undefined || /^Failed to save: Unable to reserve cache/.test(said)) return undefined;
  return shown(said.replaceAll('%0A', ' '), 200);
}

function answerIn(output: string): string | undefined {
  const line = output.split('\n').findLast((text) => text.startsWith(ANSWER));
  const answer = line === undefined ? {} : (JSON.parse(line.slice(ANSWER.length)) as Partial<CacheAnswer>);
  return typeof answer.key === 'string' ? answer.key : undefined;
}
