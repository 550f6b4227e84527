import { describe, expect, it } from 'vitest';
import { runWorkflow } from '../../src/local/run.ts';
import type { EventRequest, RunResult } from '../../src/local/run-types.ts';
import { root } from '../../tools/install/root.ts';
import { npmProject, RED, SCRIPTS } from '../support/project.ts';
import { conclusions, summaryOf } from '../support/run-result.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Runs a workflow of the bundle on a project of its own, with a cache of its own. */
async function run(project: string, options: Partial<Parameters<typeof runWorkflow>[0]> = {}): Promise<RunResult> {
  return runWorkflow({
    bundle: root,
    project,
    workflow: 'check.yml',
    cacheFolder: await temporaryFolder(),
    ...options,
  });
}

const errors = ({ annotations }: RunResult) =>
  annotations.filter(({ level }) => level === 'error').map(({ message }) => message);

/** Jobs that only a check on several machines has. */
const ONE_MACHINE = { shards: 'skipped', test: 'skipped' };

describe('check.yml', () => {
  it('is green on a green project, with one table and `done`', async () => {
    const result = await run(await npmProject());
    expect(result.exitCode, result.log).toBe(0);
    expect(conclusions(result)).toEqual({ ...ONE_MACHINE, check: 'success', report: 'success' });
    expect(result.outputs['done']).toBe('true');
    for (const line of ['format', 'lint', 'typecheck', 'test', 'build']) expect(summaryOf(result)).toContain(line);
  });

  it.each(Object.keys(SCRIPTS))('is red when `%s` is red, and the table names it', async (script) => {
    const result = await run(await npmProject({ ...SCRIPTS, [script]: RED }));
    expect(result.exitCode).toBe(1);
    expect(conclusions(result)).toEqual({ ...ONE_MACHINE, check: 'failure', report: 'failure' });
    expect(result.outputs['done']).toBe('false');
    const kind = script === 'format:check' ? 'format' : script;
    expect(errors(result).join('\n')).toContain(`PIPE-GATE-010: 1 of 5 tasks failed: ${kind} (exit status 1)`);
    expect(summaryOf(result)).toMatch(new RegExp(`^\\| \\*\\*${kind}\\*\\* \\| ❌\\sfailed \\|`, 'm'));
  });

  it('ends a task that hangs, and says which', async () => {
    const project = await npmProject({ ...SCRIPTS, test: 'node -e "setInterval(() => {}, 1000)"' });
    const result = await run(project, { inputs: { gate: 'timeout: 3s' } });
    expect(result.exitCode).toBe(1);
    expect(errors(result).join('\n')).toMatch(/PIPE-GATE-011.*test \(ended with everything it had started after 3s/);
    expect(result.orphans).toEqual([]);
  });

  it('leaves nothing running of a task that leaves a child behind', async () => {
    const child = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {detached: true, stdio: 'ignore'}).unref()`;
    const result = await run(await npmProject({ ...SCRIPTS, build: 'node leave.js' }, { 'leave.js': child }));
    expect(result.exitCode, result.log).toBe(0);
    expect(result.log).toContain('1 process that it left running was ended');
    expect(result.orphans).toEqual([]);
  });

  it('shows a script that looks for tokens none', async () => {
    const look = `
      const secret = /TOKEN|SECRET|PASSWORD|INPUT_|ACTIONS_|GITHUB_(ENV|OUTPUT|PATH|STATE|STEP_SUMMARY)/;
      const found = Object.keys(process.env).filter((name) => secret.test(name));
      console.log('found ' + JSON.stringify(found));
      process.exit(found.length === 0 ? 0 : 1);`;
    const project = await npmProject({ test: 'node look.js', postinstall: 'node look.js' }, { 'look.js': look });
    const result = await run(project, { secrets: { 'npm-token': 'npm_0123456789abcdef' } });
    expect(result.exitCode, result.log).toBe(0);
    expect(result.log.match(/found \[\]/g)).toHaveLength(2);
    expect(result.log).not.toContain('npm_0123456789abcdef');
  });

  it('takes settings of the actions as YAML, and names every wrong one', async () => {
    const project = await npmProject();
    const green = await run(project, { inputs: { gate: 'tasks: {lint: off, extra: node -e 0}\nenv: {TZ: UTC}' } });
    expect(green.exitCode, green.log).toBe(0);
    expect(green.log).toContain('passed extra');
    expect(green.log).not.toContain('passed lint');
    const red = await run(project, { inputs: { gate: 'timout: 3m\nconcurrency: many' } });
    expect(red.exitCode).toBe(1);
    expect(errors(red).join('\n')).toMatch(
      /PIPE-INPUT-004.*`timeout` \(nearest\)[\s\S]*PIPE-INPUT-001.*concurrency|PIPE-INPUT-001.*concurrency[\s\S]*PIPE-INPUT-004/,
    );
  });

  it('checks nothing and says so when the gate is off', async () => {
    const result = await run(await npmProject({ test: RED }), { inputs: { gate: 'off' } });
    expect(result.exitCode, result.log).toBe(0);
    expect(summaryOf(result)).toMatch(/\| test \| ⚠️\snot\schecked \| the gate is switched off \|/);
    expect(result.log).not.toContain('failed test');
  });
});

const EVENTS: readonly [string, EventRequest, { jobs: 'run' | 'skipped'; comments: number; notice?: RegExp }][] = [
  ['push', { name: 'push' }, { jobs: 'run', comments: 0 }],
  ['pull_request', { name: 'pull_request' }, { jobs: 'run', comments: 1 }],
  ['pull_request from a fork', { name: 'pull_request', from: 'fork' }, { jobs: 'run', comments: 0, notice: /fork/i }],
  [
    'pull_request by Dependabot',
    { name: 'pull_request', from: 'dependabot' },
    { jobs: 'run', comments: 0, notice: /Dependabot/ },
  ],
  ['pull_request closed', { name: 'pull_request', action: 'closed' }, { jobs: 'skipped', comments: 0 }],
  ['merge_group', { name: 'merge_group' }, { jobs: 'run', comments: 0 }],
  ['workflow_dispatch', { name: 'workflow_dispatch' }, { jobs: 'run', comments: 0 }],
  ['schedule', { name: 'schedule' }, { jobs: 'run', comments: 0 }],
  ['release', { name: 'release', tag: 'v1.0.0' }, { jobs: 'run', comments: 0 }],
];

describe.each(['check.yml', 'node-service.yml'])('%s', (workflow) => {
  it.each(EVENTS)('does on %s what docs/events.md says', async (_, event, expected) => {
    const result = await run(await npmProject(), { workflow, event });
    expect(result.exitCode, result.log).toBe(0);
    const done = conclusions(result);
    const state = expected.jobs === 'run' ? 'success' : 'skipped';
    expect([done['check'], done['report']]).toEqual([state, state]);
    expect(result.comments).toHaveLength(expected.comments);
    if (expected.notice !== undefined) {
      expect(
        result.annotations
          .filter(({ level }) => level === 'notice')
          .map(({ message }) => message)
          .join('\n'),
      ).toMatch(expected.notice);
    }
  });
});

describe('node-service.yml', () => {
  it('says at the start all that a deployment lacks, and deploys nothing', async () => {
    const result = await run(await npmProject(), {
      workflow: 'node-service.yml',
      inputs: { deploy: 'cloud-run', service: 'api' },
    });
    expect(result.exitCode).toBe(1);
    const said = errors(result).join('\n');
    expect(said).toContain('PIPE-PLAN-022');
    for (const input of ['registry', 'region']) {
      expect(said).toContain(`PIPE-PLAN-024: \`deploy: cloud-run\` needs the input \`${input}\``);
    }
    expect(result.jobs.filter(({ conclusion }) => conclusion === 'success')).toEqual([]);
  });

  it('names the nearest target for one that does not exist', async () => {
    const result = await run(await npmProject(), { workflow: 'node-service.yml', inputs: { deploy: 'cloudrun' } });
    expect(result.exitCode).toBe(1);
    expect(errors(result).join('\n')).toMatch(/PIPE-PLAN-\d{3}.*cloudrun.*cloud-run/);
  });
});
