import { list, record } from '../runtime/collections.ts';
import type { InputValues } from '../runtime/inputs.ts';
import { duration, enumeration, integer, secret, string, workspacePath } from '../runtime/kinds.ts';

/** Names of the runner and of this action are not the caller's. */
const VARIABLE = /^(?!ACTIONS_|INPUT_|GITHUB_|RUNNER_|STATE_|PIPELINES_)[A-Za-z_][A-Za-z0-9_]{0,127}$/;

export const inputs = {
  url: {
    kind: string({
      accepted: 'an http or https address',
      example: 'https://shop.staging.example.com',
      pattern: /^https?:\/\/[^\s@]+$/,
      limit: 2_048,
    }),
    description: 'Address that is tested: the variables `PLAYWRIGHT_BASE_URL` and `BASE_URL` of the tests.',
    required: true,
  },
  'working-directory': {
    kind: workspacePath({ example: 'apps/web' }),
    description: 'Folder of the project, from the root of the repository.',
    default: '.',
  },
  command: {
    kind: string({ example: 'npm run test:smoke', limit: 4_096 }),
    description:
      'Command that tests, without a shell. Left out: Playwright with the configuration found, else the script `test:e2e`, else the built-in test.',
  },
  config: {
    kind: string({ example: 'e2e/playwright.config.ts', pattern: /^(?!-)[^\0]+$/, limit: 512 }),
    description:
      'Playwright’s configuration, from `working-directory`. Left out: `playwright.config` with the ending ts, js, mts, mjs, cts or cjs there.',
  },
  project: {
    kind: list(string({ example: 'chromium', pattern: /^(?!-)/, limit: 200 }), { example: 'chromium', max: 50 }),
    description: 'Projects of Playwright’s configuration, one a line; all when left out.',
  },
  grep: {
    kind: string({ example: '@smoke', pattern: /^(?!-)/, limit: 500 }),
    description: 'Only tests whose title matches this regular expression.',
  },
  shard: {
    kind: string({
      accepted: 'a part and how many there are',
      example: '1/3',
      pattern: /^[1-9]\d{0,3}\/[1-9]\d{0,3}$/,
    }),
    description: 'The part of the tests that this job runs.',
  },
  env: {
    kind: record(string({ example: 'de', limit: 8_192 }), {
      example: 'LOCALE: de',
      names: VARIABLE,
      accepted: 'a YAML map from variable to value; names of the runner (GITHUB_, ACTIONS_…) are not accepted',
    }),
    description: 'Variables for the tests. Secrets go into `secret-env`.',
  },
  'secret-env': {
    kind: record(secret({ example: '…' }), { example: 'E2E_PASSWORD: ${{ secrets.E2E_PASSWORD }}', names: VARIABLE }),
    description: 'Variables for the tests that are secrets: masked, and searched for in what would be uploaded.',
  },
  headers: {
    kind: record(secret({ example: '…' }), {
      example: 'x-vercel-protection-bypass: ${{ secrets.PROTECTION_BYPASS }}',
      names: /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/,
      max: 50,
    }),
    description:
      'Headers for every request of the tests, on top of the configuration’s own (`extraHTTPHeaders`, which Playwright sends to every host that a page asks). The built-in test sends them to the host of `url` only. Secrets.',
  },
  retries: {
    kind: integer({ min: 0, max: 10, example: 2 }),
    description: 'How often a failed test is tried again; as the configuration says when left out (built-in test: 1).',
  },
  timeout: {
    kind: duration({ min: 10_000, max: 21_600_000, example: '10m' }),
    description: 'Longest time for all tests.',
    default: '15m',
  },
  'max-flaky': {
    kind: integer({ min: 0, max: 10_000, example: 0 }),
    description: 'How many tests may need a retry to pass. All of them are listed.',
    default: '3',
  },
  ignore: {
    kind: list(string({ example: 'analytics.example.com', limit: 500 }), { example: 'analytics.example.com', max: 50 }),
    description:
      'For the built-in test: a console error or failed request that contains one of these texts is listed, not counted.',
  },
  upload: {
    kind: enumeration(['auto', 'always', 'never']),
    description:
      'Whether traces, screenshots and HTML reports are gathered for upload. They hold headers, cookies and what was typed: `auto` gathers them in private repositories only.',
    default: 'auto',
  },
} as const;

export const outputs = {
  passed: { kind: 'boolean', description: 'Whether no test failed and not more than `max-flaky` were flaky.' },
  failed: { kind: 'integer', description: 'Tests that failed; empty when a command has no report that says so.' },
  flaky: { kind: 'integer', description: 'Tests that passed only when they were tried again.' },
  result: {
    kind: 'json',
    description: 'What was run, counts, failed and flaky tests with their errors and evidence, 32 KiB at most.',
  },
  evidence: {
    kind: 'string',
    description: 'Folder to upload (screenshots, traces, HTML report); empty when there is nothing or it stays here.',
  },
  artifact: { kind: 'string', description: 'Name under which the folder of `evidence` is to be uploaded.' },
} as const;

export type SmokeInputs = InputValues<typeof inputs>;
