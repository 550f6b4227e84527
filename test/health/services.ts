import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createNetServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ANY_SUCCESS, type Expectation } from '../../src/health/expectation.ts';
import type { ProbeWish } from '../../src/health/probe.ts';
import type { Environment } from '../../src/runtime/environment.ts';
import { createHttp, type HttpClient } from '../../src/runtime/http.ts';
import { requireOpenssl } from '../../tools/registry/install.ts';
import type { Certificate } from '../support/certificates.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';

/** A client as the action has it. */
export function client(environment: Environment = {}): HttpClient {
  const http = createHttp({ environment, service: 'The service', code: 'PIPE-HEALTH-007' });
  onTestFinished(() => http.close());
  return http;
}

/** A probe of an address that takes any success, unless something else is said. */
export function wishFor(url: string, expectation: Partial<Expectation> = {}, timeout = 5_000): ProbeWish {
  return { url, headers: {}, expectation: { ...ANY_SUCCESS, ...expectation }, timeout };
}

/** An HTTPS server on the loopback that says `ok`; its address uses the name `localhost`. */
export async function secureServer({ certificate, key }: Certificate): Promise<string> {
  const server = createSecureServer({ cert: certificate, key }, (_, response) => response.end('ok'));
  return `https://localhost:${await listening(server)}`;
}

/** A server below HTTP: what it does with a connection is the test's. */
export async function rawServer(answer: Parameters<typeof createNetServer>[1]): Promise<number> {
  return await listening(createNetServer(answer));
}

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => socket.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  return (server.address() as AddressInfo).port;
}

/** A self-signed certificate for `localhost`. */
export async function selfSigned(): Promise<Certificate> {
  const openssl = await requireOpenssl();
  const folder = await temporaryFolder();
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem'];
  run(openssl, ['req', '-x509', ...key, ...names, '-days', '1', '-out', 'certificate.pem'], folder);
  return await pairIn(folder);
}

/** A certificate for `localhost` by an authority, which was good until the day before yesterday. */
export async function expiredCertificate(authority: Certificate): Promise<Certificate> {
  const openssl = await requireOpenssl();
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'ca.pem': authority.certificate,
    'ca.key': authority.key,
    'index.txt': '',
    'ca.cnf':
      '[ca]\ndefault_ca = own\n[own]\ndatabase = index.txt\nnew_certs_dir = .\nrand_serial = yes\ndefault_md = sha256\npolicy = any\ncopy_extensions = copy\n[any]\ncommonName = supplied\n',
  });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  run(openssl, ['req', '-new', ...key, ...names, '-out', 'request.pem'], folder);
  const day = (days: number) =>
    `${new Date(Date.now() - days * 86_400_000).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  const time = ['-startdate', day(9), '-enddate', day(2)];
  const files = ['-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-in', 'request.pem'];
  run(openssl, ['ca', '-batch', '-notext', ...files, ...time, '-out', 'certificate.pem'], folder);
  return await pairIn(folder);
}

function run(program: string, args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(program, [...args], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args[0]} ended with ${status}: ${stderr}`);
}

async function pairIn(folder: string): Promise<Certificate> {
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  return { certificate: await read('certificate.pem'), key: await read('key.pem') };
}
