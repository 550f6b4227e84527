import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeReleaseKeys } from '../../src/setup/node-release-keys/keys.ts';
import { verifyDetached } from '../../src/setup/openpgp.ts';
import { signingKeys } from '../../src/setup/openpgp-keys.ts';
import { dearmor } from '../../src/setup/openpgp-packets.ts';
import { type Gpg, startGpg } from './gpg.ts';

const run = promisify(execFile);
const now = () => Date.now() / 1_000;
const fixture = (name: string) => readFile(new URL(`fixtures/node-v20.11.0/${name}`, import.meta.url));

let gpg: Gpg;
beforeAll(async () => {
  gpg = await startGpg();
});
afterAll(() => gpg.close());

describe('the kept release keys', () => {
  it('are the keys that their fingerprints name, with self-signatures that GnuPG verifies', async () => {
    const own = await startGpg();
    try {
      for (const { fingerprint, armored } of nodeReleaseKeys) {
        await writeFile(join(tmpdir(), `${fingerprint}.asc`), armored);
        await own.run(['--import', join(tmpdir(), `${fingerprint}.asc`)]);
        await rm(join(tmpdir(), `${fingerprint}.asc`));
        const { stdout } = await own.run(['--with-colons', '--check-sigs', fingerprint]);
        const lines = stdout.split('\n').map((line) => line.split(':'));
        expect(lines.find(([kind]) => kind === 'fpr')?.[9]).toBe(fingerprint);
        const byItself = lines.filter(([kind, , , , issuer]) => kind === 'sig' && issuer === fingerprint.slice(-16));
        expect(byItself.length).toBeGreaterThan(0);
        expect(byItself.map(([, verdict]) => verdict)).toEqual(byItself.map(() => '!'));
      }
    } finally {
      await own.close();
    }
  });

  it('verify the checksums of a real release', async () => {
    const keys = nodeReleaseKeys.flatMap(signingKeys);
    const result = verifyDetached(await fixture('SHASUMS256.txt'), await fixture('SHASUMS256.txt.sig'), keys, now());
    expect(result).toMatchObject({ signer: { holder: 'Ulises Gascón' } });
  });

  it('refuse the same signature over one changed checksum', async () => {
    const list = await fixture('SHASUMS256.txt');
    list[0] = (list[0] ?? 0) ^ 1;
    const result = verifyDetached(
      list,
      await fixture('SHASUMS256.txt.sig'),
      nodeReleaseKeys.flatMap(signingKeys),
      now(),
    );
    expect(result).toEqual({ problem: 'it does not match the file', issuers: ['04CD3F2FDE079578'] });
  });

  it('leave out keys that may only encrypt', () => {
    const zasso = nodeReleaseKeys.filter(({ fingerprint }) => fingerprint.startsWith('8FCCA13F')).flatMap(signingKeys);
    expect(zasso.map(({ fingerprint }) => fingerprint.slice(-16))).toEqual(['770F7A9A5AE15600', '4DAA80D1E737BC9F']);
  });
});

describe('a signature made by GnuPG', () => {
  const document = Buffer.from('0123  node-v1.0.0-linux-x64.tar.xz\n');

  it.each([
    ['RSA', 'rsa3072', 'SHA256'],
    ['RSA', 'rsa2048', 'SHA512'],
    ['Ed25519', 'ed25519', 'SHA256'],
    ['Ed25519', 'ed25519', 'SHA384'],
  ])('is accepted from a known %s key (%s, %s)', async (_, kind, digest) => {
    const key = await gpg.makeKey(`${kind}-${digest}`, kind);
    const signature = await gpg.sign(document, key.fingerprint, ['--digest-algo', digest]);
    const result = verifyDetached(document, signature, signingKeys(key), now());
    expect(result).toMatchObject({ signer: { fingerprint: key.fingerprint } });
  });

  it('is accepted from a subkey that may sign', async () => {
    const { fingerprint } = await gpg.makeKey('with-subkey', 'ed25519', 'cert');
    await gpg.run([
      '--pinentry-mode',
      'loopback',
      '--passphrase',
      '',
      '--quick-add-key',
      fingerprint,
      'rsa2048',
      'sign',
    ]);
    const key = await gpg.publicKey(fingerprint, 'with-subkey');
    const signature = await gpg.sign(document, fingerprint);
    const [only, ...others] = signingKeys(key);
    expect(others).toEqual([]);
    expect(only?.fingerprint).not.toBe(fingerprint);
    expect(verifyDetached(document, signature, signingKeys(key), now())).toMatchObject({
      signer: { holder: 'with-subkey' },
    });
  });

  it('is refused from a key that is not known, with the key named', async () => {
    const known = await gpg.makeKey('known', 'ed25519');
    const stranger = await gpg.makeKey('stranger', 'ed25519');
    const signature = await gpg.sign(document, stranger.fingerprint);
    expect(verifyDetached(document, signature, signingKeys(known), now())).toEqual({
      problem: 'it is by a key that is not known',
      issuers: [stranger.fingerprint.slice(-16)],
    });
  });

  it('is refused when it uses SHA-1', async () => {
    const key = await gpg.makeKey('sha1', 'rsa2048');
    const signature = await gpg.sign(document, key.fingerprint, ['--digest-algo', 'SHA1']);
    const result = verifyDetached(document, signature, signingKeys(key), now());
    expect(result).toMatchObject({ problem: 'it uses a hash that is not accepted' });
  });

  it('is refused once it has expired', async () => {
    const key = await gpg.makeKey('short-lived', 'ed25519');
    const signature = await gpg.sign(document, key.fingerprint, ['--default-sig-expire', '1d']);
    expect(verifyDetached(document, signature, signingKeys(key), now())).toHaveProperty('signer');
    const later = verifyDetached(document, signature, signingKeys(key), now() + 2 * 86_400);
    expect(later).toMatchObject({ problem: 'it has expired' });
  });

  it('is refused when its key had expired before it was made', async () => {
    const key = await gpg.makeKey('expiring', 'ed25519', 'sign', '1d');
    const inTime = await gpg.sign(document, key.fingerprint);
    expect(verifyDetached(document, inTime, signingKeys(key), now())).toHaveProperty('signer');
    const late = ['--faked-system-time', `${Math.floor(now() + 3 * 86_400)}`, '--ignore-time-conflict'];
    const forever = await gpg.makeKey('unlimited', 'ed25519');
    const signature = await gpg.sign(document, forever.fingerprint, late);
    const [signer] = signingKeys(forever);
    const withLimit = { ...signer, expires: Math.floor(now() + 86_400) } as NonNullable<typeof signer>;
    const result = verifyDetached(document, signature, [withLimit], now());
    expect(result).toMatchObject({ problem: 'its key had expired when it was made' });
  });

  it('is refused over a user ID or as text instead of a file', async () => {
    const key = await gpg.makeKey('textual', 'ed25519');
    const signature = await gpg.sign(document, key.fingerprint, ['--textmode']);
    const result = verifyDetached(document, signature, signingKeys(key), now());
    expect(result).toMatchObject({ problem: 'it is not a signature over a file' });
  });

  it('is never accepted with any byte of it or of the file changed where gpgv refuses it', async () => {
    const key = await gpg.makeKey('mutated', 'ed25519');
    const signature = await gpg.sign(document, key.fingerprint);
    const folder = await mkdtemp(join(tmpdir(), 'gpgv-'));
    await writeFile(join(folder, 'ring.gpg'), dearmor(key.armored));
    const gpgvAccepts = async (bytes: Buffer) => {
      await writeFile(join(folder, 'file'), document);
      await writeFile(join(folder, 'sig'), bytes);
      const args = ['--keyring', join(folder, 'ring.gpg'), join(folder, 'sig'), join(folder, 'file')];
      return run('gpgv', args).then(
        () => true,
        () => false,
      );
    };
    expect(await gpgvAccepts(signature)).toBe(true);
    let accepted = 0;
    for (let index = 0; index < signature.length; index += 1) {
      const changed = Buffer.from(signature);
      changed[index] = (changed[index] ?? 0) ^ 0x01;
      if (!('signer' in verifyDetached(document, changed, signingKeys(key), now()))) continue;
      accepted += 1;
      expect(await gpgvAccepts(changed)).toBe(true);
    }
    // What is not signed: the issuer's key ID and its frame, the two bytes for a quick check, and, depending on the
    // numbers, the lowest bit of the bit counts before the signature's two numbers.
    expect(accepted).toBeLessThanOrEqual(14);
    for (const bytes of [Buffer.alloc(0), signature.subarray(0, 20), Buffer.from('-----BEGIN PGP SIGNATURE-----')]) {
      expect(verifyDetached(document, bytes, signingKeys(key), now())).toHaveProperty('problem');
    }
    await rm(folder, { recursive: true });
  });
});
