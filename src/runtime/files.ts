import { constants } from 'node:fs';
import { access, type FileHandle, lstat, open, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ConfigurationError, shown } from './errors.ts';

const DEFAULT_LIMIT = 4 * 1024 * 1024;

/**
 * A text file of the project, read as UTF-8 (a byte order mark is dropped). The project's files are foreign input:
 * megabytes and NUL bytes are refused by name, and so is what is no file (a pipe, a device, a folder).
 *
 * @param limit largest size in bytes, default 4 MiB
 * @param within folder that the file must lie in when links are followed; a link out of it is refused. Left out: any.
 * @returns undefined when there is no such file
 * @throws ConfigurationError PIPE-FILE-001 too large, PIPE-FILE-002 not text, PIPE-FILE-003 not readable
 */
export async function readTextFile(path: string, limit = DEFAULT_LIMIT, within?: string): Promise<string | undefined> {
  const bytes = await readBytes(path, limit, within);
  if (bytes === undefined) return undefined;
  if (bytes.includes(0)) throw notText(path, 'a NUL byte');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw notText(path, 'bytes that are not UTF-8', error);
  }
}

async function readBytes(path: string, limit: number, within: string | undefined): Promise<Buffer | undefined> {
  try {
    const real = within === undefined ? path : await realpath(path);
    if (within !== undefined && !contains(await realpath(within), real)) {
      throw notReadable(path, 'it is a link that leads out of the project');
    }
    // Asked before it is opened: opening a pipe or a device can wait or do something.
    const found = await stat(real);
    if (!found.isFile()) throw notReadable(path, found.isDirectory() ? 'it is a folder' : 'it is not a regular file');
    const handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return await readWhole(handle, path, limit);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw notReadable(path, code ?? String(error), error);
  }
}

/** Reads up to the limit, whatever the file said its size was: files of /proc say 0, others grow. */
async function readWhole(handle: FileHandle, path: string, limit: number): Promise<Buffer> {
  const found = await handle.stat();
  if (!found.isFile()) throw notReadable(path, 'it is not a regular file');
  const chunks: Buffer[] = [];
  let size = found.size > limit ? found.size : 0;
  while (size <= limit) {
    const chunk = Buffer.alloc(Math.min(65_536 + found.size, limit + 1 - size));
    const { bytesRead } = await handle.read(chunk);
    if (bytesRead === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, bytesRead));
    size += bytesRead;
  }
  throw new ConfigurationError({
    code: 'PIPE-FILE-001',
    what: `${shown(path, 200)} is too large to be what its name says`,
    given: found.size > limit ? `${found.size} bytes` : `more than ${limit} bytes`,
    accepted: `at most ${limit} bytes`,
    state: 'the file was not used',
  });
}

function notReadable(path: string, reason: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(
    { code: 'PIPE-FILE-003', what: `${shown(path, 200)} could not be read: ${reason}`, accepted: 'a readable file' },
    { cause },
  );
}

function notText(path: string, found: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(
    {
      code: 'PIPE-FILE-002',
      what: `${shown(path, 200)} is not text`,
      given: found,
      accepted: 'a UTF-8 text file',
      state: 'the file was not used',
    },
    { cause },
  );
}

/**
 * A path given by a caller, as an absolute path inside `workspace`. Links are followed as far as they lead, also those
 * that point at something that is not there (writing to one would create it).
 *
 * @returns undefined when it leads outside the workspace
 * @throws ConfigurationError PIPE-FILE-003 when that can't be found out (a loop of links, a name that is too long)
 */
export async function insideWorkspace(workspace: string, path: string): Promise<string | undefined> {
  const root = await realpathOfExisting(workspace);
  const wanted = resolve(root, path);
  const real = await realpathOfExisting(wanted);
  return contains(root, real) ? wanted : undefined;
}

/** Whether `path` is `folder` or lies below it; both absolute. */
export function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Most links that are followed one after the other, as the kernel counts (path_resolution(7)). */
const MOST_LINKS = 40;

async function realpathOfExisting(path: string, links = 0): Promise<string> {
  if (links > MOST_LINKS) throw notReadable(path, 'ELOOP');
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw notReadable(path, code ?? String(error), error);
  }
  const parent = dirname(path);
  if (parent === path) return path;
  const folder = await realpathOfExisting(parent, links);
  const target = await linkTarget(join(folder, basename(path)));
  return target === undefined ? join(folder, basename(path)) : realpathOfExisting(resolve(folder, target), links + 1);
}

/** Where a link points; undefined for what is no link, or is not there. */
async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw notReadable(path, code ?? String(error), error);
  }
}

/** Whether there is something at a path that can be reached; a dangling link counts as nothing. */
export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // Whatever the reason, it can't be used.
    return false;
  }
}
