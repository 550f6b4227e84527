import { EventEmitter, once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { docker, type Test, temporaryFolder } from './docker.ts';

export interface SlowDaemon {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** When the slow request has come. */
  readonly asked: Promise<unknown>;
  /** When the daemon has answered it. */
  readonly answered: Promise<unknown>;
}

/**
 * The real daemon behind a socket that keeps one request for 400 ms before it hands it on, and does so although its
 * client has gone in the meantime: what a daemon with much to do looks like.
 */
export async function slowDaemon(test: Test, path: string): Promise<SlowDaemon> {
  const real = (await docker('context', 'inspect', '--format', '{{.Endpoints.docker.Host}}')).replace('unix://', '');
  const events = new EventEmitter();
  const [asked, answered] = [once(events, 'asked'), once(events, 'answered')];
  const server = createServer({ allowHalfOpen: true }, (client) => void serve(client));
  const serve = async (client: Socket) => {
    const daemon = connect(real);
    // A client that is ended in the middle resets its connection.
    client.on('error', () => undefined);
    daemon.on('error', () => client.destroy());
    daemon.pipe(client);
    let isSlow = false;
    client.on('close', () => void (isSlow || daemon.destroy()));
    client.on('end', () => void (isSlow || daemon.end()));
    client.on('data', async (chunk: Buffer) => {
      isSlow = chunk.toString('latin1').startsWith('POST ') && chunk.includes(path);
      if (!isSlow) {
        daemon.write(chunk);
        return;
      }
      events.emit('asked');
      await delay(400);
      daemon.write(chunk);
      await once(daemon, 'data');
      events.emit('answered');
      daemon.destroy();
    });
  };
  const socket = join(await temporaryFolder(test), 'docker.sock');
  server.listen(socket);
  await once(server, 'listening');
  test.onTestFinished(() => void server.close());
  return { host: `unix://${socket}`, asked, answered };
}
