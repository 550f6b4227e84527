import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createAuthority, issueCertificate } from './certificates.ts';
import { type Injection, injected } from './cloud-faults.ts';

/** A request to one of the services that stand-ins play. */
export interface CloudRequest {
  readonly method: string;
  /** `sts.googleapis.com`. */
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface CloudAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: string | Buffer | object;
}

export type CloudService = (request: CloudRequest) => CloudAnswer | Promise<CloudAnswer>;

/**
 * The way out to the clouds: a proxy on the loopback that plays their hosts with certificates of an authority of its
 * own. Nothing leaves the machine: a host that nobody plays is refused.
 */
export interface CloudProxy {
  /** For a child process of Node. */
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  /** A file with the machine's authorities and the proxy's own, in PEM form. */
  readonly authorities: string;
  readonly requests: CloudRequest[];
  /** Hosts that were asked for and that nobody plays. */
  readonly refused: string[];
  /** Decides for each request from now on what goes wrong with it; without it nothing does any more. */
  readonly inject: (plan?: (request: CloudRequest) => Injection | undefined) => void;
  readonly stop: () => Promise<void>;
}

/** What this process trusts beside the proxies' own authorities. */
let own: readonly string[] | undefined;

function machineAuthorities(): readonly string[] {
  own ??= getCACertificates('default');
  return own;
}

/** Authorities of the proxies that run. */
const running = new Set<string>();

function trust(authority: string, isRunning: boolean): void {
  if (isRunning) running.add(authority);
  else running.delete(authority);
  setDefaultCACertificates([...machineAuthorities(), ...running]);
}

/**
 * Starts it, and has this process trust it.
 *
 * @param services by host, or by `*.` and its end; the first that fits is asked
 */
export async function startCloudProxy(services: Readonly<Record<string, CloudService>>): Promise<CloudProxy> {
  const authority = await createAuthority('authority of the tests');
  const server = await issueCertificate(authority, Object.keys(services));
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-clouds-'));
  const authorities = join(folder, 'authorities.pem');
  await writeFile(authorities, [...machineAuthorities(), authority.certificate].join('\n'));
  trust(authority.certificate, true);
  const requests: CloudRequest[] = [];
  const refused: string[] = [];
  const find = (host: string) => {
    return Object.entries(services).find(([name]) => {
      return name === host || (name.startsWith('*.') && host.endsWith(name.slice(1)));
    })?.[1];
  };
  let plan: Parameters<CloudProxy['inject']>[0];
  /** Hosts whose next connection is refused. */
  const closed = new Set<string>();
  const hosts = createHttpsServer({ key: server.key, cert: server.certificate }, (incoming, outgoing) => {
    const answered = readRequest(incoming).then(async (request) => {
      requests.push(request);
      const serve = async () => (await find(request.host)?.(request)) ?? { status: 502 };
      const injection = plan?.(request);
      if (injection === 'refused') closed.add(request.host);
      return injection === undefined ? await serve() : await injected(injection, serve, outgoing);
    });
    answered.then(
      (answer) => {
        if (answer === undefined) return;
        const { status, headers = {}, body = '' } = answer;
        const isJson = typeof body === 'object' && !Buffer.isBuffer(body);
        const type: Record<string, string> = isJson ? { 'content-type': 'application/json; charset=UTF-8' } : {};
        outgoing.writeHead(status, { ...type, ...headers }).end(isJson ? JSON.stringify(body) : body);
      },
      (error: unknown) => outgoing.writeHead(500).end(String(error)),
    );
  });
  hosts.listen(0, '127.0.0.1');
  await once(hosts, 'listening');
  const sockets = new Set<Socket>();
  const proxy = createHttpServer((_, response) => response.writeHead(403).end('only CONNECT'));
  proxy.on('connect', (incoming: IncomingMessage, client: Socket, head: Buffer) => {
    const [host = '', port = ''] = (incoming.url ?? '').split(':');
    client.on('error', () => client.destroy());
    if (closed.delete(host)) {
      client.destroy();
      return;
    }
    if (find(host) === undefined || port !== '443') {
      refused.push(host);
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const service = connect((hosts.address() as AddressInfo).port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      service.write(head);
      client.pipe(service).pipe(client);
    });
    service.on('error', () => client.destroy());
    sockets.add(client).add(service);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  return {
    environment: {
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      NO_PROXY: '127.0.0.1,localhost',
      NODE_EXTRA_CA_CERTS: authorities,
    },
    port,
    authorities,
    requests,
    refused,
    inject: (next) => {
      plan = next;
      closed.clear();
    },
    stop: async () => {
      trust(authority.certificate, false);
      for (const socket of sockets) socket.destroy();
      hosts.closeAllConnections();
      proxy.closeAllConnections();
      await Promise.all([once(hosts.close(), 'close'), once(proxy.close(), 'close')]);
      await rm(folder, { recursive: true });
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<CloudRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const host = (incoming.headers.host ?? '').replace(/:443$/, '');
  const url = new URL(incoming.url ?? '/', `https://${host}`);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? '',
    host,
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
  };
}
