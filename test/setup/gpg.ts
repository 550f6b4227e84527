import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ReleaseKey } from '../../src/setup/openpgp-keys.ts';

const run = promisify(execFile);

/** GnuPG with a keyring of its own. */
export interface Gpg {
  readonly run: (args: readonly string[]) => Promise<{ stdout: string; stderr: string }>;
  /** Makes a key and returns its public part. `kind` as `--quick-generate-key` has it. */
  readonly makeKey: (name: string, kind: string, usage?: string, expires?: string) => Promise<ReleaseKey>;
  readonly publicKey: (fingerprint: string, name: string) => Promise<ReleaseKey>;
  /** A detached binary signature. */
  readonly sign: (document: Buffer, by: string, options?: readonly string[]) => Promise<Buffer>;
  readonly close: () => Promise<void>;
}

export async function startGpg(): Promise<Gpg> {
  // Short: the agent's socket path has a limit of about a hundred characters.
  const home = await mkdtemp(join(tmpdir(), 'gpg-'));
  const gpg = (args: readonly string[]) => run('gpg', ['--homedir', home, '--batch', '--no-tty', '--quiet', ...args]);
  const publicKey = async (fingerprint: string, name: string) => {
    const { stdout } = await gpg(['--armor', '--export', fingerprint]);
    return { holder: name, fingerprint, armored: stdout };
  };
  return {
    run: gpg,
    publicKey,
    makeKey: async (name, kind, usage = 'sign', expires = 'never') => {
      const pass = ['--pinentry-mode', 'loopback', '--passphrase', ''];
      await gpg([...pass, '--quick-generate-key', `${name} <${name}@example.com>`, kind, usage, expires]);
      const { stdout } = await gpg(['--with-colons', '--list-keys', `${name}@example.com`]);
      const fingerprint = /^fpr:{9}([0-9A-F]{40}):/m.exec(stdout)?.[1] ?? '';
      return publicKey(fingerprint, name);
    },
    sign: async (document, by, options = []) => {
      const file = join(home, 'document');
      await writeFile(file, document);
      const pass = ['--pinentry-mode', 'loopback', '--passphrase', '', '--yes'];
      await gpg([...pass, ...options, '--local-user', by, '--output', `${file}.sig`, '--detach-sign', file]);
      return readFile(`${file}.sig`);
    },
    close: async () => {
      await run('gpgconf', ['--homedir', home, '--kill', 'all']);
      await rm(home, { recursive: true, force: true });
    },
  };
}
