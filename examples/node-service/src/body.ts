import type { IncomingMessage } from 'node:http';
import { Problem } from './problem.ts';

/** Bytes. */
export const BODY_LIMIT = 16 * 1024;

/** Reads a JSON body of at most BODY_LIMIT bytes; throws a Problem with 400, 413 or 415. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    throw new Problem(415, 'The body must be sent as application/json.');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      // The rest of an oversized body is read and dropped, so that the answer reaches the sender.
      if (size <= BODY_LIMIT) chunks.push(chunk);
    }
  } catch {
    throw new Problem(400, 'The connection ended before the body did.');
  }
  if (size > BODY_LIMIT) {
    throw new Problem(413, `The body must not exceed ${BODY_LIMIT} bytes.`);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Problem(400, 'The body is not valid JSON.');
  }
}
