import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PAUSE = 10;
const WITHIN = 120_000;

/**
 * Ends the process of a step at once, as when its machine is gone, as soon as something has happened.
 *
 * @param action name of the action that the step runs
 * @returns id of the process
 * @throws Error when there is no such process, or it does not happen, within two minutes
 */
export async function loseRunner(action: string, hasHappened: () => boolean): Promise<number> {
  const until = performance.now() + WITHIN;
  const waited = async <T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> => {
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (performance.now() > until) throw new Error(`${action} could not be interrupted within ${WITHIN} ms`);
      await delay(PAUSE);
    }
  };
  // First the process, so that nothing but the blow is left to do.
  const pid = await waited(() => processOf(action));
  await waited(() => (hasHappened() ? true : undefined));
  process.kill(pid, 'SIGKILL');
  return pid;
}

/** The process of the action among those that this one has started, directly or not. */
async function processOf(action: string): Promise<number | undefined> {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,args='], { maxBuffer: 64 * 1024 * 1024 });
  const rows = stdout.split('\n').flatMap((line) => {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
  const parents = new Map(rows.map(({ pid, parent }) => [pid, parent]));
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === process.pid || isOurs(parent));
  };
  const program = new RegExp(`/dist/${action}\\.js(?:\\s|$)`);
  return rows.find(({ pid, args }) => program.test(args) && isOurs(pid))?.pid;
}
