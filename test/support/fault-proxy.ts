import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What goes wrong with one request. */
export type Fault =
  /** The connection ends without an answer. */
  | { readonly kind: 'reset' }
  /** The connection ends without an answer, after the registry has done what was asked. */
  | { readonly kind: 'reset-after' }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Half of the body, then the connection ends. */
  | { readonly kind: 'truncate' }
  /** Half of the body, as if that were all. */
  | { readonly kind: 'shorten' }
  /** The body in pieces, each after a pause in milliseconds. */
  | { readonly kind: 'slow'; readonly pause: number }
  /** Something happens between the registry's work and its answer. */
  | { readonly kind: 'meanwhile'; readonly happens: () => Promise<unknown> }
  /** Sent on to another place. */
  | { readonly kind: 'redirect'; readonly to: string };

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface FaultProxy {
  /** `127.0.0.1:40123`: clients take it for the registry. */
  readonly host: string;
  readonly seen: SeenRequest[];
  /** Faults for the requests to come that match, each used once, in this order. */
  readonly plan: (matches: (request: SeenRequest) => boolean, ...faults: readonly Fault[]) => void;
  /** Forgets plans and what was seen. */
  readonly reset: () => void;
  readonly stop: () => Promise<void>;
}

/** Stands between a client and a server of HTTP on the loopback, and disturbs what it is told to. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const seen: SeenRequest[] = [];
  const plans: { readonly matches: (request: SeenRequest) => boolean; readonly faults: Fault[] }[] = [];
  const faultFor = (asked: SeenRequest): Fault | undefined => {
    return plans.find(({ matches, faults }) => faults.length > 0 && matches(asked))?.faults.shift();
  };
  const server = createServer((incoming, outgoing) => {
    const asked = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers };
    seen.push(asked);
    handle(target, incoming, outgoing, faultFor(asked)).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    plan: (matches, ...faults) => plans.push({ matches, faults: [...faults] }),
    reset: () => {
      seen.length = 0;
      plans.length = 0;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function handle(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  const body = await bodyOf(incoming);
  if (fault?.kind === 'reset') {
    outgoing.destroy();
    return;
  }
  if (fault?.kind === 'status') {
    outgoing.writeHead(fault.status, fault.headers).end(fault.body);
    return;
  }
  if (fault?.kind === 'redirect') {
    outgoing.writeHead(307, { location: fault.to }).end();
    return;
  }
  const { answer, content } = await forward(target, incoming, body);
  if (fault?.kind === 'reset-after') {
    outgoing.destroy();
    return;
  }
  if (fault?.kind === 'meanwhile') await fault.happens();
  const half = content.subarray(0, Math.floor(content.length / 2));
  const headers = { ...answer.headers, connection: 'close' };
  if (fault?.kind === 'shorten') {
    outgoing.writeHead(answer.statusCode ?? 502, { ...headers, 'content-length': String(half.length) }).end(half);
    return;
  }
  outgoing.writeHead(answer.statusCode ?? 502, headers);
  if (fault?.kind === 'truncate') {
    outgoing.write(half, () => outgoing.destroy());
  } else if (fault?.kind === 'slow') {
    const size = Math.max(1, Math.ceil(content.length / 4));
    for (let at = 0; at < content.length; at += size) {
      outgoing.write(content.subarray(at, at + size));
      await delay(fault.pause);
    }
    outgoing.end();
  } else outgoing.end(content);
}

/** The same request to the server; the Host stays, so that its answers lead back here. */
async function forward(target: string, { method, url, headers }: IncomingMessage, body: Buffer) {
  const sent = request(`http://${target}${url ?? '/'}`, { method, headers, agent: false });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { answer, content: await bodyOf(answer) };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
