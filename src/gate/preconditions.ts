import { join } from 'node:path';
import { type Decision, TASK_KINDS } from '../plan/types.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { exists, readTextFile } from '../runtime/files.ts';
import { isMap } from '../runtime/yaml.ts';
import type { GateTask } from './task.ts';

/** What there is to run, and what the plan said of it. */
export interface Intention {
  /** How many tasks the plan has. */
  readonly planned: number;
  readonly tasks: readonly GateTask[];
  readonly decisions: readonly Decision[];
}

/**
 * Refuses what would only fail task by task: nothing to run, or packages that were never installed.
 *
 * @param root absolute folder of the project's root, where its packages are installed; undefined where nothing is run
 * @throws ConfigurationError PIPE-GATE-013 no task, PIPE-GATE-005 dependencies and none installed
 */
export async function checkPreconditions(
  root: string | undefined,
  { planned, tasks, decisions }: Intention,
): Promise<void> {
  if (tasks.length === 0) {
    const passedOver = decisions.filter(({ subject }) => TASK_KINDS.some((kind) => kind === subject));
    const said = passedOver.map(({ subject, decision, reason }) => `${subject}: ${decision} (${reason})`);
    throw new ConfigurationError({
      code: 'PIPE-GATE-013',
      what:
        planned > 0
          ? 'there is nothing to run: `tasks` switches off every task of the plan'
          : 'there is nothing to run: the plan has no task and `tasks` adds none',
      ...(planned > 0 || said.length === 0 ? {} : { given: shown(said.join('; '), 400) }),
      accepted: 'a script such as `lint`, `typecheck`, `test` or `build` in package.json, or a task in `tasks`',
      example: '`tasks: {test: node --test}`',
      remedy: 'add one, or say `gate: off` where nothing is to be checked',
    });
  }
  if (root === undefined) return;
  const installed = await Promise.all(['node_modules', '.pnp.cjs', '.pnp.js'].map((name) => exists(join(root, name))));
  if (installed.includes(true) || !(await hasDependencies(join(root, 'package.json')))) return;
  throw new ConfigurationError({
    code: 'PIPE-GATE-005',
    what: 'package.json names dependencies and none are installed',
    accepted: 'an installed project',
    example: '`- uses: org/pipelines/actions/setup@v1`',
    remedy: 'install it in a step before',
    state: 'no task was run',
  });
}

async function hasDependencies(path: string): Promise<boolean> {
  const text = await readTextFile(path);
  // The plan has read it before and refused what is not JSON.
  const manifest: unknown = text === undefined ? {} : JSON.parse(text.replace(/^\uFEFF/, ''));
  if (!isMap(manifest)) return false;
  return ['dependencies', 'devDependencies'].some(
    (name) => isMap(manifest[name]) && Object.keys(manifest[name]).length > 0,
  );
}
