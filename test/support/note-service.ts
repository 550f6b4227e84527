import { type ChildProcess, spawn } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../tools/install/root.ts';
import { machine } from './run-dist.ts';

/** The example with a database. */
export const EXAMPLE = join(root, 'examples/node-service-database');

/** Copies the example without what is installed or built in it. */
export async function copyExample(folder: string): Promise<void> {
  const isSource = (path: string) => !/[/\\](node_modules|dist)$/.test(path);
  await cp(EXAMPLE, folder, { recursive: true, filter: isSource });
}

/** A release of the example as it runs: a process of its own. */
export interface RunningRelease {
  /** What a smoke test of this release does; the reasons why it is red, none when it is green. */
  readonly smoke: () => Promise<readonly string[]>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a release of the example and waits until it listens.
 *
 * @param folder its sources, with node_modules
 */
export async function startRelease(folder: string, databaseUrl: string): Promise<RunningRelease> {
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: folder,
    env: { ...machine(), PORT: '0', HOST: '127.0.0.1', DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = () => ended(child);
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
    const port = /Listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port === undefined) break;
    child.stdout.resume();
    return { stop, smoke: () => smoke(`http://127.0.0.1:${port}`) };
  }
  await stop();
  throw new Error('the service did not start');
}

async function smoke(url: string): Promise<readonly string[]> {
  const ask = async (path: string, wanted: number, init?: RequestInit) => {
    const response = await fetch(`${url}${path}`, init);
    const text = await response.text();
    return response.status === wanted ? [] : [`${init?.method ?? 'GET'} ${path} answered ${response.status}: ${text}`];
  };
  const note = JSON.stringify({ email: 'smoke@example.com', text: 'milk', title: 'shopping' });
  return [
    ...(await ask('/health', 200)),
    ...(await ask('/notes', 201, { method: 'POST', body: note })),
    ...(await ask('/notes', 200)),
  ];
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exit;
}
