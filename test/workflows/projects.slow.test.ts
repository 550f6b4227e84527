import { afterAll, describe, expect, it } from 'vitest';
import { runWorkflow } from '../../src/local/run.ts';
import { root } from '../../tools/install/root.ts';
import { layOut } from '../real-projects/lay-out.ts';
import { MORE_PROJECTS } from '../real-projects/more-projects.ts';
import { remember, writePage } from '../real-projects/page.ts';
import { PROJECTS } from '../real-projects/projects.ts';
import { temporaryFolder } from '../support/temporary.ts';

const all = [...PROJECTS, ...MORE_PROJECTS];

/** What the gate's own lines say of each task. */
function tasksOf(log: string): Readonly<Record<string, string>> {
  const found = [...log.matchAll(/(passed|failed) ((?:[\w@./-]+:)?[a-z]+) \(\d/g)];
  return Object.fromEntries(found.map(([, result = '', task = '']) => [task, result]));
}

describe('real projects, without any configuration,', () => {
  it.each(all.map((project) => [project.name, project] as const))(
    'are checked right at the first try: %s',
    async (_, project) => {
      const result = await runWorkflow({
        bundle: root,
        project: await layOut(project),
        workflow: 'check.yml',
        cacheFolder: await temporaryFolder(),
      });
      const tasks = tasksOf(result.log);
      const errors = result.annotations.filter(({ level }) => level === 'error');
      const places = errors.map(({ file, line, message }) => `${file ?? ''}:${line ?? ''} ${message}`).join('\n');
      const isGreen = project.says === undefined;
      expect(tasks, result.log).toEqual(project.expected);
      expect(result.exitCode, result.log).toBe(isGreen ? 0 : 1);
      if (project.says !== undefined) expect(places).toContain(project.says);
      const manager = /\b((?:npm|pnpm|yarn|bun) \d+\.\d+\.\d+\S*):/.exec(result.log)?.[1] ?? 'none';
      await remember(project, { manager, tasks });
    },
    600_000,
  );

  afterAll(() => writePage(all));
});
