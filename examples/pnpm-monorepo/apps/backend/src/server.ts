import { createServer, type IncomingMessage, type Server } from 'node:http';
import { answer } from './answer.ts';

/** Bytes. */
const BODY_LIMIT = 64 * 1024;

export function createBackend(): Server {
  return createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    answer(request.method ?? 'GET', path, () => readText(request)).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      },
      (error: unknown) => {
        console.error(error);
        response.writeHead(500).end();
      },
    );
  });
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The rest of an oversized body is read and dropped, so that the answer reaches the sender.
    if (size <= BODY_LIMIT) chunks.push(chunk);
  }
  if (size > BODY_LIMIT) throw new RangeError(`the body exceeds ${BODY_LIMIT} bytes`);
  return Buffer.concat(chunks).toString('utf8');
}
