import { type FileHandle, mkdir, open, rm, symlink } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { ProjectFailure, shown } from '../runtime/errors.ts';
import { NotATar, type TarEntry, tarEntries } from './tar-entries.ts';

/** What an archive may hold at most. */
export interface UnpackLimits {
  readonly files: number;
  /** All files together, in bytes. */
  readonly bytes: number;
}

export interface Unpacked {
  readonly files: number;
  readonly bytes: number;
}

const LIMITS: UnpackLimits = { files: 100_000, bytes: 4 * 1024 ** 3 };

/** Longest path below the folder, in characters. */
const LONGEST_PATH = 1_024;

/**
 * Unpacks what a job without credentials has built, in a job that holds some: the archive is foreign. It is looked
 * through as a whole first; nothing is written unless all of it is acceptable: files, folders, and symbolic links that
 * lead to an entry of the archive. No file is made executable.
 *
 * @param folder must not exist: nothing in it can be written over or followed. It is gone again when this fails
 * @param within paths that may be written, relative to the folder, with `/`: `dist`, or `?.vercel/output` as `packSite`
 * takes it
 * @throws ProjectFailure PIPE-ARCHIVE-001 it is no archive, PIPE-ARCHIVE-002 it holds what is not accepted,
 * PIPE-ARCHIVE-003 it is too large
 */
export async function unpackSite(
  archive: string,
  folder: string,
  within: readonly string[],
  limits: UnpackLimits = LIMITS,
): Promise<Unpacked> {
  const file = await open(archive, 'r');
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new NotATar('it is no file');
    const { size } = found;
    const roots = within.map((root) => root.replace(/^\?/, ''));
    const accepted = await acceptable(tarEntries(file, size), roots, limits);
    await mkdir(folder);
    const files = accepted.filter(({ entry: { type } }) => type === '0');
    try {
      for (const { path } of accepted.filter(({ entry: { type } }) => type === '5')) {
        await mkdir(join(folder, path), { recursive: true });
      }
      for (const { path, entry } of files) await writeEntry(file, entry, join(folder, path));
      // Last: nothing is written through one.
      for (const { path, entry } of accepted.filter(({ entry: { type } }) => type === '2')) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await symlink(entry.link, join(folder, path));
      }
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    return { files: files.length, bytes: files.reduce((sum, { entry }) => sum + entry.size, 0) };
  } catch (error) {
    if (error instanceof NotATar) throw noArchive(error.message);
    throw error;
  } finally {
    await file.close();
  }
}

async function writeEntry(file: FileHandle, entry: TarEntry, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const output = await open(target, 'wx', 0o644);
  try {
    await copyRange(file, entry, output);
  } finally {
    await output.close();
  }
}

interface Accepted {
  readonly path: string;
  readonly entry: TarEntry;
}

async function acceptable(
  entries: AsyncIterable<TarEntry>,
  within: readonly string[],
  limits: UnpackLimits,
): Promise<readonly Accepted[]> {
  const accepted = new Map<string, TarEntry>();
  let bytes = 0;
  for await (const entry of entries) {
    const path = posix.normalize(entry.name).replace(/\/$/, '');
    if (path === '.' && entry.type === '5') continue;
    const isTwice = accepted.has(path) && entry.type !== '5';
    const reason = refusalOf(entry, path, within) ?? (isTwice ? 'it is there twice' : undefined);
    if (reason !== undefined) throw refused(entry.name, reason);
    accepted.set(path, entry);
    bytes += entry.size;
    if (accepted.size > limits.files || bytes > limits.bytes) throw tooLarge(limits);
  }
  for (const [path, entry] of accepted) {
    const above = foldersAbove(path).find((parent) => (accepted.get(parent)?.type ?? '5') !== '5');
    if (above !== undefined) throw refused(entry.name, `${above} is no folder`);
    if (entry.type === '2') checkLink(path, entry, accepted);
  }
  return [...accepted].map(([path, entry]) => ({ path, entry }));
}

function refusalOf({ name, type, size }: TarEntry, path: string, within: readonly string[]): string | undefined {
  if (type === '1') return 'a hard link is not accepted';
  if (type !== '0' && type !== '2' && type !== '5') return `an entry of the type ${shown(type)} is not accepted`;
  if (type !== '0' && size > 0) return 'only a file has content';
  if (path.length > LONGEST_PATH || /[\p{Cc}\\]/u.test(name)) return 'it is no path that can be written everywhere';
  if (name.startsWith('/') || path === '..' || path.startsWith('../') || path === '')
    return 'it leads out of the folder';
  const isWithin = within.some((root) => root === '.' || path === root || path.startsWith(`${root}/`));
  const leadsThere = type === '5' && within.some((root) => root.startsWith(`${path}/`));
  return isWithin || leadsThere ? undefined : `only ${within.join(', ')} may be in it`;
}

/** A link stays among the entries: what it leads to is in the archive, and was looked at. */
function checkLink(path: string, { name, link }: TarEntry, accepted: ReadonlyMap<string, TarEntry>): void {
  const target = posix.normalize(posix.join(posix.dirname(path), link)).replace(/\/$/, '');
  const isEntry = accepted.has(target) || [...accepted.keys()].some((other) => other.startsWith(`${target}/`));
  if (link.startsWith('/') || target.startsWith('..') || !isEntry) {
    throw refused(name, `it is a link to ${shown(link)}, which is not in the archive`);
  }
}

function foldersAbove(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

const CHUNK = 1024 * 1024;

async function copyRange(from: FileHandle, { start, size }: TarEntry, to: FileHandle): Promise<void> {
  const buffer = Buffer.alloc(Math.min(CHUNK, Math.max(1, size)));
  for (let done = 0; done < size; ) {
    const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, size - done), start + done);
    if (bytesRead === 0) throw new NotATar('it ends in the middle of a file');
    await to.write(buffer, 0, bytesRead);
    done += bytesRead;
  }
}

function refused(name: string, reason: string): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-ARCHIVE-002',
    what: 'the build output holds what is not unpacked beside a credential',
    given: `${shown(name, 200)}: ${reason}`,
    accepted: 'files, folders, and links to what is in the output itself',
    remedy: 'see what the build writes there',
    state: 'nothing was unpacked and nothing was deployed',
  });
}

function tooLarge({ files, bytes }: UnpackLimits): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-ARCHIVE-003',
    what: 'the build output is too large',
    accepted: `at most ${files} files and ${(bytes / 1024 ** 2).toFixed(0)} MiB`,
    state: 'nothing was unpacked and nothing was deployed',
  });
}

function noArchive(reason: string): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-ARCHIVE-001',
    what: 'the build output is no tar archive',
    given: reason,
    accepted: 'what the job `check` of the same run packed',
    remedy: 'run the whole workflow again',
    state: 'nothing was unpacked and nothing was deployed',
  });
}
