import type { InputValues } from '../runtime/inputs.ts';
import { boolean, string, workspacePath } from '../runtime/kinds.ts';
import { workflowInputsKind } from './workflow-inputs.ts';

export const inputs = {
  'working-directory': {
    kind: workspacePath({ example: 'apps/api' }),
    description:
      'Folder of the project. A package of a workspace is planned with the builds of the packages it depends on.',
    default: '.',
  },
  'changed-since': {
    kind: string({ example: 'origin/main' }),
    description: 'Commit to compare with, so that only affected packages are planned. Not available yet.',
  },
  coverage: {
    kind: boolean(),
    description:
      'Whether the tests have to measure coverage: a script that does is preferred, else the runner’s own flag is added. Give `gate` the same.',
    default: 'false',
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
} as const;

export const outputs = {
  plan: {
    kind: 'json',
    description:
      'The plan, as docs/plan.schema.json describes it; at most 120,000 bytes, `leftOut` says what did not fit.',
  },
  affected: { kind: 'json', description: 'Folders of the affected packages, relative to the repository.' },
  prisma: {
    kind: 'boolean',
    description: 'Whether a Prisma schema was found.',
  },
  'build-output': {
    kind: 'string',
    description: 'Folders of the build that the workflow deploys, one a line: what `gate` takes as `pack`.',
  },
  'build-artifact': {
    kind: 'string',
    description: 'Name for the artifact of that output: workflow, folder and service are in it.',
  },
  promised: { kind: 'json', description: 'What `report` needs of the plan, 8 KiB at most.' },
} as const;

export type PlanInputs = InputValues<typeof inputs>;
