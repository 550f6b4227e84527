import { inflateRawSync } from 'node:zlib';

/** A file in a ZIP archive. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Largest content of one entry, in bytes. */
const LARGEST = 64 * 1024 * 1024;

/**
 * The files in a ZIP archive (APPNOTE.TXT 6.3.10, 4.3), read from its central directory.
 *
 * @param budget bytes that all contents together may have
 * @returns undefined when something in it can't be read: damaged, encrypted, packed in another way, too large
 */
export function unzip(archive: Buffer, budget: number): readonly ZipEntry[] | undefined {
  try {
    const end = archive.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
    if (end === -1) return undefined;
    const entries: ZipEntry[] = [];
    let left = budget;
    let at = archive.readUInt32LE(end + 16);
    for (let count = archive.readUInt16LE(end + 10); count > 0; count -= 1) {
      if (archive.readUInt32LE(at) !== 0x02014b50) return undefined;
      const nameLength = archive.readUInt16LE(at + 28);
      const bytes = contentOf(archive, at, Math.min(LARGEST, left));
      if (bytes === undefined) return undefined;
      left -= bytes.length;
      entries.push({ name: archive.toString('utf8', at + 46, at + 46 + nameLength), bytes });
      at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    }
    return entries;
  } catch {
    // Offsets beyond the end, or more than the limit: nothing is known of what is inside.
    return undefined;
  }
}

function contentOf(archive: Buffer, at: number, limit: number): Buffer | undefined {
  const [flags, method] = [archive.readUInt16LE(at + 8), archive.readUInt16LE(at + 10)];
  const [size, start] = [archive.readUInt32LE(at + 20), archive.readUInt32LE(at + 42)];
  const isEncrypted = (flags & 1) === 1;
  if (isEncrypted || archive.readUInt32LE(start) !== 0x04034b50) return undefined;
  const from = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28);
  if (from + size > archive.length) return undefined;
  const packed = archive.subarray(from, from + size);
  if (method === 0) return packed.length <= limit ? packed : undefined;
  return method === 8 ? inflateRawSync(packed, { maxOutputLength: Math.max(1, limit) }) : undefined;
}
