import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../loopback-server.ts';

/** Files that whoever knows their address may have, for a minute: where GitHub keeps artifacts. */
export interface SignedFiles {
  /** Makes an address for a file. It stands on another origin than the API does. */
  readonly sign: (name: string, read: () => Promise<Buffer>) => string;
  readonly close: () => Promise<void>;
}

/** Milliseconds that an address is good for (https://docs.github.com/rest/actions/artifacts#download-an-artifact). */
const LIFETIME = 60_000;

interface Signed {
  readonly name: string;
  readonly read: () => Promise<Buffer>;
  readonly until: number;
}

/**
 * Serves signed addresses on 127.0.0.1, as Azure's blob storage answers behind GitHub: an address that has expired is
 * refused, and so is a request that brings a token of its own.
 */
export async function startSignedFiles(now: () => number = Date.now): Promise<SignedFiles> {
  const signed = new Map<string, Signed>();
  const server = createServer((request, response) => {
    answer(request, response, signed, now()).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500).end(String(error));
      else response.destroy();
    });
  });
  const listening = await listenOnLoopback(server);
  return {
    sign: (name, read) => {
      const signature = randomBytes(24).toString('base64url');
      const until = now() + LIFETIME;
      signed.set(signature, { name, read, until });
      return `${listening.url}/artifacts/${encodeURIComponent(name)}.zip?se=${new Date(until).toISOString()}&sig=${signature}`;
    },
    close: listening.close,
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  signed: ReadonlyMap<string, Signed>,
  now: number,
): Promise<void> {
  request.resume();
  const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const file = signed.get(searchParams.get('sig') ?? '');
  if (request.headers.authorization !== undefined) {
    return refuse(response, 400, 'InvalidAuthenticationInfo', 'the address is signed: it takes no token');
  }
  if (file === undefined || file.until <= now) {
    return refuse(response, 403, 'AuthenticationFailed', 'the signature is not valid, or not any more');
  }
  const bytes = await file.read();
  response.writeHead(200, {
    'content-type': 'application/zip',
    'content-length': bytes.length,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}.zip`,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** https://learn.microsoft.com/rest/api/storageservices/status-and-error-codes2 */
function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
}
