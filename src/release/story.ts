import { runIdentityOf } from '../github/run.ts';
import type { ActionContext } from '../runtime/action.ts';
import { PipelineError } from '../runtime/errors.ts';
import { DeploymentFailed, nightMarkdown } from './failed.ts';
import { type Night, nightOf } from './night.ts';
import type { ReleaseReference } from './reference.ts';
import type { Platform, Serving } from './target.ts';
import type { Watched } from './watch.ts';

/** What a run has come to so far: its outputs, whether it ends well or not. */
export interface Story {
  platform?: Platform;
  serving?: Serving | undefined;
  /** What is to serve. */
  release?: ReleaseReference;
  /** What should serve when that does not. */
  previous?: ReleaseReference | undefined;
  lastMigration?: string;
  watched?: Watched | undefined;
}

/** The outputs by which the health of a release is told. */
export function healthOutputsOf({ watched }: Story) {
  return {
    healthy: watched === undefined ? undefined : watched.failure === undefined,
    attempts: watched?.watch.probes.length,
    'latency-p50': watched?.watch.latency?.p50,
    'latency-p95': watched?.watch.latency?.p95,
  };
}

/**
 * Does the work of an action to its end. The outputs say how far it has come, whether it ends well or not; a failure is
 * told by the five lines.
 *
 * @throws as {@link failed}
 */
export async function withNight<O extends object>(
  work: () => Promise<void>,
  outputsOf: () => O,
  story: Story,
  context: ActionContext,
): Promise<{ readonly outputs: O & { readonly night?: Night }; readonly failure?: PipelineError }> {
  try {
    await work();
    return { outputs: outputsOf() };
  } catch (error) {
    const { night, failure } = await failed(error, story, context);
    return { outputs: { ...outputsOf(), night }, failure };
  }
}

/**
 * The five lines for a failure, into the summary, the message and the outputs.
 *
 * @throws the error itself when it is none that users see, and the signal's reason when the run was cancelled
 */
async function failed(
  error: unknown,
  story: Story,
  context: ActionContext,
): Promise<{ readonly night: Night; readonly failure: PipelineError }> {
  const { environment, signal, secrets, summarize } = context;
  // What could not be put back when the run was cancelled has to be said all the same.
  if (signal.aborted && !(error instanceof PipelineError && error.code === 'PIPE-RELEASE-011')) signal.throwIfAborted();
  if (!(error instanceof PipelineError)) throw error;
  const told = await nightOf(error, {
    platform: story.platform,
    release: story.release,
    previous: story.previous,
    lastMigration: story.lastMigration ?? '',
    runId: runIdentityOf(environment).id,
    repository: environment['GITHUB_REPOSITORY'] ?? '',
  });
  const night = JSON.parse(secrets.redact(JSON.stringify(told))) as Night;
  summarize(nightMarkdown(night));
  return { night, failure: new DeploymentFailed(error, night) };
}
