import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../install/root.ts';

/** One user's hold on a Docker daemon. */
export interface DockerLease {
  /** What processes need in their environment to reach the daemon; empty where it is the machine's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Gives the daemon back; the last user of one that was started here ends it. */
  readonly stop: () => Promise<void>;
}

/**
 * One for the machine, not one a checkout: two daemons would undo each other's firewall rules. Only root can write
 * there, and only root can start a daemon; the folder is short enough for a socket's name.
 */
const PRIVATE = '/run/pipelines-docker';
const HOST = `unix://${PRIVATE}/docker.sock`;
const START_WITHIN = 60_000;
const LOCK_WITHIN = 180_000;

/**
 * A Docker daemon to test with: the machine's own where it answers, else one started here, shared by all that ask at
 * the same time. A user that was killed without giving it back no longer counts.
 *
 * @throws Error that says what to install or to do
 */
export async function ensureDocker(): Promise<DockerLease> {
  if (await answers('docker', ['version'])) return { environment: {}, stop: async () => undefined };
  if (!(await answers('docker', ['--version']))) {
    throw new Error('Docker is not installed: apt-get install docker.io iptables (newer Debian: docker-cli as well)');
  }
  requirePrivate();
  const users = join(PRIVATE, 'users');
  const lease = join(users, `${process.pid}-${randomUUID()}`);
  await withLock(async () => {
    await mkdir(users, { recursive: true, mode: 0o700 });
    if (!(await privateAnswers())) await startDaemon();
    await writeFile(lease, await startOf(process.pid));
  });
  let stopped: Promise<void> | undefined;
  const stop = () =>
    withLock(async () => {
      await rm(lease, { force: true });
      if ((await livingUsers(users)) === 0) await endDaemon();
    });
  return {
    environment: { DOCKER_HOST: HOST },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

function requirePrivate(): void {
  const remedy = 'start Docker and run this again';
  if (process.platform !== 'linux') throw new Error(`no Docker daemon answers: ${remedy}`);
  if (process.getuid?.() !== 0) {
    throw new Error(
      `no Docker daemon answers, and only root can start one: ${remedy} (Debian: apt-get install docker.io)`,
    );
  }
}

/** Whether a program can be started and ends with 0 within 30 s. */
export async function answers(program: string, args: readonly string[], host?: string): Promise<boolean> {
  const env = host === undefined ? process.env : { ...process.env, DOCKER_HOST: host };
  const child = spawn(program, [...args], { stdio: 'ignore', env, timeout: 30_000 });
  return await new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

function privateAnswers(): Promise<boolean> {
  return answers('docker', ['version'], HOST);
}

/** Starts dockerd with all its state in folders of its own; it lives until its last user ends it. */
async function startDaemon(): Promise<void> {
  const state = join(root, '.tools', 'docker');
  await mkdir(state, { recursive: true });
  const logFile = join(state, 'dockerd.log');
  process.stderr.write('starting a Docker daemon for the tests (its log: .tools/docker/dockerd.log)\n');
  const args = ['--host', HOST, '--exec-root', join(PRIVATE, 'exec'), '--pidfile', join(PRIVATE, 'docker.pid')];
  const log = openSync(logFile, 'w');
  // Its environment is bare: a variable by which a runner finds leftover processes would have it ended too early.
  const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, HOME: homedir() };
  const child = spawn('dockerd', [...args, '--data-root', join(state, 'data')], {
    cwd: '/',
    detached: true,
    env,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    child.once('exit', (code, signal) => resolve(`status ${code ?? signal}`));
  });
  child.unref();
  const deadline = Date.now() + START_WITHIN;
  while (Date.now() < deadline) {
    const reason = await Promise.race([ended, delay(250)]);
    if (reason === 'ENOENT') throw new Error('dockerd is not installed: apt-get install docker.io iptables');
    if (reason !== undefined) throw new Error(`dockerd ended with ${reason}; its log: ${await endOf(logFile)}`);
    if (await privateAnswers()) return;
  }
  await endDaemon();
  throw new Error(`dockerd did not answer within ${START_WITHIN / 1_000} s; its log: ${await endOf(logFile)}`);
}

async function endOf(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).slice(-2_000);
}

async function endDaemon(): Promise<void> {
  const pid = Number(await textOf(join(PRIVATE, 'docker.pid')));
  if (pid > 0 && (await startOf(pid)) !== '') {
    process.kill(pid, 'SIGTERM');
    const deadline = Date.now() + START_WITHIN;
    while ((await startOf(pid)) !== '') {
      if (Date.now() > deadline) throw new Error(`dockerd (process ${pid}) does not end`);
      await delay(100);
    }
  }
  // A container on the host's network leaves this mounted when the daemon ends.
  await answers('umount', [join(PRIVATE, 'exec/netns/default')]);
  await rm(PRIVATE, { recursive: true, force: true });
}

async function livingUsers(users: string): Promise<number> {
  const alive = await Promise.all(
    (await readdir(users)).map(async (name) => {
      const started = await textOf(join(users, name));
      return started !== '' && started === (await startOf(Number(name.split('-')[0])));
    }),
  );
  return alive.filter(Boolean).length;
}

/** When a process started, in ticks since boot (proc(5): field 22 of stat); empty when it has ended. */
async function startOf(pid: number): Promise<string> {
  const stat = await textOf(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? '' : (fields[19] ?? '');
}

async function textOf(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return '';
    throw error;
  });
}

/** Runs while no other process of the machine does; the kernel gives the name back when its holder dies. */
async function withLock<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + LOCK_WITHIN;
  let held = await lock();
  while (held === undefined) {
    if (Date.now() > deadline) throw new Error('another process is starting or ending the Docker daemon for minutes');
    await delay(100);
    held = await lock();
  }
  try {
    return await work();
  } finally {
    held.close();
  }
}

/** The lock is a name to listen on, which only one process can; undefined while another does. */
async function lock(): Promise<Server | undefined> {
  const server = createServer();
  // The leading NUL makes it an abstract name (unix(7)): no file that could be left behind.
  server.listen('\0pipelines-docker-lock');
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}
