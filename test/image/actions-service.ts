import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { startCache } from '../../src/local/cache/server.ts';
import { openStore } from '../../src/local/cache/store.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A token in the form that GitHub gives: BuildKit reads until when it holds, and which scopes it may write (`ac`). */
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const ACCESS = [{ Scope: 'refs/heads/main', Permission: 3 }];
const CLAIMS = { ac: JSON.stringify(ACCESS), nbf: 1_600_000_000, exp: 4_000_000_000 };
export const TOKEN = [part({ alg: 'HS256', typ: 'JWT' }), part(CLAIMS), part({ signed: true })].join('.');

/** GitHub's cache service of the local runner, for a step's environment. */
export async function serveActionsCache(): Promise<Readonly<Record<string, string>>> {
  const folder = await temporaryFolder();
  const service = await startCache({
    store: await openStore(folder),
    uploadFolder: folder,
    tokens: new Map([[TOKEN, { id: 'job', mode: 'write' }]]),
    scope: 'refs/heads/main',
    readableScopes: ['refs/heads/main'],
    fault: undefined,
  });
  onTestFinished(service.close);
  const url = await withRequestIds(service.url);
  return { ACTIONS_RESULTS_URL: url, ACTIONS_RUNTIME_TOKEN: TOKEN, ACTIONS_CACHE_SERVICE_V2: 'true' };
}

/**
 * The service with the header `x-ms-request-id` on every answer, as Azure's storage gives it: BuildKit 0.33 ends with a
 * fault of its own where it is missing (go-actions-cache, uploadV2).
 */
async function withRequestIds(behind: string): Promise<string> {
  let own = '';
  const server = createServer((incoming, outgoing) => {
    const forward = async () => {
      const method = incoming.method ?? 'GET';
      const body = method === 'GET' || method === 'HEAD' ? undefined : new Uint8Array(await bytesOf(incoming));
      const headers = new Headers();
      for (const [name, value] of Object.entries(incoming.headers)) {
        if (!/^(host|connection|content-length|transfer-encoding|expect)$/.test(name)) headers.set(name, String(value));
      }
      const answer = await fetch(new URL(incoming.url ?? '/', behind), { method, headers, ...(body && { body }) });
      const content = Buffer.from(await answer.arrayBuffer());
      // Addresses in its answers lead back here.
      const isJson = answer.headers.get('content-type')?.includes('json') === true;
      const sent = isJson ? Buffer.from(content.toString('utf8').replaceAll(behind, own)) : content;
      const kept = [...answer.headers].filter(
        ([name]) => !/^(content-length|connection|keep-alive|transfer-encoding)$/.test(name),
      );
      const known = {
        ...Object.fromEntries(kept),
        'content-length': String(sent.length),
        'x-ms-request-id': randomUUID(),
      };
      outgoing.writeHead(answer.status, known).end(sent);
    };
    forward().catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  own = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return own;
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
