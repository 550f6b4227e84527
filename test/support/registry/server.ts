import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came over the wire. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Sends the head and half of the body, then cuts the connection. */
  readonly truncated?: boolean;
  /** Never answers; the connection stays open until the server closes. */
  readonly silent?: boolean;
}

export interface TestServer {
  /** Base address without a slash at the end. */
  readonly url: string;
  readonly host: string;
  readonly requests: readonly SeenRequest[];
  readonly close: () => Promise<void>;
}

export type Respond = (
  request: SeenRequest,
  body: Buffer,
  url: string,
) => Answer | undefined | Promise<Answer | undefined>;

/** An HTTP server on the loopback interface; what `respond` leaves undefined is a 404. */
export async function startServer(respond: Respond): Promise<TestServer> {
  const requests: SeenRequest[] = [];
  let url = '';
  const server = createServer((incoming, response) => {
    const seen = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers };
    requests.push(seen);
    readAll(incoming)
      .then((body) => respond(seen, body, url))
      .then((answer) => send(response, answer ?? { status: 404, body: '{"error":"Not found"}' }))
      .catch((error: unknown) => send(response, { status: 500, body: String(error) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
  return {
    url,
    host: `127.0.0.1:${port}`,
    requests,
    close: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer.silent === true) return;
  const body = Buffer.from(answer.body ?? '');
  response.writeHead(answer.status ?? 200, { 'content-length': String(body.length), ...answer.headers });
  if (answer.truncated === true) {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
    return;
  }
  response.end(body);
}
