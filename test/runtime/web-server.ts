import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface WebServer {
  /** Address of the server, without a slash at the end. */
  readonly url: string;
  /** What was asked, in order. */
  readonly requests: readonly {
    readonly method: string;
    readonly path: string;
    readonly headers: IncomingMessage['headers'];
  }[];
  /** How many connections were made. */
  readonly connections: () => number;
}

/** An answer to the request with that number, from 0 on. */
export type Answer = (response: ServerResponse, count: number, request: IncomingMessage) => void;

/** A real HTTP server on the loopback that is gone after the test. */
export async function webServer(answer: Answer): Promise<WebServer> {
  const requests: { method: string; path: string; headers: IncomingMessage['headers'] }[] = [];
  let connections = 0;
  const listener: RequestListener = (request, response) => {
    const { method = '', url: path = '', headers } = request;
    requests.push({ method, path, headers });
    request.resume();
    request.on('end', () => answer(response, requests.length - 1, request));
  };
  const server = createServer(listener);
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, connections: () => connections };
}

/** A port of the loopback on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** Answers with these statuses one after the other, the last one for ever. */
export const statuses =
  (...list: readonly (number | readonly [number, Readonly<Record<string, string>>])[]): Answer =>
  (response, count) => {
    const next = list[Math.min(count, list.length - 1)] ?? 200;
    const [status, headers] = typeof next === 'number' ? [next, {}] : next;
    response.writeHead(status, headers).end(`answer ${count}`);
  };
