import type { InputValues } from '../runtime/inputs.ts';
import { boolean, integer, secret, string, workspacePath } from '../runtime/kinds.ts';
import { workflowInputsKind } from './workflow-inputs.ts';

export const inputs = {
  'working-directory': {
    kind: workspacePath({ example: 'apps/api' }),
    description:
      'Folder of the project. A package of a workspace is planned with the builds of the packages it depends on.',
    default: '.',
  },
  'changed-since': {
    kind: string({ example: 'auto', accepted: '`auto`, a branch, a tag or a commit', limit: 255 }),
    description:
      'What to compare with, so that only affected packages are planned: `auto` (by what started the run), or a branch, a tag or a commit. Everything counts when left out.',
    default: '',
  },
  coverage: {
    kind: boolean(),
    description:
      'Whether the tests have to measure coverage: a script that does is preferred, else the runner’s own flag is added. Give `gate` the same.',
    default: 'false',
  },
  shards: {
    kind: integer({ min: 1, max: 64, example: 3 }),
    description: 'On how many machines the tasks run, the tests divided by file.',
    default: '1',
  },
  summary: {
    kind: boolean(),
    description: 'Whether the plan is written into the summary of the job.',
    default: 'true',
  },
  workflow: {
    kind: string({ example: 'node-service', pattern: /^(?:[a-z][a-z-]{0,40})?$/, limit: 41 }),
    description: 'Name of the workflow that plans: each deploys to targets of its own.',
    default: '',
  },
  'workflow-inputs': {
    kind: workflowInputsKind(),
    description: 'Inputs of the workflow that plans, as `toJSON(inputs)`: what it can not do is refused at once.',
  },
  'github-token': {
    kind: secret({ example: '${{ github.token }}' }),
    description:
      'Token that fetches the commits of `changed-since` that the clone lacks (`contents: read`) and finds the last green run (`actions: read`).',
    expression: '${{ github.token }}',
  },
} as const;

export const outputs = {
  plan: {
    kind: 'json',
    description:
      'The plan, as docs/plan.schema.json describes it; at most 120,000 bytes, `leftOut` says what did not fit.',
  },
  affected: {
    kind: 'json',
    description:
      'The affected packages, a list of `directory`, `name` and `reason`; all of them without `changed-since`. Fit for `matrix.include`.',
  },
  'nothing-to-do': {
    kind: 'boolean',
    description:
      'True when commits were compared and the project of `working-directory`, with what it depends on, is not affected.',
  },
  'changed-since': {
    kind: 'string',
    description: 'Commit that was compared with, for the input of `gate`; empty when everything counts.',
  },
  prisma: {
    kind: 'boolean',
    description: 'Whether a Prisma schema was found.',
  },
  'build-output': {
    kind: 'string',
    description: 'Folders of the build that the workflow deploys, one a line: what `gate` takes as `pack`.',
  },
  'build-env': {
    kind: 'string',
    description: 'Values that the workflow’s `build-env` gives this build, for the input of `gate`.',
  },
  builds: {
    kind: 'string',
    description: 'Whether the build is good for every environment, and why; empty without `build-env`.',
  },
  'built-for': {
    kind: 'string',
    description: 'The one environment that the build is good for; empty where it is good for all.',
  },
  'build-artifact': {
    kind: 'string',
    description: 'Name for the artifact of that output: workflow, folder and service are in it.',
  },
  shards: {
    kind: 'json',
    description: 'For `strategy.matrix` with `shards`: `shard`, number and count of each machine.',
  },
  times: {
    kind: 'string',
    description: 'Times that the last green push run has recorded, for the input `times` of `gate`; empty without.',
  },
  'shard-parts': { kind: 'string', description: 'Pattern of the names of the artifacts that the machines leave.' },
  'times-artifact': { kind: 'string', description: 'Name under which the workflow keeps the times of this run.' },
  promised: { kind: 'json', description: 'What `report` needs of the plan, 8 KiB at most.' },
} as const;

export type PlanInputs = InputValues<typeof inputs>;
