import type { FileHandle } from 'node:fs/promises';

/** One entry of a tar archive, as it stands there: a name is not yet a path that may be written. */
export interface TarEntry {
  readonly name: string;
  /** Type flag: `0` file, `1` hard link, `2` symbolic link, `5` folder; others as they are. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  readonly mode: number;
  /** Target of a link; empty for others. */
  readonly link: string;
  /** Where its content begins in the archive. */
  readonly start: number;
}

/** The archive is not one, or is cut off. */
export class NotATar extends Error {}

const BLOCK = 512;

/** Longest extended header in bytes: names and link targets only are read from it. */
const LONGEST_HEADER = 1024 * 1024;

/**
 * The entries of a tar archive in POSIX's forms ustar and pax, and with GNU's long names (POSIX.1-2017, pax,
 * "ustar Interchange Format"; GNU tar manual, "Basic Tar Format").
 *
 * @throws NotATar when it is none, or ends in the middle
 */
export async function* tarEntries(file: FileHandle, length: number): AsyncGenerator<TarEntry> {
  let extended: Extended = {};
  for (let at = 0; ; ) {
    const header = await bytesAt(file, at, BLOCK, length);
    if (header.every((byte) => byte === 0)) return;
    const entry = entryOf(header, at + BLOCK, extended);
    at = entry.start + Math.ceil(entry.size / BLOCK) * BLOCK;
    if (at > length) throw new NotATar('it ends in the middle of a file');
    if (EXTENDED.includes(entry.type)) extended = { ...extended, ...(await extendedBy(file, entry, length)) };
    else if (entry.type !== 'g') {
      yield entry;
      extended = {};
    }
  }
}

/** What the headers before an entry say of it. */
type Extended = Readonly<Record<string, string>>;

/** Types of headers that are about the next entry: pax, GNU's long name, GNU's long link. */
const EXTENDED = ['x', 'L', 'K'];

function entryOf(header: Buffer, start: number, extended: Extended): TarEntry {
  checkSum(header);
  const flag = String.fromCharCode(header[156] ?? 0);
  const type = flag === '\0' || flag === '7' ? '0' : flag;
  const isHeader = EXTENDED.includes(type) || type === 'g';
  const prefix = isUstar(header) ? textIn(header.subarray(345, 500)) : '';
  const short = [prefix, textIn(header.subarray(0, 100))].filter((part) => part !== '').join('/');
  const isLink = type === '1' || type === '2';
  return {
    name: extended['path'] ?? short,
    type,
    size: numberIn(isHeader ? undefined : extended['size'], header.subarray(124, 136)),
    mode: octal(header.subarray(100, 108)),
    link: isLink ? (extended['linkpath'] ?? textIn(header.subarray(157, 257))) : '',
    start,
  };
}

async function extendedBy(file: FileHandle, { type, size, start }: TarEntry, length: number): Promise<Extended> {
  if (size > LONGEST_HEADER) throw new NotATar('an extended header is larger than 1 MiB');
  const content = await bytesAt(file, start, size, length);
  return type === 'x' ? paxRecords(content) : { [type === 'L' ? 'path' : 'linkpath']: textIn(content) };
}

async function bytesAt(file: FileHandle, position: number, size: number, length: number): Promise<Buffer> {
  if (position + size > length) throw new NotATar('it has no end');
  const buffer = Buffer.alloc(size);
  let read = 0;
  while (read < size) {
    const { bytesRead } = await file.read(buffer, read, size - read, position + read);
    if (bytesRead === 0) throw new NotATar('it ends in the middle');
    read += bytesRead;
  }
  return buffer;
}

/** The sum of all bytes of the header, its own field taken as blanks. */
function checkSum(header: Buffer): void {
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  if (sum !== octal(header.subarray(148, 156))) throw new NotATar('a header has the wrong checksum');
}

function isUstar(header: Buffer): boolean {
  return header.subarray(257, 262).toString('latin1') === 'ustar' && header[262] === 0;
}

function textIn(field: Buffer): string {
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? field.length : end).toString('utf8');
}

function octal(field: Buffer): number {
  const text = textIn(field).trim();
  if (!/^[0-7]{0,12}$/.test(text)) throw new NotATar('a header holds a number that is none');
  return text === '' ? 0 : Number.parseInt(text, 8);
}

/** A size: pax's own where given, GNU's base 256 where its first bit is set, else octal. */
function numberIn(pax: string | undefined, field: Buffer): number {
  if (pax !== undefined) {
    if (!/^\d{1,15}$/.test(pax)) throw new NotATar('a size is none');
    return Number(pax);
  }
  if (((field[0] ?? 0) & 0x80) === 0) return octal(field);
  const value = field.subarray(4).reduce((total, byte) => total * 256 + byte, 0);
  if ((field[0] ?? 0) !== 0x80 || field.subarray(1, 4).some((byte) => byte !== 0) || !Number.isSafeInteger(value)) {
    throw new NotATar('a size is none');
  }
  return value;
}

/** Records `<length> <key>=<value>\n`. */
function paxRecords(content: Buffer): Record<string, string> {
  const records: Record<string, string> = {};
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = space === -1 ? Number.NaN : Number(content.subarray(at, space).toString('latin1'));
    const record = content.subarray(space + 1, at + length - 1).toString('utf8');
    const equals = record.indexOf('=');
    if (!Number.isSafeInteger(length) || length < 5 || at + length > content.length || equals < 1) {
      throw new NotATar('an extended header is none');
    }
    records[record.slice(0, equals)] = record.slice(equals + 1);
    at += length;
  }
  return records;
}
