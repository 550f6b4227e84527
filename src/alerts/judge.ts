import { type Fault, shown } from '../runtime/errors.ts';
import { durationText } from '../runtime/kinds.ts';
import { isOf, type Naming, namingOf, type Wanted } from './naming.ts';
import type { Alert, AlertingRule } from './rules.ts';

/** Why an alert that fires tells nobody. */
export type Suppression =
  /** Somebody has decided so. */
  | { readonly kind: 'silenced'; readonly by: string; readonly reason: string; readonly until: string }
  /** Another alert stands for it. */
  | { readonly kind: 'inhibited' };

/** What was found at the alerts. */
export interface Finding {
  /**
   * `quiet`: there are rules and none fires; `pending`: the condition of one holds, not yet for long enough; `fresh`:
   * one was never evaluated, so nobody knows; `firing`; `blind`: one can't fire; `unnamed`: there is none.
   */
  readonly state: 'quiet' | 'pending' | 'fresh' | 'firing' | 'blind' | 'unnamed';
  readonly detail: string;
  readonly counts: Readonly<Record<'rules' | 'firing' | 'pending' | 'silenced', number>>;
  readonly fault?: Fault;
}

interface Named {
  readonly rule: AlertingRule;
  readonly naming: Naming;
}

/** An alert with its rule. */
export interface RaisedAlert {
  readonly rule: string;
  readonly alert: Alert;
}

/** Rules that name the service, and its alerts that fire. */
export function firingOf(rules: readonly AlertingRule[], wanted: Wanted): readonly RaisedAlert[] {
  return raised(named(rules, wanted), 'firing', wanted);
}

/**
 * What the rules say of a service. Firing decides first, then rules that can't fire (they fail, stand still or are
 * switched off), then what is not settled: pending, or never evaluated.
 *
 * @param now milliseconds since 1970 on the clock of the server that evaluates
 * @param suppressed what Alertmanager says of an alert that fires; a silence excuses, an inhibition does not
 */
export function judge(
  rules: readonly AlertingRule[],
  wanted: Wanted,
  now: number,
  suppressed: (alert: Alert) => Suppression | undefined = () => undefined,
): Finding {
  const about = named(rules, wanted);
  const absent = (wanted.rules ?? []).filter((name) => !rules.some((rule) => rule.name === name));
  const all = raised(about, 'firing', wanted);
  const silenced = all.filter(({ alert }) => suppressed(alert)?.kind === 'silenced');
  const firing = all.filter((one) => !silenced.includes(one));
  const pending = raised(about, 'pending', wanted);
  const counts = {
    rules: about.length,
    firing: firing.length,
    pending: pending.length,
    silenced: silenced.length,
  };
  if (about.length === 0 || absent.length > 0) return { ...unnamed(rules.length, absent, wanted), counts };
  const excused = silenced.map((one) => `${nameOf(one)} is silenced${silenceOf(suppressed(one.alert))}`);
  if (firing.length > 0) {
    const told = firing.map((one) => `${nameOf(one)}${sinceOf(one.alert)}${inhibitedOf(suppressed(one.alert))}`);
    return { state: 'firing', detail: listed(told), counts, fault: firingFault(told, wanted) };
  }
  const blind = about.flatMap(({ rule }) => blindness(rule, now));
  if (blind.length > 0) return { state: 'blind', detail: listed(blind), counts, fault: blindFault(blind, wanted) };
  const fresh = about.filter(({ rule }) => rule.health === 'unknown' || rule.lastEvaluation === undefined);
  const open = [
    ...pending.map((one) => `${nameOf(one)} is pending${sinceOf(one.alert)}`),
    ...fresh.map(({ rule }) => `${quoted(rule.name)} was not evaluated yet`),
  ];
  const detail = [countOf(about), 'none fires', ...excused, ...open].join(', ');
  const noData = about
    .filter(({ rule }) => rule.health === 'nodata')
    .map(({ rule }) => `${quoted(rule.name)} has no data`);
  const state = fresh.length > 0 ? 'fresh' : pending.length > 0 ? 'pending' : 'quiet';
  return { state, detail: listed([detail, ...noData]), counts };
}

function named(rules: readonly AlertingRule[], wanted: Wanted): readonly Named[] {
  return rules.flatMap((rule) => {
    const naming = namingOf(rule, wanted);
    return naming === undefined ? [] : [{ rule, naming }];
  });
}

function raised(about: readonly Named[], state: Alert['state'], wanted: Wanted): readonly RaisedAlert[] {
  return about.flatMap(({ rule }) => {
    const ofService = rule.alerts.filter((alert) => alert.state === state && isOf(alert, rule, wanted));
    // A rule that says it fires and lists no alert fires all the same.
    const isUnlisted = rule.alerts.length === 0 && rule.state === state && state !== 'inactive';
    const alerts = isUnlisted ? [{ labels: {}, state, since: '' }] : ofService;
    return alerts.map((alert) => ({ rule: rule.name, alert }));
  });
}

/** Why a rule can't fire now, as a phrase; nothing when it can. */
function blindness(rule: AlertingRule, now: number): readonly string[] {
  const name = quoted(rule.name);
  if (rule.isPaused) return [`${name} is paused`];
  if (rule.health === 'error') {
    return [`${name} can not be evaluated: ${rule.lastError === '' ? 'no reason is given' : rule.lastError}`];
  }
  const age = rule.lastEvaluation === undefined ? 0 : now - rule.lastEvaluation;
  const longest = Math.max(3 * rule.interval, 60_000) + 30_000;
  if (age <= longest) return [];
  return [`${name} stands still: its group ${quoted(rule.group)} was evaluated last ${durationText(age)} ago`];
}

function unnamed(total: number, absent: readonly string[], { service, rules }: Wanted): Omit<Finding, 'counts'> {
  const found = `${total} alerting ${total === 1 ? 'rule was' : 'rules were'} looked at`;
  const names = absent.map((name) => quoted(name));
  const what =
    rules === undefined ? `no alerting rule names ${quoted(service)}` : `there is no alerting rule ${listed(names)}`;
  return {
    state: 'unnamed',
    detail: `${what} (${found})`,
    fault: {
      code: 'PIPE-ALERTS-004',
      what: `${what}: nobody would be told when it fails`,
      given: found,
      accepted: 'at least one alerting rule that names the service by a label, in its expression or in an annotation',
      example: `\`labels: {service: ${/^[\w.-]{1,60}$/.test(service) ? service : 'api'}}\` in the rule`,
      remedy: 'write the rule, or name those that are about it in `rules` of the input `alerts`',
    },
  };
}

function firingFault(told: readonly string[], { service }: Wanted): Fault {
  return {
    code: 'PIPE-ALERTS-005',
    what: `${told.length === 1 ? 'an alert' : `${told.length} alerts`}${whose(service)} ${told.length === 1 ? 'fires' : 'fire'}: ${listed(told)}`,
    remedy: 'see to what the alert says; where the release is the cause, roll it back',
    state: 'the release serves; the report moves no traffic',
  };
}

function blindFault(blind: readonly string[], { service }: Wanted): Fault {
  return {
    code: 'PIPE-ALERTS-006',
    what: `alerting rules${whose(service)} can not fire: ${listed(blind)}`,
    remedy: 'repair the rule, or switch it on again: as it is nobody would be told',
  };
}

const WORDS: Readonly<Record<Naming, string>> = {
  name: 'named in `rules`',
  label: 'named by a label',
  expression: 'named in the expression',
  annotation: 'named in an annotation',
};

/** "3 rules (2 named by a label, 1 named in the expression)". */
function countOf(about: readonly Named[]): string {
  const kinds = [...new Set(about.map(({ naming }) => naming))];
  const parts = kinds.map((kind) => {
    const count = about.filter(({ naming }) => naming === kind).length;
    return kinds.length === 1 ? WORDS[kind] : `${count} ${WORDS[kind]}`;
  });
  return `${about.length} ${about.length === 1 ? 'rule' : 'rules'} (${parts.join(', ')})`;
}

function nameOf({ rule }: RaisedAlert): string {
  return quoted(rule);
}

function whose(service: string): string {
  return service === '' ? '' : ` of ${quoted(service)}`;
}

/** A foreign name, fit for a sentence. */
function quoted(name: string): string {
  return shown(name, 100);
}

function sinceOf({ since }: Alert): string {
  const time = Date.parse(since);
  return Number.isNaN(time) ? '' : ` since ${new Date(time).toISOString().slice(0, 19)}Z`;
}

function silenceOf(suppression: Suppression | undefined): string {
  if (suppression?.kind !== 'silenced') return '';
  const { by, reason, until } = suppression;
  const parts = [by === '' ? '' : `by ${shown(by, 100)}`, reason === '' ? '' : `for ${shown(reason, 200)}`];
  const end = Date.parse(until);
  const last = Number.isNaN(end) ? '' : `until ${new Date(end).toISOString().slice(0, 19)}Z`;
  const told = [...parts, last].filter((part) => part !== '').join(' ');
  return told === '' ? '' : ` (${told})`;
}

function inhibitedOf(suppression: Suppression | undefined): string {
  return suppression?.kind === 'inhibited' ? ' (inhibited by another alert, which fires too)' : '';
}

const NAMED = 3;

function listed(parts: readonly string[]): string {
  const more = parts.length - NAMED;
  return more > 0 ? `${parts.slice(0, NAMED).join('; ')} and ${more} more` : parts.join('; ');
}
