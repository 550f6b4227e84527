import type { Environment } from '../runtime/environment.ts';
import { jsonMap, jsonValue } from '../runtime/json.ts';
import { isMap } from '../runtime/yaml.ts';
import { askJson, notWhatWasAsked } from './ask.ts';
import type { Suppression } from './judge.ts';
import type { Alert } from './rules.ts';

interface Held {
  readonly labels: Readonly<Record<string, unknown>>;
  readonly silencedBy: readonly string[];
  readonly isInhibited: boolean;
}

export interface AlertmanagerPlace {
  /** Without `/api/v2`. */
  readonly url: string;
  readonly token: string | undefined;
}

type Surroundings = { readonly environment: Environment; readonly signal: AbortSignal };

const SERVICE = 'Alertmanager';

/** Most silences whose author is asked for. */
const MOST_SILENCES = 5;

/**
 * What Alertmanager does with alerts that fire (its API v2, `GET /alerts` and `GET /silence/{id}`): an alert there is the
 * one here when it has all of its labels with the same values; Prometheus adds labels of its own on the way.
 *
 * @throws ConfigurationError and OutsideFault as `askJson`
 */
export async function suppressionsOf(
  { url, token }: AlertmanagerPlace,
  surroundings: Surroundings,
): Promise<(alert: Alert) => Suppression | undefined> {
  const base = url.replace(/\/+$/, '');
  const address = `${base}/api/v2/alerts?active=true&silenced=true&inhibited=true`;
  const { body } = await askJson({ service: SERVICE, url: address, token }, surroundings);
  const held = parseHeld(body);
  if (held === undefined) throw notWhatWasAsked(SERVICE, address, body);
  const ids = [...new Set(held.flatMap(({ silencedBy }) => silencedBy))].slice(0, MOST_SILENCES);
  const silences = new Map<string, Suppression>();
  for (const id of ids) {
    const silence = `${base}/api/v2/silence/${encodeURIComponent(id)}`;
    silences.set(id, parseSilence((await askJson({ service: SERVICE, url: silence, token }, surroundings)).body));
  }
  return (alert) => {
    const mine = held.filter(({ labels }) => isSame(labels, alert));
    // Where any of them is not silenced, somebody is told.
    const [id] =
      mine.length > 0 && mine.every(({ silencedBy }) => silencedBy.length > 0) ? (mine[0]?.silencedBy ?? []) : [];
    if (id !== undefined) return silences.get(id) ?? NO_WORDS;
    return mine.some(({ isInhibited }) => isInhibited) ? { kind: 'inhibited' } : undefined;
  };
}

const NO_WORDS: Suppression = { kind: 'silenced', by: '', reason: '', until: '' };

function isSame(labels: Held['labels'], alert: Alert): boolean {
  const entries = Object.entries(alert.labels);
  return entries.length > 0 && entries.every(([name, value]) => Object.hasOwn(labels, name) && labels[name] === value);
}

function parseHeld(body: Buffer): readonly Held[] | undefined {
  const value = jsonValue(body);
  if (!Array.isArray(value)) return undefined;
  return value.filter(isMap).map((alert) => {
    const status = isMap(alert['status']) ? alert['status'] : {};
    const ids = (name: string) => {
      const list = status[name];
      return Array.isArray(list) ? list.filter((id): id is string => typeof id === 'string' && id.length <= 100) : [];
    };
    return {
      labels: isMap(alert['labels']) ? alert['labels'] : {},
      silencedBy: ids('silencedBy'),
      isInhibited: ids('inhibitedBy').length > 0,
    };
  });
}

function parseSilence(body: Buffer): Suppression {
  const value = jsonMap(body);
  const text = (name: string) => {
    const found = value?.[name];
    return typeof found === 'string' ? found.slice(0, 500) : '';
  };
  return { kind: 'silenced', by: text('createdBy'), reason: text('comment'), until: text('endsAt') };
}
