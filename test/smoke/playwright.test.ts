import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONFIG, playwrightProject, smoke, startSite } from './project.ts';

const SHOP = { '/': '<!doctype html><title>Shop</title><h1>Shop</h1><p id="price">12 EUR</p>' };

const TESTS = `import { expect, test } from '@playwright/test';
test('shows its name', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading')).toHaveText('Shop');
});
`;

const RED = `import { expect, test } from '@playwright/test';
test.describe('prices', () => {
  test('are in dollars', async ({ page }) => {
    await page.goto('/');
    await expect(page.locator('#price')).toHaveText('12 USD', { timeout: 500 });
  });
});
`;

const FLAKY = `import { expect, test } from '@playwright/test';
test('passes at its second try', async ({ page }, info) => {
  await page.goto('/');
  expect(info.retry).toBe(1);
});
`;

/** The configuration with other lines in it. */
const config = (...changes: readonly (readonly [string, string])[]) => {
  return changes.reduce((text, [from, to]) => text.replace(from, to), CONFIG);
};

describe('the project’s own tests', () => {
  it('are green against the address, with the browser that their Playwright has', async () => {
    const site = await startSite(SHOP);
    const workspace = await playwrightProject({ 'e2e/shop.spec.ts': TESTS });
    const step = await smoke({ workspace, url: site.url });
    expect(step.exitCode, step.log).toBe(0);
    expect(step.outputs).toMatchObject({ passed: 'true', failed: '0', flaky: '0', evidence: '', artifact: '' });
    expect(step.log).toMatch(/is tested by Playwright 1\.65\.\d+ with playwright\.config\.ts/);
    expect(step.log).toMatch(/browsers: chromium for Playwright .*, there already/);
    expect(JSON.parse(step.outputs['result'] ?? '')).toMatchObject({ kind: 'playwright', passed: 1, skipped: 0 });
    // The project's own reporters are there, too.
    expect(await readdir(join(workspace, 'playwright-report'))).toContain('index.html');
    expect((await readdir(workspace)).filter((name) => name.startsWith('.pipelines'))).toEqual([]);
  });

  it('that fail are red, each with its error on its line and what shows it', async () => {
    const site = await startSite(SHOP);
    const workspace = await playwrightProject({ 'e2e/shop.spec.ts': TESTS, 'e2e/prices.spec.ts': RED });
    const environment = {
      ...{ GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ID: '77' },
    };
    const step = await smoke({ workspace, url: site.url, inputs: { upload: 'always', retries: '1' }, environment });
    expect(step.exitCode).toBe(1);
    expect(step.outputs).toMatchObject({ passed: 'false', failed: '1', flaky: '0' });
    expect(step.outputs['failure']).toMatch(
      /^PIPE-SMOKE-009: 1 of 2 tests failed: \[chromium\] prices › are in dollars \(e2e\/prices\.spec\.ts:5\)/,
    );
    expect(step.log).toMatch(/::error title=smoke test,file=e2e\/prices\.spec\.ts,line=5::/);
    expect(step.log).toMatch(/Expected: "12 USD"/);
    const evidence = await readdir(step.outputs['evidence'] ?? '', { recursive: true });
    expect(evidence).toEqual(expect.arrayContaining(['html-report/index.html']));
    expect(
      evidence.filter((path) => /^tests\/1-prices-are-in-dollars\/.*\.(png|zip)$/.test(path)).length,
    ).toBeGreaterThan(1);
    expect(step.summary).toContain('trace.zip');
    const page = 'https://github.com/acme/shop/actions/runs/77#artifacts';
    expect(step.summary).toContain(`](${page})`);
    expect(step.log).toContain(`(${page}): tests/1-prices-are-in-dollars/`);
    const { failed } = JSON.parse(step.outputs['result'] ?? '') as { failed: { line: number; evidence: string[] }[] };
    expect(failed[0]).toMatchObject({ file: 'e2e/prices.spec.ts', line: 5 });
    expect(failed[0]?.evidence.every((path) => evidence.includes(path))).toBe(true);
  });

  it('have a trace of their failure where the configuration says nothing of traces', async () => {
    const site = await startSite(SHOP);
    const files = { 'playwright.config.ts': config(["trace: 'on-first-retry', ", '']), 'e2e/prices.spec.ts': RED };
    const workspace = await playwrightProject(files);
    const step = await smoke({ workspace, url: site.url, inputs: { upload: 'always' } });
    expect(step.summary).toContain('trace.zip');
  });

  it('that are flaky are listed, and red when there are more than max-flaky', async () => {
    const site = await startSite(SHOP);
    const workspace = await playwrightProject({ 'e2e/flaky.spec.ts': FLAKY });
    const allowed = await smoke({ workspace, url: site.url, inputs: { retries: '2' } });
    expect(allowed.exitCode, allowed.log).toBe(0);
    expect(allowed.outputs).toMatchObject({ passed: 'true', failed: '0', flaky: '1' });
    expect(allowed.log).toMatch(/::warning title=flaky.*,file=e2e\/flaky\.spec\.ts,line=4::/);
    expect(allowed.summary).toContain('passes at its second try');
    const refused = await smoke({ workspace, url: site.url, inputs: { retries: '2', 'max-flaky': '0' } });
    expect(refused.exitCode).toBe(1);
    expect(refused.outputs).toMatchObject({ passed: 'false', flaky: '1' });
    expect(refused.outputs['failure']).toMatch(/^PIPE-SMOKE-011: /);
  });

  it('are chosen by grep, project and shard', async () => {
    const site = await startSite(SHOP);
    const workspace = await playwrightProject({ 'e2e/shop.spec.ts': TESTS, 'e2e/prices.spec.ts': RED });
    const chosen = await smoke({ workspace, url: site.url, inputs: { grep: 'shows', project: 'chromium' } });
    expect(chosen.exitCode, chosen.log).toBe(0);
    const parts = [];
    for (const shard of ['1/2', '2/2']) parts.push(await smoke({ workspace, url: site.url, inputs: { shard } }));
    expect(parts.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);
    const none = await smoke({ workspace, url: site.url, inputs: { grep: 'no such test' } });
    expect(none.outputs['failure']).toMatch(/^PIPE-SMOKE-005: /);
    const unknown = await smoke({ workspace, url: site.url, inputs: { project: 'firefoxx' } });
    expect(unknown.outputs['failure']).toMatch(/^PIPE-SMOKE-005: .*firefoxx/);
  });

  it('are red when a file can not be loaded, when all are skipped, and when something around them fails', async () => {
    const site = await startSite(SHOP);
    const broken = await playwrightProject({ 'e2e/shop.spec.ts': "import './nothing';" });
    expect((await smoke({ workspace: broken, url: site.url })).outputs['failure']).toMatch(
      /^PIPE-SMOKE-005: .*nothing/,
    );
    const skipped = await playwrightProject({ 'e2e/shop.spec.ts': TESTS.replace("test('", "test.skip('") });
    expect((await smoke({ workspace: skipped, url: site.url })).outputs['failure']).toMatch(/^PIPE-SMOKE-015: /);
    const teardown = await playwrightProject({
      'e2e/shop.spec.ts': TESTS,
      'e2e/after.ts': "export default () => { throw new Error('nothing to clean'); };",
      'playwright.config.ts': config(["testDir: './e2e',", "testDir: './e2e', globalTeardown: './e2e/after.ts',"]),
    });
    expect((await smoke({ workspace: teardown, url: site.url })).outputs['failure']).toMatch(
      /^PIPE-SMOKE-012: .*nothing to clean/,
    );
  });

  it('are not run against another address than the one given', async () => {
    const site = await startSite(SHOP);
    const files = {
      'e2e/shop.spec.ts': TESTS,
      'playwright.config.ts': config([
        "process.env.PLAYWRIGHT_BASE_URL ?? 'http://localhost:3000'",
        "'http://localhost:3000'",
      ]),
    };
    const step = await smoke({ workspace: await playwrightProject(files), url: site.url });
    expect(step.outputs['failure']).toMatch(/^PIPE-SMOKE-016: .*localhost:3000/);
    expect(site.requests).toEqual([]);
    const without = { ...files, 'playwright.config.ts': config([/baseURL: .*?3000', /.exec(CONFIG)?.[0] ?? '', '']) };
    const named = await smoke({ workspace: await playwrightProject(without), url: site.url });
    expect(named.exitCode, named.log).toBe(0);
  });

  it('end when their time is up, with what was found until then', async () => {
    const site = await startSite(SHOP);
    const endless = "\ntest('never ends', async () => { test.setTimeout(0); await new Promise(() => undefined); });\n";
    const workspace = await playwrightProject({ 'e2e/shop.spec.ts': TESTS + endless });
    const step = await smoke({ workspace, url: site.url, inputs: { timeout: '25s' } });
    expect(step.outputs['failure']).toMatch(/^PIPE-SMOKE-008: .*25s: 1 of 2 passed/);
  });

  it('get headers and variables, and no token of the job; what they print of secrets is hidden', async () => {
    const site = await startSite({
      '/': (request, response) => {
        const isLetIn = request.headers['x-bypass'] === 'secretOfTheBypass';
        response.writeHead(isLetIn ? 200 : 403, { 'content-type': 'text/html' }).end(SHOP['/']);
      },
    });
    const spec = `import { expect, test } from '@playwright/test';
test('is let in', async ({ page }) => {
  console.log('password', process.env.E2E_PASSWORD, 'token', process.env.GITHUB_TOKEN, process.env.INPUT_HEADERS);
  expect(process.env.BASE_URL).toBe(process.env.PLAYWRIGHT_BASE_URL);
  expect(process.env.LOCALE).toBe('de');
  expect((await page.goto('/'))?.status()).toBe(200);
  throw new Error('with ' + process.env.E2E_PASSWORD);
});
`;
    const workspace = await playwrightProject({ 'e2e/shop.spec.ts': spec });
    const step = await smoke({
      workspace,
      url: site.url,
      inputs: {
        headers: 'x-bypass: secretOfTheBypass',
        env: 'LOCALE: de',
        'secret-env': 'E2E_PASSWORD: passwordOfTheTests',
        upload: 'always',
        retries: '1',
      },
      environment: { GITHUB_TOKEN: 'ghs_tokenOfTheRunnerThatNobodyMaySee' },
    });
    expect(step.exitCode).toBe(1);
    expect(step.log).toContain('password *** token undefined undefined');
    expect(step.log).toContain('with ***');
    const texts = `${step.shown}${step.summary}${JSON.stringify(step.outputs)}`;
    for (const secret of ['secretOfTheBypass', 'passwordOfTheTests', 'ghs_token']) expect(texts).not.toContain(secret);
    // The trace has both in it, and so has the HTML report: neither leaves the job, the picture does.
    expect(step.log).toMatch(/not for upload: .*trace\.zip: it contains a secret/);
    expect(step.log).toMatch(/not for upload: html-report\/index\.html: it contains a secret/);
    const files = await readdir(step.outputs['evidence'] ?? '', { recursive: true });
    expect(files.filter((path) => /\.(zip|html)$/.test(path))).toEqual([]);
    expect(files.some((path) => path.endsWith('.png'))).toBe(true);
    expect((await readdir(workspace)).filter((name) => name.startsWith('.pipelines'))).toEqual([]);
  });

  it('leave no evidence for upload in a public repository, and do in a private one', async () => {
    const site = await startSite(SHOP);
    const workspace = await playwrightProject({
      'e2e/prices.spec.ts': RED,
      'private.json': '{"repository":{"private":true}}',
      'public.json': '{"repository":{"private":false}}',
    });
    const run = (event: string) => {
      return smoke({ workspace, url: site.url, environment: { GITHUB_EVENT_PATH: join(workspace, event) } });
    };
    expect((await run('public.json')).outputs).toMatchObject({ evidence: '', artifact: '' });
    const step = await run('private.json');
    expect(await readFile(join(step.outputs['evidence'] ?? '', 'html-report/index.html'), 'utf8')).toContain('<html');
    expect(step.outputs['artifact']).toMatch(/^smoke-.*-[0-9a-f]{8}$/);
  });

  it('end with the run when it is cancelled, with nothing left in the project', async () => {
    const site = await startSite(SHOP);
    const endless =
      "import { test } from '@playwright/test';\ntest('never ends', async ({ page }) => { test.setTimeout(0); await page.goto('/'); await new Promise(() => undefined); });\n";
    const workspace = await playwrightProject({ 'e2e/shop.spec.ts': endless });
    const step = await smoke({
      workspace,
      url: site.url,
      inputs: { headers: 'x-bypass: secretOfTheBypass' },
      cancelWhen: /Running 1 test/,
    });
    expect(step.exitCode).not.toBe(0);
    expect(step.log).not.toContain('PIPE-INTERNAL');
    expect((await readdir(workspace)).filter((name) => name.startsWith('.pipelines'))).toEqual([]);
    expect(await readdir(step.temp)).toEqual([]);
  });
});
