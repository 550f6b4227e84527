import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { machine } from '../support/run-dist.ts';
import { commands, lines, manifest, plan, planOf, repository } from './repository.ts';

const V8 = ['vitest', '@vitest/coverage-v8'];

async function testOf(scripts: Readonly<Record<string, string>>, dependencies: readonly string[] = V8) {
  const found = await plan({ 'package.json': manifest(scripts, dependencies) }, { coverage: true });
  return { command: commands(found)['test'], said: lines(found).filter((line) => /^(test|coverage)/.test(line)) };
}

describe('when coverage is asked for', () => {
  it.each([
    ['the test script measures it', { test: 'vitest run --coverage', 'test:coverage': 'c8 mocha' }, 'npm run test'],
    ['c8 or nyc runs the tests', { test: 'c8 mocha', coverage: 'c8 report' }, 'npm run test'],
    ['another script does', { test: 'vitest run', 'test:cov': 'vitest run --coverage' }, 'npm run test:cov'],
    [
      'a script says so by its name',
      { test: 'mocha', 'test:coverage': 'node tools/cover.js' },
      'npm run test:coverage',
    ],
    ['it only hands over', { test: 'vitest run', coverage: 'npm run test -- --coverage' }, 'npm run coverage'],
  ])('runs the script as it is where %s', async (_, scripts, command) => {
    const found = await testOf(scripts);
    expect(found).toEqual({ command, said: [`test: \`${command}\` (package.json)`] });
  });

  it.each([
    ['vitest', { test: 'vitest run' }, V8, 'npm run test -- --coverage'],
    ['jest', { test: 'jest --ci' }, ['jest'], 'npm run test -- --coverage'],
    ['react-scripts', { test: 'react-scripts test' }, ['react-scripts'], 'npm run test -- --coverage'],
    [
      'what the script does around it',
      { pretest: 'tsc', test: 'cross-env TZ=UTC vitest run' },
      V8,
      'npm run test -- --coverage',
    ],
  ])('hands the runner’s own flag to the script of %s, and says so', async (_, scripts, dependencies, command) => {
    const { command: planned, said } = await testOf(scripts, dependencies);
    expect(planned).toBe(command);
    expect(said).toEqual([`test: \`${command}\` (package.json, with --coverage added for the coverage)`]);
  });

  it.each([
    ['mocha', { test: 'mocha test' }, ['mocha', 'c8'], 'c8 --reporter=lcov --reporter=text-summary mocha test'],
    ['ava', { test: 'ava' }, ['ava', 'nyc'], 'nyc --reporter=lcov --reporter=text-summary ava'],
  ])('starts %s by what measures it, and says so', async (_, scripts, dependencies, command) => {
    const { command: planned, said } = await testOf(scripts, dependencies);
    expect(planned).toBe(command);
    expect(said[0]).toMatch(/script test with (c8|nyc) added for the coverage\)$/);
  });

  it.each([
    ['vitest has no provider', { test: 'vitest run' }, ['vitest'], '@vitest/coverage-v8'],
    ['mocha has nothing that measures', { test: 'mocha' }, ['mocha'], 'neither c8 nor nyc'],
    ['the script goes on behind the runner', { test: 'vitest run && echo done' }, V8, 'no flag can be added'],
    ['the output is piped', { test: 'jest | tee out.txt' }, ['jest'], 'no flag can be added'],
    ['it is switched off by name', { test: 'jest --coverage=false' }, ['jest'], 'no flag can be added'],
    ['another script starts the runner', { test: 'npm run unit', unit: 'jest' }, ['jest'], 'no flag can be added'],
  ])('leaves the script as it is and says why where %s', async (_, scripts, dependencies, reason) => {
    const { command, said } = await testOf(scripts, dependencies);
    expect(command).toBe('npm run test');
    expect(said).toContainEqual(expect.stringMatching(/^coverage: asked for, the tests run without it \(/));
    expect(said.join('\n')).toContain(reason);
  });

  it('does not take a script that only shows what was measured for one that tests', async () => {
    const { command } = await testOf({ test: 'vitest run', coverage: 'c8 report --reporter=lcov && codecov' });
    expect(command).toBe('npm run test -- --coverage');
    const upload = await testOf({ test: 'vitest run', coverage: 'c8 report && node upload.js' });
    expect(upload.command).toBe('npm run test -- --coverage');
    const whole = await testOf({ test: 'mocha', coverage: 'nyc mocha && nyc report --reporter=lcov' }, ['mocha']);
    expect(whole.command).toBe('npm run coverage');
    const reported = await testOf({ test: 'mocha && nyc report' }, ['mocha', 'nyc']);
    expect(reported.said).toContainEqual(expect.stringMatching(/^coverage: asked for, the tests run without it/));
    expect((await testOf({ coverage: 'nyc report' }, ['nyc'])).command).toBeUndefined();
  });

  it('asks each package of a workspace, and once only', async () => {
    const tree = (root: string) => ({
      'package.json': manifest({ test: root }, ['turbo'], { workspaces: ['packages/*'], packageManager: 'npm@11.0.0' }),
      'packages/a/package.json': {
        name: 'a',
        scripts: { test: 'vitest run' },
        devDependencies: { vitest: '*', '@vitest/coverage-v8': '*' },
      },
      'packages/b/package.json': { name: 'b', scripts: { test: 'jest', 'test:cov': 'jest --coverage' } },
    });
    expect(commands(await plan(tree('turbo run test'), { coverage: true }))).toEqual({
      'packages/a:test': 'npm run test -- --coverage',
      'packages/b:test': 'npm run test:cov',
    });
    const handed = await plan(tree('turbo run test -- --coverage'), { coverage: true });
    expect(commands(handed)).toEqual({
      'packages/a:test': 'npm run test -- --coverage',
      'packages/b:test': 'npm run test -- --coverage',
    });
    expect(lines(handed).filter((line) => line.startsWith('coverage'))).toEqual([]);
  });

  it('lets Node’s runner write a report and still print its results', async () => {
    const folder = await repository({
      'package.json': manifest({ test: 'node --test a.test.js' }),
      'a.js': 'export const add = (a, b) => a + b;\nexport const unused = () => {\n  return 1;\n};\n',
      'a.test.js': "import { test } from 'node:test';\nimport { add } from './a.js';\ntest('adds', () => add(1, 2));\n",
    });
    const { tasks, decisions } = await planOf(folder, { coverage: true });
    const [program = '', ...args] = tasks[0]?.command ?? [];
    const printed = execFileSync(program, args, { cwd: folder, env: machine(), encoding: 'utf8' });

    expect(printed).toContain('✔ adds');
    expect(await readFile(join(folder, 'lcov.info'), 'utf8')).toContain('SF:a.js');
    expect(decisions.find(({ subject }) => subject === 'test')?.reason).toContain('--experimental-test-coverage added');
  });

  it('changes nothing when it is not asked for', async () => {
    const scripts = { test: 'vitest run', 'test:coverage': 'vitest run --coverage' };
    expect(commands(await plan({ 'package.json': manifest(scripts, V8) }))).toEqual({ test: 'npm run test' });
  });
});
