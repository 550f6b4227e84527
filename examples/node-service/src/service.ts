import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from './config.ts';
import { healthRoute } from './health.ts';
import { linkRoutes } from './links.ts';
import type { Log } from './log.ts';
import { answerBy } from './requests.ts';

export interface RunningService {
  /** The port that it listens on, also when the configuration left the choice to the system. */
  port: number;
  /** Takes no new connection, lets requests in flight end within the grace, then resolves. */
  stop: () => Promise<void>;
}

/** Starts the service and resolves once it listens. */
export async function startService(
  config: Config,
  version: string,
  log: Log,
): Promise<RunningService> {
  let stopping: Promise<void> | undefined;
  const routes = [
    healthRoute(version, () => process.uptime()),
    ...linkRoutes(
      () => randomBytes(4).toString('hex'),
      () => new Date(),
    ),
  ];
  const server = createServer(answerBy(routes, log, () => stopping !== undefined));
  server.listen(config.port, config.host);
  await once(server, 'listening');

  async function close(): Promise<void> {
    log('INFO', 'Stopping');
    const closed = once(server, 'close');
    server.close();
    const timer = setTimeout(() => {
      log('WARNING', 'Requests in flight were cut off', { graceMs: config.shutdownGrace });
      server.closeAllConnections();
    }, config.shutdownGrace);
    await closed;
    clearTimeout(timer);
    log('INFO', 'Stopped');
  }

  const { port } = server.address() as AddressInfo;
  log('INFO', `Listening on ${config.host}:${port}`, { version });
  return { port, stop: () => (stopping ??= close()) };
}
