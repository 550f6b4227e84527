import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from './root.ts';

/** How long one installation may hold others up, in milliseconds. */
const LONGEST = 900_000;

/**
 * Installs something below `.tools/` unless it is there already, complete and of the same pins. Several processes may
 * ask at once: one installs, the others wait. What an interrupted installation left behind is removed first.
 *
 * @param name folder below `.tools/`
 * @param pins what decides about the content (versions, hashes); other pins, another installation
 * @param install fills the folder
 * @returns the folder
 */
export async function once(name: string, pins: string, install: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(root, '.tools', name);
  const stamp = join(folder, '.complete');
  const wanted = createHash('sha256').update(`${process.platform} ${process.arch}\n${pins}`).digest('hex');
  if ((await textOf(stamp)) === wanted) return folder;
  const unlock = await lock(`${folder}.lock`);
  try {
    if ((await textOf(stamp)) === wanted) return folder;
    process.stderr.write(`installing ${name} into .tools/${name}\n`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await install(folder);
    await writeFile(stamp, wanted);
    return folder;
  } finally {
    await unlock();
  }
}

async function textOf(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** A lock is a folder with the pid of its holder; one whose holder is gone is taken over. */
async function lock(path: string): Promise<() => Promise<void>> {
  await mkdir(join(path, '..'), { recursive: true });
  for (const started = Date.now(); Date.now() - started < LONGEST; await delay(200)) {
    try {
      await mkdir(path);
      await writeFile(join(path, 'pid'), String(process.pid));
      return () => rm(path, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (await isAbandoned(path)) await takeAway(path);
    }
  }
  throw new Error(
    `another installation holds ${path} for more than ${LONGEST / 60_000} minutes; remove it if none runs`,
  );
}

/** Of several processes that see a lock abandoned, one moves it away: renaming is atomic. */
async function takeAway(path: string): Promise<void> {
  const moved = `${path}.${process.pid}`;
  await rename(path, moved).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rm(moved, { recursive: true, force: true });
}

async function isAbandoned(path: string): Promise<boolean> {
  const pid = await textOf(join(path, 'pid'));
  if (pid !== undefined && pid !== '') return !isAlive(Number(pid));
  const made = await stat(path).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs > 10_000;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
