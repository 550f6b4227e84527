import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';
import { startServices } from '../../../src/gate/compose.ts';
import { PipelineError } from '../../../src/runtime/errors.ts';
import {
  docker,
  failureOf,
  given,
  IMAGE,
  leftOf,
  listen,
  stepEnvironment,
  temporaryFolder,
  useDocker,
} from './docker.ts';
import { refusingRegistry } from './registry.ts';

useDocker();

const TAKEN_DOWN = 'State: everything that was started has been taken down.';
const NOTHING_STARTED = 'State: nothing was started.';
const GOES_ON = `image: ${IMAGE}, stop_signal: SIGKILL, command: [sleep, "600"]`;

describe.concurrent('a start that fails takes everything down and says', () => {
  it('which service is unhealthy, what its probe said and what it logged', async (test) => {
    const { options, said } = await given(test, {
      'compose.yaml': `
services:
  cache: {${GOES_ON}}
  db:
    image: ${IMAGE}
    stop_signal: SIGKILL
    command: [sh, -c, "echo no space left for the journal; exec sleep 600"]
    healthcheck: {test: [CMD, sh, -c, "echo not accepting connections; exit 1"], interval: 200ms, retries: 2}
    volumes: ["data:/data"]
volumes: {data: {}}
`,
    });
    const failure = await failureOf(startServices(options));
    test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-006', kind: 'project' });
    test.expect(String(failure)).toContain('service "db" is unhealthy');
    test.expect(String(failure)).toContain('said "not accepting connections"');
    test.expect(String(failure)).toContain('Given: its log ends with "no space left for the journal".');
    test.expect(String(failure)).toContain(TAKEN_DOWN);
    const log = said.slice(said.indexOf('What the services logged:') + 1).map((line) => line.trim());
    test
      .expect(log)
      .toEqual(['db (unhealthy):', 'no space left for the journal', 'cache (running):', '(it printed nothing)']);
    test.expect(await leftOf(options.project)).toEqual([]);
  });

  it('which service has exited, with which status and its last lines', async (test) => {
    const { options } = await given(test, {
      'compose.yaml': `
services:
  db: {image: ${IMAGE}, command: [sh, -c, "seq 1 5; sleep 0.1; echo cannot read its configuration >&2; exit 3"]}
  app: {${GOES_ON}, depends_on: {db: {condition: service_completed_successfully}}}
`,
    });
    const failure = await failureOf(startServices(options));
    test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-007', kind: 'project' });
    test.expect(String(failure)).toContain('service "db" exited with status 3');
    test.expect(String(failure)).toContain('"cannot read its configuration"');
    test.expect(String(failure)).toContain(TAKEN_DOWN);
    test.expect(await leftOf(options.project)).toEqual([]);
  });

  it('which service could not be started and why', async (test) => {
    const { options } = await given(test, {
      'compose.yaml': `services:\n  db: {image: ${IMAGE}, command: [no-such-program]}\n`,
    });
    const failure = await failureOf(startServices(options));
    test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-007' });
    test.expect(String(failure)).toMatch(/service "db" could not be started: .*no-such-program/);
    test.expect(await leftOf(options.project)).toEqual([]);
  });

  it('which port is in use, by another program', async (test) => {
    const { port, close } = await listen();
    const { options } = await given(test, {
      'compose.yaml': `services:\n  db: {${GOES_ON}, ports: ["127.0.0.1:${port}:5432"]}\n`,
    });
    const failure = await failureOf(startServices(options));
    await close();
    test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-008', kind: 'configuration' });
    test.expect(String(failure)).toContain(`port ${port} that the compose service "db" publishes is already in use`);
    test.expect(String(failure)).toContain(TAKEN_DOWN);
    test.expect(await leftOf(options.project)).toEqual([]);
  });

  it('which port is in use, by another container', async (test) => {
    const file = (port: string) => `services:\n  db: {${GOES_ON}, ports: ["127.0.0.1:${port}:5432"]}\n`;
    const first = await given(test, { 'compose.yaml': file('') });
    const services = await startServices(first.options);
    const published = await docker('port', `${first.options.project}-db-1`, '5432');
    const second = await given(test, { 'compose.yaml': file(published.split(':').at(-1) ?? '') });
    const failure = await failureOf(startServices(second.options));
    test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-008' });
    test.expect(String(failure)).toMatch(/port \d+ that the compose service "db" publishes is already in use/);
    test.expect(await leftOf(second.options.project)).toEqual([]);
    test.expect(await leftOf(first.options.project)).not.toEqual([]);
    await services.stop();
  });

  it('that a container of that name is there already', async (test) => {
    const { options } = await given(test, {});
    const name = `${options.project}-fixed`;
    await writeFile(options.file, `services:\n  db: {${GOES_ON}, container_name: ${name}}\n`);
    await docker('create', '--name', name, IMAGE, 'true');
    const failure = await failureOf(startServices(options));
    await docker('rm', name);
    test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-012', kind: 'configuration' });
    test.expect(String(failure)).toContain(`a container named "${name}"`);
    test.expect(await leftOf(options.project)).toEqual([]);
  });

  it.for([
    { status: 404, code: 'MANIFEST_UNKNOWN' },
    { status: 429, code: 'TOOMANYREQUESTS' },
    { status: 403, code: 'DENIED' },
  ])('which image the registry refuses with $status', async (answer, test) => {
    const registry = await refusingRegistry(answer);
    const image = `${registry.host}/team/app:1`;
    const { options } = await given(test, {
      'compose.yaml': `services:\n  app: {image: "${image}"}\n  db: {${GOES_ON}}\n`,
    });
    const failure = await failureOf(startServices(options));
    registry.close();
    test
      .expect(failure)
      .toMatchObject({ code: 'PIPE-COMPOSE-009', kind: 'outside', details: { status: answer.status } });
    test.expect(String(failure)).toContain(`"${image}" could not be pulled (the registry ${registry.host}: status`);
    test.expect(String(failure)).toContain(TAKEN_DOWN);
    test.expect(await leftOf(options.project)).toEqual([]);
  });

  it('that the registry does not answer', async (test) => {
    // Nothing has listened on port 1 (tcpmux) for decades.
    const image = '127.0.0.1:1/team/app:1';
    const { options } = await given(test, { 'compose.yaml': `services:\n  app: {image: "${image}"}\n` });
    const failure = await failureOf(startServices(options));
    test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-009', kind: 'outside' });
    test.expect(String(failure)).toMatch(/could not be pulled \(the registry 127\.0\.0\.1:1: no answer, 1 try over/);
  });

  it('which step of a build failed', async (test) => {
    const { options, said } = await given(test, {
      'compose.yaml': 'services:\n  app: {build: .}\n',
      Dockerfile: `FROM ${IMAGE}\nRUN echo the compiler is missing && exit 4\n`,
    });
    const failure = await failureOf(startServices(options));
    test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-010', kind: 'project' });
    test.expect(String(failure)).toMatch(/code: 4/);
    test.expect(said.join('\n')).toContain('the compiler is missing');
  });

  it('which service was not ready in time, and what its probe said last', async (test) => {
    const { options } = await given(
      test,
      {
        'compose.yaml': `
services:
  db:
    image: ${IMAGE}
    stop_signal: SIGKILL
    command: [sh, -c, "sleep 20; echo > /ready; exec sleep 600"]
    healthcheck: {test: [CMD, sh, -c, "echo replaying the journal; test -e /ready"], interval: 300ms, retries: 1000}
  cache: {${GOES_ON}}
`,
      },
      { timeout: 6_000 },
    );
    const failure = await failureOf(startServices(options));
    test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-011', kind: 'project' });
    test.expect(String(failure)).toContain('were not ready within 6s');
    test.expect(String(failure)).toMatch(/db \(running, not healthy yet: "replaying the journal"\)/);
    test.expect(String(failure)).toContain(TAKEN_DOWN);
    test.expect(await leftOf(options.project)).toEqual([]);
  });

  it('what compose says where none of these is the cause', async (test) => {
    const { options } = await given(test, {
      'compose.yaml': `services:\n  db: {${GOES_ON}}\nnetworks: {default: {external: true, name: no-such-network}}\n`,
    });
    const failure = await failureOf(startServices(options));
    test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-013', kind: 'project' });
    test.expect(String(failure)).toMatch(/could not start .*no-such-network/);
    test.expect(await leftOf(options.project)).toEqual([]);
  });
});

describe.concurrent('before anything is started it says', () => {
  it.for([
    { what: 'broken YAML', file: 'services: [', words: /line 1|yaml/ },
    { what: 'an unknown key', file: 'services:\n  db: {imag: x}\n', words: /imag/ },
    { what: 'a required variable', file: 'services:\n  db: {image: "${TAG:?which tag}"}\n', words: /which tag/ },
    { what: 'no file at all', file: '', words: /empty/ },
    { what: 'profiles only', file: `services:\n  db: {image: x, profiles: [manual]}\n`, words: /no service/ },
    { what: 'a missing include', file: 'include: [other.yaml]\n', words: /other\.yaml/ },
  ])('in the words of compose that the file is wrong: $what', async ({ file, words }, test) => {
    const { options } = await given(test, { 'compose.yaml': file });
    const failure = await failureOf(startServices(options));
    test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-005', kind: 'configuration' });
    test.expect(String(failure)).toMatch(words);
    test.expect(String(failure)).toContain(NOTHING_STARTED);
    test.expect(String(failure)).not.toContain(`${options.workspace}/`);
  });

  it('that an image has no valid name', async (test) => {
    const { options } = await given(test, { 'compose.yaml': 'services:\n  db: {image: "App:${TAG}"}\n' });
    const failure = await failureOf(startServices(options));
    test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-005' });
    test.expect(String(failure)).toMatch(/invalid reference format/);
  });

  it('that the file is not there, or not in the workspace', async (test) => {
    const { options } = await given(test, {});
    const outside = await temporaryFolder(test);
    await writeFile(join(outside, 'compose.yaml'), `services:\n  db: {${GOES_ON}}\n`);
    await symlink(join(outside, 'compose.yaml'), join(options.workspace, 'link.yaml'));
    const paths = ['compose.yaml', 'link.yaml', '../compose.yaml'].map((name) => join(options.workspace, name));
    for (const file of [...paths, join(outside, 'compose.yaml')]) {
      const failure = await failureOf(startServices({ ...options, file }));
      test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-004', kind: 'configuration' });
      test.expect(String(failure)).toContain(NOTHING_STARTED);
    }
  });

  it('that there is no Docker', async (test) => {
    const { options } = await given(test, { 'compose.yaml': '' });
    const failure = await failureOf(startServices({ ...options, environment: { PATH: '/nowhere' } }));
    test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-001', kind: 'configuration' });
  });

  it('that there is only the old docker-compose', async (test) => {
    const { options } = await given(test, { 'compose.yaml': '' });
    const folder = await temporaryFolder(test);
    // A plugin that can't describe itself stands for none, also on machines that have a good one elsewhere.
    await mkdir(join(folder, 'cli-plugins'));
    await writeFile(join(folder, 'cli-plugins/docker-compose'), '#!/bin/sh\nexit 1\n');
    await writeFile(join(folder, 'docker-compose'), '#!/bin/sh\necho 1.29.2\n');
    for (const name of ['cli-plugins/docker-compose', 'docker-compose']) await chmod(join(folder, name), 0o755);
    const step = stepEnvironment();
    const environment = { ...step, DOCKER_CONFIG: folder, PATH: `${folder}${delimiter}${step['PATH'] ?? ''}` };
    const failure = await failureOf(startServices({ ...options, environment }));
    test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-002', kind: 'configuration' });
    test.expect(String(failure)).toContain('only the separate program docker-compose "1.29.2" is there');
    test.expect(String(failure)).toContain(NOTHING_STARTED);
  });

  it('that the daemon does not answer', async (test) => {
    const { options } = await given(test, { 'compose.yaml': '' });
    const environment = { ...stepEnvironment(), DOCKER_HOST: 'tcp://127.0.0.1:1' };
    const failure = await failureOf(startServices({ ...options, environment }));
    test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-003', kind: 'configuration' });
    test.expect(String(failure)).toMatch(/daemon can't be used: ".*127\.0\.0\.1/);
    test.expect(failure).toBeInstanceOf(PipelineError);
  });
});
