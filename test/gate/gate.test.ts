import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runGate } from '../../src/gate/gate.ts';
import type { GateTask } from '../../src/gate/task.ts';
import { projectEnvironment } from '../../src/runtime/environment.ts';
import { createLog } from '../../src/runtime/log.ts';
import { machine } from '../support/run-dist.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';

interface Ran {
  readonly results: Awaited<ReturnType<typeof runGate>>;
  readonly log: string;
  readonly workspace: string;
}

/** Runs tasks that are Node programs of a temporary project. */
async function run(
  programs: Readonly<Record<string, string>>,
  options: { timeout?: number; signal?: AbortSignal; environment?: Record<string, string>; failFast?: boolean } = {},
): Promise<Ran> {
  const workspace = await temporaryFolder();
  await writeFiles(
    workspace,
    Object.fromEntries(Object.entries(programs).map(([name, text]) => [`${name}.mjs`, text])),
  );
  const tasks = Object.keys(programs).map((id): GateTask => {
    return {
      id,
      kind: id,
      package: '',
      directory: '.',
      command: ['node', `${id}.mjs`],
      path: [],
      environment: {},
      needs: [],
      timeout: options.timeout ?? 30_000,
    };
  });
  let log = '';
  const results = await runGate(tasks, {
    workspace,
    temp: join(workspace, 'temp'),
    environment: projectEnvironment({ ...machine(), ...options.environment }),
    signal: options.signal ?? new AbortController().signal,
    log: createLog((text) => {
      log += text;
    }),
    saveState: () => undefined,
    packages: new Map(),
    concurrency: 8,
    failFast: options.failFast ?? false,
    compose: undefined,
  });
  return { results, log, workspace };
}

/** Whether a process with this text in its arguments is alive. */
function isRunning(marker: string): boolean {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .some((line) => line.includes(marker) && !line.startsWith('ps '));
}

const conclusions = ({ results }: Ran) => Object.fromEntries(results.map(({ task, result }) => [task.id, result]));

describe('the gate', () => {
  it('tells green from red and shows the output of each in a group of its own', async () => {
    const ran = await run({ lint: 'console.log("fine")', test: 'console.error("broken"); process.exit(3)' });
    expect(conclusions(ran)).toEqual({ lint: 'passed', test: 'failed' });
    expect(ran.results[1]?.reason).toBe('exit status 3');
    expect(ran.results[1]?.tail).toEqual(['broken']);
    expect(ran.log).toMatch(
      /::group::passed lint \(.*\) node lint\.mjs\n::stop-commands::(\S+)\nfine\n::\1::\n::endgroup::\n/,
    );
    expect(ran.log).toMatch(/::group::failed test \(.*\) node test\.mjs: exit status 3\n/);
  });

  it('runs no shell, whatever a project prints or is called', async () => {
    const ran = await run({ 'a$(touch pwned)': 'console.log("::set-output name=x::y\\n::error::forged")' });
    expect(conclusions(ran)).toEqual({ 'a$(touch pwned)': 'passed' });
    const token = /::stop-commands::(\S+)/.exec(ran.log)?.[1] ?? 'none';
    const between = ran.log.slice(ran.log.indexOf(token) + token.length, ran.log.lastIndexOf(`::${token}::`));
    expect(between).toContain('::error::forged');
    await expect(readFile(join(ran.workspace, 'pwned'))).rejects.toThrow('ENOENT');
  });

  it('ends a task past its time with its children, also those that left its group, and says so', async () => {
    const marker = `marker-${process.pid}-${Date.now()}`;
    const child = `setInterval(() => {}, 1000); process.on('SIGTERM', () => {}); // ${marker}`;
    const ran = await run(
      {
        hang: `import { spawn } from 'node:child_process';
          spawn(process.execPath, ['-e', ${JSON.stringify(child)}]);
          spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { detached: true, stdio: 'ignore' }).unref();
          console.log('started'); setInterval(() => {}, 1000);`,
      },
      { timeout: 1_500 },
    );
    expect(conclusions(ran)).toEqual({ hang: 'timed-out' });
    expect(ran.results[0]?.reason).toMatch(/ended with everything it had started after 1\.5s; \d process/);
    expect(isRunning(marker)).toBe(false);
  });

  it('leaves nothing running of a task that passed and left a server behind', async () => {
    const marker = `marker-${process.pid}-${Date.now()}`;
    const ran = await run({
      build: `import { spawn } from 'node:child_process';
        spawn(process.execPath, ['-e', ${JSON.stringify(`setInterval(() => {}, 1000); // ${marker}`)}], { detached: true, stdio: 'ignore' }).unref();`,
    });
    expect(conclusions(ran)).toEqual({ build: 'passed' });
    expect(ran.results[0]?.reason).toBe('1 process that it left running was ended');
    expect(isRunning(marker)).toBe(false);
  });

  it('shows a project nothing of the runner: no token, no input, no file by which it could change later steps', async () => {
    const environment = {
      GITHUB_TOKEN: 'ghs_0123456789',
      ACTIONS_RUNTIME_TOKEN: 'runtime-0123456789',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'id-0123456789',
      'INPUT_NPM-TOKEN': 'npm-0123456789',
      STATE_x: 'state-0123456789',
      GITHUB_ENV: '/env-0123456789',
      GITHUB_OUTPUT: '/output-0123456789',
      GITHUB_PATH: '/path-0123456789',
      GITHUB_STATE: '/state-0123456789',
      GITHUB_STEP_SUMMARY: '/summary-0123456789',
      GITHUB_SHA: 'abc',
    };
    const ran = await run(
      { test: 'console.log(JSON.stringify(process.env)); process.exit(process.stdin.isTTY ? 1 : 0)' },
      { environment },
    );
    expect(conclusions(ran)).toEqual({ test: 'passed' });
    expect(ran.log).not.toContain('0123456789');
    expect(ran.log).toContain('"GITHUB_SHA":"abc"');
    expect(ran.log).toContain('"CI":"true"');
  });

  it('does not wait for somebody to type', async () => {
    const ran = await run({
      prompt:
        'import { createInterface } from "node:readline/promises"; const it = createInterface({ input: process.stdin }); for await (const line of it) console.log(line); console.log("no answer");',
    });
    expect(conclusions(ran)).toEqual({ prompt: 'passed' });
  });

  it('ends what runs when the run is cancelled', async () => {
    const cancellation = new AbortController();
    const running = run(
      { slow: 'setInterval(() => {}, 1000)', other: 'setInterval(() => {}, 1000)' },
      { signal: cancellation.signal },
    );
    await delay(500);
    cancellation.abort();
    expect(conclusions(await running)).toEqual({ slow: 'cancelled', other: 'cancelled' });
  });

  it('ends the others at the first failure when told to', async () => {
    const ran = await run({ red: 'process.exit(1)', slow: 'setInterval(() => {}, 1000)' }, { failFast: true });
    expect(conclusions(ran)).toEqual({ red: 'failed', slow: 'cancelled' });
  });

  it('takes a program that is not there for a failure of that task alone', async () => {
    const ran = await run({ lint: '' }, { environment: { PATH: '' } });
    expect(conclusions(ran)).toEqual({ lint: 'failed' });
    expect(ran.results[0]?.reason).toContain('PIPE-PROCESS-001');
  });

  it('keeps the whole of a long output and reads the problem at its end', async () => {
    const ran = await run({
      typecheck: `for (let i = 0; i < 200_000; i += 1) process.stdout.write('line ' + i + ' of a long story that nobody reads\\n');
        process.stdout.write("typecheck.mjs(1,2): error TS2322: wrong\\n"); process.exitCode = 2;`,
    });
    expect(ran.results[0]?.problems).toMatchObject([{ file: 'typecheck.mjs', line: 1, rule: 'TS2322' }]);
    expect(ran.log).toContain('line 0 of');
    expect(ran.log).toContain('line 199999 of');
  });
});
