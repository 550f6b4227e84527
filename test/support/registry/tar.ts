import { gzipSync } from 'node:zlib';

/** One member of an archive. Names are written as they are, also hostile ones (absolute, with `..`). */
export interface TarEntry {
  readonly path: string;
  readonly content?: string | Buffer;
  /** Permission bits, default 0o644 for files and 0o755 for folders. */
  readonly mode?: number;
  /** Target of a symbolic link; makes the member one. */
  readonly linkTo?: string;
}

/** An uncompressed archive in ustar format (POSIX.1-1988 pax, "ustar Interchange Format"). */
export function tar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(member), Buffer.alloc(1_024)]);
}

export function tarGz(entries: readonly TarEntry[]): Buffer {
  return gzipSync(tar(entries));
}

function member(entry: TarEntry): Buffer[] {
  const content = Buffer.from(entry.content ?? '');
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return [header(entry, content.length), content, padding];
}

function header({ path, mode, linkTo }: TarEntry, size: number): Buffer {
  const isFolder = path.endsWith('/');
  const block = Buffer.alloc(512);
  const put = (text: string, at: number, length: number) => {
    if (Buffer.byteLength(text) > length) throw new RangeError(`too long for this archive: ${text}`);
    block.write(text, at, 'utf8');
  };
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, '0');
  const [prefix, name] = split(path);
  put(name, 0, 100);
  put(octal(mode ?? (isFolder ? 0o755 : 0o644), 8), 100, 7);
  put(octal(0, 8), 108, 7);
  put(octal(0, 8), 116, 7);
  put(octal(linkTo === undefined ? size : 0, 12), 124, 11);
  put(octal(1_700_000_000, 12), 136, 11);
  put(' '.repeat(8), 148, 8);
  put(linkTo === undefined ? (isFolder ? '5' : '0') : '2', 156, 1);
  put(linkTo ?? '', 157, 100);
  put('ustar\u000000', 257, 8);
  put(prefix, 345, 155);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(`${octal(sum, 7)}\u0000 `, 148, 8);
  return block;
}

function split(path: string): readonly [string, string] {
  if (Buffer.byteLength(path) <= 100) return ['', path];
  const cut = path.indexOf('/', path.length - 101);
  if (cut <= 0) throw new RangeError(`too long for this archive: ${path}`);
  return [path.slice(0, cut), path.slice(cut + 1)];
}
