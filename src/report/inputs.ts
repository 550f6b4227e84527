import { alertsKind } from '../alerts/settings.ts';
import { list } from '../runtime/collections.ts';
import type { InputValues } from '../runtime/inputs.ts';
import { boolean, enumeration, secret, string, workspacePath } from '../runtime/kinds.ts';
import { needsKind } from './needs.ts';

const COMMENT_MODES = ['always', 'failure', 'never'] as const;

export const inputs = {
  needs: {
    kind: needsKind(),
    description: 'The jobs that this one needs, as `toJSON(needs)` gives them; 64 KiB at most.',
    required: true,
  },
  require: {
    kind: list(string({ example: 'test', limit: 100 }), { example: 'test\ndeployment', max: 100 }),
    description:
      'Lines that have to have a result beside those that the plan promises, such as `test`, `image`, `deployment`.',
  },
  comment: {
    kind: enumeration(COMMENT_MODES),
    description:
      'Whether to comment on the pull request: `always`; on `failure` only, then kept up to date; or `never`.',
    default: 'always',
  },
  workflow: {
    kind: string({ example: 'node-service', limit: 255 }),
    description: 'Name of the pipeline workflow that reports; each has a comment of its own.',
    default: 'pipeline',
  },
  'working-directory': {
    kind: workspacePath({ example: 'apps/api' }),
    description: 'Folder of the project, from the root of the repository; each has a comment of its own.',
    default: '.',
  },
  service: {
    kind: string({ example: 'api', limit: 255 }),
    description: 'Name of the service; each has a comment of its own.',
  },
  environment: {
    kind: string({ example: 'staging', limit: 255 }),
    description: 'Name of the environment that is deployed to; each has a comment of its own.',
  },
  commit: {
    kind: string({
      accepted: 'a full commit',
      example: '0123456789abcdef0123456789abcdef01234567',
      pattern: /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/,
      limit: 64,
    }),
    description: 'Commit that is reported, where it is not the one that the run works on: a release by hand.',
  },
  alerts: {
    kind: alertsKind,
    description:
      'Where alerting rules are, a YAML map: `url` of Prometheus, or of Grafana with `kind: grafana`; `service` as rules name it; `label`, `rules`, `alertmanager`, `wait`. At least one rule has to name the service and none may fire. Looked at when this run has put something before users.',
  },
  'alerts-token': {
    kind: secret({ example: '${{ secrets.alerts-token }}' }),
    description: 'Bearer token for the `url` of `alerts`, and for its `alertmanager` where that is the same server.',
  },
  page: {
    kind: boolean(),
    description:
      'Whether to write the report as a page with a timeline, and as JSON, into a folder; a step after this one uploads `folder` under the name `artifact`, and the summary links to it.',
    default: 'true',
  },
  findings: {
    kind: workspacePath({ example: 'findings' }),
    description: 'Folder into which the artifact of `scan` was fetched: its findings are handed to code scanning.',
  },
  'webhook-url': {
    kind: secret({ example: '${{ secrets.webhook-url }}' }),
    description:
      'Address that is told of failures, recoveries and releases, in the form of Slack’s incoming webhooks; pull requests are not told of.',
  },
  'github-token': {
    kind: secret({ example: '${{ github.token }}' }),
    description:
      'Token with `pull-requests: write` for the comment, `security-events: write` for `findings`, and `actions: read` for the timeline of `page`.',
    expression: '${{ github.token }}',
  },
} as const;

export const outputs = {
  done: { kind: 'boolean', description: 'Whether everything required has a good result.' },
  missing: { kind: 'json', description: 'Names of the required lines that have no result, as a JSON list.' },
  json: {
    kind: 'json',
    description:
      'The report, as docs/report.schema.json describes it; at most 60,000 bytes, `leftOut` says what did not fit.',
  },
  folder: { kind: 'string', description: 'Folder with report.html and report.json; empty where `page` is off.' },
  artifact: {
    kind: 'string',
    description: 'Name for the artifact of that folder, one a call; empty where `page` is off.',
  },
} as const;

export type ReportInputs = InputValues<typeof inputs>;
