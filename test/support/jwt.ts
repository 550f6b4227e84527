import { createPublicKey, generateKeyPairSync, type JsonWebKey, sign, verify } from 'node:crypto';

/** A party that signs tokens (RFC 7519), and how others know its signature (RFC 7517). */
export interface Signer {
  readonly sign: (claims: Readonly<Record<string, unknown>>) => string;
  readonly keys: { readonly keys: readonly (JsonWebKey & { readonly kid: string })[] };
  readonly privateKey: string;
}

/** @param id name of the key */
export function createSigner(id: string): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const part = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
  return {
    sign: (claims) => {
      const text = `${part({ alg: 'RS256', typ: 'JWT', kid: id })}.${part(claims)}`;
      return `${text}.${sign('RSA-SHA256', Buffer.from(text, 'utf8'), privateKey).toString('base64url')}`;
    },
    keys: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: id }] },
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

export type Claims = Readonly<Record<string, unknown>>;

/** The claims of a token that is whole, signed by a key of the set, and valid now; else what is wrong with it. */
export function verifyToken(token: string, { keys }: Signer['keys']): { claims: Claims } | { problem: string } {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  if (more.length > 0 || signature === '') return { problem: 'not a token of three parts' };
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Claims;
  try {
    const { alg, kid } = read(header);
    const jwk = keys.find((key) => key.kid === kid);
    if (alg !== 'RS256' || jwk === undefined) return { problem: 'not signed with RS256 by a known key' };
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const text = Buffer.from(`${header}.${payload}`, 'utf8');
    if (!verify('RSA-SHA256', text, key, Buffer.from(signature, 'base64url'))) return { problem: 'a wrong signature' };
    const claims = read(payload);
    const now = Date.now() / 1_000;
    const { exp, iat } = claims;
    if (typeof exp !== 'number' || exp < now) return { problem: 'expired' };
    if (typeof iat !== 'number' || iat > now + 60) return { problem: 'issued in the future' };
    return { claims };
  } catch (error) {
    return { problem: `not readable: ${String(error)}` };
  }
}
