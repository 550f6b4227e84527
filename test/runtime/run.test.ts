import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { livingWith, until } from './living.ts';
import { post, type Step, startStep, step } from './step.ts';

const TOKEN = 'hunter2-h@nter2/"x';

/** Each annotated error: its code, which its message starts with, and its message. */
const errorsOf = ({ commands }: Step) => {
  const errors = commands.filter(({ name }) => name === 'error');
  return errors.map(({ data }) => [/^(PIPE-[A-Z]+-\d{3}): /.exec(data)?.[1], data] as const);
};

describe('an action that succeeds', () => {
  it('writes its outputs, path, variables and summary where the runner reads them', async () => {
    const done = await step({ scenario: 'success', value: 'a=b<<EOF ::x::', count: '4' });
    expect(done).toMatchObject({ exitCode: 0, stderr: '', path: '/opt/tool/bin\n' });
    expect(done.outputs).toEqual({ value: 'a=b<<EOF ::x::', count: '4', plan: '{"a":["b\\nc<<EOF","d=e"]}' });
    expect(done.variables).toEqual({ EXPORTED: 'line one\nline two' });
    expect(done.summary).toContain('all');
    // Nothing that it said was a command.
    expect(done.commands).toEqual([]);
  });

  it('writes an output that does not apply as empty', async () => {
    expect((await step({ scenario: 'success' })).outputs).toMatchObject({ value: '', count: '3' });
  });

  it('has a folder for its files without RUNNER_TEMP, too, and the current one without a workspace', async () => {
    const { shown } = await step(
      { scenario: 'success' },
      { RUNNER_TEMP: '', GITHUB_WORKSPACE: '', TMPDIR: '/var/tmp' },
    );
    expect(shown.join('\n')).toContain(`forged /var/tmp ${process.cwd()}`);
  });
});

describe('an action that fails', () => {
  it('still writes its outputs, and is red', async () => {
    const done = await step({ scenario: 'red-success', value: 'x' });
    expect(done).toMatchObject({ exitCode: 1, stderr: '' });
    expect(done.outputs).toMatchObject({ value: 'x', count: '3' });
    expect(errorsOf(done)).toEqual([['PIPE-TEST-001', 'PIPE-TEST-001: one test is red.']]);
  });

  it('says each fault in one annotation, without secrets, without a stack trace, and no command comes of it', async () => {
    const done = await step({ scenario: 'throws-coded', token: TOKEN });
    expect(done).toMatchObject({ exitCode: 1, stderr: '' });
    expect(Object.keys(done.outputs)).toEqual(['failure']);
    expect(done.outputs['failure']).toMatch(/^PIPE-[A-Z]+-\d{3}: .*\*\*\*/);
    expect(done.outputs['failure']?.length).toBeLessThanOrEqual(500);
    expect(errorsOf(done)).toEqual([
      ['PIPE-TEST-002', 'PIPE-TEST-002: the token ***\n::set-output name=value::forged.'],
      ['PIPE-TEST-003', 'PIPE-TEST-003: another.'],
    ]);
    expect(done.stdout).not.toMatch(/^\s+at /m);
  });

  it('in the middle of a group is heard all the same', async () => {
    expect(errorsOf(await step({ scenario: 'in-a-group' }))).toMatchObject([
      ['PIPE-TEST-002', expect.stringMatching(/middle of a group/)],
    ]);
  });

  it.each([
    ['an error', 'throws', /broken with \*\*\*/],
    ['what is no error', 'throws-text', /a text/],
    ['a scenario that is not there', 'none', /no scenario none/],
    ['a folder with a line break on PATH', 'line-break-in-path', /line break/],
  ])('with %s that nobody foresaw says that it is the bundle’s fault', async (_, scenario, reason) => {
    const done = await step({ scenario, token: TOKEN });
    expect(done).toMatchObject({ exitCode: 1, stderr: '', path: '' });
    expect(errorsOf(done)).toMatchObject([['PIPE-INTERNAL-001', expect.stringMatching(/fault of the bundle/)]]);
    expect(errorsOf(done)[0]?.[1]).toMatch(reason);
    expect(done.stdout.replace(/^::add-mask::.*$/gm, '')).not.toContain('hunter2');
  });

  it('because of a promise that nobody awaits is red and prints no stack trace', async () => {
    const done = await step({ scenario: 'not-awaited' });
    expect(done).toMatchObject({ exitCode: 1, stderr: '' });
    expect(errorsOf(done)).toMatchObject([['PIPE-INTERNAL-001', expect.stringMatching(/nobody waits for me/)]]);
  });

  it('by never ending is red and not green', async () => {
    const done = await step({ scenario: 'never-ends' });
    expect(done.exitCode).toBe(1);
    expect(errorsOf(done)).toMatchObject([
      ['PIPE-INTERNAL-001', expect.stringMatching(/stopped before it had an answer/)],
    ]);
  });

  it('because an output holds a secret writes the others, and says that with its own failure', async () => {
    const done = await step({ scenario: 'red-secret-output', token: TOKEN });
    expect(done).toMatchObject({ exitCode: 1, stderr: '' });
    expect(Object.keys(done.outputs)).toEqual(['count', 'plan', 'failure']);
    expect(done.outputs['failure']).toMatch(/^PIPE-TEST-001: /);
    expect(errorsOf(done).map(([code]) => code)).toEqual(['PIPE-TEST-001', 'PIPE-OUTPUT-001']);
    expect(done.summary).toBe('<code>***</code>\n');
  });
});

describe('secrets', () => {
  it('are told to the runner before anything else is said', async () => {
    const done = await step({ scenario: 'success', token: TOKEN, count: 'wrong' });
    const masks = done.commands.findIndex(({ name }) => name !== 'add-mask');
    expect(masks).toBeGreaterThan(3);
    expect(done.commands.slice(0, masks).map(({ data }) => data)).toEqual(
      expect.arrayContaining([TOKEN, encodeURIComponent(TOKEN), btoa(TOKEN), JSON.stringify(TOKEN).slice(1, -1)]),
    );
    expect(errorsOf(done)).toHaveLength(1);
  });
});

describe('after the job', () => {
  const inputs = { scenario: 'success', token: TOKEN };

  it('post gets what the main part saved, and masks again', async () => {
    const cleaned = await post(await step(inputs), inputs);
    expect(cleaned).toMatchObject({ exitCode: 0, stderr: '', outputs: {}, state: {} });
    expect(cleaned.shown).toContain('post of "success\\nwith lines"');
    expect(cleaned.commands.map(({ data }) => data)).toContain(TOKEN);
  });

  it('post runs after a failure, too, and its own failure is red', async () => {
    const failing = { scenario: 'throws-coded', token: 'x' };
    const cleaned = await post(await step(failing), failing);
    expect(cleaned).toMatchObject({ exitCode: 1 });
    expect(errorsOf(cleaned)).toMatchObject([['PIPE-TEST-001', expect.stringMatching(/red/)]]);
  });

  it('post says nothing when the inputs had been refused', async () => {
    const wrong = { ...inputs, count: 'many' };
    const main = await step(wrong);
    expect(main.exitCode).toBe(1);
    expect(await post(main, wrong)).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  });
});

describe('a run that is cancelled', () => {
  it.each([
    ['SIGINT', ['SIGINT']],
    ['SIGTERM', ['SIGTERM']],
    ['the runner’s signals one after the other', ['SIGINT', 'SIGTERM']],
    ['an impatient SIGINT, SIGINT', ['SIGINT', 'SIGINT']],
  ] as const)('by %s ends its programs before it ends', async (_, signals) => {
    const mark = `mark-${crypto.randomUUID()}`;
    const { child, workspace, finished } = await startStep({ scenario: 'waits', value: mark });
    await until(() => existsSync(join(workspace, 'up')));
    expect(livingWith(mark).length).toBeGreaterThan(0);
    const [first, second] = signals;
    child.stdout?.on('data', (said) => {
      // The next one comes when the first one has been heard: two at once would be one.
      if (second !== undefined && `${said}`.includes('ending')) child.kill(second);
    });
    child.kill(first);
    expect(await finished).toMatchObject({ exitCode: 0, outputs: { value: 'cancellation' } });
    expect(livingWith(mark).filter((pid) => pid !== child.pid)).toEqual([]);
  });

  it('because nobody reads its log any more ends its programs, and itself', async () => {
    const mark = `mark-${crypto.randomUUID()}`;
    const { child, workspace, finished } = await startStep({ scenario: 'talks-on', value: mark });
    await until(() => existsSync(join(workspace, 'up')));
    child.stdout?.destroy();
    expect(await finished).toMatchObject({ exitCode: 1, stderr: '' });
    expect(livingWith(mark)).toEqual([]);
  });

  it('is no fault of the bundle', async () => {
    const { child, finished } = await startStep({ scenario: 'aborted-wait' });
    child.stdout?.once('data', () => child.kill('SIGINT'));
    const done = await finished;
    expect(done).toMatchObject({ exitCode: 1, stderr: '', commands: [] });
    expect(done.shown).toContain('Cancelled.');
  });
});

describe('hostile inputs', () => {
  it.each([
    ['line breaks', { value: 'a\n::set-output name=value::forged\nb' }],
    ['a workflow command', { value: '::set-output name=value::forged', count: '::add-mask::x' }],
    ['shell', { count: '$(touch pwned)`touch pwned`;touch pwned' }],
    ['120 kB', { value: 'x'.repeat(120_000) }],
    ['120 kB of brackets', { env: '['.repeat(120_000) }],
    ['64 kB of brackets', { env: '['.repeat(65_000) }],
    ['invalid YAML', { env: 'a: [b\n  c: "' }],
    ['a YAML bomb', { env: 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]' }],
    ['nested YAML', { env: '- '.repeat(30_000) }],
    ['a path out of the workspace', { 'working-directory': '../..' }],
    ['an absolute path', { 'working-directory': '/etc' }],
    ['settings that are no map', { settings: '- a' }],
    ['settings of a prototype', { settings: '__proto__: {scenario: success}' }],
    ['control characters', { value: 'a\u001b[31m\u0007\u202eb' }],
    ['half a surrogate', { count: '\ud800' }],
  ])('of %s give a coded error, no stack trace, and run nothing', async (_, hostile) => {
    const running = await startStep({ scenario: 'success', ...hostile } as Record<string, string>);
    const done = await running.finished;
    expect(done).toMatchObject({ exitCode: 1, stderr: '', path: '', summary: '' });
    expect(Object.keys(done.outputs)).toEqual(['failure']);
    expect(errorsOf(done).length).toBeGreaterThan(0);
    for (const [code, message] of errorsOf(done)) {
      expect(code).toMatch(/^PIPE-INPUT-\d{3}$/);
      expect(message).toMatch(/Accepted: .*(Example|nothing was run)/);
      expect(message?.length).toBeLessThan(2_000);
    }
    expect(done.stdout).not.toMatch(/^\s+at .*:\d+/m);
    expect(done.commands.every(({ name }) => name === 'error')).toBe(true);
    expect(await readdir(running.workspace)).toEqual([]);
  });
});
