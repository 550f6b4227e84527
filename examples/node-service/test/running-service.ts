import { afterEach } from 'vitest';
import { createLog } from '../src/log.ts';
import { startService } from '../src/service.ts';

const running: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((stop) => stop()));
});

/** A service on a free port of the loopback interface, stopped after the test. */
export async function runningService() {
  const log: string[] = [];
  const config = { port: 0, host: '127.0.0.1', logLevel: 'INFO', shutdownGrace: 2000 } as const;
  const service = await startService(
    config,
    '1.2.3',
    createLog('INFO', (line) => log.push(line)),
  );
  running.push(service.stop);
  const url = `http://127.0.0.1:${service.port}`;
  return { ...service, url, log };
}

/** A POST with a JSON body. */
export function post(body: unknown): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
