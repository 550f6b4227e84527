import type { ServerResponse } from 'node:http';
import type { CloudAnswer } from './cloud-proxy.ts';

/** What goes wrong with a request. Only `truncated` and `lost` let the service do what it was asked for. */
export const FAULTS = [
  /** The connection breaks before the service sees the request, and the next one to that host is refused. */
  'refused',
  /** The connection breaks when the request was sent; the service has done nothing. */
  'reset',
  /** No answer ever comes; the service has done nothing. */
  'stalled',
  /** Too many requests, come back in a second. */
  '429',
  '500',
  '503',
  /** Something on the way answers in the service's place, with a page. */
  'invalid',
  /** The service has done it, and its answer ends in the middle. */
  'truncated',
  /** The service has done it, and its answer never arrives. */
  'lost',
] as const;

export type CloudFault = (typeof FAULTS)[number];

/** A fault, or something that happens just before the service sees the request, or when it has done it. */
export type Injection = CloudFault | { readonly when: 'before' | 'after'; readonly happens: () => void };

/** @returns undefined when there is no answer to send: the connection is dealt with */
export async function injected(
  injection: Injection,
  serve: () => Promise<CloudAnswer>,
  outgoing: ServerResponse,
): Promise<CloudAnswer | undefined> {
  if (typeof injection === 'object') {
    if (injection.when === 'after') await serve();
    injection.happens();
    outgoing.destroy();
    return undefined;
  }
  switch (injection) {
    case 'refused':
    case 'reset':
      outgoing.destroy();
      return undefined;
    case 'stalled':
      return undefined;
    case '429':
      return { status: 429, headers: { 'retry-after': '1' }, body: { error: { code: 429, message: 'slow down' } } };
    case '500':
      return { status: 500, body: { error: { code: 500, message: 'internal' } } };
    case '503':
      return { status: 503, body: { error: { code: 503, message: 'unavailable' } } };
    case 'invalid':
      return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in to the network</html>' };
    case 'truncated': {
      const { status, headers = {}, body = '' } = await serve();
      const whole = typeof body === 'object' && !Buffer.isBuffer(body) ? JSON.stringify(body) : body;
      const bytes = Buffer.from(whole);
      const cut = bytes.subarray(0, Math.floor(bytes.length / 2));
      outgoing.writeHead(status, { ...headers, 'content-length': String(bytes.length + 1) });
      outgoing.write(cut, () => outgoing.destroy());
      return undefined;
    }
    case 'lost':
      await serve();
      outgoing.destroy();
      return undefined;
    default:
      throw new TypeError(`no such fault: ${String(injection satisfies never)}`);
  }
}
