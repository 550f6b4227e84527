import { jsonMap } from '../runtime/json.ts';
import { isMap } from '../runtime/yaml.ts';

export type RuleState = 'inactive' | 'pending' | 'firing';

/** An alert that a rule has made. Texts are foreign. */
export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: RuleState;
  /** When it began, ISO 8601; empty when it was not said. */
  readonly since: string;
}

/** An alerting rule, as Prometheus and Grafana list it. Texts are foreign. */
export interface AlertingRule {
  readonly name: string;
  readonly group: string;
  readonly expression: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: RuleState;
  readonly alerts: readonly Alert[];
  /** `unknown` before the first evaluation; `nodata` at Grafana only. */
  readonly health: 'ok' | 'error' | 'unknown' | 'nodata';
  /** What the last evaluation failed of. */
  readonly lastError: string;
  /** Milliseconds since 1970; undefined before the first. */
  readonly lastEvaluation: number | undefined;
  /** Milliseconds between evaluations. */
  readonly interval: number;
  /** Somebody switched it off (Grafana). */
  readonly isPaused: boolean;
}

const MOST_RULES = 20_000;
const MOST_ALERTS = 1_000;

/**
 * The alerting rules in an answer to `GET /api/v1/rules` (prometheus.io/docs/prometheus/latest/querying/api, "Rules";
 * Grafana gives the same form below `/api/prometheus/grafana`). What is no alerting rule is passed over.
 *
 * @returns undefined when it is no such answer
 */
export function parseRules(body: string | Buffer): readonly AlertingRule[] | undefined {
  const answer = jsonMap(body);
  const data = answer?.['data'];
  if (answer?.['status'] !== 'success' || !isMap(data) || !Array.isArray(data['groups'])) return undefined;
  return data['groups']
    .filter(isMap)
    .flatMap((group) => {
      const rules = Array.isArray(group['rules']) ? group['rules'].filter(isMap) : [];
      return rules.filter(({ type }) => type === 'alerting').map((rule) => ruleOf(rule, group));
    })
    .slice(0, MOST_RULES);
}

type Foreign = Readonly<Record<string, unknown>>;

function ruleOf(rule: Foreign, group: Foreign): AlertingRule {
  const alerts = Array.isArray(rule['alerts']) ? rule['alerts'].filter(isMap).slice(0, MOST_ALERTS) : [];
  const seconds = typeof group['interval'] === 'number' && group['interval'] > 0 ? group['interval'] : 60;
  return {
    name: textOf(rule['name'], 500),
    group: textOf(group['name'], 500),
    expression: textOf(rule['query'], 20_000),
    labels: textsOf(rule['labels']),
    annotations: textsOf(rule['annotations']),
    state: stateOf(rule['state']),
    alerts: alerts.map((alert) => ({
      labels: textsOf(alert['labels']),
      state: stateOf(alert['state']),
      since: textOf(alert['activeAt'], 40),
    })),
    health: healthOf(textOf(rule['health'], 100)),
    lastError: textOf(rule['lastError'], 1_000),
    lastEvaluation: timeOf(rule['lastEvaluation']),
    interval: seconds * 1_000,
    isPaused: rule['isPaused'] === true,
  };
}

function textOf(value: unknown, limit: number): string {
  return typeof value === 'string' ? value.slice(0, limit) : '';
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isMap(value)) return {};
  const entries = Object.entries(value).slice(0, 200);
  return Object.fromEntries(entries.map(([name, text]) => [name, textOf(text, 4_000)]));
}

/** Prometheus writes `firing`, Grafana's alerts `Alerting`; what it adds to a name stands in parentheses behind it. */
function stateOf(value: unknown): RuleState {
  const [word = ''] = textOf(value, 100).toLowerCase().split(/[ (]/, 1);
  // At Grafana a query that fails, or has no data, makes an alert of its own.
  if (['firing', 'alerting', 'error', 'nodata', 'recovering'].includes(word)) return 'firing';
  return word === 'pending' ? 'pending' : 'inactive';
}

function healthOf(word: string): AlertingRule['health'] {
  const [first = ''] = word.toLowerCase().split(/[ ,(]/, 1);
  if (first === 'ok') return 'ok';
  if (first === 'err' || first === 'error') return 'error';
  return first === 'nodata' ? 'nodata' : 'unknown';
}

/** Go writes the year 1 for "never". */
function timeOf(value: unknown): number | undefined {
  const time = Date.parse(textOf(value, 40));
  return Number.isNaN(time) || time <= 0 ? undefined : time;
}
