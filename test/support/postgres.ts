import { type ChildProcess, spawn } from 'node:child_process';
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findPostgres } from '../../tools/migrate/install.ts';
import type { Certificate } from './certificates.ts';

/** A PostgreSQL server of a test's own, on the loopback. */
export interface Postgres {
  readonly port: number;
  /** Folder of its programs: psql, pg_dump. */
  readonly programs: string;
  /** Address of a database for the superuser, which has the password `pass-of-postgres`. */
  readonly url: (database: string, query?: string) => string;
  /** Runs SQL and returns its rows, a line each, columns separated by `|`. */
  readonly sql: (database: string, sql: string) => Promise<string>;
  /** Asks until a query answers what is wanted, for a minute. */
  readonly until: (sql: string, answer: string) => Promise<void>;
  /** Ends it at once, as a crash does; its data stays. */
  readonly kill: () => Promise<void>;
  /** Starts it again after `kill`. */
  readonly start: () => Promise<void>;
  /** Starts a replica of it, which follows until it is promoted. */
  readonly replicate: () => Promise<Postgres>;
  /** Ends it and removes its data. */
  readonly remove: () => Promise<void>;
}

const START_WITHIN = 60_000;
const ANSWER_WITHIN = 60_000;
export const PASSWORD = 'pass-of-postgres';

/** PostgreSQL refuses to run as root: there it runs as the user that its package makes. */
interface User {
  readonly uid?: number;
  readonly gid?: number;
}

/** How a server differs from others. */
export interface PostgresOptions {
  /** Its certificate: then it takes encrypted connections only. */
  readonly tls?: Certificate;
  /** It is a replica of the server with this address. */
  readonly primary?: string;
}

/**
 * Starts a server with data of its own, or a replica's.
 *
 * @throws Error that says what to install
 */
export async function startPostgres({ tls, primary }: PostgresOptions = {}): Promise<Postgres> {
  const programs = await findPostgres();
  const user = await serverUser();
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-postgres-'));
  const own = async (path: string) => {
    if (user.uid !== undefined && user.gid !== undefined) await chown(path, user.uid, user.gid);
  };
  await own(folder);
  const data = join(folder, 'data');
  const port = await freePort();
  const run = (program: string, args: readonly string[], input?: string, as: User = {}) => {
    return runProgram(join(programs, program), args, folder, as, input);
  };
  const password = join(folder, 'password');
  await writeFile(password, PASSWORD);
  const login = ['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${password}`];
  if (primary === undefined) {
    await run('initdb', ['-D', data, ...login, '-E', 'UTF8', '--locale=C', '--no-sync'], undefined, user);
  } else {
    await run(
      'pg_basebackup',
      ['-D', data, '--dbname', primary, '--write-recovery-conf', '--checkpoint=fast', '--no-sync'],
      undefined,
      user,
    );
  }
  const settings: string[] = [];
  if (tls !== undefined) {
    const [certificate, key] = [join(folder, 'server.pem'), join(folder, 'server.key')];
    await writeFile(certificate, tls.certificate);
    await writeFile(key, tls.key, { mode: 0o600 });
    await own(key);
    await writeFile(join(data, 'pg_hba.conf'), 'hostssl all all all scram-sha-256\n');
    settings.push('ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`);
  }
  let server: ChildProcess | undefined;
  const url: Postgres['url'] = (database, query = '') => {
    return `postgresql://postgres:${PASSWORD}@127.0.0.1:${port}/${database}${query}`;
  };
  const sql: Postgres['sql'] = async (database, text) => {
    const output = await run('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', url(database)], text);
    return output.trim();
  };
  const start = async () => {
    const options = [
      `port=${port}`,
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${folder}`,
      'fsync=off',
      ...settings,
    ];
    const child = spawn(join(programs, 'postgres'), ['-D', data, ...options.flatMap((option) => ['-c', option])], {
      ...user,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    server = child;
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
    const deadline = Date.now() + START_WITHIN;
    while (Date.now() < deadline && child.exitCode === null) {
      if (await answers(url, run)) return;
      await delay(100);
    }
    throw new Error(`PostgreSQL did not start: ${log.slice(-2_000)}`);
  };
  const end = async (signal: NodeJS.Signals) => {
    const child = server;
    server = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  };
  await start();
  return {
    port,
    programs,
    url,
    sql,
    until: async (asked, answer) => {
      const deadline = Date.now() + ANSWER_WITHIN;
      while (Date.now() < deadline) {
        if ((await sql('postgres', asked)) === answer) return;
        await delay(150);
      }
      throw new Error(`it never answered ${answer}: ${asked}`);
    },
    // SIGQUIT: it ends without a shutdown and recovers at the next start, and takes its children along.
    kill: () => end('SIGQUIT'),
    start,
    replicate: () => startPostgres({ primary: url('postgres') }),
    remove: async () => {
      await end('SIGQUIT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(
  url: Postgres['url'],
  run: (program: string, args: readonly string[], input?: string) => Promise<string>,
): Promise<boolean> {
  return await run('psql', ['-X', '-q', '-c', 'select 1', url('postgres')]).then(
    () => true,
    () => false,
  );
}

async function serverUser(): Promise<User> {
  if (process.getuid?.() !== 0) return {};
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((entry) => entry.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) {
    throw new Error('PostgreSQL does not run as root, and there is no user postgres: apt-get install postgresql');
  }
  return { uid: Number(uid), gid: Number(gid) };
}

async function runProgram(
  program: string,
  args: readonly string[],
  cwd: string,
  user: User,
  input?: string,
): Promise<string> {
  await mkdir(cwd, { recursive: true });
  const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', PGCONNECT_TIMEOUT: '10' };
  const child = spawn(program, [...args], { cwd, env, ...user, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    texts.stdout += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    texts.stderr += chunk.toString('utf8');
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${texts.stderr}`);
  return texts.stdout;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
