import { byteAt, MalformedPacket, readSubpackets, type Subpacket } from './openpgp-packets.ts';

/** A version 4 signature (RFC 9580, section 5.2.3). */
export interface Signature {
  /** 0x00 over a document, 0x10 to 0x13 over a user ID, 0x18 over a subkey, 0x1f over a key, 0x20 and 0x28 revoke. */
  readonly type: number;
  /** 1 and 3 RSA, 22 EdDSA; others are read and never verified. */
  readonly publicKeyAlgorithm: number;
  readonly hashAlgorithm: number;
  /** What stands in the hash after the signed data, without the trailer. */
  readonly hashedPart: Buffer;
  readonly hashed: readonly Subpacket[];
  /** The signer's key ID in hexadecimal, upper case; empty when it is not said. */
  readonly issuer: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** The integers that make the signature itself. */
  readonly integers: Buffer;
}

const CREATED = 2;
const ISSUER = 16;
const ISSUER_FINGERPRINT = 33;

/** @returns undefined for signatures of other versions */
export function readSignature(body: Buffer): Signature | undefined {
  if (byteAt(body, 0) !== 4) return undefined;
  if (body.length < 10) throw new MalformedPacket('a signature that is too short');
  const hashedEnd = 6 + body.readUInt16BE(4);
  if (body.length < hashedEnd + 4) throw new MalformedPacket('a signature that is too short');
  const unhashedEnd = hashedEnd + 2 + body.readUInt16BE(hashedEnd);
  if (body.length < unhashedEnd + 2) throw new MalformedPacket('a signature that is too short');
  const hashed = readSubpackets(body.subarray(6, hashedEnd));
  const unhashed = readSubpackets(body.subarray(hashedEnd + 2, unhashedEnd));
  return {
    type: byteAt(body, 1),
    publicKeyAlgorithm: byteAt(body, 2),
    hashAlgorithm: byteAt(body, 3),
    hashedPart: body.subarray(0, hashedEnd),
    hashed,
    issuer: issuerOf([...hashed, ...unhashed]),
    created: numberIn(hashed, CREATED) ?? 0,
    integers: body.subarray(unhashedEnd + 2),
  };
}

/** The issuer may stand outside what is hashed: it only says which key to try. */
function issuerOf(subpackets: readonly Subpacket[]): string {
  const fingerprint = subpackets.find(({ type }) => type === ISSUER_FINGERPRINT)?.body;
  if (fingerprint?.length === 21 && fingerprint[0] === 4) return hexadecimal(fingerprint.subarray(-8));
  const id = subpackets.find(({ type }) => type === ISSUER)?.body;
  return id?.length === 8 ? hexadecimal(id) : '';
}

export function hexadecimal(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase();
}

/** A subpacket that holds one four-octet number. */
export function numberIn(subpackets: readonly Subpacket[], type: number): number | undefined {
  const body = subpackets.find((subpacket) => subpacket.type === type)?.body;
  return body?.length === 4 ? body.readUInt32BE(0) : undefined;
}
