import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32, deflateRaw, inflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** A file on its way into an archive. */
export interface ZipSource {
  /** Path in the archive, with slashes. */
  readonly path: string;
  readonly read: () => Promise<Buffer>;
}

export interface ZipFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** An archive that is not one, or that needs what is not read here (encryption, ZIP64). */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

/** More does not fit into the fields of a plain archive; ZIP64 would be needed. */
const MOST_FILES = 0xffff;
const LARGEST = 0xffff_ffff;

const LOCAL = 0x0403_4b50;
const CENTRAL = 0x0201_4b50;
const END = 0x0605_4b50;
const STORED = 0;
const DEFLATED = 8;
/** Names are UTF-8 (general purpose bit 11). */
const UTF8 = 0x0800;
/** 1980-01-01 00:00:00, the first time the format knows: the same files make the same archive. */
const TIME = 0x0021_0000;

/**
 * Writes files into a new archive (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT), one file in memory at a
 * time.
 *
 * @param level of compression, 0 (none) to 9.
 * @returns its size in bytes.
 * @throws ZipError beyond 65,535 files or 4 GiB.
 */
export async function writeZip(target: string, sources: readonly ZipSource[], level = 6): Promise<number> {
  if (sources.length > MOST_FILES) {
    throw new ZipError(`an archive holds ${MOST_FILES} files here, and there are ${sources.length}`);
  }
  const file = await open(target, 'wx', 0o600);
  try {
    const entries: Buffer[] = [];
    let offset = 0;
    const write = async (bytes: Buffer): Promise<void> => {
      offset += bytes.length;
      if (offset > LARGEST) throw new ZipError('an archive holds 4 GiB here');
      await file.write(bytes);
    };
    for (const { path, read } of sources) {
      const bytes = await read();
      const packed = level === 0 || bytes.length === 0 ? bytes : await deflate(bytes, { level });
      const isSmaller = packed.length < bytes.length;
      const data = isSmaller ? packed : bytes;
      const name = Buffer.from(path, 'utf8');
      const fields = header(isSmaller ? DEFLATED : STORED, crc32(bytes), data.length, bytes.length, name.length);
      entries.push(centralEntry(fields, offset, name));
      await write(Buffer.concat([signed(LOCAL, fields), name]));
      await write(data);
    }
    const directory = Buffer.concat(entries);
    const start = offset;
    await write(directory);
    await write(endOf(sources.length, directory.length, start));
    return offset;
  } finally {
    await file.close();
  }
}

/** What a local header and an entry of the directory have in common, from "version needed" to "extra field length". */
function header(method: number, checksum: number, packed: number, size: number, nameLength: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(UTF8, 2);
  fields.writeUInt16LE(method, 4);
  fields.writeUInt32LE(TIME, 6);
  fields.writeUInt32LE(checksum, 10);
  fields.writeUInt32LE(packed, 14);
  fields.writeUInt32LE(size, 18);
  fields.writeUInt16LE(nameLength, 22);
  return fields;
}

function signed(signature: number, rest: Buffer): Buffer {
  const start = Buffer.alloc(4);
  start.writeUInt32LE(signature);
  return Buffer.concat([start, rest]);
}

function centralEntry(fields: Buffer, offset: number, name: Buffer): Buffer {
  // Made by: UNIX, so that the permissions below are read.
  const madeBy = Buffer.from([20, 3]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((0o100_644 << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return signed(CENTRAL, Buffer.concat([madeBy, fields, rest, name]));
}

function endOf(count: number, size: number, start: number): Buffer {
  const rest = Buffer.alloc(18);
  rest.writeUInt16LE(count, 4);
  rest.writeUInt16LE(count, 6);
  rest.writeUInt32LE(size, 8);
  rest.writeUInt32LE(start, 12);
  return signed(END, rest);
}

/**
 * The files of an archive, one after the other; folders are left out.
 *
 * @throws ZipError when it is no archive, is damaged, or leads out of its folder.
 */
export async function* readZip(archive: Buffer): AsyncGenerator<ZipFile> {
  try {
    const end = endRecord(archive);
    let at = archive.readUInt32LE(end + 16);
    for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
      if (archive.readUInt32LE(at) !== CENTRAL) throw new ZipError('the directory of the archive is damaged');
      const nameLength = archive.readUInt16LE(at + 28);
      const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
      if (!name.endsWith('/')) yield { path: contained(name), bytes: await contentOf(archive, at) };
      at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    }
  } catch (error) {
    if (error instanceof ZipError) throw error;
    // An offset beyond the end, or deflated data that is none.
    throw new ZipError('the archive is damaged', { cause: error });
  }
}

function endRecord(archive: Buffer): number {
  const least = Math.max(0, archive.length - 22 - 0xffff);
  for (let at = archive.length - 22; at >= least; at--) if (archive.readUInt32LE(at) === END) return at;
  throw new ZipError('this is no zip archive');
}

async function contentOf(archive: Buffer, entry: number): Promise<Buffer> {
  const method = archive.readUInt16LE(entry + 10);
  const isEncrypted = (archive.readUInt16LE(entry + 8) & 1) === 1;
  if (isEncrypted || (method !== STORED && method !== DEFLATED)) throw new ZipError('the archive cannot be read here');
  const local = archive.readUInt32LE(entry + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const data = archive.subarray(start, start + archive.readUInt32LE(entry + 20));
  const bytes =
    method === STORED ? data : await inflate(data, { maxOutputLength: archive.readUInt32LE(entry + 24) + 1 });
  if (crc32(bytes) !== archive.readUInt32LE(entry + 16)) throw new ZipError('the archive is damaged');
  return bytes;
}

function contained(name: string): string {
  const isOutside = name.startsWith('/') || name.split(/[\\/]/).includes('..') || name.includes('\0');
  if (isOutside) throw new ZipError(`the archive leads out of its folder: ${JSON.stringify(name)}`);
  return name;
}
