import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudRequest, CloudService } from '../cloud-proxy.ts';
import { FRONT } from './hosting.ts';

/** Services without certificates, each at an address of its own: for Firebase's program, which knows no proxy. */
export interface Front {
  /** `http://127.0.0.1:…` by host. */
  readonly origins: Readonly<Record<string, string>>;
  readonly requests: CloudRequest[];
  readonly stop: () => Promise<void>;
}

/** @param delay milliseconds before each answer, as a network has it */
export async function startFront(services: Readonly<Record<string, CloudService>>, delay = 0): Promise<Front> {
  const requests: CloudRequest[] = [];
  const origins: Record<string, string> = {};
  const servers = Object.entries(services).map(([host, service]) => {
    const server = createServer((incoming, outgoing) => {
      const uploads = origins['upload-firebasehosting.googleapis.com'] ?? '';
      const answered = read(incoming, host, uploads).then(async (request) => {
        requests.push(request);
        const answer = await service(request);
        if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
        return answer;
      });
      answered.then(
        ({ status, headers = {}, body = '' }) => {
          const isJson = typeof body === 'object' && !Buffer.isBuffer(body);
          const type: Record<string, string> = isJson ? { 'content-type': 'application/json; charset=UTF-8' } : {};
          outgoing.writeHead(status, { ...type, ...headers }).end(isJson ? JSON.stringify(body) : body);
        },
        (error: unknown) => outgoing.writeHead(500).end(String(error)),
      );
    });
    return { host, server };
  });
  for (const { host, server } of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origins[host] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  return {
    origins,
    requests,
    stop: async () => {
      for (const { server } of servers) {
        server.closeAllConnections();
        await once(server.close(), 'close');
      }
    },
  };
}

async function read(incoming: IncomingMessage, host: string, uploads: string): Promise<CloudRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const url = new URL(incoming.url ?? '/', `https://${host}`);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? '',
    host,
    path: url.pathname,
    query: url.searchParams,
    headers: { ...Object.fromEntries(headers), [FRONT]: uploads },
    body: Buffer.concat(chunks),
  };
}
