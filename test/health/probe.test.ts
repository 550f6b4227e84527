import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseCondition } from '../../src/health/json-condition.ts';
import { probe, probeAddress } from '../../src/health/probe.ts';
import { parsePlace } from '../../src/health/version.ts';
import { closedPort, webServer } from '../runtime/web-server.ts';
import { createAuthority, issueCertificate } from '../support/certificates.ts';
import { client, expiredCertificate, rawServer, secureServer, selfSigned, wishFor } from './services.ts';

const look = async (...wish: Parameters<typeof wishFor>) => {
  const { kind, text } = await probe(wishFor(...wish), client());
  return `${kind}: ${text}`;
};

const conditions = (...lines: string[]) => lines.map(parseCondition).filter((one) => one !== undefined);

function trust(certificate: string): void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, certificate]);
  onTestFinished(() => setDefaultCACertificates(before));
}

describe('tells apart why there is no answer', () => {
  it('a refused connection, a reset one, and one that breaks in the middle of the answer', async () => {
    expect(await look(`http://127.0.0.1:${await closedPort()}`)).toBe('connection: connection refused');
    const reset = await rawServer((socket) => socket.on('data', () => socket.resetAndDestroy()));
    expect(await look(`http://127.0.0.1:${reset}`)).toBe('connection: connection closed without an answer');
    const cut = await rawServer((socket) => {
      socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'));
    });
    expect(await look(`http://127.0.0.1:${cut}`)).toMatch(/^connection: .*before the whole answer/);
  });

  it('a host name that nobody has', async () => {
    expect(await look('http://nobody.invalid')).toMatch(/^connection: host name not (found|resolved)$/);
  });

  it('a service that accepts and says nothing, and one that never ends its answer', async () => {
    const silent = await rawServer(() => undefined);
    expect(await look(`http://127.0.0.1:${silent}`, {}, 300)).toBe('timeout: no whole answer within 300ms');
    const drip = await webServer((response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    });
    expect(await look(drip.url, {}, 300)).toBe('timeout: no whole answer within 300ms');
  });

  it('a certificate that expired, is of another host, is self-signed, or of a strange authority', async () => {
    const authority = await createAuthority('authority of a test');
    const good = await issueCertificate(authority, ['localhost']);
    expect(await look(await secureServer(good))).toBe(
      'tls: certificate without the one that signed it (an incomplete chain)',
    );
    trust(authority.certificate);
    expect(await look(await secureServer(good))).toBe('good: status 200');
    const other = await issueCertificate(authority, ['other.example.com']);
    expect(await look(await secureServer(other))).toBe('tls: certificate of another host');
    expect(await look(await secureServer(await expiredCertificate(authority)))).toBe('tls: certificate expired');
    expect(await look(await secureServer(await selfSigned()))).toBe('tls: self-signed certificate');
  });

  it('a server without TLS behind an https address', async () => {
    const plain = await webServer((response) => response.end('ok'));
    expect(await look(plain.url.replace('http:', 'https:'))).toMatch(/^tls: no TLS/);
  });

  it('a proxy that refuses the way', async () => {
    const proxy = await webServer((response) => response.end());
    const http = client({ HTTPS_PROXY: `http://127.0.0.1:${await closedPort()}` });
    expect(await probe(wishFor('https://shop.example.com'), http)).toMatchObject({ kind: 'connection' });
    const refusing = client({ HTTPS_PROXY: proxy.url });
    expect(await probe(wishFor('https://shop.example.com'), refusing)).toMatchObject({ kind: 'proxy' });
  });
});

describe('redirects', () => {
  it('are followed on the same host, with the headers', async () => {
    const server = await webServer((response, _, request) => {
      if (request.url === '/') response.writeHead(302, { location: '/en' }).end();
      else response.writeHead(request.headers['x-key'] === 'of the test' ? 200 : 403).end();
    });
    const wish = { ...wishFor(server.url), headers: { 'x-key': 'of the test' } };
    expect(await probe(wish, client())).toMatchObject({ kind: 'good', status: 200 });
  });

  it('to another host are no good answer, even where that host says 200, and no header goes there', async () => {
    const login = await webServer((response) => response.end('sign in'));
    const server = await webServer((response) =>
      response.writeHead(302, { location: `${login.url}/login?state=abc` }).end(),
    );
    expect(await look(server.url)).toBe(`redirect: status 302, a redirect to ${login.url}/login`);
    expect(login.requests).toEqual([]);
  });

  it('in a circle are told from a wrong status', async () => {
    const server = await webServer((response, _, request) => {
      response.writeHead(302, { location: request.url === '/a' ? '/b' : '/a' }).end();
    });
    expect(await look(server.url)).toBe('redirect: redirects in a circle (3 addresses)');
    const endless = await webServer((response, count) => response.writeHead(307, { location: `/${count}` }).end());
    expect(await look(endless.url)).toMatch(/^redirect: more than 5 redirects/);
    expect(endless.requests.length).toBe(6);
  });

  it('are an answer like any other where their status is expected', async () => {
    const server = await webServer((response) => response.writeHead(301, { location: 'https://example.com' }).end());
    expect(await look(server.url, { status: [[301, 301]] })).toBe('good: status 301');
  });

  it('are not followed when that is the wish', async () => {
    const server = await webServer((response) => response.writeHead(302, { location: '/en' }).end());
    expect(await look(server.url, { redirects: 'none' })).toMatch(/^redirect: status 302/);
  });
});

describe('the answer', () => {
  it('has to have the status, the texts and the JSON values', async () => {
    const body = { status: 'ok', checks: [{ name: 'database', lag: 12 }], ready: true };
    const server = await webServer((response) => response.end(JSON.stringify(body)));
    expect(await look(server.url, { status: [[204, 204]] })).toBe('status: status 200');
    expect(await look(server.url, { contains: ['database', 'redis'] })).toBe('content: status 200 without "redis"');
    const good = conditions(
      'status = ok',
      'checks[0].lag < 30',
      'ready = true',
      'status != "down"',
      'checks[0].lag >= 12',
    );
    expect(good).toHaveLength(5);
    expect(await look(server.url, { json: good })).toBe('good: status 200');
    for (const [line, found] of [
      ['status = "down"', '"ok"'],
      ['checks[0].lag > 12', '12'],
      ['checks[1].lag < 30', 'absent'],
      ['ready = "true"', 'true'],
      ['queue != 1', 'absent'],
      ['status < 5', '"ok"'],
    ] as const) {
      const wanted = `content: status 200, ${line}: it is ${found}`;
      expect(await look(server.url, { json: conditions(line) })).toBe(wanted);
    }
  });

  it('is no JSON where a page of HTML came', async () => {
    const server = await webServer((response) => response.end('<html>ok'));
    expect(await look(server.url, { json: conditions('status = ok') })).toBe(
      'content: status 200, the body is not JSON',
    );
  });

  it('is read where it is compressed', async () => {
    const server = await webServer((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('all is well'));
    });
    expect(await look(server.url, { contains: ['all is well'] })).toBe('good: status 200');
  });

  it('comes over a connection of its own each time', async () => {
    const server = await webServer((response) => response.end('ok'));
    const http = client();
    for (let count = 0; count < 3; count += 1) await probe(wishFor(server.url), http);
    expect(server.connections()).toBe(3);
  });
});

describe('the version that has to answer', () => {
  const commit = '3f5a9c1d2e4b6a8f0c1d2e3f4a5b6c7d8e9f0a1b';
  const from = (text: string) => parsePlace(text);

  it('is found in a header, a JSON member, a meta tag or the text', async () => {
    for (const [headers, body] of [
      [{ 'x-version': '1.4.0' }, ''],
      [{ 'X-App-Version': 'v1.4.0' }, ''],
      [{}, '{"version":"1.4.0"}'],
      [{}, '<html><head><meta content="1.4.0" name="version"></head>'],
      [{}, 'shop v1.4.0, up for 3 days'],
    ] as const) {
      const server = await webServer((response) => response.writeHead(200, headers).end(body));
      expect(await look(server.url, { version: { value: '1.4.0', from: undefined } })).toBe('good: status 200');
      expect(await look(server.url, { version: { value: '1.4', from: undefined } })).toMatch(/^version: /);
    }
  });

  it('is named when it is another one', async () => {
    const server = await webServer((response) => {
      response.writeHead(200, { 'x-build': '77' }).end('{"build":{"commit":"3f5a9c1"},"text":"1.4.0"}');
    });
    const version = { value: '1.4.0' };
    expect(await look(server.url, { version: { ...version, from: from('header:x-build') } })).toBe(
      'version: status 200, version "77"',
    );
    expect(await look(server.url, { version: { ...version, from: from('json:build.commit') } })).toBe(
      'version: status 200, version "3f5a9c1"',
    );
    expect(await look(server.url, { version: { ...version, from: from('meta:version') } })).toBe(
      'version: status 200, no version said',
    );
    expect(await look(server.url, { version: { ...version, from: from('body') } })).toBe('good: status 200');
    expect(await look(server.url, { version: { value: commit, from: from('json:build.commit') } })).toBe(
      'good: status 200',
    );
  });
});

it('puts a path behind the path of the address', () => {
  expect(probeAddress('https://example.com', '/')).toBe('https://example.com/');
  expect(probeAddress('https://example.com/app/', '/healthz?full=1')).toBe('https://example.com/app/healthz?full=1');
  expect(probeAddress('https://example.com/app?key=1', '')).toBe('https://example.com/app?key=1');
  expect(probeAddress('https://example.com', '//evil.example')).toBe('https://example.com/evil.example');
  expect(probeAddress('https://user:password@example.com', '/')).toBeUndefined();
  expect(probeAddress('ftp://example.com', '/')).toBeUndefined();
});
