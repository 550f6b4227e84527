import { list, record } from '../runtime/collections.ts';
import type { InputValues } from '../runtime/inputs.ts';
import { boolean, duration, enumeration, integer, string, workspacePath } from '../runtime/kinds.ts';
import { tasksKind } from './tasks.ts';

export const inputs = {
  'working-directory': {
    kind: workspacePath({ example: 'apps/api' }),
    description: 'Folder of the project, from the root of the repository.',
    default: '.',
  },
  coverage: {
    kind: boolean(),
    description:
      'Whether the tests have to measure coverage: a script that does is preferred, else the runner’s own flag is added. Give `plan` the same.',
    default: 'false',
  },
  tasks: {
    kind: tasksKind,
    description: 'Adds, replaces, orders or switches off tasks of the plan.',
  },
  env: {
    kind: record(string({ example: 'test', limit: 8_192 }), {
      example: 'TZ: UTC\nDATABASE_URL: postgres://test@127.0.0.1:5432/test',
      names: /^(?!ACTIONS_|INPUT_|GITHUB_|RUNNER_|STATE_)[A-Za-z_][A-Za-z0-9_]{0,127}$/,
      accepted: 'a YAML map from variable to value; names of the runner (GITHUB_, ACTIONS_…) are not accepted',
    }),
    description: "Variables for the project's commands. No secrets: every command of the project sees them.",
  },
  'build-env': {
    kind: record(string({ example: 'https://api.example.com', limit: 8_192 }), {
      example: 'PUBLIC_API: https://api.example.com',
      names: /^(?!ACTIONS_|INPUT_|GITHUB_|RUNNER_|STATE_)[A-Za-z_][A-Za-z0-9_]{0,127}$/,
      accepted: 'a YAML map from variable to value; names of the runner (GITHUB_, ACTIONS_…) are not accepted',
    }),
    description:
      'Variables for builds alone; they are baked into what is built, and tests do not see them. No secrets.',
  },
  'changed-since': {
    kind: string({
      example: '0123456789abcdef0123456789abcdef01234567',
      pattern: /^([0-9a-f]{40}|[0-9a-f]{64})?$/,
      accepted: 'a whole commit, as the output `changed-since` of `plan` is',
    }),
    description:
      'Commit to compare with, the output `changed-since` of `plan`: only the tasks of affected packages run. Everything runs when left out.',
    default: '',
  },
  compose: {
    kind: workspacePath({ example: 'compose.test.yaml' }),
    description: 'Compose file whose services are healthy before the first task and gone after the last.',
  },
  concurrency: {
    kind: integer({ min: 1, max: 64, example: 4 }),
    description: 'How many tasks run beside each other; the number of cores, and at least 4, when left out.',
  },
  timeout: {
    kind: duration({ min: 1_000, max: 21_600_000, example: '10m' }),
    description: 'Longest time for one task; then it is ended with everything it started.',
    default: '30m',
  },
  'fail-fast': {
    kind: boolean(),
    description: 'Whether the first red task ends the others.',
    default: 'false',
  },
  reuse: {
    kind: boolean(),
    description:
      'Whether a task that passed in an earlier run with the same files, command, environment and toolchain is not run again; what it wrote is restored. Never on `schedule` and `workflow_dispatch`, for forks, or with `compose`.',
    default: 'false',
  },
  shard: {
    kind: string({
      example: '2/3',
      pattern: /^([1-9]\d{0,2}\/[1-9]\d{0,2})?$/,
      accepted: 'number and count, `<number>/<count>`',
    }),
    description:
      'Which of several machines this is: it runs its share of the tasks, the tests by file, and leaves a part. From the output `shards` of `plan`.',
    default: '',
  },
  times: {
    kind: string({ example: '${{ needs.shards.outputs.times }}', limit: 120_000 }),
    description:
      'Recorded times, the output `times` of `plan`: by them the shares are balanced; `merge` carries on those of tasks that did not run.',
    default: '',
  },
  'part-name': {
    kind: string({
      example: '${{ needs.shards.outputs.parts }}',
      pattern: /^([A-Za-z0-9._-]*\*[A-Za-z0-9._-]*)?$/,
      accepted: 'a name with one `*`',
      limit: 255,
    }),
    description: 'How the artifacts of the shards are called, the output `shard-parts` of `plan`.',
    default: '',
  },
  merge: {
    kind: string({ example: '${{ runner.temp }}/parts', limit: 4_096 }),
    description:
      'Folder with the parts that all shards left, one folder each: nothing is run, the results are those of all of them.',
    default: '',
  },
  'merge-result': {
    kind: enumeration(['', 'success', 'failure', 'cancelled', 'skipped']),
    description:
      'How the jobs of the shards ended, `needs.<job>.result`: parts that are green do not make up for a job that is not.',
    default: '',
  },
  pack: {
    kind: list(string({ example: 'apps/web/dist', pattern: /^\??[^\s/?][^?\n]*$/, accepted: 'a path', limit: 512 }), {
      example: 'apps/web/dist',
      max: 20,
    }),
    description:
      'Folders of the build output, from the root of the repository, one a line: when every task passed they are packed as one archive, for a job that deploys. One that starts with `?` may be missing.',
  },
} as const;

export const outputs = {
  passed: { kind: 'boolean', description: 'Whether every task passed.' },
  results: {
    kind: 'json',
    description: 'Every task with its command, result, time and first problems, 32 KiB at most.',
  },
  reused: { kind: 'number', description: 'How many tasks were not run again because they had passed before.' },
  part: { kind: 'string', description: 'Folder with what this shard leaves, for `merge`; empty without `shard`.' },
  'part-artifact': { kind: 'string', description: 'Name for the artifact of that folder, by `part-name`.' },
  times: { kind: 'string', description: 'File with the times of all shards, for the next run; empty without `merge`.' },
  packed: { kind: 'string', description: 'Path of the archive that `pack` made; empty when there is none.' },
} as const;

export type GateInputs = InputValues<typeof inputs>;
