import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commit, committed, git } from '../plan/monorepo.ts';
import type { Tree } from '../plan/repository.ts';
import { conclusions, runGateAction } from './source-gate.ts';

const GREEN = 'node -e "console.log(process.cwd())"';

/** Waits until the other one runs, too: red after 20 s when they run one after the other. */
const meet = (own: string, other: string) =>
  `node -e "const fs = require('fs'); fs.writeFileSync('../../meet-${own}', ''); const end = Date.now() + 20000; (function look() { if (fs.existsSync('../../meet-${other}')) return; if (Date.now() > end) process.exit(1); setTimeout(look, 20); })()"`;

/** Red unless the file is there. */
const reads = (path: string) => `node -e "require('fs').readFileSync('${path}')"`;
const writes = (path: string) => `node -e "require('fs').writeFileSync('${path}', '')"`;

const WORKSPACE: Tree = {
  'package.json': { name: 'root', private: true, workspaces: ['packages/*'] },
  '.gitignore': 'built\nmeet-*\n',
  'packages/shared/package.json': {
    name: '@m/shared',
    version: '1.0.0',
    scripts: { build: writes('built'), test: 'node -e "process.exit(1)"' },
  },
  'packages/left/package.json': {
    ...{ name: '@m/left', dependencies: { '@m/shared': '*' } },
    scripts: { build: `${reads('../shared/built')} && ${writes('built')}`, test: meet('left', 'right') },
  },
  'packages/right/package.json': { name: '@m/right', scripts: { test: meet('right', 'left') } },
  'packages/docs/package.json': { name: '@m/docs', scripts: { lint: 'node -e "process.exit(1)"', test: GREEN } },
};

it('runs the tasks of affected packages only, after what they build on, packages beside each other', async () => {
  const folder = await committed(WORKSPACE);
  const base = git(folder, 'rev-parse', 'HEAD');
  for (const name of ['left', 'right']) await appendFile(join(folder, `packages/${name}/a.js`), '');
  commit(folder);
  const ran = await runGateAction(folder, { 'changed-since': base });
  expect(ran.log).not.toContain('::error');
  expect(conclusions(ran)).toEqual({
    'packages/left:build': 'passed',
    'packages/left:test': 'passed',
    'packages/right:test': 'passed',
    'packages/shared:build': 'passed',
  });
  expect(ran.log.indexOf('passed packages/shared:build')).toBeLessThan(ran.log.indexOf('passed packages/left:build'));
  // Red tasks of packages that nothing affects were not run, and are not called green.
  expect(ran.results.notAffected).toEqual({ lint: 1, test: 2 });
  expect(ran.log).toContain('not affected by the change: test of 2 packages\n');
});

it('is green and says what it left out when nothing is affected, and runs everything without a commit', async () => {
  const folder = await committed(WORKSPACE);
  const base = git(folder, 'rev-parse', 'HEAD');
  const idle = await runGateAction(folder, { 'changed-since': base });
  expect(idle.exitCode).toBe(0);
  expect(idle.results).toMatchObject({ tasks: [], notAffected: { build: 2, lint: 1, test: 4 } });
  const whole = await runGateAction(folder, {});
  expect(whole.exitCode).toBe(1);
  expect(whole.results.notAffected).toBeUndefined();
  expect(Object.keys(conclusions(whole))).toHaveLength(7);
});

it('runs what a task that the caller added needs, affected or not, and still knows every task by name', async () => {
  const folder = await committed(WORKSPACE);
  const base = git(folder, 'rev-parse', 'HEAD');
  const tasks = `e2e: {run: node --version, needs: ['packages/left:build']}\npackages/docs:lint: 'off'`;
  const ran = await runGateAction(folder, { 'changed-since': base, tasks });
  expect(ran.log).not.toContain('::error');
  expect(conclusions(ran)).toEqual({
    'packages/left:build': 'passed',
    'packages/shared:build': 'passed',
    e2e: 'passed',
  });
  expect(ran.results.off).toEqual(['packages/docs:lint']);
});

it('refuses a commit that the clone does not hold', async () => {
  const ran = await runGateAction(await committed(WORKSPACE), { 'changed-since': 'd'.repeat(40) });
  expect(ran.exitCode).toBe(1);
  expect(ran.log).toMatch(/^::error::PIPE-GATE-014: the clone does not hold the commit of `changed-since`/m);
});

it('gives the values of a build to builds alone', async () => {
  const shows = 'node -p "process.env.PUBLIC_API ?? \'nothing\'"';
  const folder = await committed({ 'package.json': { name: 'app', scripts: { build: shows, test: shows } } });
  const ran = await runGateAction(folder, { 'build-env': 'PUBLIC_API: https://api.example.com' });
  expect(ran.log).toMatch(/::group::passed build [\s\S]*?\nhttps:\/\/api\.example\.com\n/);
  expect(ran.log).toMatch(/::group::passed test [\s\S]*?\nnothing\n/);
});
