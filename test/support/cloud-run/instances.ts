import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** How a container of an image is started on this machine. */
export interface Program {
  readonly command: readonly [string, ...string[]];
  /** Variables of the image itself; those of the container are laid over them. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A container that runs: a real process that serves on a port of the loopback. */
export interface Instance {
  readonly port: number;
  /** Last lines that it wrote. */
  readonly lines: readonly string[];
  readonly isRunning: () => boolean;
  readonly stop: () => Promise<void>;
}

const MOST_LINES = 200;

/**
 * Starts a container and waits until it listens.
 *
 * @param within milliseconds
 * @returns undefined when nothing listened in time, or the process ended before; `lines` are filled in any case
 */
export async function startInstance(
  program: Program,
  env: Readonly<Record<string, string>>,
  within: number,
  lines: string[],
): Promise<Instance | undefined> {
  const port = await freePort();
  const [command, ...args] = program.command;
  const child = spawn(command, args, {
    cwd: program.cwd,
    env: { PATH: process.env['PATH'] ?? '', ...program.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      lines.push(
        ...chunk
          .toString('utf8')
          .split('\n')
          .filter((line) => line !== ''),
      );
      lines.splice(0, Math.max(0, lines.length - MOST_LINES));
    });
  }
  const failed = once(child, 'error').then(([error]) => lines.push(String(error)));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const isRunning = () => child.exitCode === null && child.signalCode === null && child.pid !== undefined;
  const stop = async () => {
    if (isRunning()) endGroup(child);
    if (child.pid !== undefined) await ended;
  };
  const until = performance.now() + within;
  while (performance.now() < until && isRunning()) {
    if (await listens(port)) return { port, lines, isRunning, stop };
    await delay(15);
  }
  if (child.pid === undefined) await failed;
  await stop();
  return undefined;
}

function endGroup(child: ChildProcess): void {
  try {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => undefined);
    socket.once('connect', () => socket.destroy());
  });
}
