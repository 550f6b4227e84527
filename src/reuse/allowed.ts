import { readEvent } from '../github/event.ts';
import type { Environment } from '../runtime/environment.ts';
import { PipelineError } from '../runtime/errors.ts';

/** Events whose runs may take what an earlier run has found: a schedule and a run by hand are there to look again. */
const EVENTS = ['push', 'pull_request', 'merge_group'];

/**
 * Why results of earlier runs are not taken in this run, as a phrase; undefined when they may be.
 *
 * @param compose whether services run beside the tasks: what they are is in no input that can be seen
 * @param packs whether what the tasks build is packed to be deployed
 * @param coverage whether the reports of this run can be what later runs are compared with
 */
export async function whyNotReused(
  environment: Environment,
  { compose, packs, coverage }: { readonly compose: boolean; readonly packs: boolean; readonly coverage: boolean },
): Promise<string | undefined> {
  const name = environment['GITHUB_EVENT_NAME'] ?? '';
  if (!EVENTS.includes(name)) return `\`${name.replace(/[^\w-]/g, '_').slice(0, 60)}\` runs everything`;
  if (packs) return 'what is deployed is built by the run itself';
  if (coverage && name === 'push') return 'the coverage of a push is what later runs are compared with';
  if (compose) return 'what the services of `compose` hold is no input that can be seen';
  try {
    const event = await readEvent(environment);
    if (event.kind === 'pull_request' && event.isFork) return 'the pull request comes from a fork';
    if (event.kind === 'pull_request' && event.isDependabot) return 'Dependabot started the run';
    if (event.kind === 'push' && event.branch === undefined) return 'a tag was pushed';
    return undefined;
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return 'the event that started the run can’t be read';
  }
}
