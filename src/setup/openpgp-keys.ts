import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { byteAt, dearmor, MalformedPacket, type Packet, readIntegers, readPackets } from './openpgp-packets.ts';
import { hexadecimal, numberIn, readSignature, type Signature } from './openpgp-signature.ts';

/** A certificate that signs releases, as it is kept in this repository. */
export interface ReleaseKey {
  readonly holder: string;
  /** Of the primary key, 40 hexadecimal digits in upper case. */
  readonly fingerprint: string;
  readonly armored: string;
}

/** A key that may sign: a primary key or one of its subkeys. */
export interface SigningKey {
  readonly holder: string;
  readonly fingerprint: string;
  readonly kind: 'rsa' | 'ed25519';
  readonly publicKey: KeyObject;
  /** Seconds since 1970. */
  readonly created: number;
  /** Seconds since 1970; undefined when it never expires. */
  readonly expires: number | undefined;
}

const PUBLIC_KEY = 6;
const PUBLIC_SUBKEY = 14;
const SIGNATURE = 2;

const KEY_EXPIRES = 9;
const KEY_FLAGS = 27;
const MAY_SIGN = 0x02;

const ED25519_CURVE = '2b06010401da470f01';
const SHORTEST_RSA = 2_048;

/**
 * The keys of a certificate that may sign documents: by its own latest self-signature's flags, not revoked. The
 * self-signatures are taken at their word, because the certificate is this repository's own data; a test lets GnuPG
 * verify them.
 *
 * @throws MalformedPacket when the bytes are no certificate or not the one of that fingerprint
 */
export function signingKeys({ holder, fingerprint, armored }: ReleaseKey): readonly SigningKey[] {
  const groups = keyGroups(readPackets(dearmor(armored)));
  const [primary] = groups;
  if (primary === undefined || fingerprintOf(primary.body) !== fingerprint) {
    throw new MalformedPacket(`not the key ${fingerprint}`);
  }
  const own = fingerprint.slice(-16);
  return groups.flatMap((group) => {
    const statement = latestStatement(group.signatures, own);
    if (statement === undefined || isRevoked(group.signatures, own) || !maySign(statement)) return [];
    const key = readKey(group.body);
    if (key === undefined) return [];
    const lifetime = numberIn(statement.hashed, KEY_EXPIRES) ?? 0;
    const expires = lifetime === 0 ? undefined : key.created + lifetime;
    return [{ ...key, holder, fingerprint: fingerprintOf(group.body), expires }];
  });
}

interface KeyGroup {
  readonly body: Buffer;
  readonly signatures: Signature[];
}

/** Each key packet with the signatures that follow it (user IDs between them belong to the primary key). */
function keyGroups(packets: readonly Packet[]): readonly KeyGroup[] {
  const groups: KeyGroup[] = [];
  for (const { tag, body } of packets) {
    if (tag === PUBLIC_KEY || tag === PUBLIC_SUBKEY) groups.push({ body, signatures: [] });
    const signature = tag === SIGNATURE ? readSignature(body) : undefined;
    if (signature !== undefined) groups.at(-1)?.signatures.push(signature);
  }
  return groups;
}

const STATEMENTS = new Set([0x10, 0x11, 0x12, 0x13, 0x18, 0x1f]);

function latestStatement(signatures: readonly Signature[], issuer: string): Signature | undefined {
  const own = signatures.filter((signature) => STATEMENTS.has(signature.type) && signature.issuer === issuer);
  return own.toSorted((a, b) => b.created - a.created)[0];
}

function isRevoked(signatures: readonly Signature[], issuer: string): boolean {
  return signatures.some(({ type, issuer: by }) => (type === 0x20 || type === 0x28) && by === issuer);
}

function maySign(statement: Signature): boolean {
  const flags = statement.hashed.find(({ type }) => type === KEY_FLAGS)?.body[0] ?? 0;
  return (flags & MAY_SIGN) !== 0;
}

/** SHA-1 over the key packet (RFC 9580, section 5.5.4.2): a name for a key, not what its trust rests on. */
function fingerprintOf(body: Buffer): string {
  const lead = Buffer.from([0x99, body.length >> 8, body.length & 0xff]);
  return hexadecimal(createHash('sha1').update(lead).update(body).digest());
}

/** @returns undefined for key versions and algorithms that are not used for signing here */
function readKey(body: Buffer): Pick<SigningKey, 'kind' | 'publicKey' | 'created'> | undefined {
  if (byteAt(body, 0) !== 4 || body.length < 6) return undefined;
  const created = body.readUInt32BE(1);
  const algorithm = byteAt(body, 5);
  const material = body.subarray(6);
  if (algorithm === 1 || algorithm === 3) return { kind: 'rsa', created, publicKey: rsaKey(material) };
  return algorithm === 22 ? { kind: 'ed25519', created, publicKey: ed25519Key(material) } : undefined;
}

function rsaKey(material: Buffer): KeyObject {
  const [modulus, exponent] = readIntegers(material, 2);
  if (modulus === undefined || exponent === undefined || modulus.length * 8 < SHORTEST_RSA) {
    throw new MalformedPacket('an RSA key that is too short');
  }
  const jwk = { kty: 'RSA', n: modulus.toString('base64url'), e: exponent.toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function ed25519Key(material: Buffer): KeyObject {
  const size = byteAt(material, 0);
  const [point] = readIntegers(material.subarray(1 + size), 1);
  const isEd25519 = material.subarray(1, 1 + size).toString('hex') === ED25519_CURVE;
  if (!isEd25519 || point?.length !== 33 || point[0] !== 0x40) throw new MalformedPacket('not an Ed25519 key');
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: point.subarray(1).toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}
