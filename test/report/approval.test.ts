import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { job } from './needs-context.ts';
import { type Outcome, runReport } from './run-report.ts';

const NEEDS = {
  verify: job('success'),
  deploy: job('success', { release: 'cloud-run://acme/europe-west1/api/r2' }),
};

/** The report of a release for which GitHub answers so to the question who approved it. */
async function report(status: number, body: unknown): Promise<Outcome> {
  const server = createServer((request, response) => {
    const isAsked = request.url === '/repos/acme/shop/actions/runs/1001/approvals';
    response.writeHead(isAsked ? status : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isAsked ? body : { message: 'Not Found' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const environment = { GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  return await runReport({ needs: NEEDS, inputs: { 'github-token': 'ghs_of-the-job' }, environment });
}

test('says who agreed to a release by hand', async () => {
  const review = {
    state: 'approved',
    comment: 'go',
    user: { login: 'octocat' },
    environments: [{ name: 'production' }],
  };
  expect((await report(200, [review])).summary).toMatch(/\| approval \| ✅\sdone \| octocat approved production/);
});

test('says that nobody was asked', async () => {
  const { summary, exitCode } = await report(200, []);
  expect(summary).toMatch(/approval.*\| ⚪\snot\sconfigured/);
  expect(exitCode).toBe(0);
});

test('says why it is not known, and is no less green', async () => {
  const { summary, exitCode } = await report(403, { message: 'Resource not accessible by integration' });
  expect(summary).toMatch(/\| approval \| ⚠️\snot\schecked \|/);
  expect(exitCode).toBe(0);
});
