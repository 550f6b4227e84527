import { describe, expect, it } from 'vitest';
import { selectTasks, switchedOff, tasksKind } from '../../src/gate/tasks.ts';
import type { PlannedTask } from '../../src/plan/types.ts';

const WORKSPACE = '/repository';

function planned(id: string, ...needs: string[]): PlannedTask {
  const [directory, kind] = id.includes(':') ? (id.split(':') as [string, string]) : ['.', id];
  return {
    id,
    kind: kind as PlannedTask['kind'],
    package: directory,
    directory,
    command: ['npm', 'run', kind],
    display: `npm run ${kind}`,
    path: [],
    environment: {},
    source: 'package.json',
    reason: '',
    needs,
  };
}

/** What the input `tasks` makes of a plan. */
async function select(plan: readonly PlannedTask[], tasks: string) {
  const wishes = await tasksKind.fromText(tasks, { workspace: process.cwd() });
  return selectTasks(plan, wishes, { workspace: WORKSPACE, workingDirectory: WORKSPACE, timeout: 60_000 });
}

const PLAN = [planned('generate'), planned('build', 'generate'), planned('lint'), planned('test', 'build')];
const MONOREPO = [
  planned('shared:build'),
  planned('api:build', 'shared:build'),
  planned('api:lint'),
  planned('shared:lint'),
];

const brief = (tasks: Awaited<ReturnType<typeof select>>) =>
  tasks.map(({ id, command, needs }) => [id, command.join(' '), [...needs]]);

describe('the input `tasks`', () => {
  it('leaves the plan as it is when it says nothing', async () => {
    expect(brief(await select(PLAN, '{}'))).toEqual(
      PLAN.map(({ id, command, needs }) => [id, command.join(' '), needs]),
    );
  });

  it('switches a task off; what needed it waits for what that one waited for', async () => {
    expect(brief(await select(PLAN, 'build: off'))).toEqual([
      ['generate', 'npm run generate', []],
      ['lint', 'npm run lint', []],
      ['test', 'npm run test', ['generate']],
    ]);
  });

  it.each(['lint: off', 'lint: false', '{lint: "off"}'])('understands %s', async (tasks) => {
    expect((await select(PLAN, tasks)).map(({ id }) => id)).not.toContain('lint');
  });

  it('replaces a command and keeps its place in the order', async () => {
    const tasks = await select(PLAN, 'build: npm run build:fast');
    expect(tasks.find(({ id }) => id === 'build')).toMatchObject({
      command: ['npm', 'run', 'build:fast'],
      needs: ['generate'],
    });
    expect(tasks.find(({ id }) => id === 'test')?.needs).toEqual(['build']);
  });

  it('adds a task with its order, folder and time', async () => {
    const tasks = await select(PLAN, 'e2e: {run: "npm run e2e -- --grep \\"a b\\"", needs: [build], timeout: 10m}');
    expect(tasks.at(-1)).toMatchObject({
      id: 'e2e',
      command: ['npm', 'run', 'e2e', '--', '--grep', 'a b'],
      needs: ['build'],
      timeout: 600_000,
      directory: '.',
      path: ['node_modules/.bin'],
    });
  });

  it('means every task of a kind by the name of the kind', async () => {
    expect((await select(MONOREPO, 'lint: off')).map(({ id }) => id)).toEqual(['shared:build', 'api:build']);
  });

  it('puts one command in the place of all tasks of a kind', async () => {
    const tasks = await select(
      [...MONOREPO, planned('api:test', 'api:build', 'shared:build')],
      'build: turbo run build',
    );
    expect(brief(tasks).filter(([id]) => id !== 'api:lint' && id !== 'shared:lint')).toEqual([
      ['build', 'turbo run build', []],
      ['api:test', 'npm run test', ['build']],
    ]);
  });

  it('tells what was switched off from what was replaced', async () => {
    expect(switchedOff(PLAN, await select(PLAN, 'lint: off'))).toEqual(['lint']);
    expect(switchedOff(MONOREPO, await select(MONOREPO, 'lint: off'))).toEqual(['api:lint', 'shared:lint']);
    expect(switchedOff(MONOREPO, await select(MONOREPO, '"api:lint": off'))).toEqual(['api:lint']);
    expect(switchedOff(MONOREPO, await select(MONOREPO, 'build: turbo run build'))).toEqual([]);
  });

  it('changes only the time when only that is given', async () => {
    expect((await select(PLAN, 'test: {timeout: 45m}')).find(({ id }) => id === 'test')).toMatchObject({
      timeout: 2_700_000,
      command: ['npm', 'run', 'test'],
    });
  });

  it('reports every unknown task with the nearest known one', async () => {
    await expect(select(PLAN, '{lnt: off, tset: {timeout: 5m}}')).rejects.toThrow(
      /PIPE-GATE-001.*`lint` \(nearest\)[\s\S]*PIPE-GATE-001.*`test`/,
    );
  });

  it.each(['npm test && curl x', 'echo $(id)', 'a | b'])(
    'refuses the command line %s, which needs a shell',
    async (line) => {
      await expect(select(PLAN, JSON.stringify({ test: line }))).rejects.toThrow(/PIPE-GATE-002.*needs a shell/);
    },
  );

  it.each([
    ['lint: {command: x}', 'command'],
    ['lint: [a]', 'lint'],
    ['"a b": npm test', 'a b'],
    ['lint: {needs: {a: b}}', 'needs'],
    ['lint: {directory: ../..}', 'directory'],
  ])('refuses %s', async (tasks, named) => {
    await expect(select(PLAN, tasks)).rejects.toThrow(named);
  });
});
