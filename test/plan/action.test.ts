import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { PlanOutput } from '../../src/plan/output.ts';
import { runSource } from '../support/run-source.ts';
import { commit, committed, git } from './monorepo.ts';
import { faultsOf, manifest, repository } from './repository.ts';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));

interface Outcome {
  readonly exitCode: number | null;
  readonly log: string;
  readonly summary: string;
  /** The file of outputs. */
  readonly written: string;
  readonly plan: PlanOutput | undefined;
  readonly affected: readonly { readonly directory: string; readonly reason: string }[] | undefined;
}

/** Runs the action in a process of its own, with the inputs, variables and files that the runner gives it. */
async function runPlan(workspace: string, inputs: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const { exitCode, log, summary, written, outputs } = await runSource({ action: 'plan', workspace, inputs });
  const value = (name: string): unknown => {
    const text = outputs[name] ?? '';
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    exitCode,
    log,
    written,
    summary,
    plan: value('plan') as PlanOutput | undefined,
    affected: value('affected') as Outcome['affected'],
  };
}

describe('the action plan', () => {
  it('plans what changed since a commit, says why line by line, and hands over the commit for the gate', async () => {
    const workspace = await committed({
      'package.json': { name: 'root', workspaces: ['packages/*'] },
      'packages/a/package.json': { name: 'a', scripts: { test: 'node --test' } },
      'packages/b/package.json': { name: 'b', scripts: { test: 'node --test' } },
    });
    const base = git(workspace, 'rev-parse', 'HEAD');
    await writeFile(join(workspace, 'packages/a/x.js'), '');
    commit(workspace);
    const { exitCode, log, summary, plan, affected, written } = await runPlan(workspace, { 'changed-since': base });
    expect(exitCode).toBe(0);
    expect(affected).toEqual([{ directory: 'packages/a', name: 'a', reason: 'x.js changed' }]);
    expect(log).toContain(`compared with: ${base.slice(0, 12)} (the common ancestor with "${base}")\n`);
    expect(log).toContain('affected: packages/a (x.js changed)\n');
    expect(log).toContain('not checked: test in packages/b (not affected by the change)\n');
    expect(summary).toContain('- affected: packages/a (x.js changed)');
    expect(plan?.tasks.map(({ id }) => id)).toEqual(['packages/a:test']);
    expect(written).toMatch(new RegExp(`^changed-since<<(\\S+)\\n${base}\\n\\1$`, 'm'));
    expect(written).toMatch(/^nothing-to-do<<(\S+)\nfalse\n\1$/m);
    // The table knows it from the gate's results: it is no open question to whoever reads "not checked".
    const promised = /^promised<<(\S+)\n(.*)\n\1$/m.exec(written)?.[2] ?? '';
    expect(JSON.parse(promised)).toMatchObject({ kinds: ['test'], notChecked: [] });
    git(workspace, 'commit', '--quiet', '--allow-empty', '-m', 'nothing');
    const idle = await runPlan(workspace, { 'changed-since': 'HEAD~1' });
    expect(idle.written).toMatch(/^nothing-to-do<<(\S+)\ntrue\n\1$/m);
    expect(idle.written).toContain('"nothingToDo":"no package is affected by the changes"');
  });

  it('explains the example service, one line for each decision, in the log and in the summary', async () => {
    const { exitCode, log, summary, plan, affected } = await runPlan(join(examples, 'node-service'));
    expect(exitCode).toBe(0);
    expect(log.split('\n')).toEqual(
      expect.arrayContaining([
        'package manager: npm (package-lock.json)',
        'format: `npm run format:check` (package.json)',
        'lint: `npm run lint` (package.json)',
        'typecheck: `npm run typecheck` (package.json)',
        'test: `npm run test` (package.json)',
        'build: `npm run build` (package.json)',
        'docker: found (Dockerfile)',
      ]),
    );
    expect(summary).toContain('- typecheck: <code>npm run typecheck</code> (package.json)');
    expect(summary).toContain('| <code>lint</code> | <code>npm run lint</code> | package.json |');
    expect(affected).toEqual([expect.objectContaining({ directory: '.' })]);
    expect(plan?.tasks.map(({ id }) => id)).toEqual(['format', 'lint', 'typecheck', 'test', 'build']);
    expect(plan === undefined ? ['no plan'] : faultsOf(plan)).toEqual([]);
  });

  it('explains the example workspace: the packages’ own scripts, in order, and Next.js before the type check', async () => {
    const { log, plan, affected } = await runPlan(join(examples, 'pnpm-monorepo'));
    expect(affected?.map(({ directory }) => directory)).toEqual(['apps/backend', 'apps/frontend', 'packages/shared']);
    expect(log).toContain('typecheck: waits for build in apps/frontend (it reads .next/types and next-env.d.ts)\n');
    expect(log).toContain('lint: `pnpm run lint` in apps/backend, apps/frontend, packages/shared (package.json)\n');
    const needs = Object.fromEntries(plan?.tasks.map((task) => [task.id, task.needs]) ?? []);
    expect(needs['apps/frontend:typecheck']).toEqual(['apps/frontend:build', 'packages/shared:build']);
    expect(needs['apps/frontend:build']).toEqual(['packages/shared:build']);
    expect(needs['apps/backend:test']).toEqual(['packages/shared:build']);
    expect(needs['packages/shared:test']).toEqual([]);
  });

  it('plans one package of the example workspace with what it needs', async () => {
    const { plan, affected } = await runPlan(join(examples, 'pnpm-monorepo'), { 'working-directory': 'apps/backend' });
    expect(affected?.map(({ directory }) => directory)).toEqual(['apps/backend']);
    expect(plan?.tasks.map(({ id }) => id).sort()).toEqual([
      'build',
      'lint',
      'packages/shared:build',
      'test',
      'typecheck',
    ]);
  });

  it('says what the issue says', async () => {
    const workspace = await repository({
      'package.json': manifest({ 'type-check': 'tsc --noEmit' }, ['prettier']),
      'requirements.txt': '',
    });
    const { log } = await runPlan(workspace);
    expect(log).toContain('typecheck: `npm run type-check` (package.json)\n');
    expect(log).toContain('format: `prettier --check .` (a devDependency, no script)\n');
    expect(log).toContain('python: found, not checked by this workflow (requirements.txt)\n');
    const without = await repository({ 'package.json': manifest({}, ['typescript']), 'tsconfig.json': '{}' });
    expect((await runPlan(without)).log).toContain('typecheck: `tsc --noEmit` (tsconfig.json, no script)\n');
  });

  it('refuses a commit that is none, and what is no project, without a stack trace', async () => {
    const workspace = await committed({ 'package.json': manifest() });
    const later = await runPlan(workspace, { 'changed-since': 'nobody' });
    expect(later.exitCode).toBe(1);
    expect(later.log).toMatch(
      /^::error::PIPE-PLAN-001: `changed-since` names no commit of this repository\. Given: "nobody"/m,
    );
    const broken = await runPlan(await repository({ 'package.json': '{"a": 1,}' }));
    expect(broken.exitCode).toBe(1);
    expect(broken.log).toContain('PIPE-PLAN-003: package.json is not valid JSON at line 1, column 9.');
    for (const { log, plan } of [later, broken]) {
      expect(log).not.toMatch(/^\s+at /m);
      expect(plan).toBeUndefined();
    }
  });
});
