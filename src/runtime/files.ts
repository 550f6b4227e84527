import { constants } from 'node:fs';
import { access, type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { ConfigurationError, shown } from './errors.ts';
import { contains, notReadable, pathInside } from './paths.ts';

export { contains } from './paths.ts';

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

/** The same as {@link pathInside}, for callers that wait anyway. @throws ConfigurationError PIPE-FILE-003 */
export async function insideWorkspace(workspace: string, path: string): Promise<string | undefined> {
  return pathInside(workspace, path);
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
