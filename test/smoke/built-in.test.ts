import { readdir } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { closedPort } from '../runtime/web-server.ts';
import { startCloudProxy } from '../support/cloud-proxy.ts';
import { smoke, startSite } from './project.ts';

const PAGE = '<!doctype html><title>Shop</title><div id="root"></div><script src="/app.js"></script>';
const APP = 'document.getElementById("root").innerHTML = "<h1>Shop</h1><p>All that you need</p>";';
const QUICK = { retries: '0' };

describe('the built-in test of a page', () => {
  it('is green for an application that starts, and says that it is not the project’s own', async () => {
    const site = await startSite({ '/': PAGE, '/app.js': APP });
    const step = await smoke({ url: site.url, environment: { PLAYWRIGHT_BROWSERS_PATH: '/nonexistent' } });
    expect(step.exitCode, step.log).toBe(0);
    expect(step.outputs).toMatchObject({ passed: 'true', failed: '0', flaky: '0', evidence: '' });
    expect(step.log).toMatch(/::notice.*no smoke tests of its own/);
    expect(JSON.parse(step.outputs['result'] ?? '')).toMatchObject({ kind: 'built-in', passed: 4 });
  });

  it('is red for a bundle that is not there', async () => {
    const site = await startSite({ '/': PAGE });
    const step = await smoke({ url: site.url, inputs: QUICK });
    expect(step.exitCode).toBe(1);
    expect(step.outputs['failure']).toMatch(/^PIPE-SMOKE-013: /);
    expect(step.log).toContain('status 404: script');
    expect(step.log).toContain('#root stays empty');
  });

  it('is red for an application that throws at its start', async () => {
    const site = await startSite({ '/': `${PAGE}<p>Loading</p>`, '/app.js': 'throw new Error("no configuration");' });
    const step = await smoke({ url: site.url, inputs: QUICK });
    expect(step.exitCode).toBe(1);
    expect(step.log).toMatch(/uncaught: Error: no configuration \(.*app\.js:1\)/);
  });

  it('is red when a policy blocks what the page needs', async () => {
    const site = await startSite({
      '/': (_, response) => {
        const headers = { 'content-type': 'text/html', 'content-security-policy': "script-src 'none'" };
        response.writeHead(200, headers).end(`<h1>Shop</h1>${PAGE}`);
      },
      '/app.js': APP,
    });
    const step = await smoke({ url: site.url, inputs: QUICK });
    expect(step.exitCode).toBe(1);
    expect(step.log).toMatch(/blocked \(csp\)|blocked by a policy/);
  });

  it('is red for a root that stays empty without any error, and for a page where nothing is visible', async () => {
    const empty = await startSite({ '/': PAGE, '/app.js': '' });
    const blank = await startSite({ '/': '<!doctype html><title>Shop</title><p hidden>Shop</p>' });
    for (const { url } of [empty, blank]) {
      const step = await smoke({ url, inputs: { ...QUICK, timeout: '10s' } });
      expect(step.exitCode).toBe(1);
      expect(step.outputs).toMatchObject({ failed: '1' });
      expect(step.outputs['failure']).toContain('something is visible');
    }
  });

  it('is red for a page whose script is busy for ever, and ends', async () => {
    const site = await startSite({ '/': PAGE, '/app.js': `setTimeout(() => { for (;;); }, 50); ${APP}` });
    const step = await smoke({ url: site.url, inputs: { ...QUICK, timeout: '10s' } });
    expect(step.exitCode).toBe(1);
    expect(step.outputs['failure']).toContain('does not respond');
  });

  it('does not count what a visitor who is not signed in may not fetch, nor what counts visitors elsewhere', async () => {
    const elsewhere = await startSite({});
    const site = await startSite({
      '/': `${PAGE}<img src="${elsewhere.url}/pixel.gif" alt="">`,
      '/app.js': `${APP} fetch('/api/me');`,
      '/api/me': (_, response) => response.writeHead(401).end(),
    });
    const step = await smoke({ url: site.url, inputs: QUICK });
    expect(step.exitCode, step.log).toBe(0);
    expect(step.log).toMatch(/seen, not counted: status 401: fetch .*\/api\/me/);
    expect(step.log).toMatch(/seen, not counted: status 404: image/);
  });

  it('counts a failing request of the page’s own, unless it is to be ignored', async () => {
    const site = await startSite({
      '/': PAGE,
      '/app.js': `${APP} fetch('/api/products'); console.error('old browser');`,
    });
    const red = await smoke({ url: site.url, inputs: QUICK });
    expect(red.outputs).toMatchObject({ failed: '2' });
    expect(red.log).toContain('console: old browser');
    const green = await smoke({ url: site.url, inputs: { ...QUICK, ignore: '/api/products\nold browser' } });
    expect(green.exitCode, green.log).toBe(0);
    expect(green.log).toContain('seen, not counted: console: old browser');
  });

  it('calls a page flaky that needs a second visit', async () => {
    let count = 0;
    const site = await startSite({
      '/': PAGE,
      '/app.js': (_, response) => {
        count += 1;
        if (count === 1) response.writeHead(503).end();
        else response.writeHead(200, { 'content-type': 'text/javascript' }).end(APP);
      },
    });
    const step = await smoke({ url: site.url });
    expect(step.exitCode, step.log).toBe(0);
    expect(Number(step.outputs['flaky'])).toBeGreaterThan(0);
    expect(step.summary).toContain('flaky');
  });

  it('sends headers to the page’s own origin only, and never shows them', async () => {
    const elsewhere = await startSite({ '/lib.js': '' });
    const site = await startSite({
      '/': (request, response) => {
        const isLetIn = request.headers['x-bypass'] === 'secretOfTheBypass';
        response.writeHead(isLetIn ? 200 : 403, { 'content-type': 'text/html' });
        response.end(`${PAGE}<script src="${elsewhere.url}/lib.js"></script>`);
      },
      '/app.js': APP,
    });
    const step = await smoke({ url: site.url, inputs: { ...QUICK, headers: 'x-bypass: secretOfTheBypass' } });
    expect(step.exitCode, step.log).toBe(0);
    expect(elsewhere.requests.length).toBeGreaterThan(0);
    expect(elsewhere.requests.filter(({ headers }) => headers['x-bypass'] !== undefined)).toEqual([]);
    expect(`${step.shown}${step.summary}${JSON.stringify(step.outputs)}`).not.toContain('secretOfTheBypass');
  });

  it('keeps a picture and what it saw for upload when that is the wish', async () => {
    const site = await startSite({ '/': PAGE });
    const step = await smoke({ url: site.url, inputs: { ...QUICK, upload: 'always' } });
    const files = await readdir(step.outputs['evidence'] ?? '', { recursive: true });
    expect(files.filter((file) => file.endsWith('screenshot-1.png'))).toHaveLength(1);
    expect(files.filter((file) => file.endsWith('page-1.json'))).toHaveLength(1);
    expect(step.log).toContain(`evidence in the artifact ${step.outputs['artifact']}`);
  });

  it('goes through the proxy of the runner and trusts the authorities of NODE_EXTRA_CA_CERTS', async () => {
    const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Shop</h1>' };
    const clouds = await startCloudProxy({ 'shop.example.com': () => page });
    onTestFinished(() => clouds.stop());
    const step = await smoke({ url: 'https://shop.example.com', inputs: QUICK, environment: clouds.environment });
    expect(step.exitCode, step.log).toBe(0);
  });

  it('says what is missing where there is no browser', async () => {
    const site = await startSite({ '/': PAGE, '/app.js': APP });
    const environment = { PATH: '/nonexistent', PLAYWRIGHT_BROWSERS_PATH: '/nonexistent' };
    const step = await smoke({ url: site.url, environment });
    expect(step.outputs['failure']).toMatch(/^PIPE-SMOKE-017: /);
  });
});

describe('an address that is no page', () => {
  it('is tested by its answer only, and that is said', async () => {
    const site = await startSite({
      '/': (_, response) =>
        response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}'),
    });
    const step = await smoke({ url: site.url, environment: { PATH: '/nonexistent' } });
    expect(step.exitCode, step.log).toBe(0);
    expect(step.log).toContain('only the answer itself was tested');
  });

  it('is red when nothing answers there', async () => {
    const step = await smoke({ url: `http://127.0.0.1:${await closedPort()}`, inputs: { timeout: '10s' } });
    expect(step.outputs['failure']).toMatch(/^PIPE-SMOKE-013: .*connection refused/);
  });
});
