import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { removeDockerConfig, writeDockerConfig } from '../registry/docker-config.ts';
import { configKeyOf } from '../registry/reference.ts';
import type { RegistryLogin } from '../registry/sign-in.ts';
import type { Environment } from '../runtime/environment.ts';

/** A login that holds as long as the builds do. */
export interface HeldLogin {
  /** What docker needs in its environment to use it. */
  readonly environment: Environment;
  /** Ends the renewals and removes the login. */
  readonly close: () => Promise<void>;
}

export interface LoginOptions {
  readonly temp: string;
  readonly environment: Environment;
  /** Asks for a login again. */
  readonly signIn: () => Promise<RegistryLogin | undefined>;
  /** Is told the folder, so that it is removed however the job ends. */
  readonly announce: (folder: string) => void;
  /** Is told why a login could not be renewed. */
  readonly warn: (error: unknown) => void;
}

/** Name of the program that buildx asks: `docker-credential-` and this. */
const HELPER = 'pipelines';

/** A login is renewed this long before it ends, and again this long after a renewal that failed; in milliseconds. */
const BEFORE = 10 * 60_000;
const AGAIN = 60_000;

/**
 * Docker's program for credentials (https://github.com/docker/docker-credential-helpers, "Development"): asked `get` with
 * a host on standard input, it prints the login as JSON. Each login is a file that is replaced when it is renewed.
 */
const PROGRAM = `#!/bin/sh
[ "$1" = get ] || exit 1
exec cat "\${0%/*}/../login.json"
`;

/**
 * A DOCKER_CONFIG of this step's own with one login. One that ends before long is not written into config.json, which
 * buildx reads once when it starts, but into a file behind a credential helper, which buildx asks again every five
 * minutes: so it can be renewed while a build runs.
 */
export async function holdLogin(options: LoginOptions): Promise<HeldLogin> {
  const { temp, environment } = options;
  const first = await options.signIn();
  const lasts = first === undefined || first.expiresAt === undefined;
  const { folder } = await writeDockerConfig(temp, lasts && first !== undefined ? [first] : [], environment);
  options.announce(folder);
  const additions = { DOCKER_CONFIG: folder };
  if (first === undefined || lasts) return { environment: additions, close: () => removeDockerConfig(folder) };
  const bin = await installHelper(folder, first);
  const stop = keepRenewing(folder, first, options);
  return {
    environment: { ...additions, PATH: `${bin}${delimiter}${environment['PATH'] ?? ''}` },
    close: async () => {
      await stop();
      await removeDockerConfig(folder);
    },
  };
}

/** Puts a credential helper with this login into a DOCKER_CONFIG folder. Returns the folder for PATH. */
async function installHelper(folder: string, login: RegistryLogin): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { mode: 0o700 });
  const program = join(bin, `docker-credential-${HELPER}`);
  await writeFile(program, PROGRAM, { mode: 0o700 });
  await chmod(program, 0o700);
  await writeLogin(folder, login);
  const path = join(folder, 'config.json');
  const config: Record<string, unknown> = JSON.parse(await readFile(path, 'utf8'));
  const content = { ...config, credHelpers: { [configKeyOf(login.host)]: HELPER } };
  await writeFile(path, JSON.stringify(content, undefined, 2), { mode: 0o600 });
  return bin;
}

/** Replaces the helper's login; whoever asks meanwhile gets the old one or the new one. */
export async function writeLogin(folder: string, { host, username, password }: RegistryLogin): Promise<void> {
  const text = JSON.stringify({ ServerURL: configKeyOf(host), Username: username, Secret: password });
  const draft = join(folder, '.login.json');
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, join(folder, 'login.json'));
}

function keepRenewing(folder: string, first: RegistryLogin, { signIn, warn }: LoginOptions): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const plan = (wait: number) => {
    timer = setTimeout(() => {
      running = renew();
    }, wait);
  };
  const renew = async () => {
    try {
      const login = await signIn();
      if (stopped || login === undefined) return;
      await writeLogin(folder, login);
      if (login.expiresAt !== undefined) plan(waitFor(login.expiresAt));
    } catch (error) {
      // The login in hand is good for some minutes more; the build itself says when it is not.
      warn(error);
      if (!stopped) plan(AGAIN);
    }
  };
  if (first.expiresAt !== undefined) plan(waitFor(first.expiresAt));
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}

/** Milliseconds until a login that ends then is to be renewed: ten minutes before, but not sooner than in a minute. */
export function waitFor(expiresAt: number, now = Date.now()): number {
  return Math.min(2 ** 31 - 1, Math.max(AGAIN, expiresAt - now - BEFORE));
}
