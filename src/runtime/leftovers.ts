import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Variable that every process of a run carries, by which those are found that left its process group. */
export const TRACKING = 'PIPELINES_PROCESS';

/** Time after the deadline in which processes that were killed must be gone, in milliseconds. */
const KILL_TIME = 2_000;

/** What marks the processes of one run. */
export interface Family {
  /** Process group and session that the run was started with. */
  readonly group: number;
  /** Value of the tracking variable. */
  readonly tracking: string;
  /** When the first of them was started, in clock ticks since boot; nothing older belongs to them. */
  readonly since: number;
}

/** The processes of a run whose first process has just been started. */
export function familyOf(pid: number, tracking: string): Family {
  return { group: pid, tracking, since: statOf(pid)?.started ?? 0 };
}

/** Signals a whole process group; one that has ended or belongs to somebody else is left alone. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  signalProcess(-group, signal);
}

/**
 * Ends what is left of a run: SIGTERM at once, SIGKILL at `deadline` (of performance.now()) and again until nothing is
 * left, two seconds long at most.
 *
 * @param areTold whether those that live now have had their SIGTERM: many programs take a second one for impatience
 * @returns how many processes there were, and how many of them could not be ended (another user's)
 */
export async function endLeftovers(
  family: Family,
  deadline: number,
  areTold: boolean,
): Promise<{ readonly found: number; readonly remaining: number }> {
  const told = new Set(areTold ? livingOf(family) : []);
  let isEmpty = false;
  for (let pause = 10; ; pause = Math.min(100, pause * 2)) {
    const left = livingOf(family);
    const now = performance.now();
    // One that ended while the list was read may have started another, which is not on that list: it is read again.
    const isSure = left.length === 0 && (isEmpty || told.size === 0);
    if (isSure || now > deadline + KILL_TIME) return { found: told.size, remaining: left.length };
    isEmpty = left.length === 0;
    for (const pid of left) {
      if (now >= deadline) signalProcess(pid, 'SIGKILL');
      else if (!told.has(pid)) signalProcess(pid, 'SIGTERM');
      told.add(pid);
    }
    await delay(pause);
  }
}

/** Tells those that left the process group to end; the group itself is signalled as one. */
export function terminateEscaped(family: Family): void {
  for (const pid of livingOf(family)) {
    if (statOf(pid)?.group !== family.group) signalProcess(pid, 'SIGTERM');
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // EPERM: project code started it as another user (sudo); it is counted as remaining.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

/** Living processes of the group or the session, and those that carry the tracking variable (proc(5)). */
function livingOf(family: Family): number[] {
  if (process.platform !== 'linux') return groupLives(family.group) ? [-family.group] : [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => pid !== process.pid && belongs(pid, family));
}

function groupLives(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

function belongs(pid: number, { group, tracking, since }: Family): boolean {
  const stat = statOf(pid);
  // A zombie has ended; it waits to be collected.
  if (stat === undefined || stat.state === 'Z' || stat.state === 'X' || stat.started < since) return false;
  if (stat.group === group || stat.session === group) return true;
  return readProc(`/proc/${pid}/environ`).includes(tracking);
}

interface Stat {
  readonly state: string;
  readonly group: number;
  readonly session: number;
  /** In clock ticks since boot. */
  readonly started: number;
}

/** What proc(5) says in /proc/PID/stat after the command name in parentheses; undefined for a process that is gone. */
function statOf(pid: number): Stat | undefined {
  const text = readProc(`/proc/${pid}/stat`);
  if (text === '') return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = '', , group, session] = fields;
  return { state, group: Number(group), session: Number(session), started: Number(fields[19]) };
}

/** A file of /proc; empty when the process has gone or belongs to somebody else. */
function readProc(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return '';
    throw error;
  }
}
