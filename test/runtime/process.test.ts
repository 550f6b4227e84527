import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/runtime/errors.ts';
import { capture, type ExecuteOptions, execute } from '../../src/runtime/process.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { until } from './living.ts';

const env = { PATH: '/usr/local/bin:/usr/bin:/bin' };
const root = { cwd: '/', env } as const;

const shell = (script: string, options: Partial<ExecuteOptions> & { limit?: number } = {}) => {
  return capture('/bin/sh', ['-c', script], { ...root, ...options });
};

describe('a program', () => {
  it('gives its exit status and what it printed', async () => {
    expect(await shell('echo out; echo err >&2; exit 3')).toMatchObject({
      exitCode: 3,
      signal: null,
      endedBy: 'itself',
      leftovers: 0,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect(await shell('kill -KILL $$')).toMatchObject({ exitCode: null, signal: 'SIGKILL', endedBy: 'itself' });
  });

  it('gets its arguments as they are, without a shell', async () => {
    const folder = await temporaryFolder();
    const hostile = [
      '$(touch pwned)',
      '`touch pwned`',
      ';touch pwned',
      'a b',
      '',
      '*',
      '--x=\n::set-output name=a::b',
      '"',
    ];
    const { stdout } = await capture('printf', ['%s\\0', ...hostile], { cwd: folder, env });
    expect(stdout.split('\0').slice(0, -1)).toEqual(hostile);
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });

  it('has the environment that it is given and nothing else but the mark of its run', async () => {
    process.env['OF_THE_PARENT'] = 'x';
    const { stdout } = await capture('/usr/bin/env', [], { cwd: '/', env: { A: 'b\nc' } });
    delete process.env['OF_THE_PARENT'];
    expect(stdout).toMatch(/^A=b\nc\nPIPELINES_PROCESS=[0-9a-f-]{36}\n$/);
  });

  it('is fed as fast as it reads, also with more than fits into a pipe', async () => {
    let sent = 0;
    const input = async function* () {
      for (; sent < 40; sent += 1) yield Buffer.alloc(100_000, 'x');
    };
    const slow = 'sleep 0.3; head -c 10 >/dev/null; [ -e go ] || wc -c';
    expect((await shell(slow, { input: input() })).stdout.trim()).toMatch(/^3\d{6}$/);
    expect(sent).toBe(40);
  });

  it('that ends without reading all leaves its source, whether that waits for room or not', async () => {
    let left = 0;
    const endless = async function* (size: number) {
      try {
        for (;;) yield Buffer.alloc(size, 'x');
      } finally {
        left += 1;
      }
    };
    expect(await shell('head -c 10', { input: endless(100_000) })).toMatchObject({ stdout: 'x'.repeat(10) });
    await until(() => left === 1);
    const slow = async function* () {
      for await (const chunk of endless(1)) {
        await delay(20);
        yield chunk;
      }
    };
    expect(await shell('head -c 1', { input: slow() })).toMatchObject({ exitCode: 0, stdout: 'x' });
    await until(() => left === 2);
  });

  it('is ended when what feeds it fails, and the failure passed on', async () => {
    const input = async function* () {
      yield Buffer.from('first\n');
      throw new Error('the source is dry');
    };
    await expect(shell('cat >/dev/null; sleep 60', { input: input() })).rejects.toThrow('the source is dry');
  });

  it('starts in its folder', async () => {
    const folder = await temporaryFolder();
    expect((await capture('pwd', ['-P'], { cwd: folder, env })).stdout).toBe(`${folder}\n`);
  });

  it('is heard while it runs', async () => {
    const folder = await temporaryFolder();
    const heard: string[] = [];
    const { exitCode } = await execute(
      '/bin/sh',
      ['-c', 'echo ready; until [ -e go ]; do sleep 0.02; done; echo gone >&2'],
      {
        cwd: folder,
        env,
        onOutput: (chunk, stream) => {
          heard.push(`${stream} ${chunk}`);
          if (heard.length === 1) void writeFile(join(folder, 'go'), '');
        },
      },
    );
    expect(heard).toEqual(['stdout ready\n', 'stderr gone\n']);
    expect(exitCode).toBe(0);
  });

  it('reads its input, also one of megabytes', async () => {
    const input = 'äöü\n'.repeat(500_000);
    expect((await capture('cat', [], { ...root, input })).stdout).toBe(input);
    expect((await capture('cat', [], { ...root, input: '' })).stdout).toBe('');
    expect((await capture('cat', [], root)).stdout).toBe('');
  });

  it('may end without reading its input', async () => {
    const input = 'x'.repeat(10_000_000);
    expect(await shell('exit 4', { input })).toMatchObject({ exitCode: 4 });
    expect(await shell('exec <&-; sleep 0.2; exit 5', { input })).toMatchObject({ exitCode: 5 });
  });

  it('may print 200 MB, which are never held in memory', async () => {
    const script = join(import.meta.dirname, 'children/flood.ts');
    const { stdout } = await capture(process.execPath, [script], { ...root, cwd: import.meta.dirname });
    const { bytes, grown } = JSON.parse(stdout) as { bytes: number; grown: number };
    expect(bytes).toBe(200_000_000);
    expect(grown).toBeLessThan(100_000_000);
  });

  it('that prints more than is asked for is ended, and says so', async () => {
    const error = await shell('yes', { limit: 100_000 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ code: 'PIPE-PROCESS-002', message: expect.stringMatching(/more than 100000 bytes/) });
    expect((await shell('printf 12345', { limit: 5 })).stdout).toBe('12345');
  });

  it('is ended when its output can not be taken, and the error is passed on', async () => {
    const onOutput = () => {
      throw new RangeError('no room');
    };
    await expect(execute('yes', [], { ...root, onOutput })).rejects.toThrow(new RangeError('no room'));
  });
});

describe('a program that can not be started', () => {
  async function refusal(program: string, args: readonly string[] = [], options: Partial<ExecuteOptions> = {}) {
    const error = await execute(program, args, { ...root, ...options }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as ConfigurationError).faults[0];
  }

  it('because it is not there, says so', async () => {
    const fault = await refusal('no-such-program');
    expect(fault).toMatchObject({
      code: 'PIPE-PROCESS-001',
      what: expect.stringMatching(/"no-such-program".*ENOENT/),
      remedy: expect.stringMatching(/install it/),
    });
    expect(await refusal('./no-such-program')).toMatchObject({ code: 'PIPE-PROCESS-001' });
  });

  it('because it is not executable, has no interpreter or is a folder, says so', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'file');
    await writeFile(file, 'not a program \0\u0001');
    expect(await refusal(file)).toMatchObject({ code: 'PIPE-PROCESS-001', what: expect.stringMatching(/EACCES/) });
    await chmod(file, 0o755);
    await writeFile(file, '#!/no/such/interpreter\n');
    expect(await refusal(file)).toMatchObject({ code: 'PIPE-PROCESS-001', what: expect.stringMatching(/ENOENT/) });
    expect(await refusal(folder)).toMatchObject({ code: 'PIPE-PROCESS-001', what: expect.stringMatching(/EACCES/) });
  });

  it('because its folder is not there, names the folder', async () => {
    const fault = await refusal('true', [], { cwd: '/no/such/folder' });
    expect(fault).toMatchObject({
      what: expect.stringMatching(/"\/no\/such\/folder"/),
      remedy: expect.stringMatching(/folder that exists/),
    });
    expect(await refusal('true', [], { cwd: '/etc/passwd' })).toMatchObject({
      code: 'PIPE-PROCESS-001',
      what: expect.stringMatching(/ENOTDIR/),
    });
  });

  it('because of an argument or a variable that is too long, says what to do', async () => {
    const long = 'x'.repeat(200_000);
    expect(await refusal('true', [long])).toMatchObject({
      what: expect.stringMatching(/E2BIG/),
      remedy: expect.stringMatching(/in a file/),
    });
    expect(await refusal('true', [], { env: { ...env, LONG: long } })).toMatchObject({
      what: expect.stringMatching(/E2BIG/),
    });
  });

  it.each([
    ['the program', 'tr\0ue', [], {}],
    ['an argument', 'true', ['a\0b'], {}],
    ['a variable', 'true', [], { env: { A: 'a\0b' } }],
    ['the folder', 'true', [], { cwd: '/\0' }],
  ])('because of NUL in %s, is a coded error', async (_, program, args, options) => {
    expect(await refusal(program, args, options)).toMatchObject({ code: 'PIPE-PROCESS-001' });
  });
});

describe('a program that is ended', () => {
  it('by its time limit has a chance to clean up', async () => {
    const finished = await shell('trap "echo bye; exit 7" TERM; echo up; while :; do sleep 0.05; done', {
      timeout: 300,
    });
    expect(finished).toMatchObject({ exitCode: 7, endedBy: 'timeout', stdout: 'up\nbye\n' });
  });

  it('and ignores SIGTERM is killed after the grace period', async () => {
    const script = 'trap "" TERM; echo up; while :; do sleep 0.05; done';
    expect(await shell(script, { timeout: 200, grace: 200 })).toMatchObject({ signal: 'SIGKILL', endedBy: 'timeout' });
  });

  it('by cancellation hears SIGTERM once, and its children, too', async () => {
    const folder = await temporaryFolder();
    const child =
      'trap "echo child >> heard" TERM; echo $$ > child; while [ ! -e end ]; do sleep 0.02; done; sleep 0.3';
    const parent = `(${child}) & trap "echo parent >> heard; touch end; exit 0" TERM; wait; wait`;
    const cancellation = new AbortController();
    const running = execute('/bin/sh', ['-c', parent], { cwd: folder, env, signal: cancellation.signal });
    await until(() => existsSync(join(folder, 'child')));
    cancellation.abort();
    expect(await running).toMatchObject({ endedBy: 'cancellation', exitCode: 0 });
    expect((await readFile(join(folder, 'heard'), 'utf8')).trim().split('\n').sort()).toEqual(['child', 'parent']);
  });

  it('before it started never starts', async () => {
    const folder = await temporaryFolder();
    const signal = AbortSignal.abort();
    const finished = await execute('touch', ['started'], { cwd: folder, env, signal });
    expect(finished).toMatchObject({ endedBy: 'cancellation', exitCode: null });
    expect(existsSync(join(folder, 'started'))).toBe(false);
  });

  it('is not ended by a limit of more days than a timer has', async () => {
    const days = 30 * 86_400_000;
    expect(await shell('sleep 0.2; echo done', { timeout: days })).toMatchObject({
      endedBy: 'itself',
      stdout: 'done\n',
    });
  });

  it('leaves no listener on the signal that could have ended it', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    await shell('true', { signal });
    await shell('no-such', { signal, cwd: '/no/such' }).catch(() => undefined);
    expect(listeners).toBe(0);
  });
});
