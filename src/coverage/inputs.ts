import { list } from '../runtime/collections.ts';
import type { InputValues } from '../runtime/inputs.ts';
import { enumeration, percentage, secret, string, workspacePath } from '../runtime/kinds.ts';
import { REQUIRABLE } from './gates.ts';
import { thresholdsKind } from './thresholds.ts';

const minimum = percentage({ example: '80' });

export const inputs = {
  'working-directory': {
    kind: workspacePath({ example: 'apps/api' }),
    description: 'Folder of the project, from the root of the repository.',
    default: '.',
  },
  reports: {
    kind: list(string({ example: 'coverage/lcov.info', limit: 1_024 }), {
      example: 'coverage/lcov.info\npackages/*/coverage/coverage-final.json',
      max: 200,
    }),
    description:
      'Report files or globs, from the working directory; looked for in the usual places when left out. Several are ' +
      'one: a line that any of them ran is covered.',
  },
  collect: {
    kind: string({ example: '${{ steps.gate.outputs.part }}', limit: 4_096 }),
    description:
      'For a job that runs one shard of the tests: folder to which its reports are copied, for the job that has `merge`. ' +
      'Nothing is compared then.',
  },
  merge: {
    kind: string({ example: '${{ runner.temp }}/parts', limit: 4_096 }),
    description:
      'Folder with the parts of all shards, whose collected reports are read as those of one run. `reports` is what ' +
      'the shards collected.',
  },
  lines: { kind: minimum, description: 'Least share of all lines with code that the tests have to run, in percent.' },
  branches: { kind: minimum, description: 'The same for branches.' },
  functions: { kind: minimum, description: 'The same for functions.' },
  statements: { kind: minimum, description: 'The same for statements.' },
  thresholds: {
    kind: thresholdsKind,
    description:
      'Minimums for parts of the project: glob, from the working directory, to a minimum for lines or to a map by ' +
      'metric. The last glob that matches a file has it; its files are compared as one group.',
  },
  patch: {
    kind: minimum,
    description: 'Least share of the lines with code that this change adds or changes, in percent.',
  },
  'max-drop': {
    kind: percentage({ example: '0.5' }),
    description:
      'By how many percentage points each of lines, branches, functions and statements may fall below the base branch. ' +
      'Needs `actions: read`.',
  },
  require: {
    kind: list(enumeration(REQUIRABLE), { example: 'patch\ndrop', max: 6 }),
    description: 'Figures without which the answer is no, even when they could not be measured.',
  },
  workflow: {
    kind: string({ example: 'node-service', limit: 255 }),
    description: 'Name of the pipeline workflow that measures; each has figures of its own.',
    default: 'pipeline',
  },
  service: {
    kind: string({ example: 'api', limit: 255 }),
    description: 'Name of the service; each has figures of its own.',
  },
  'github-token': {
    kind: secret({ example: '${{ github.token }}' }),
    description: 'Token with `actions: read`, to find the figures of the base branch.',
    expression: '${{ github.token }}',
  },
} as const;

export const outputs = {
  lines: { kind: 'number', description: 'Covered lines in percent, cut to two decimals; empty when not measured.' },
  branches: { kind: 'number', description: 'Covered branches in percent.' },
  functions: { kind: 'number', description: 'Covered functions in percent.' },
  statements: { kind: 'number', description: 'Covered statements in percent.' },
  patch: { kind: 'number', description: 'Covered lines among those that this change adds or changes, in percent.' },
  drop: {
    kind: 'number',
    description:
      'By how many percentage points the metric that fell the most is below the base; below 0 when all rose.',
  },
  passed: {
    kind: 'boolean',
    description: 'Whether every gate passed; empty when there is neither a report nor a gate.',
  },
  report: { kind: 'string', description: 'Path of the machine-readable figures, a JSON file in RUNNER_TEMP.' },
  artifact: {
    kind: 'string',
    description: 'Name under which the workflow keeps that file, so that later runs find it.',
  },
} as const;

export type CoverageInputs = InputValues<typeof inputs>;
