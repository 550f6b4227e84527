import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ExecuteOptions, execute } from '../../src/runtime/process.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { livingWith, until } from './living.ts';

const env = { PATH: '/usr/local/bin:/usr/bin:/bin' };

/** Runs a shell script in which `$MARK` is a word by which its processes are found in /proc. */
async function run(script: string, options: Partial<ExecuteOptions> = {}, shell = '/bin/sh') {
  const mark = `mark-${randomUUID()}`;
  const folder = await temporaryFolder();
  const running = execute(shell, ['-c', script, mark], {
    cwd: folder,
    env: { ...env, MARK: mark },
    grace: 500,
    ...options,
  });
  return { mark, folder, running };
}

/** A program that says that it is up (in a file) and then waits, with the mark among its arguments. */
const waits = (name: string, before = '') =>
  `/bin/sh -c '${before} touch ${name}; while :; do sleep 0.05; done' "$MARK"`;
const both = 'until [ -e up ]; do sleep 0.02; done';

describe('nothing of a program is left after it', () => {
  it.each([
    ['a child in the background', `${waits('up')} & ${both}`],
    ['a child that holds the output open', `${waits('up', 'echo open;')} & ${both}`],
    ['a child in a group of its own', `set -m; ${waits('up')} & ${both}`, '/bin/bash'],
    [
      'a child in a group of its own without an environment',
      `set -m; env -i PATH="$PATH" ${waits('up')} & ${both}`,
      '/bin/bash',
    ],
    ['a daemon in a session of its own', `setsid ${waits('up')} >/dev/null 2>&1 & ${both}`],
    [
      'a daemon that forked twice',
      `(setsid /bin/sh -c '${waits('up').replaceAll("'", `'"'"'`)} &' "$MARK" &) ; ${both}`,
    ],
    ['a child that ignores SIGTERM', `${waits('up', 'trap "" TERM;')} & ${both}`],
    ['a daemon that ignores SIGTERM', `setsid ${waits('up', 'trap "" TERM HUP;')} & ${both}`],
  ])('%s', async (_, script = '', shell = '/bin/sh') => {
    const { mark, running } = await run(script, {}, shell);
    const finished = await running;
    expect(finished).toMatchObject({ exitCode: 0, endedBy: 'itself' });
    expect(finished.leftovers).toBeGreaterThan(0);
    expect(livingWith(mark)).toEqual([]);
  });

  it('a child that starts another one whenever it is told to end', async () => {
    const folder = await temporaryFolder();
    const mark = `mark-${randomUUID()}`;
    await writeFile(
      join(folder, 'again.sh'),
      'trap "setsid /bin/sh again.sh $1 & exit" TERM\ntouch up\nwhile :; do sleep 0.02; done\n',
    );
    const script = `setsid /bin/sh again.sh ${mark} & ${both}`;
    await execute('/bin/sh', ['-c', script], { cwd: folder, env, grace: 300 });
    expect(livingWith(mark)).toEqual([]);
  });

  it('what a program inside it started, when it is killed', async () => {
    const mark = `mark-${randomUUID()}`;
    const folder = await temporaryFolder();
    const inner = join(import.meta.dirname, 'children/inner-run.ts');
    const cancellation = new AbortController();
    const running = execute(process.execPath, [inner, mark], {
      cwd: folder,
      env,
      grace: 0,
      signal: cancellation.signal,
    });
    await until(() => existsSync(join(folder, 'up')));
    cancellation.abort();
    expect(await running).toMatchObject({ exitCode: null, endedBy: 'cancellation' });
    expect(livingWith(mark)).toEqual([]);
  });

  it.each(['timeout', 'cancellation'] as const)(
    'after %s, also children that ignore SIGTERM in sessions of their own',
    async (endedBy) => {
      const stubborn = 'trap "" TERM HUP;';
      const script = `${waits('a', stubborn)} & setsid ${waits('b', stubborn)} & trap "" TERM; ${waits('c', stubborn)}`;
      const cancellation = new AbortController();
      const limit = endedBy === 'timeout' ? { timeout: 1_500 } : { signal: cancellation.signal };
      const { mark, folder, running } = await run(script, limit);
      if (endedBy === 'cancellation') {
        await until(() => ['a', 'b', 'c'].every((name) => existsSync(join(folder, name))));
        cancellation.abort();
      }
      expect(await running).toMatchObject({ endedBy, signal: 'SIGKILL' });
      expect(livingWith(mark)).toEqual([]);
    },
  );
});

describe('what a program leaves alone', () => {
  it('is a program that runs beside it, and what that one started', async () => {
    const beside = await run(`setsid ${waits('up')} & ${both}; until [ -e go ]; do sleep 0.02; done; [ -e alive ]`);
    await until(() => existsSync(join(beside.folder, 'up')));
    const first = await run(`setsid ${waits('up')} & ${both}`);
    expect((await first.running).leftovers).toBeGreaterThan(0);
    expect(livingWith(beside.mark).length).toBeGreaterThan(1);
    await writeFile(join(beside.folder, 'alive'), '');
    await writeFile(join(beside.folder, 'go'), '');
    expect(await beside.running).toMatchObject({ exitCode: 0 });
    expect(livingWith(beside.mark)).toEqual([]);
  });

  it('is its parent, even when that carries the same mark', async () => {
    const { running } = await run('exit 0', { env: { ...env, PIPELINES_PROCESS: 'outer' } });
    expect(await running).toMatchObject({ exitCode: 0, leftovers: 0 });
  });

  it('are children that have ended by themselves', async () => {
    const { running } = await run('for i in 1 2 3 4 5; do /bin/true & done; wait; exit 0');
    expect(await running).toMatchObject({ exitCode: 0, leftovers: 0 });
  });
});
