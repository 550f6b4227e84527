import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { installMongo } from '../../tools/migrate/mongo.ts';
import { freePort } from './postgres.ts';

/** A server of a test's own that speaks MongoDB's protocol, on the loopback. */
export interface Mongo {
  readonly url: (database: string) => string;
  /** Ends it; its data stays. */
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** Ends it and removes its data. */
  readonly remove: () => Promise<void>;
}

export async function startMongo(): Promise<Mongo> {
  const program = await installMongo();
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-mongo-'));
  const address = `127.0.0.1:${await freePort()}`;
  let server: ChildProcess | undefined;
  const start = async () => {
    const child = spawn(program, [address, folder], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    server = child;
    for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('mongodb://')) return;
    throw new Error('the server did not start');
  };
  const stop = async () => {
    const child = server;
    server = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    url: (database) => `mongodb://${address}/${database}`,
    stop,
    start,
    remove: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
