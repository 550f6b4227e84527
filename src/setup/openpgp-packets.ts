/** One OpenPGP packet (RFC 9580, section 4): its type ID and its body. */
export interface Packet {
  readonly tag: number;
  readonly body: Buffer;
}

/** A subpacket of a signature (RFC 9580, section 5.2.3.7). */
export interface Subpacket {
  readonly type: number;
  readonly isCritical: boolean;
  readonly body: Buffer;
}

/** Bytes that are not what OpenPGP says they should be. */
export class MalformedPacket extends Error {}

/**
 * The bytes inside an ASCII armor (RFC 9580, section 6.2). The checksum line is passed over: it guards against
 * transmission errors only.
 *
 * @throws MalformedPacket when there is no armor
 */
export function dearmor(text: string): Buffer {
  const block = /-----BEGIN PGP [A-Z ]+-----\r?\n(?:[^\r\n]+\r?\n)*\r?\n([A-Za-z0-9+/=\s]+)-----END PGP /.exec(text);
  if (block?.[1] === undefined) throw new MalformedPacket('no armored block');
  const lines = block[1].split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('='));
  return Buffer.from(lines.join(''), 'base64');
}

/**
 * Splits a sequence of packets, with headers of either format. Partial and indeterminate lengths are refused: keys and
 * signatures have none.
 *
 * @throws MalformedPacket
 */
export function readPackets(bytes: Buffer): readonly Packet[] {
  const packets: Packet[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const { tag, start, length } = readHeader(rest);
    if (start + length > rest.length) throw new MalformedPacket('a packet is longer than what is there');
    packets.push({ tag, body: rest.subarray(start, start + length) });
    rest = rest.subarray(start + length);
  }
  return packets;
}

interface Extent {
  /** Bytes before the body. */
  readonly start: number;
  readonly length: number;
}

function readHeader(bytes: Buffer): Extent & { readonly tag: number } {
  const first = byteAt(bytes, 0);
  if ((first & 0x80) === 0) throw new MalformedPacket('not a packet');
  if ((first & 0x40) !== 0) {
    const { start, length } = readLength(bytes.subarray(1));
    return { tag: first & 0x3f, start: start + 1, length };
  }
  const size = [1, 2, 4][first & 0x03];
  if (size === undefined || bytes.length < 1 + size) throw new MalformedPacket('a length that is not accepted');
  return { tag: (first >> 2) & 0x0f, start: 1 + size, length: bytes.readUIntBE(1, size) };
}

/** A new-format length: one, two or five octets. */
function readLength(bytes: Buffer): Extent {
  const first = byteAt(bytes, 0);
  if (first < 192) return { start: 1, length: first };
  if (first < 224) return { start: 2, length: ((first - 192) << 8) + byteAt(bytes, 1) + 192 };
  if (first !== 255 || bytes.length < 5) throw new MalformedPacket('a length that is not accepted');
  return { start: 5, length: bytes.readUInt32BE(1) };
}

export function byteAt(bytes: Buffer, index: number): number {
  const byte = bytes[index];
  if (byte === undefined) throw new MalformedPacket('the bytes end too early');
  return byte;
}

/** @throws MalformedPacket */
export function readSubpackets(bytes: Buffer): readonly Subpacket[] {
  const found: Subpacket[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    // Two-octet lengths of subpackets go up to 254 as first octet, where packets stop at 223.
    const first = byteAt(rest, 0);
    const { start, length } =
      first >= 192 && first < 255
        ? { start: 2, length: ((first - 192) << 8) + byteAt(rest, 1) + 192 }
        : readLength(rest);
    if (length < 1 || start + length > rest.length) throw new MalformedPacket('a subpacket of a wrong length');
    const type = byteAt(rest, start);
    found.push({
      type: type & 0x7f,
      isCritical: (type & 0x80) !== 0,
      body: rest.subarray(start + 1, start + length),
    });
    rest = rest.subarray(start + length);
  }
  return found;
}

/** Multiprecision integers (RFC 9580, section 3.2), big-endian without leading zeros. */
export function readIntegers(bytes: Buffer, count: number): readonly Buffer[] {
  const integers: Buffer[] = [];
  let rest = bytes;
  for (let index = 0; index < count; index += 1) {
    if (rest.length < 2) throw new MalformedPacket('an integer is missing');
    const size = Math.ceil(rest.readUInt16BE(0) / 8);
    if (rest.length < 2 + size) throw new MalformedPacket('an integer is longer than what is there');
    integers.push(rest.subarray(2, 2 + size));
    rest = rest.subarray(2 + size);
  }
  return integers;
}
