import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { ServerError } from './server-error.ts';

/** The client's side of SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677; the name is empty in PostgreSQL). */
export interface ScramExchange {
  readonly first: string;
  /** The proof that answers the server's challenge. */
  readonly answer: (challenge: string) => string;
  /** Checks that the server knows the password, too. @throws ServerError */
  readonly verify: (final: string) => void;
}

/** Most rounds that a server may ask for: more would only cost time. */
const MOST_ROUNDS = 10_000_000;

export function scramExchange(password: string): ScramExchange {
  const nonce = randomBytes(18).toString('base64');
  const bare = `n=,r=${nonce}`;
  let expected: Buffer | undefined;
  return {
    first: `n,,${bare}`,
    answer: (challenge) => {
      const { r = '', s = '', i = '' } = attributes(challenge);
      const rounds = Number(i);
      if (!r.startsWith(nonce) || !(rounds > 0 && rounds < MOST_ROUNDS)) throw broken();
      const salted = pbkdf2Sync(password.normalize('NFKC'), Buffer.from(s, 'base64'), rounds, 32, 'sha256');
      const clientKey = hmac(salted, 'Client Key');
      const signed = `${bare},${challenge},c=biws,r=${r}`;
      const signature = hmac(createHash('sha256').update(clientKey).digest(), signed);
      expected = hmac(hmac(salted, 'Server Key'), signed);
      const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
      return `c=biws,r=${r},p=${proof.toString('base64')}`;
    },
    verify: (final) => {
      const given = Buffer.from(attributes(final)['v'] ?? '', 'base64');
      if (expected === undefined || given.length !== expected.length || !timingSafeEqual(given, expected))
        throw broken();
    },
  };
}

function attributes(message: string): Readonly<Record<string, string>> {
  return Object.fromEntries(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function broken(): ServerError {
  return new ServerError('08P01', 'the server does not prove that it knows the password');
}
