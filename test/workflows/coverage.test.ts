import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runWorkflow } from '../../src/local/run.ts';
import type { RunOptions, RunResult } from '../../src/local/run-types.ts';
import { root } from '../../tools/install/root.ts';
import { exampleProject } from '../support/project.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** What the example's coverage has to reach; the other tasks are tried elsewhere. */
const INPUTS = {
  coverage: 'max-drop: 0\npatch: 90\nrequire: [drop]',
  gate: 'tasks: {format: off, lint: off, typecheck: off, build: off}',
};

it('a pull request that deletes a test is red with the lines that nothing runs any more, one of words is green', async () => {
  const project = await exampleProject('node-service');
  const stateFolder = await temporaryFolder();
  const run = async (event: RunOptions['event'] & {}, coverage = INPUTS.coverage): Promise<RunResult> => {
    const options = { bundle: root, project, workflow: 'node-service.yml', cacheFolder: join(stateFolder, 'cache') };
    return runWorkflow({ ...options, event, stateFolder, inputs: { ...INPUTS, coverage } });
  };

  // There is no base yet to require.
  const first = await run({ name: 'push' }, 'max-drop: 0');
  expect(first.exitCode, first.log).toBe(0);
  expect(first.log).toContain('npm run test:coverage');
  expect(first.artifacts.map(({ name }) => name)).toEqual([
    expect.stringMatching(/^coverage-/),
    expect.stringMatching(/^report-/),
  ]);

  const tests = join(project, 'test/links.test.ts');
  const text = await readFile(tests, 'utf8');
  const start = text.indexOf("  it('is created, found, listed, followed and deleted'");
  expect(start).toBeGreaterThan(0);
  await writeFile(tests, text.slice(0, start) + text.slice(text.indexOf("\n  it('gets a slug of its own") + 1));
  const deleted = await run({ name: 'pull_request' });
  expect(deleted.exitCode).toBe(1);
  const errors = deleted.annotations.filter(({ level }) => level === 'error').map(({ message }) => message);
  expect(errors.join('\n')).toMatch(/^PIPE-COVERAGE-043: the coverage fell .*lines \d+\.\d\d % to \d+\.\d\d %/m);
  const lines = deleted.annotations.filter(({ file }) => file === 'src/service.ts' || file === 'src/links.ts');
  expect(lines.length, deleted.log).toBeGreaterThan(0);
  const source = (await readFile(join(project, lines[0]?.file ?? ''), 'utf8')).split('\n');
  expect(source[(lines[0]?.line ?? 0) - 1]).toMatch(/\S/);
  expect(deleted.summaries.map(({ markdown }) => markdown).join('\n')).toMatch(/\*\*coverage\*\* \| ❌\sfailed/);
  expect(deleted.comments[0]?.body).toMatch(/coverage/);

  await writeFile(tests, text);
  await appendFile(join(project, 'README.md'), '\nMore words.\n');
  const words = await run({ name: 'pull_request' });
  expect(words.exitCode, words.log).toBe(0);
  expect(words.jobs.find(({ id }) => id === 'check')?.outputs).toMatchObject({
    'coverage-passed': 'true',
    'coverage-drop': '0',
  });
});
