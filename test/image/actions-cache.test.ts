import { execFileSync } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { serveCache } from '../support/cache/serve.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { recordDocker } from './recorder.ts';
import { jobWith, useBuildKit } from './step.ts';

const buildkit = useBuildKit();
const FILES = {
  Dockerfile: 'FROM busybox:1\nCOPY a.txt /a\nRUN sha256sum /a > /sum\n',
  'a.txt': 'in the cache of GitHub',
};

/** GitHub's cache service, in the environment of a step. */
async function actionsCache(): Promise<Readonly<Record<string, string>>> {
  const service = await serveCache({ folder: await temporaryFolder() });
  onTestFinished(service.close);
  return service.environment;
}

const tokenOf = (environment: Readonly<Record<string, string>>) => environment['ACTIONS_RUNTIME_TOKEN'] ?? '';

function prune(): void {
  const env = { ...process.env, ...buildkit().environment };
  execFileSync('docker', ['buildx', 'prune', '--all', '--force'], { env, stdio: 'ignore' });
}

it('a build that is not pushed takes its layers from the cache of GitHub Actions, whose token is in no argument', async () => {
  const cache = await actionsCache();
  const job = await jobWith(buildkit(), FILES);
  const recorder = await recordDocker();
  const environment = { ...cache, ...recorder.environment };
  const first = await job.step({ environment });
  expect({ exitCode: first.exitCode, log: first.log }).toMatchObject({ exitCode: 0 });
  prune();
  const second = await job.step({ environment });
  expect(first.log).toMatch(/shop: .* 2 steps run, 0 cached/);
  expect(second.log).toMatch(/shop: .* 0 steps run, 2 cached/);
  expect(first.log + second.log).not.toContain('::warning');
  expect(await recorder.args()).not.toContain(tokenOf(cache));
});

it.for([
  ['is not there', () => ({ ACTIONS_RESULTS_URL: 'http://127.0.0.1:9/' })],
  ['refuses the token', (token: string) => ({ ACTIONS_RUNTIME_TOKEN: token.replace(/[^.]+$/, 'bm9ib2R5') })],
  ['has a token in another form', () => ({ ACTIONS_RUNTIME_TOKEN: 'token-of-another-form' })],
] as const)('a cache of GitHub Actions that %s costs time, never the build', async ([, change]) => {
  const cache = await actionsCache();
  const changes = change(tokenOf(cache));
  const job = await jobWith(buildkit(), { ...FILES, 'a.txt': JSON.stringify(changes) });
  const { exitCode, log } = await job.step({ environment: { ...cache, ...changes } });
  expect({ exitCode, log }).toMatchObject({ exitCode: 0 });
  expect(log).toContain('::warning::shop: a cache could not be used');
});
