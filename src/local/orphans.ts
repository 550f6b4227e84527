import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that a step started and left behind. */
export interface Orphan {
  readonly pid: number;
  readonly name: string;
}

/** Milliseconds between asking an orphan to end and ending it. */
const GRACE = 1_000;

/**
 * Ends what steps left running, found as GitHub's runner finds it: by RUNNER_TRACKING_ID in the environment; and where
 * a process dropped that, by standing in the run's folder.
 *
 * @param keep processes that are not to be touched (act itself while it runs).
 */
export async function endOrphans(trackingId: string, folder: string, keep: readonly number[]): Promise<Orphan[]> {
  const found = await findOrphans(trackingId, folder, keep);
  for (const { pid } of found) signal(pid, 'SIGTERM');
  const deadline = Date.now() + GRACE;
  let left = found;
  while (left.length > 0 && Date.now() < deadline) {
    await delay(25);
    left = await findOrphans(trackingId, folder, keep);
  }
  for (const { pid } of left) signal(pid, 'SIGKILL');
  return found;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // Gone already, or no longer ours: either way it is not left behind by us.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

async function findOrphans(trackingId: string, folder: string, keep: readonly number[]): Promise<Orphan[]> {
  const spared = [...keep, process.pid];
  const found = process.platform === 'linux' ? await fromProc(trackingId, folder) : await fromPs(trackingId);
  return found.filter(({ pid }) => !spared.includes(pid));
}

/** proc(5): environ, cwd and stat of every process of ours. */
async function fromProc(trackingId: string, folder: string): Promise<Orphan[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const checked = await Promise.all(
    pids.map(async (pid): Promise<Orphan[]> => {
      const [stat, environment, place] = await Promise.all([
        readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ''),
        readFile(`/proc/${pid}/environ`, 'latin1').catch(() => ''),
        readlink(`/proc/${pid}/cwd`).catch(() => ''),
      ]);
      const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
      if (stat === '' || state === 'Z' || state === 'X') return [];
      const isTracked = environment.includes(`RUNNER_TRACKING_ID=${trackingId}`);
      return isTracked || place === folder || place.startsWith(`${folder}/`) ? [{ pid, name }] : [];
    }),
  );
  return checked.flat();
}

/** Processes below one, as far as the system tells (proc(5): children); undefined where it does not. */
export async function descendantsOf(pid: number): Promise<readonly number[] | undefined> {
  if (process.platform !== 'linux') return undefined;
  const found: number[] = [];
  const queue = [pid];
  for (let parent = queue.pop(); parent !== undefined; parent = queue.pop()) {
    // A child belongs to the thread that started it, and a program in Go starts them from any.
    const threads = await readdir(`/proc/${parent}/task`).catch(() => []);
    const texts = await Promise.all(
      threads.map((thread) => readFile(`/proc/${parent}/task/${thread}/children`, 'utf8').catch(() => '')),
    );
    const children = texts.flatMap((text) => text.split(' ').filter(Boolean).map(Number));
    found.push(...children);
    queue.push(...children);
  }
  return found;
}

function fromPs(trackingId: string): Promise<Orphan[]> {
  return new Promise((resolve) => {
    // `e` shows the environment of one's own processes.
    execFile('ps', ['axeww', '-o', 'pid=,command='], { maxBuffer: 64 * 1024 * 1024 }, (_error, output) => {
      const lines = output.split('\n').filter((line) => line.includes(`RUNNER_TRACKING_ID=${trackingId}`));
      resolve(
        lines.map((line) => {
          const [pid = '', name = ''] = line.trim().split(/\s+/);
          return { pid: Number(pid), name };
        }),
      );
    });
  });
}
