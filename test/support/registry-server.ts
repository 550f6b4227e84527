import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireRegistry } from '../../tools/registry/install.ts';

/** A registry of its own on the loopback, by the program that most registries are made of. */
export interface RegistryServer {
  /** `127.0.0.1:40123`. */
  readonly host: string;
  readonly stop: () => Promise<void>;
}

export interface RegistryOptions {
  /** Whom it lets in: everybody, who has the password of {@link REGISTRY_LOGIN}, or who has a token. */
  readonly access?: 'open' | 'password' | TokenAccess;
  /** A port that must be this one; a free one when left out. */
  readonly port?: number;
}

/** Tokens of another server, which the registry verifies by a certificate (distribution, "auth: token"). */
export interface TokenAccess {
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  /** PEM. */
  readonly certificate: string;
}

export const REGISTRY_LOGIN = { username: 'pipelines', password: 'registry-test-password' } as const;

/** The login in the form of htpasswd: bcrypt is the only hash that the registry takes. */
const HTPASSWD = `${REGISTRY_LOGIN.username}:$2b$05$/RAfO0t9jORz1JoBI4k96OYQH.8dy1I2M3fICAdb6hKJwcthxMtD6\n`;

const START_WITHIN = 20_000;

/** @throws Error that says what to install, or what the registry said when it did not start */
export async function startRegistry({ access = 'open', port = 0 }: RegistryOptions = {}): Promise<RegistryServer> {
  const program = await requireRegistry();
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-registry-'));
  await mkdir(join(folder, 'content'));
  await writeFile(join(folder, 'htpasswd'), HTPASSWD, { mode: 0o600 });
  if (typeof access === 'object') await writeFile(join(folder, 'certificate.pem'), access.certificate);
  // JSON is YAML.
  const settings = {
    version: 0.1,
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'content') }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}` },
    ...authOf(access, folder),
  };
  await writeFile(join(folder, 'config.yml'), JSON.stringify(settings));
  const child = spawn(program, ['serve', join(folder, 'config.yml')], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  let said = '';
  const address = new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the registry did not start: ${said}`)), START_WITHIN);
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-8_192);
      const found = /listening on (127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (found === undefined) return;
      clearTimeout(late);
      resolve(found);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`the registry ended with ${code}: ${said}`));
    });
  });
  try {
    return { host: await address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function authOf(access: RegistryOptions['access'], folder: string): object {
  if (access === 'open' || access === undefined) return {};
  if (access === 'password') return { auth: { htpasswd: { realm: 'tests', path: join(folder, 'htpasswd') } } };
  const { realm, service, issuer } = access;
  return { auth: { token: { realm, service, issuer, rootcertbundle: join(folder, 'certificate.pem') } } };
}
