import { brotliDecompressSync, unzipSync } from 'node:zlib';
import type { HttpResponse } from '../runtime/http.ts';

/** Largest text that comes out of a compressed body, in bytes. */
const LARGEST = 32 * 1024 * 1024;

/** The body as text, also of servers that compress without having been asked to; what can't be read is empty. */
export function bodyText({ headers, body }: Pick<HttpResponse, 'headers' | 'body'>): string {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  try {
    if (encoding === 'br') return brotliDecompressSync(body, { maxOutputLength: LARGEST }).toString('utf8');
    if (/^(x-)?gzip$|^deflate$/.test(encoding)) return unzipSync(body, { maxOutputLength: LARGEST }).toString('utf8');
  } catch {
    // Bytes that are not what the header says hold no text; a condition on the body says so.
    return '';
  }
  return body.toString('utf8');
}
