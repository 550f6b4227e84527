import { expect, it } from 'vitest';
import { asksFor, plannedDelivery } from '../../src/plan/delivery.ts';
import { ConfigurationError } from '../../src/runtime/errors.ts';

const PUSH = { event: 'push', ref: 'main' };
const CLOUD_RUN = {
  deploy: 'cloud-run',
  registry: 'europe-west1-docker.pkg.dev/acme/apps',
  region: 'europe-west1',
  service: 'api',
  environments: '{"main": "staging"}',
};

it.each([
  ['image', { registry: 'ghcr.io/acme' }, true],
  ['image', { image: 'platforms: linux/amd64' }, true],
  ['image', { registry: 'ghcr.io/acme', image: 'off' }, false],
  ['image', {}, false],
  ['migration', { migrate: 'timeout: 5m' }, true],
  ['migration', { migrate: 'off' }, false],
  ['python', { registry: 'ghcr.io/acme', migrate: 'timeout: 5m' }, false],
])('leaves %s to a job of its own with %o: %s', (subject, inputs: Record<string, string>, expected) => {
  expect(asksFor(subject, inputs)).toBe(expected);
});

it('promises the lines of a deployment, and says where it goes and why', () => {
  const delivery = plannedDelivery({ ...CLOUD_RUN, migrate: 'timeout: 5m' }, 'node-service', PUSH);
  expect(delivery).toEqual({
    lines: ['image', 'tag', 'migration', 'deployment', 'smoke', 'promotion'],
    decisions: [
      { subject: 'deployment', decision: 'cloud-run, environment staging', reason: '`environments` maps main' },
    ],
  });
});

it('deploys nothing from a branch that is not mapped, and says so', () => {
  const delivery = plannedDelivery(CLOUD_RUN, 'node-service', { event: 'push', ref: 'constructor' });
  expect(delivery.lines).toEqual(['image', 'tag']);
  expect(delivery.decisions).toEqual([
    { subject: 'deployment', decision: 'nothing is deployed', reason: '`environments` does not name constructor' },
  ]);
});

it.each(['pull_request', 'merge_group', 'workflow_dispatch', 'schedule'])('promises no delivery on %s', (event) => {
  expect(plannedDelivery(CLOUD_RUN, 'node-service', { event, ref: 'main' })).toEqual({ lines: [], decisions: [] });
});

it('promises a look at what is deployed by other means', () => {
  expect(plannedDelivery({ url: 'https://staging.example.com' }, 'node-service', PUSH).lines).toEqual(['smoke']);
  expect(plannedDelivery({ url: 'https://a.example', smoke: 'off' }, 'node-service', PUSH).lines).toEqual([]);
});

it.each([
  [{ deploy: 'cloudrun' }, ['PIPE-PLAN-020', 'PIPE-PLAN-022']],
  [{ deploy: 'vercel', environment: 'staging' }, ['PIPE-PLAN-020']],
  [{ ...CLOUD_RUN, environments: '' }, ['PIPE-PLAN-022']],
  [{ ...CLOUD_RUN, environment: 'production' }, ['PIPE-PLAN-022']],
  [{ ...CLOUD_RUN, environments: 'main: staging' }, ['PIPE-PLAN-023']],
  [{ ...CLOUD_RUN, environments: '{}' }, ['PIPE-PLAN-023']],
  [{ ...CLOUD_RUN, environments: '{"main": ["staging"]}' }, ['PIPE-PLAN-023']],
  [{ ...CLOUD_RUN, environments: '{"main": "../production"}' }, ['PIPE-PLAN-023']],
  [{ ...CLOUD_RUN, registry: '', region: '' }, ['PIPE-PLAN-024', 'PIPE-PLAN-024']],
  [{ ...CLOUD_RUN, image: 'off' }, ['PIPE-PLAN-024']],
  [{ ...CLOUD_RUN, url: 'https://a.example' }, ['PIPE-PLAN-025']],
  [{ url: 'ftp://a.example' }, ['PIPE-PLAN-025']],
])('refuses %o before anything runs', (inputs: Record<string, string>, codes) => {
  let refused: unknown;
  try {
    plannedDelivery(inputs, 'node-service', { event: 'pull_request', ref: '1/merge' });
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(ConfigurationError);
  expect((refused as ConfigurationError).faults.map(({ code }) => code)).toEqual(codes);
});

it('names the workflow that deploys to a target of another', () => {
  expect(() => plannedDelivery({ deploy: 'vercel', environment: 'staging' }, 'node-service', PUSH)).toThrow(
    /call `web-app\.yml`, which deploys to vercel/,
  );
});
