import { expect, it, onTestFinished } from 'vitest';
import { closedPort, statuses, webServer } from '../runtime/web-server.ts';
import { createAuthority, issueCertificate } from '../support/certificates.ts';
import { startCloudProxy } from '../support/cloud-proxy.ts';
import { secureServer } from './services.ts';
import { runAction } from './step.ts';

const QUICK = { interval: '100ms', timeout: '3s' };

const health = (inputs: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>> = {}) => {
  return runAction({ action: 'health', inputs: { ...QUICK, ...inputs }, environment });
};

it('is green when the service answers, with what it saw in one line', async () => {
  const server = await webServer(statuses(503, 503, 200));
  const step = await health({ url: server.url, path: '/healthz' });
  expect(step.exitCode, step.log).toBe(0);
  expect(step.outputs).toMatchObject({ healthy: 'true', attempts: '5' });
  expect(Number(step.outputs['latency-p95'])).toBeGreaterThanOrEqual(Number(step.outputs['latency-p50']));
  expect(step.log).toMatch(/\/healthz: healthy: 2 × status 503 \(.*\), 3 × status 200 \(.*\); p50 .*, p95 /);
  expect(step.summary).toBe('');
  expect(new Set(server.requests.map(({ path }) => path))).toEqual(new Set(['/healthz']));
});

it('is red with the code of what it saw last, and has outputs all the same', async () => {
  const server = await webServer(statuses(200, 500));
  const step = await health({ url: server.url, timeout: '2s' });
  expect(step.exitCode).toBe(1);
  expect(step.outputs).toMatchObject({ healthy: 'false', failure: expect.stringMatching(/^PIPE-HEALTH-002: /) });
  expect(step.outputs['latency-p50']).toBe('');
  expect(step.log).toMatch(/not healthy: 1 × status 200 \(at 0s\), \d+ × status 500/);
  expect(step.summary).toContain('PIPE-HEALTH-002');
  expect(step.summary).toContain('status 500');
});

it('has a code for each thing that can be wrong', async () => {
  const wrong = await webServer((response) => response.end('{"status":"down"}'));
  const away = await webServer((response) => response.writeHead(302, { location: 'https://login.example.com' }).end());
  const slow = await webServer((response) => void setTimeout(() => response.end(), 120));
  const refused = `http://127.0.0.1:${await closedPort()}`;
  const own = await secureServer(await issueCertificate(await createAuthority('strange'), ['localhost']));
  const short = { timeout: '2s' };
  const steps = await Promise.all([
    health({ ...short, url: wrong.url, json: 'status = ok' }),
    health({ ...short, url: wrong.url, version: '1.4.0' }),
    health({ ...short, url: away.url }),
    health({ ...short, url: own }),
    health({ ...short, url: refused }),
    health({ ...short, url: slow.url, consecutive: '100' }),
    health({ timeout: '4s', url: slow.url, 'max-latency': '50ms' }),
  ]);
  const codes = steps.map(({ outputs }) => (outputs['failure'] ?? '').slice(0, 15));
  expect(codes).toEqual([3, 4, 5, 6, 7, 8, 9].map((number) => `PIPE-HEALTH-00${number}`));
  expect(steps.map(({ exitCode }) => exitCode)).toEqual(steps.map(() => 1));
});

it('goes through the proxy, trusts NODE_EXTRA_CA_CERTS, and says when the proxy refuses', async () => {
  const clouds = await startCloudProxy({ 'shop.example.com': () => ({ status: 200, body: 'ok' }) });
  onTestFinished(() => clouds.stop());
  const through = await health({ url: 'https://shop.example.com' }, clouds.environment);
  expect(through.exitCode, through.log).toBe(0);
  expect(clouds.requests).toHaveLength(3);
  const refused = await health({ url: 'https://other.example.com', timeout: '2s' }, clouds.environment);
  expect(refused.outputs['failure']).toMatch(/^PIPE-HEALTH-010: /);
  const { NODE_EXTRA_CA_CERTS: _, ...proxyOnly } = clouds.environment;
  const untrusted = await health({ url: 'https://shop.example.com', timeout: '2s' }, proxyOnly);
  expect(untrusted.outputs['failure']).toMatch(/^PIPE-HEALTH-006: /);
});

it('never shows a header, not even when the service sends it back', async () => {
  const token = 'Bearer tokenThatNobodyMaySee';
  const server = await webServer((response, _, request) => {
    const { authorization = '' } = request.headers;
    response.writeHead(200).end(JSON.stringify({ who: authorization, version: authorization }));
  });
  const given = { url: server.url, headers: `authorization: |\n  ${token}\n`, timeout: '2s' };
  const step = await health({ ...given, json: 'who = nobody' });
  expect(step.exitCode).toBe(1);
  expect(server.requests[0]?.headers['authorization']).toBe(token);
  expect(step.log).toContain('***');
  for (const text of [step.shown, step.summary, JSON.stringify(step.outputs)]) {
    expect(text).not.toContain('tokenThatNobodyMaySee');
  }
  const version = await health({ ...given, version: '1.0.0' });
  expect(version.outputs['failure']).toContain('***');
});

it('refuses what can not be asked, before it asks', async () => {
  const wrong = await health({ url: 'example.com', status: '700', json: 'status', consecutive: '0' });
  expect(wrong.log.match(/PIPE-INPUT-001/g)?.length).toBeGreaterThanOrEqual(4);
  const step = await health({ url: 'http://127.0.0.1:99999' });
  expect(step.outputs['failure']).toMatch(/^PIPE-HEALTH-001: /);
  const broken = 'x-token: |\n  firstLineOfTheSecret\n  secondLineOfTheSecret';
  for (const inputs of [{ status: '299-200' }, { json: 'lag < soon' }, { headers: broken }]) {
    const refused = await health({ url: 'http://127.0.0.1', ...inputs });
    expect(refused.outputs['failure']).toMatch(/^PIPE-HEALTH-001: /);
  }
});
