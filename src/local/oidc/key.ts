import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { UsageError } from '../usage-error.ts';

/** A JSON Web Key Set (RFC 7517) of RSA keys. */
export interface KeySet {
  readonly keys: readonly {
    readonly kty: 'RSA';
    readonly use: 'sig';
    readonly alg: 'RS256';
    readonly kid: string;
    readonly n: string;
    readonly e: string;
  }[];
}

export interface SigningKey {
  /** What verifies the tokens; without keys when none was needed. */
  readonly used: () => KeySet;
  readonly keySet: () => KeySet;
  /** The claims as a signed token (RFC 7515, RS256). */
  readonly sign: (claims: Readonly<Record<string, unknown>>) => string;
}

/**
 * A key to sign identity tokens with.
 *
 * @param pem a private RSA key of 2,048 bits or more; a new one is made when left out.
 * @throws UsageError when the text is no such key.
 */
export function signingKey(pem?: string): SigningKey {
  let made = pem === undefined ? undefined : described(parsed(pem));
  // Made when it is needed: it takes a tenth of a second, and most runs ask for no token.
  const current = () => {
    made ??= described(generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey);
    return made;
  };
  return {
    used: () => made?.keySet ?? { keys: [] },
    keySet: () => current().keySet,
    sign: (claims) => {
      const { key, kid } = current();
      const text = `${encoded({ typ: 'JWT', alg: 'RS256', kid })}.${encoded(claims)}`;
      return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
    },
  };
}

function described(key: KeyObject): { readonly key: KeyObject; readonly kid: string; readonly keySet: KeySet } {
  const { n = '', e = '' } = createPublicKey(key).export({ format: 'jwk' });
  // The thumbprint of RFC 7638 is a hash of these three members in this order.
  const kid = createHash('sha256')
    .update(JSON.stringify({ e, kty: 'RSA', n }))
    .digest('base64url');
  return { key, kid, keySet: { keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e }] } };
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function parsed(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new UsageError('oidcKey is no private key in PEM form: write the text of `openssl genrsa 2048`');
  }
  if (key.asymmetricKeyType !== 'rsa')
    throw new UsageError('oidcKey is no RSA key: identity tokens are signed by RS256');
  return key;
}
