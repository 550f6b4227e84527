import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { GateResults } from '../../src/gate/results.ts';
import { runWorkflow } from '../../src/local/run.ts';
import type { RunOptions, RunResult } from '../../src/local/run-types.ts';
import { root } from '../../tools/install/root.ts';
import { exampleProject } from '../support/project.ts';
import { temporaryFolder } from '../support/temporary.ts';

const INPUTS = { coverage: 'lines: 50', gate: 'tasks: {format: off, typecheck: off, build: off}' };
const FIGURES = ['coverage-passed', 'coverage-lines', 'coverage-branches', 'node-version', 'package-manager'];

const outputsOf = ({ jobs }: RunResult) => jobs.find(({ id }) => id === 'check')?.outputs ?? {};
const resultsOf = (run: RunResult) => JSON.parse(outputsOf(run)['results'] ?? '{"tasks":[]}') as GateResults;
const figuresOf = (run: RunResult) => FIGURES.map((name) => [name, outputsOf(run)[name]]);
const conclusionsOf = (run: RunResult) => resultsOf(run).tasks.map(({ id, result, command }) => [id, result, command]);

it('a check on three machines comes to the same as on one, knows its times the next time, and is red where one of them is', async () => {
  const project = await exampleProject('node-service');
  const stateFolder = await temporaryFolder();
  const run = async (event: RunOptions['event'] & {}, inputs: Readonly<Record<string, string>>): Promise<RunResult> => {
    const options = { bundle: root, project, workflow: 'node-service.yml', cacheFolder: join(stateFolder, 'cache') };
    return runWorkflow({ ...options, event, stateFolder, inputs: { ...INPUTS, ...inputs } });
  };

  const one = await run({ name: 'push' }, {});
  expect(one.exitCode, one.log).toBe(0);
  expect(one.jobs.filter(({ conclusion }) => conclusion !== 'skipped').map(({ name }) => name)).toEqual([
    'check',
    'report',
  ]);

  const three = await run({ name: 'push' }, { shards: '3' });
  expect(three.exitCode, three.log).toBe(0);
  const ran = three.jobs.filter(({ conclusion }) => conclusion !== 'skipped').map(({ name }) => name);
  expect(ran).toEqual(['shards', 'test (1/3)', 'test (2/3)', 'test (3/3)', 'check', 'report']);
  expect(figuresOf(three)).toEqual(figuresOf(one));
  expect(conclusionsOf(three)).toEqual(conclusionsOf(one));
  expect(resultsOf(three).tasks.find(({ id }) => id === 'test')).toMatchObject({ shards: 3, files: 5 });
  expect(three.log).toContain('no times are recorded');
  const names = three.artifacts.map(({ name }) => name.replace(/-[0-9a-f]{8}$/, ''));
  expect(names).toEqual(expect.arrayContaining(['coverage-node-service', 'times-node-service']));

  const tests = join(project, 'test/links.test.ts');
  const text = await readFile(tests, 'utf8');
  await writeFile(tests, `${text}\nit('is red', () => {\n  expect('red').toBe('green');\n});\n`);
  const red = await run({ name: 'pull_request' }, { shards: '2' });
  expect(red.exitCode).toBe(1);
  expect(red.log).toContain('by the times of run 2 of main');
  const results = Object.fromEntries(red.jobs.map(({ name, conclusion }) => [name, conclusion]));
  expect(Object.values({ ...results, shards: '' }).filter((conclusion) => conclusion === 'failure')).toHaveLength(3);
  expect(results).toMatchObject({ shards: 'success', check: 'failure', report: 'failure', tag: 'skipped' });
  expect(red.annotations).toContainEqual(expect.objectContaining({ level: 'error', file: 'test/links.test.ts' }));
  expect(red.comments[0]?.body).toMatch(/test\/links\.test\.ts:\d+/);
  expect(resultsOf(red).tasks.find(({ id }) => id === 'test')).toMatchObject({
    result: 'failed',
    tests: { failed: 1 },
  });
});
