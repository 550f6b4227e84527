import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, describeFault, type Fault, PipelineError } from '../runtime/errors.ts';
import { waitFor } from '../runtime/http.ts';
import { type AlertmanagerPlace, suppressionsOf } from './alertmanager.ts';
import { askJson, mayHaveToken, notWhatWasAsked } from './ask.ts';
import { type Finding, firingOf, judge, type Suppression } from './judge.ts';
import type { Wanted } from './naming.ts';
import { type Alert, type AlertingRule, parseRules } from './rules.ts';
import type { AlertsMap } from './settings.ts';

export interface Look {
  readonly alerts: AlertsMap;
  /** The service of the run, where `alerts` names none. */
  readonly service: string;
  /** Empty when there is none. */
  readonly token: string;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** Waits between two looks; replaced in tests. */
  readonly pause?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** What was found, where, or why nothing could be. */
export type Looked =
  | { readonly finding: Finding; readonly page: string }
  | { readonly fault: Fault; readonly kind: 'configuration' | 'outside' };

/** Between two looks at what is not settled, in milliseconds. */
const EVERY = 5_000;

/**
 * Looks whether alerting rules of a service exist and none of them fires. What is not settled is looked at again until
 * `wait` is over; something that fires ends it at once. Nothing that a server says or does not say is thrown.
 */
export async function lookAtAlerts(look: Look): Promise<Looked> {
  try {
    const { wanted, url, page, alertmanager, token } = placesOf(look);
    const until = performance.now() + (look.alerts.wait ?? 0);
    for (;;) {
      const finding = await lookOnce(url, token, alertmanager, wanted, look);
      const isSettled = finding.state !== 'pending' && finding.state !== 'fresh';
      if (isSettled || performance.now() + EVERY > until) return { finding, page };
      await (look.pause ?? waitFor)(EVERY, look.signal);
      look.signal.throwIfAborted();
    }
  } catch (error) {
    if (!(error instanceof PipelineError) || look.signal.aborted) throw error;
    return { fault: error.faults[0], kind: error.kind === 'outside' ? 'outside' : 'configuration' };
  }
}

interface Places {
  readonly wanted: Wanted;
  /** The rules' address. */
  readonly url: string;
  readonly token: string | undefined;
  /** Where a person sees them. */
  readonly page: string;
  readonly alertmanager: AlertmanagerPlace | undefined;
}

/** @throws ConfigurationError PIPE-ALERTS-001 */
function placesOf({ alerts, service, token }: Look): Places {
  const { url, kind = 'prometheus', label = 'service', rules, alertmanager } = alerts;
  const name = alerts.service ?? service;
  const named = rules !== undefined && rules.length > 0 ? rules : undefined;
  if (url === undefined) throw unusable('it has no `url`');
  if (name === '' && named === undefined) throw unusable('neither it nor the run names a service');
  if (token !== '' && !mayHaveToken(url))
    throw unusable('`alerts-token` would go over an open line to an http address');
  if (!/^[\u0021-\u007e]*$/.test(token))
    throw unusable('`alerts-token` has spaces, line ends or characters beyond ASCII');
  const base = url.replace(/\/+$/, '').replace(/\/api\/v1(?:\/rules)?$/, '');
  const rulesBase = kind === 'grafana' && !base.includes('/api/prometheus/') ? `${base}/api/prometheus/grafana` : base;
  const bearer = token === '' ? undefined : token;
  // The token is for one server; Alertmanager gets it only where it is that one.
  const isSameServer = alertmanager !== undefined && new URL(alertmanager).origin === new URL(url).origin;
  return {
    wanted: { service: name, label, rules: named },
    url: `${rulesBase}/api/v1/rules?type=alert`,
    token: bearer,
    page: kind === 'grafana' ? `${base.split('/api/prometheus/')[0] ?? base}/alerting/list` : `${base}/alerts`,
    alertmanager:
      alertmanager === undefined ? undefined : { url: alertmanager, token: isSameServer ? bearer : undefined },
  };
}

function unusable(given: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-ALERTS-001',
    what: 'the input `alerts` can not be used',
    given,
    accepted: 'a `url`, and a `service` where the run names none; https where there is a token',
    example: '`url: https://prometheus.example.com`',
    state: 'whether an alert fires is not known',
  });
}

async function lookOnce(
  url: string,
  token: string | undefined,
  alertmanager: AlertmanagerPlace | undefined,
  wanted: Wanted,
  look: Look,
): Promise<Finding> {
  const service = look.alerts.kind === 'grafana' ? 'Grafana' : 'Prometheus';
  const { body, now } = await askJson({ service, url, token }, look);
  const rules = parseRules(body);
  if (rules === undefined) throw notWhatWasAsked(service, url, body);
  const { suppressed, unasked } = await silences(rules, alertmanager, wanted, look);
  const finding = judge(rules, wanted, now, suppressed);
  return unasked === undefined ? finding : { ...finding, detail: `${finding.detail}; ${unasked}` };
}

/** Alertmanager is asked only where something fires; that it can't say counts as no silence. */
async function silences(
  rules: readonly AlertingRule[],
  alertmanager: AlertmanagerPlace | undefined,
  wanted: Wanted,
  look: Look,
): Promise<{ suppressed: (alert: Alert) => Suppression | undefined; unasked?: string }> {
  const nothing = () => undefined;
  if (alertmanager === undefined || firingOf(rules, wanted).length === 0) return { suppressed: nothing };
  try {
    return { suppressed: await suppressionsOf(alertmanager, look) };
  } catch (error) {
    if (!(error instanceof PipelineError) || look.signal.aborted) throw error;
    return { suppressed: nothing, unasked: `whether it is silenced is not known: ${describeFault(error.faults[0])}` };
  }
}
