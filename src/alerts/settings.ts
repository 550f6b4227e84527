import { either, list, shape } from '../runtime/collections.ts';
import { duration, enumeration, string, type ValueOf } from '../runtime/kinds.ts';

const ADDRESS = /^https?:\/\/[^\s@?#]+$/;

const address = (example: string) =>
  string({ accepted: 'an http or https address without a query', example, pattern: ADDRESS, limit: 2_048 });

const EXAMPLE = 'url: https://prometheus.example.com\nservice: api';

const keys = {
  /** Prometheus itself, or Grafana's root. */
  url: address('https://prometheus.example.com'),
  kind: enumeration(['prometheus', 'grafana']),
  /** The service as rules name it. */
  service: string({ example: 'api', limit: 255 }),
  /** Label that tells the alerts of one service from another's. */
  label: string({
    accepted: 'the name of a label',
    example: 'service',
    pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
    limit: 100,
  }),
  /** Alerting rules that are about the service, by name, whatever they say of themselves. */
  rules: list(string({ example: 'HighErrorRate', limit: 500 }), { example: 'HighErrorRate\nSlow', max: 100 }),
  alertmanager: address('https://alertmanager.example.com'),
  /** How long to wait for what is pending. */
  wait: duration({ max: 300_000, example: '2m' }),
} as const;

/** The input `alerts` of the action `report`. */
export const alertsKind = either([enumeration(['off']), shape(keys, { example: EXAMPLE })], { example: EXAMPLE });

export type AlertsInput = ValueOf<typeof alertsKind>;

export type AlertsMap = Exclude<AlertsInput, 'off'>;
