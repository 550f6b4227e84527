import { createHash } from 'node:crypto';
import { lstat, mkdir, open, readdir, readFile, realpath, rename, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './is-alive.ts';
import { UsageError } from './usage-error.ts';

/** What the system says where a folder cannot be used, as a line about it. */
function unusable(folder: string, error: NodeJS.ErrnoException): UsageError {
  return new UsageError(`temporary files cannot be kept in ${folder} (${error.code}): set TMPDIR to a folder of yours`);
}

/** The temporary folder of one run. */
export interface RunFolder {
  readonly path: string;
  /** Removes it, or keeps it under a name of its own and returns that. */
  readonly release: (keep: boolean) => Promise<string | undefined>;
}

/**
 * Claims a temporary folder that only this user can enter. Runs of a project one after the other get the same path,
 * because a cache is found by the absolute paths it holds; runs at the same time get one each. What a killed run left is
 * removed.
 *
 * @param project its absolute path.
 * @param root folder below which it is made; default: the system's for temporary files.
 * @throws UsageError when the place cannot be used, or somebody else owns it.
 */
export async function claimRunFolder(project: string, root: string = tmpdir()): Promise<RunFolder> {
  const base = await privateFolder(root);
  await sweep(base);
  const name = createHash('sha256').update(project).digest('hex').slice(0, 8);
  for (let slot = 1; ; slot++) {
    const path = join(base, `${name}-${slot}`);
    const lock = `${path}.lock`;
    if (!(await claim(lock))) continue;
    await rm(path, { recursive: true, force: true });
    await mkdir(path, { mode: 0o700 });
    const release = async (keep: boolean): Promise<string | undefined> => {
      const kept = keep ? join(base, `kept-${Date.now()}-${name}`) : undefined;
      if (kept === undefined) await removeFolder(path);
      else await rename(path, kept);
      await rm(lock, { force: true });
      return kept;
    };
    return { path, release };
  }
}

async function privateFolder(root: string): Promise<string> {
  const { uid } = userInfo();
  const refuse = (error: NodeJS.ErrnoException): never => {
    throw unusable(root, error);
  };
  const base = join(await realpath(root).catch(refuse), `pipelines-${uid}`);
  await mkdir(base, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') refuse(error);
  });
  const found = await lstat(base);
  const isOurs = found.isDirectory() && (uid === -1 || (found.uid === uid && (found.mode & 0o077) === 0));
  if (!isOurs)
    throw new UsageError(`${base} is not a folder of yours alone: remove it, or set TMPDIR to another place`);
  return base;
}

/** Takes the lock, or says that a living process has it. */
async function claim(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the locks and folders of processes that ended without doing it. */
async function sweep(base: string): Promise<void> {
  const locks = (await readdir(base)).filter((name) => /^[0-9a-f]{8}-\d+\.lock$/.test(name));
  for (const name of locks) {
    const lock = join(base, name);
    const pid = Number(await readFile(lock, 'utf8').catch(() => ''));
    if (pid === 0 || isAlive(pid)) continue;
    // Whoever renames it first sweeps it.
    const taken = `${lock}.${process.pid}`;
    const isTaken = await rename(lock, taken).then(
      () => true,
      () => false,
    );
    if (!isTaken) continue;
    await removeFolder(join(base, name.replace('.lock', '')));
    await rm(taken, { force: true });
  }
}

/** Removes a folder in which a process that is ending may still write for a moment. */
async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
