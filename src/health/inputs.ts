import { list, record } from '../runtime/collections.ts';
import type { InputValues } from '../runtime/inputs.ts';
import { duration, enumeration, integer, secret, string } from '../runtime/kinds.ts';
import { CONDITION } from './json-condition.ts';
import { PLACE } from './version.ts';

export const inputs = {
  url: {
    kind: string({
      accepted: 'an http or https address',
      example: 'https://api.staging.example.com',
      pattern: /^https?:\/\/[^\s@]+$/,
      limit: 2_048,
    }),
    description: 'Address of the service.',
    required: true,
  },
  path: {
    kind: string({
      accepted: 'a path, with its query',
      example: '/healthz',
      pattern: /^\/?[^\s#]*$/,
      limit: 2_048,
    }),
    description: 'Put behind the path of `url`. Without it `url` is probed as it is.',
  },
  status: {
    kind: string({
      accepted: 'statuses, ranges or classes with commas between them',
      example: '200, 204, 300-399, 4xx',
      pattern: /^\s*(?:[1-5](?:xx|\d\d(?:-[1-5]\d\d)?)(?:[\s,]+|$))+$/i,
      limit: 256,
    }),
    description: 'Statuses that are good.',
    default: '200-299',
  },
  consecutive: {
    kind: integer({ min: 1, max: 1_000, example: 3 }),
    description: 'How many good answers have to come in a row.',
    default: '3',
  },
  timeout: {
    kind: duration({ min: 1_000, max: 3_600_000, example: '5m' }),
    description: 'Time in which that has to happen: no probe begins after it.',
    default: '2m',
  },
  interval: {
    kind: duration({ min: 100, max: 600_000, example: '2s' }),
    description: 'Time between the starts of two probes.',
    default: '2s',
  },
  'max-latency': {
    kind: duration({ min: 1, max: 60_000, example: '800ms' }),
    description:
      'What the 95th percentile of the good answers in a row may take, connection and redirects included. With fewer than 20 in a row that is the slowest of them.',
  },
  contains: {
    kind: list(string({ example: 'ok', limit: 1_000 }), { example: 'Welcome', max: 20 }),
    description: 'Texts that the body has to contain, one a line.',
  },
  json: {
    kind: list(
      string({
        accepted: 'a path, one of `=`, `!=`, `<`, `<=`, `>`, `>=`, and a value',
        example: 'checks.database = up',
        pattern: CONDITION,
        limit: 500,
      }),
      { example: 'status = ok\nchecks[0].lag < 30', max: 50 },
    ),
    description: 'What has to hold in a JSON body, one condition a line. All of them have to.',
  },
  version: {
    kind: string({ example: '${{ github.sha }}', pattern: /^\S+$/, limit: 200 }),
    description:
      'Version or commit that has to answer: found in a header (`x-version`, `x-commit` and their kin), a member `version`, `commit`, `revision`… of a JSON body, `<meta name="version">`, or as a word of the body.',
  },
  'version-from': {
    kind: string({
      accepted: '`header:<name>`, `json:<path>`, `meta:<name>` or `body`',
      example: 'header:x-version',
      pattern: PLACE,
      limit: 250,
    }),
    description: 'The one place where the version stands.',
  },
  headers: {
    kind: record(secret({ example: 'Bearer …' }), {
      example: 'authorization: Bearer ${{ secrets.PROBE_TOKEN }}',
      names: /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/,
      max: 50,
    }),
    description: 'Headers to send, to the host of `url` only. Masked, never in a log.',
  },
  redirects: {
    kind: enumeration(['same-host', 'none']),
    description:
      'Whether redirects are followed: on the same host (also from http to https), or never. A redirect to another host is never a good answer, unless its status is in `status`.',
    default: 'same-host',
  },
} as const;

export const outputs = {
  healthy: { kind: 'boolean', description: 'Whether so many good answers came in a row in time.' },
  attempts: { kind: 'integer', description: 'How many probes were made.' },
  'latency-p50': { kind: 'integer', description: 'Median of the last good answers in a row, in milliseconds.' },
  'latency-p95': { kind: 'integer', description: '95th percentile of the same, in milliseconds.' },
} as const;

export type HealthInputs = InputValues<typeof inputs>;
