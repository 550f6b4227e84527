import { lookAtAlerts } from '../alerts/look.ts';
import type { AlertsMap } from '../alerts/settings.ts';
import type { ActionContext } from '../runtime/action.ts';
import { describeFault } from '../runtime/errors.ts';
import type { Evidence, Line, LineState } from './line.ts';
import { isHeld, isSuperseded, type Needs } from './needs.ts';

/** Jobs after which there is something that alerts can be about. */
const SERVING: readonly string[] = ['deploy', 'promote', 'rollback'];

/**
 * Whether this run has put something before users, so that its alerts say something of it: moved traffic, or tried what
 * was deployed by other means. A newer commit that serves already has a run of its own.
 */
export function hasServed(needs: Needs): boolean {
  const jobs = [...needs.values()];
  if (jobs.some((job) => isSuperseded(job) || isHeld(job))) return false;
  const isElsewhere = !jobs.some(({ name }) => name === 'stage') || needs.get('stage')?.result === 'skipped';
  return jobs.some(({ name, result }) => {
    return (
      result !== 'skipped' && (SERVING.includes(name) || (name === 'smoke' && isElsewhere && result === 'success'))
    );
  });
}

const STATES: Readonly<Record<string, LineState>> = {
  quiet: 'done',
  pending: 'done',
  fresh: 'not-checked',
  firing: 'failed',
  blind: 'failed',
  unnamed: 'failed',
};

/**
 * The line of the alerts: what the rules say of the service now. That `alerts` is given is a promise, so a server that
 * does not say leaves a required line without a result; it is never thrown.
 *
 * @param service of the run, where `alerts` names none
 */
export async function alertsLine(
  { alerts, service, token }: { readonly alerts: AlertsMap; readonly service: string; readonly token: string },
  { environment, log, secrets, signal }: Pick<ActionContext, 'environment' | 'log' | 'secrets' | 'signal'>,
): Promise<Line> {
  const looked = await lookAtAlerts({ alerts, service, token, environment, signal });
  const name = 'alerts';
  if ('fault' in looked) {
    const { fault, kind } = looked;
    const state = kind === 'outside' ? 'not-checked' : 'failed';
    return { name, state, detail: `${fault.code}: ${fault.what}`, cause: fault, isPromised: true };
  }
  const { state, detail, counts, fault } = looked.finding;
  if (state === 'pending' || state === 'fresh') {
    log.annotate('warning', secrets.redact(`The alerts are not settled: ${detail}.`));
  }
  const numbers = Object.entries(counts).map(([label, count]): Evidence => {
    return { name: label, kind: 'number', value: String(count) };
  });
  const isOpen = /^https:\/\/[a-z0-9.-]{1,253}(?::\d{1,5})?(?:\/[\w./~%-]{0,500})?$/i.test(looked.page);
  const page: readonly Evidence[] = isOpen ? [{ name: 'page', kind: 'link', value: looked.page }] : [];
  if (fault !== undefined) log.info(describeFault(fault));
  return {
    name,
    state: STATES[state] ?? 'failed',
    detail,
    ...(isOpen ? { address: looked.page } : {}),
    ...(fault === undefined ? {} : { cause: fault }),
    evidence: [...numbers, ...page],
    // What was never evaluated has no result yet, which is nobody's fault: amber, unless `require` names the line.
    ...(state === 'fresh' ? {} : { isPromised: true }),
  };
}
