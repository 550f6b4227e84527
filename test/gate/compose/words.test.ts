import { expect, it } from 'vitest';
import type { Container } from '../../../src/gate/compose-containers.ts';
import { type FailedStart, registryOf, startFailure } from '../../../src/gate/compose-failures.ts';

const failedStart: FailedStart = {
  file: { file: '/repository/compose.yaml', name: 'compose.yaml', services: [] },
  containers: [],
  logs: new Map(),
  lines: [],
  missingImages: [],
  endedBy: 'itself',
  elapsed: 1_000,
  timeout: 60_000,
};

const created: Container = {
  id: '1',
  name: 'project-db-1',
  service: 'db',
  status: 'created',
  exitCode: 128,
  isOutOfMemory: false,
  startError: '',
  restarts: 0,
  health: '',
  lastProbe: '',
};

// How versions of Docker say it; the machine that runs the tests has only one of them.
const ENDPOINT = 'driver failed programming external connectivity on endpoint project-db-1 (7b6633f25e44)';

it.each([
  `${ENDPOINT}: Error starting userland proxy: listen tcp4 127.0.0.1:5432: bind: address already in use`,
  `${ENDPOINT}: Bind for 0.0.0.0:5432 failed: port is already allocated`,
  `failed to set up container networking: ${ENDPOINT}: Bind for :::5432 failed: port is already allocated`,
  `failed to set up container networking: ${ENDPOINT}: failed to bind host port for 0.0.0.0:5432:172.18.0.2:80/tcp: address already in use`,
  `failed to set up container networking: ${ENDPOINT}: failed to bind host port [::]:5432/tcp: address already in use`,
  'Ports are not available: exposing port TCP 0.0.0.0:5432 -> 127.0.0.1:0: listen tcp 0.0.0.0:5432: bind: address already in use',
])('names the port in use from what Docker says: %s', (words) => {
  const byContainer = startFailure({ ...failedStart, containers: [{ ...created, startError: words }] }, 'gone');
  expect(byContainer.message).toMatch(/^PIPE-COMPOSE-008: port 5432 that the compose service "db" publishes/);
  const byCompose = startFailure({ ...failedStart, lines: [`Error response from daemon: ${words}`] }, 'gone');
  expect(byCompose.message).toMatch(/^PIPE-COMPOSE-008: port 5432 that a compose service publishes/);
});

it.each([
  ['manifest for postgres:99 not found: manifest unknown: manifest unknown', 404],
  ['failed to resolve reference "docker.io/library/postgres:99": docker.io/library/postgres:99: not found', 404],
  [`pull access denied for acme/app, repository does not exist or may require 'docker login'`, 403],
  ['error from registry: unauthorized: authentication required', 401],
  ['toomanyrequests: You have reached your pull rate limit', 429],
  ['manifest for 127.0.0.1:42973/team/app:1 not found: manifest unknown: refused', 404],
  ['Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host', undefined],
  ['Head "https://ghcr.io/v2/acme/app/manifests/1": net/http: TLS handshake timeout', undefined],
])('takes a failed pull for a fault outside: %s', (words, status) => {
  const lines = ['app Pulling', `Error response from daemon: ${words}`];
  const failure = startFailure({ ...failedStart, lines, missingImages: ['postgres:99'] }, 'gone');
  expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-009', kind: 'outside' });
  expect(failure).toHaveProperty('details.service', 'the registry docker.io');
  expect(Reflect.get(failure, 'details').status).toBe(status);
});

it.each([
  'failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2',
  "The command '/bin/sh -c make' returned a non-zero code: 2",
  'target app: failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory',
])("takes a failed build for the project's own failure: %s", (words) => {
  const failure = startFailure({ ...failedStart, lines: [words] }, 'gone');
  expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-010', kind: 'project' });
});

it.each([
  ['postgres:17', 'docker.io'],
  ['acme/app', 'docker.io'],
  ['ghcr.io/acme/app:1', 'ghcr.io'],
  ['localhost/app', 'localhost'],
  ['registry:5000/app@sha256:00', 'registry:5000'],
])('knows the registry of %s', (image, registry) => {
  expect(registryOf(image)).toBe(registry);
});

it('shows a container that was killed for its memory', () => {
  const killed = { ...created, status: 'exited', exitCode: 137, isOutOfMemory: true };
  expect(startFailure({ ...failedStart, containers: [killed] }, 'gone').message).toContain(
    'service "db" exited with status 137, out of memory before the tests. Given: an empty log.',
  );
});

it('shows a service that its restart policy starts over and over', () => {
  const looping = { ...created, status: 'restarting', exitCode: 5, restarts: 6 };
  const failure = startFailure({ ...failedStart, endedBy: 'timeout', containers: [looping] }, 'gone');
  expect(failure.message).toMatch(/^PIPE-COMPOSE-011: .* were not ready within 1m\. /);
  expect(failure.message).toContain('still waiting for db (restarting, started 7 times, its last exit status 5)');
});

it('says that images were still being pulled when the time was over', () => {
  const lines = [' db Pulling', ' 31e352740f53 Downloading'];
  const failure = startFailure({ ...failedStart, endedBy: 'timeout', lines }, 'gone');
  expect(failure.message).toContain('images were still being pulled or built; compose said last "31e352740f53');
});
