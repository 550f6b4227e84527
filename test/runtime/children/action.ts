// An action that does what its `scenario` says, started as the runner starts one.
import { setTimeout as delay } from 'node:timers/promises';
import { type ActionContext, defineAction } from '../../../src/runtime/action.ts';
import { record } from '../../../src/runtime/collections.ts';
import { ConfigurationError, ProjectFailure } from '../../../src/runtime/errors.ts';
import { integer, secret, string, workspacePath } from '../../../src/runtime/kinds.ts';
import { code, text } from '../../../src/runtime/markdown.ts';
import { execute } from '../../../src/runtime/process.ts';
import { runAction } from '../../../src/runtime/run.ts';

interface Values {
  readonly scenario: string;
  readonly value: string | undefined;
  readonly token: string | undefined;
}

const failure = new ProjectFailure({ code: 'PIPE-TEST-001', what: 'one test is red' });

const scenarios: Readonly<Record<string, (values: Values, context: ActionContext) => Promise<string | undefined>>> = {
  success: async ({ value }, context) => {
    context.addPath('/opt/tool/bin');
    context.exportVariable('EXPORTED', 'line one\nline two');
    context.summarize(text('*all* good'));
    context.log.info(`::set-output name=value::forged ${context.temp} ${context.workspace}`);
    return value;
  },
  'line-break-in-path': async (_, context) => {
    context.addPath('/opt\n/evil');
    return undefined;
  },
  throws: async ({ token }) => {
    throw new Error(`broken with ${token}\nsecond line`);
  },
  'throws-text': async () => {
    throw 'a text';
  },
  'throws-coded': async ({ token }) => {
    throw new ConfigurationError([
      { code: 'PIPE-TEST-002', what: `the token ${token}\n::set-output name=value::forged` },
      { code: 'PIPE-TEST-003', what: 'another' },
    ]);
  },
  'not-awaited': async () => {
    void Promise.reject(new Error('nobody waits for me'));
    await delay(200);
    return 'went on';
  },
  'never-ends': () => new Promise(() => undefined),
  'in-a-group': async (_, context) => {
    context.log.openGroup('install').write('installing');
    throw new ConfigurationError({ code: 'PIPE-TEST-002', what: 'in the middle of a group' });
  },
  'secret-output': async ({ token }, context) => {
    context.summarize(code(`${token}`));
    return `with ${token} in it`;
  },
  waits: async ({ value = '' }, context) => {
    context.signal.addEventListener('abort', () => context.log.info('ending'));
    const script = 'trap "" TERM; touch up; while :; do sleep 0.05; done';
    const env = { PATH: '/usr/bin:/bin' };
    const { endedBy } = await execute('/bin/sh', ['-c', script, value], {
      cwd: context.workspace,
      env,
      signal: context.signal,
      grace: 500,
    });
    return endedBy;
  },
  'talks-on': async ({ value = '' }, context) => {
    const env = { PATH: '/usr/bin:/bin' };
    const said = setInterval(() => context.log.info('still here'), 20);
    const script = 'touch up; while :; do sleep 0.05; done';
    await execute('/bin/sh', ['-c', script, value], { cwd: context.workspace, env, signal: context.signal });
    clearInterval(said);
    return undefined;
  },
  'aborted-wait': async (_, context) => {
    context.log.info('up');
    await delay(60_000, undefined, { signal: context.signal });
    return 'not reached';
  },
};

const action = defineAction({
  name: 'example',
  description: 'Does what it is told.',
  inputs: {
    scenario: { kind: string({ example: 'success' }), description: 'd', required: true },
    value: { kind: string({ example: 'x', limit: 200 }), description: 'd' },
    count: { kind: integer({ min: 1, max: 9, example: 3 }), description: 'd', default: '3' },
    'working-directory': { kind: workspacePath({ example: 'apps/api' }), description: 'd', default: '.' },
    env: { kind: record(string({ example: 'x' }), { example: 'A: b' }), description: 'd' },
    token: { kind: secret({ example: 'x' }), description: 'd' },
  },
  outputs: {
    value: { kind: 'string', description: 'd' },
    count: { kind: 'integer', description: 'd' },
    plan: { kind: 'json', description: 'd' },
  },
  run: async ({ scenario, value, count, token }, context) => {
    context.saveState('started', `${scenario}\nwith lines`);
    const red = scenario.startsWith('red-');
    const run = scenarios[scenario.replace('red-', '')];
    if (run === undefined) throw new TypeError(`no scenario ${scenario}`);
    const found = await run({ scenario, value, token }, context);
    return { outputs: { value: found, count, plan: { a: ['b\nc<<EOF', 'd=e'] } }, failure: red ? failure : undefined };
  },
  post: async (_inputs, context) => {
    context.log.info(`post of ${JSON.stringify(context.state('started'))}`);
    if (context.state('started').startsWith('throws-coded')) throw failure;
  },
});

await runAction(action);
