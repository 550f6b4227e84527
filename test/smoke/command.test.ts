import { describe, expect, it } from 'vitest';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';
import { CONFIG, playwrightProject, smoke, startSite } from './project.ts';

const ASKS = `const url = process.env.PLAYWRIGHT_BASE_URL;
const answer = await fetch(url);
console.log('asked', url, answer.status, process.env.GITHUB_TOKEN);
process.exit(answer.ok ? 0 : 3);
`;

const TESTS = `import { expect, test } from '@playwright/test';
test('answers', async ({ request }) => {
  expect((await request.get('/')).status()).toBe(200);
});
test('has prices', async ({ request }) => {
  expect((await request.get('/prices')).status()).toBe(200);
});
`;

async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return folder;
}

describe('a command', () => {
  it('is judged by its exit status, and counts nothing that it does not say', async () => {
    const site = await startSite({ '/': 'ok' });
    const workspace = await project({ 'ask.mjs': ASKS });
    const environment = { GITHUB_TOKEN: 'ghs_tokenOfTheRunnerThatNobodyMaySee' };
    const green = await smoke({ workspace, url: site.url, inputs: { command: 'node ask.mjs' }, environment });
    expect(green.exitCode, green.log).toBe(0);
    expect(green.outputs).toMatchObject({ passed: 'true', failed: '', flaky: '' });
    expect(green.log).toContain(`asked ${site.url} 200 undefined`);
    const red = await smoke({ workspace, url: `${site.url}/nothing`, inputs: { command: 'node ask.mjs' } });
    expect(red.outputs).toMatchObject({
      passed: 'false',
      failure: expect.stringMatching(/^PIPE-SMOKE-012: .*status 3/),
    });
  });

  it('that starts Playwright is counted like Playwright', async () => {
    const site = await startSite({ '/': 'ok' });
    const workspace = await playwrightProject({ 'e2e/api.spec.ts': TESTS });
    const command = 'playwright test';
    const step = await smoke({ workspace, url: site.url, inputs: { command } });
    expect(step.outputs).toMatchObject({ passed: 'false', failed: '1', flaky: '0' });
    expect(step.outputs['failure']).toMatch(
      /^PIPE-SMOKE-009: 1 of 2 tests failed: .*has prices \(e2e\/api\.spec\.ts:6\)/,
    );
  });

  it('ends with everything that it started when its time is up', async () => {
    const site = await startSite({ '/': 'ok' });
    const workspace = await project({ 'wait.mjs': 'setInterval(() => undefined, 1_000);' });
    const inputs = { command: 'node wait.mjs', timeout: '10s' };
    const step = await smoke({ workspace, url: site.url, inputs });
    expect(step.outputs['failure']).toMatch(/^PIPE-SMOKE-008: .*10s/);
  });

  it('that needs a shell, or stands beside inputs of Playwright, is refused', async () => {
    const site = await startSite({});
    const workspace = await project({});
    const shell = await smoke({ workspace, url: site.url, inputs: { command: 'a && b' } });
    expect(shell.outputs['failure']).toMatch(/^PIPE-SMOKE-003: /);
    const both = await smoke({ workspace, url: site.url, inputs: { command: 'a', grep: 'x', retries: '1' } });
    expect(both.outputs['failure']).toMatch(/^PIPE-SMOKE-004: `grep`, `retries`/);
    expect(site.requests).toEqual([]);
  });
});

describe('what is run', () => {
  it('is the script test:e2e by the project’s package manager where there is no configuration of Playwright', async () => {
    const site = await startSite({ '/': 'ok' });
    const workspace = await project({
      'package.json': JSON.stringify({ name: 'shop', private: true, scripts: { 'test:e2e': 'node ask.mjs' } }),
      'package-lock.json': '{}',
      'ask.mjs': ASKS,
    });
    const step = await smoke({ workspace, url: site.url });
    expect(step.exitCode, step.log).toBe(0);
    expect(step.log).toContain('npm run test:e2e (the script `test:e2e` of package.json)');
    expect(step.log).toContain(`asked ${site.url} 200`);
  });

  it('is nothing when Playwright is not installed, or the configuration is not there', async () => {
    const site = await startSite({});
    const workspace = await project({ 'playwright.config.ts': CONFIG });
    expect((await smoke({ workspace, url: site.url })).outputs['failure']).toMatch(/^PIPE-SMOKE-002: /);
    const named = await smoke({ workspace, url: site.url, inputs: { config: 'e2e/playwright.config.ts' } });
    expect(named.outputs['failure']).toMatch(/^PIPE-SMOKE-001: /);
    const outside = await smoke({ workspace, url: site.url, inputs: { config: '../playwright.config.ts' } });
    expect(outside.outputs['failure']).toMatch(/^PIPE-SMOKE-001: /);
    const address = await smoke({ workspace, url: 'http://127.0.0.1:99999' });
    expect(address.outputs['failure']).toMatch(/^PIPE-SMOKE-014: /);
  });

  it('is found from the root of a monorepo, too, where packages lie above', async () => {
    const site = await startSite({ '/': 'ok', '/prices': 'ok' });
    const workspace = await playwrightProject({
      'apps/web/playwright.config.ts': CONFIG,
      'apps/web/e2e/api.spec.ts': TESTS,
    });
    const step = await smoke({ workspace, url: site.url, inputs: { 'working-directory': 'apps/web' } });
    expect(step.exitCode, step.log).toBe(0);
    expect(JSON.parse(step.outputs['result'] ?? '')).toMatchObject({ passed: 2 });
  });

  it('is believed only as far as its report is one', async () => {
    const site = await startSite({ '/': 'ok' });
    const lie = "import { writeFileSync } from 'node:fs'; writeFileSync(process.env.PIPELINES_SMOKE_REPORT, '[]');";
    const workspace = await project({ 'lie.mjs': lie });
    const step = await smoke({ workspace, url: site.url, inputs: { command: 'node lie.mjs' } });
    expect(step.outputs['failure']).toMatch(/^PIPE-SMOKE-006: /);
  });
});
