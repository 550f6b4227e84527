import type { EventName, EventRequest } from './run-types.ts';
import { shortened, suggestion, UsageError } from './usage-error.ts';

/** What belongs to which event (https://docs.github.com/actions/reference/events-that-trigger-workflows). */
interface EventKind {
  /** Actions that its payload can have here, the default first. */
  readonly actions: readonly string[];
  /** Flags that mean something to it, beside --action. */
  readonly flags: readonly EventFlag[];
}

type EventFlag = 'fork' | 'dependabot' | 'branch' | 'base' | 'tag';

const KINDS: Readonly<Record<EventName, EventKind>> = {
  push: { actions: [], flags: ['branch', 'base', 'tag'] },
  pull_request: {
    actions: ['opened', 'synchronize', 'reopened', 'closed'],
    flags: ['fork', 'dependabot', 'branch', 'base'],
  },
  merge_group: { actions: ['checks_requested'], flags: ['branch', 'base'] },
  workflow_dispatch: { actions: [], flags: ['branch'] },
  schedule: { actions: [], flags: [] },
  release: { actions: ['published', 'released'], flags: ['branch', 'tag'] },
};

export const EVENTS = Object.keys(KINDS) as readonly EventName[];

const FLAGS: readonly EventFlag[] = ['fork', 'dependabot', 'branch', 'base', 'tag'];

/** The actions of events that have several, as the help lists them. */
export function actionsHelp(): string {
  return EVENTS.filter((name) => KINDS[name].actions.length > 1)
    .map((name) => `${name}: ${KINDS[name].actions.join(', ').replace(',', ' (default),')}`)
    .join('; ');
}

/** A flag's last value; undefined where it was not given. */
export type LastValue = (name: 'event' | 'action' | 'branch' | 'base' | 'tag') => string | undefined;

/**
 * The event that the flags describe.
 *
 * @param has whether a flag was given.
 * @throws UsageError for an event or action that there is not, and a flag that does not belong to
 *   the event.
 */
export function eventOf(last: LastValue, has: (name: string) => boolean): EventRequest {
  const name = last('event') ?? 'push';
  if (!isEvent(name)) {
    throw new UsageError(
      `there is no event "${shortened(name)}"${suggestion(name, EVENTS)}: there are ${EVENTS.join(', ')}`,
    );
  }
  for (const flag of FLAGS) if (has(flag)) refuseForeign(flag, name);
  if (has('fork') && has('dependabot')) throw new UsageError('--fork and --dependabot exclude each other');
  const action = last('action');
  if (action !== undefined) refuseAction(action, name);
  const fields = { action, branch: last('branch'), base: last('base'), tag: last('tag') };
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  const from = has('fork') ? 'fork' : has('dependabot') ? 'dependabot' : undefined;
  return { name, ...Object.fromEntries(set), ...(from === undefined ? {} : { from }) };
}

function isEvent(name: string): name is EventName {
  return EVENTS.some((event) => event === name);
}

function refuseForeign(flag: EventFlag, name: EventName): void {
  const { flags } = KINDS[name];
  if (flags.includes(flag)) return;
  const owners = EVENTS.filter((event) => KINDS[event].flags.includes(flag));
  throw new UsageError(`--${flag} does not belong to --event ${name}: it belongs to ${owners.join(', ')}`);
}

function refuseAction(action: string, name: EventName): void {
  const { actions } = KINDS[name];
  if (actions.includes(action)) return;
  const given = `--action "${shortened(action)}"`;
  if (actions.length === 0) {
    throw new UsageError(`${given} does not belong to --event ${name}, which has none; there are ${actionsHelp()}`);
  }
  // A merge is no action of its own.
  const hint = action === 'merged' ? ' (did you mean "closed"?)' : suggestion(action, actions);
  throw new UsageError(`${given} is none of ${name}${hint}: there are ${actions.join(', ')}`);
}
