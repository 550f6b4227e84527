import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { ConfigurationError, shown } from './errors.ts';

const DEFAULT_LIMIT = 4 * 1024 * 1024;

/**
 * A text file of the project, read as UTF-8 (a byte order mark is dropped). The project's files are foreign input:
 * megabytes and NUL bytes are refused by name.
 *
 * @param limit largest size in bytes, default 4 MiB
 * @returns undefined when there is no such file
 * @throws ConfigurationError PIPE-FILE-001 too large, PIPE-FILE-002 not text, PIPE-FILE-003 not readable
 */
export async function readTextFile(path: string, limit = DEFAULT_LIMIT): Promise<string | undefined> {
  const bytes = await readBytes(path, limit);
  if (bytes === undefined) return undefined;
  if (bytes.includes(0)) throw notText(path, 'a NUL byte');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw notText(path, 'bytes that are not UTF-8', error);
  }
}

async function readBytes(path: string, limit: number): Promise<Buffer | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw notReadable(path, found.isDirectory() ? 'it is a folder' : 'it is not a regular file');
    if (found.size > limit) {
      throw new ConfigurationError({
        code: 'PIPE-FILE-001',
        what: `${path} is too large to be what its name says`,
        given: `${found.size} bytes`,
        accepted: `at most ${limit} bytes`,
        state: 'the file was not read',
      });
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw notReadable(path, code ?? String(error), error);
  }
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
      what: `${path} is not text`,
      given: found,
      accepted: 'a UTF-8 text file',
      state: 'the file was not used',
    },
    { cause },
  );
}

/**
 * A path given by a caller, as an absolute path inside `workspace`, links resolved as far as they exist.
 *
 * @returns undefined when it leads outside the workspace
 */
export async function insideWorkspace(workspace: string, path: string): Promise<string | undefined> {
  const root = await realpath(workspace);
  const wanted = resolve(root, path);
  const real = await realpathOfExisting(wanted);
  return contains(root, real) ? wanted : undefined;
}

/** Whether `path` is `folder` or lies below it; both absolute. */
export function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

async function realpathOfExisting(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      throw notReadable(path, code ?? String(error), error);
    }
    const parent = resolve(path, '..');
    if (parent === path) return path;
    return resolve(await realpathOfExisting(parent), path.slice(parent.length).replace(/^[/\\]/, ''));
  }
}
