import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HttpRequest } from '../../src/runtime/http.ts';
import { capture } from '../../src/runtime/process.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { type Certificates, certificatesFor } from './certificates.ts';

const HOSTS = ['api.service.example', 'other.service.example', '127.0.0.1'];

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A service with TLS, and a proxy by which alone its name can be reached. */
async function world(answerConnect = '200 OK') {
  const folder = await temporaryFolder();
  const certificates = certificatesFor(HOSTS, folder);
  const seen = {
    tunnels: [] as string[],
    authorization: [] as (string | undefined)[],
    requests: [] as IncomingMessage[],
  };
  const service = createTlsServer(certificates, (request, response) => {
    seen.requests.push(request);
    const { url = '' } = request;
    if (url.startsWith('/to?')) response.writeHead(302, { location: url.slice(4) });
    response.end(`${request.headers.host} ${url} ${request.headers.authorization ?? 'nobody'}`);
  });
  const servicePort = await listening(service as unknown as Server);
  const proxy = createServer();
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    seen.tunnels.push(request.url ?? '');
    seen.authorization.push(request.headers['proxy-authorization']);
    socket.on('error', () => undefined);
    socket.write(`HTTP/1.1 ${answerConnect}\r\n\r\n`);
    if (!answerConnect.startsWith('200')) return socket.end();
    const onward = connect(servicePort, '127.0.0.1');
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    return onward.pipe(socket).pipe(onward);
  });
  const proxyPort = await listening(proxy);
  return { certificates, seen, servicePort, proxyPort };
}

/** Sends in a process of its own: certificates and proxies are read when Node starts. */
async function sent(
  requests: readonly HttpRequest[],
  env: Readonly<Record<string, string>>,
  certificates?: Certificates,
): Promise<readonly { status?: number; body?: string; code?: string; message?: string }[]> {
  const authority = certificates === undefined ? {} : { NODE_EXTRA_CA_CERTS: certificates.authority };
  const script = join(import.meta.dirname, 'children/send.ts');
  const { stdout, stderr } = await capture(process.execPath, [script, JSON.stringify(requests)], {
    cwd: import.meta.dirname,
    env: { PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1', ...authority, ...env },
  });
  expect(stderr).toBe('');
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const url = 'https://api.service.example/path';

describe('a service behind a proxy', () => {
  it.each(['HTTPS_PROXY', 'https_proxy'])('is reached by %s, all requests through one tunnel', async (name) => {
    const { certificates, seen, proxyPort } = await world();
    const answers = await sent(
      [{ url }, { url, method: 'POST' }, { url }],
      { [name]: `http://127.0.0.1:${proxyPort}` },
      certificates,
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers[0]?.body).toBe('api.service.example /path nobody');
    expect(seen.tunnels).toEqual(['api.service.example:443']);
  });

  it('is reached by a proxy without a scheme and with a password, which the service never sees', async () => {
    const { certificates, seen, proxyPort } = await world();
    const proxies = [`127.0.0.1:${proxyPort}`, `http://user:hunter2@127.0.0.1:${proxyPort}/`];
    for (const proxy of proxies) {
      const [answer] = await sent(
        [{ url, headers: { authorization: 'Bearer x' } }],
        { HTTPS_PROXY: proxy },
        certificates,
      );
      expect(answer).toMatchObject({ status: 200, body: 'api.service.example /path Bearer x' });
    }
    expect(seen.authorization).toEqual([undefined, `Basic ${btoa('user:hunter2')}`]);
    for (const { headers } of seen.requests) expect(headers).not.toHaveProperty('proxy-authorization');
  });

  it('is reached without it where NO_PROXY says so', async () => {
    const { certificates, seen, servicePort, proxyPort } = await world();
    const direct = `https://127.0.0.1:${servicePort}/path`;
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxyPort}` };
    expect(await sent([{ url: direct }], { ...env, NO_PROXY: '127.0.0.1' }, certificates)).toMatchObject([
      { status: 200 },
    ]);
    expect(seen.tunnels).toEqual([]);
    expect(await sent([{ url: direct }], { ...env, NO_PROXY: '.service.example' }, certificates)).toMatchObject([
      { status: 200 },
    ]);
    expect(seen.tunnels).toEqual([`127.0.0.1:${servicePort}`]);
  });

  it('that redirects to another host takes no credential there, and never leaves TLS', async () => {
    const { certificates, proxyPort } = await world();
    const to = (location: string) => ({
      url: `https://api.service.example/to?${location}`,
      headers: { authorization: 'Bearer x' },
    });
    const answers = await sent(
      [to('https://other.service.example/there'), to('http://api.service.example/there')],
      { HTTPS_PROXY: `http://127.0.0.1:${proxyPort}` },
      certificates,
    );
    expect(answers[0]).toMatchObject({ status: 200, body: 'other.service.example /there nobody' });
    expect(answers[1]).toMatchObject({
      code: 'PIPE-TEST-001',
      message: expect.stringMatching(/redirect from https to http/),
    });
    expect(answers[1]?.message).toContain('1 try');
  });

  it('that refuses is a coded fault without the proxy’s password', async () => {
    const { certificates, proxyPort } = await world('407 Proxy Authentication Required');
    const proxy = `http://user:hunter2@127.0.0.1:${proxyPort}`;
    const [answer] = await sent([{ url, tries: 1 }], { HTTPS_PROXY: proxy }, certificates);
    expect(answer).toMatchObject({ code: 'PIPE-TEST-001', message: expect.stringMatching(/407/) });
    expect(answer?.message).not.toContain('hunter2');
  });

  it.each(['socks5://user:hunter2@127.0.0.1:1', 'http://', '://', 'ftp://a'])(
    'named by %s is refused before anything is sent',
    async (proxy) => {
      const [answer] = await sent([{ url }], { HTTPS_PROXY: proxy });
      expect(answer).toMatchObject({ code: 'PIPE-HTTP-001', message: expect.stringMatching(/HTTPS_PROXY/) });
      expect(answer?.message).not.toContain('hunter2');
    },
  );
});

describe('a certificate', () => {
  it('of an authority that is not known is not accepted, and not tried again', async () => {
    const { servicePort } = await world();
    const [answer] = await sent([{ url: `https://127.0.0.1:${servicePort}/` }], {});
    expect(answer).toMatchObject({ code: 'PIPE-TEST-001', message: expect.stringMatching(/certificate.*1 try/) });
  });

  it('for another host is not accepted, and not tried again', async () => {
    const { certificates, servicePort } = await world();
    const [answer] = await sent([{ url: `https://localhost:${servicePort}/` }], {}, certificates);
    expect(answer).toMatchObject({ code: 'PIPE-TEST-001', message: expect.stringMatching(/altnames.*1 try/) });
  });
});
