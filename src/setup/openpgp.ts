import { constants, createHash, verify } from 'node:crypto';
import type { SigningKey } from './openpgp-keys.ts';
import { MalformedPacket, readIntegers, readPackets } from './openpgp-packets.ts';
import { numberIn, readSignature, type Signature } from './openpgp-signature.ts';

/** SHA-1 and older are not here: a signature that uses them is refused. */
const HASHES: ReadonlyMap<number, string> = new Map([
  [8, 'sha256'],
  [9, 'sha384'],
  [10, 'sha512'],
]);

const SIGNATURE = 2;
const DOCUMENT = 0x00;
const SIGNATURE_EXPIRES = 3;

/** Subpackets whose meaning is known here or that say nothing about validity; another critical one voids a signature. */
const UNDERSTOOD = new Set([2, 3, 16, 28, 33, 35]);

export type Verification =
  | { readonly signer: SigningKey }
  /** Why it is not accepted, and by which keys it says to be made (key IDs). */
  | { readonly problem: string; readonly issuers: readonly string[] };

/**
 * Verifies a detached binary OpenPGP signature (RFC 9580; version 4 signatures with RSA or Ed25519, SHA-256 or longer).
 *
 * This is done here rather than by `gpgv` because containers often have none, newer Debian releases have another program
 * in its place, and a keyring of a handful of known keys needs no trust model.
 *
 * @param now seconds since 1970
 * @returns the first key that made a valid signature, or the reason why there is none
 */
export function verifyDetached(
  document: Buffer,
  signatureFile: Buffer,
  keys: readonly SigningKey[],
  now: number,
): Verification {
  const issuers: string[] = [];
  let problem = 'it holds no signature';
  try {
    for (const { tag, body } of readPackets(signatureFile)) {
      const signature = tag === SIGNATURE ? readSignature(body) : undefined;
      if (signature === undefined) continue;
      issuers.push(signature.issuer);
      const key = keys.find(({ fingerprint }) => fingerprint.endsWith(signature.issuer) && signature.issuer !== '');
      problem = key === undefined ? 'it is by a key that is not known' : (objection(signature, key, now) ?? '');
      if (key === undefined || problem !== '') continue;
      if (isMadeBy(key, signature, document)) return { signer: key };
      problem = 'it does not match the file';
    }
  } catch (error) {
    if (!(error instanceof MalformedPacket)) throw error;
    problem = `it is no OpenPGP signature: ${error.message}`;
  }
  return { problem, issuers };
}

/** Why a signature is not even worth computing. */
function objection(signature: Signature, key: SigningKey, now: number): string | undefined {
  const { created, hashed, type, hashAlgorithm } = signature;
  if (type !== DOCUMENT) return 'it is not a signature over a file';
  if (!HASHES.has(hashAlgorithm)) return 'it uses a hash that is not accepted';
  if (hashed.some((subpacket) => subpacket.isCritical && !UNDERSTOOD.has(subpacket.type))) {
    return 'it has conditions that are not known';
  }
  if (created < key.created) return 'it is older than its key';
  if (key.expires !== undefined && created >= key.expires) return 'its key had expired when it was made';
  const lifetime = numberIn(hashed, SIGNATURE_EXPIRES) ?? 0;
  return lifetime !== 0 && now > created + lifetime ? 'it has expired' : undefined;
}

function isMadeBy(key: SigningKey, signature: Signature, document: Buffer): boolean {
  const { hashedPart, integers, publicKeyAlgorithm } = signature;
  const hash = HASHES.get(signature.hashAlgorithm);
  if (hash === undefined) return false;
  // RFC 9580, section 5.2.4: the data, the hashed part of the signature, and a trailer with that part's length.
  const trailer = Buffer.from([0x04, 0xff, 0, 0, 0, 0]);
  trailer.writeUInt32BE(hashedPart.length, 2);
  const signed = Buffer.concat([document, hashedPart, trailer]);
  if (key.kind === 'rsa' && (publicKeyAlgorithm === 1 || publicKeyAlgorithm === 3)) {
    const [value = Buffer.alloc(0)] = readIntegers(integers, 1);
    const size = Math.ceil((key.publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
    const options = { key: key.publicKey, padding: constants.RSA_PKCS1_PADDING };
    return verify(hash, signed, options, padded(value, size));
  }
  if (key.kind !== 'ed25519' || publicKeyAlgorithm !== 22) return false;
  const parts = readIntegers(integers, 2).map((part) => padded(part, 32));
  return verify(null, createHash(hash).update(signed).digest(), key.publicKey, Buffer.concat(parts));
}

/** Integers lose their leading zeros; the algorithms want their full width. */
function padded(value: Buffer, size: number): Buffer {
  return value.length >= size ? value : Buffer.concat([Buffer.alloc(size - value.length), value]);
}
