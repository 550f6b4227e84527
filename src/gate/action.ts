import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { planRepository } from '../plan/plan.ts';
import { defineAction } from '../runtime/action.ts';
import { record } from '../runtime/collections.ts';
import { projectEnvironment } from '../runtime/environment.ts';
import { boolean, duration, integer, string, workspacePath } from '../runtime/kinds.ts';
import { takeDown } from './compose.ts';
import { annotateProblems, gateFailure } from './failure.ts';
import { runGate } from './gate.ts';
import { checkPreconditions } from './preconditions.ts';
import { reportedResults } from './results.ts';
import { gateSummary } from './summary.ts';
import { selectTasks, switchedOff, tasksKind } from './tasks.ts';

export const action = defineAction({
  name: 'gate',
  description: "Runs a project's own format, lint, typecheck, test and build beside each other and says what is red.",
  branding: { icon: 'check-circle', color: 'green' },
  inputs: {
    'working-directory': {
      kind: workspacePath({ example: 'apps/api' }),
      description: 'Folder of the project, from the root of the repository.',
      default: '.',
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
  },
  outputs: {
    passed: { kind: 'boolean', description: 'Whether every task passed.' },
    results: {
      kind: 'json',
      description: 'Every task with its command, result, time and first problems, 32 KiB at most.',
    },
  },
  async run(inputs, context) {
    const { workspace, log } = context;
    const plan = await planRepository({ workspace, workingDirectory: inputs.workingDirectory });
    const tasks = selectTasks(plan.tasks, inputs.tasks, { ...inputs, workspace });
    await checkPreconditions(resolve(workspace, plan.root), tasks);
    const results = await runGate(tasks, {
      ...context,
      environment: projectEnvironment(context.environment, Object.fromEntries(inputs.env ?? [])),
      packages: new Map(plan.packages.map(({ name, directory }) => [name, directory])),
      concurrency: inputs.concurrency ?? Math.max(4, availableParallelism()),
      failFast: inputs.failFast,
      compose: inputs.compose,
    });
    annotateProblems(results, log);
    const failure = gateFailure(results);
    if (failure !== undefined) context.summarize(gateSummary(results, failure.faults[0].what));
    return {
      outputs: { passed: failure === undefined, results: reportedResults(results, switchedOff(plan.tasks, tasks)) },
      failure,
    };
  },
  async post(_inputs, context) {
    const project = context.state('compose-project');
    if (project !== '')
      await takeDown(project, { environment: context.environment, interrupted: true, say: context.log.info });
  },
});
