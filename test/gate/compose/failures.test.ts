import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';
import { startServices } from '../../../src/gate/compose.ts';
import { PipelineError } from '../../../src/runtime/errors.ts';
import {
  docker,
  failureOf,
  freePort,
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
  it('which service is unhealthy, what its probe said and what it logged', async ({ expect }) => {
    const { options, said } = await given({
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
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-006', kind: 'project' });
    expect(String(failure)).toContain('service "db" is unhealthy');
    expect(String(failure)).toContain('said "not accepting connections"');
    expect(String(failure)).toContain('Given: its log ends with "no space left for the journal".');
    expect(String(failure)).toContain(TAKEN_DOWN);
    const log = said.slice(said.indexOf('What the services logged:') + 1).map((line) => line.trim());
    expect(log).toEqual([
      'db (unhealthy):',
      'no space left for the journal',
      'cache (running):',
      '(it printed nothing)',
    ]);
    expect(await leftOf(options.project)).toEqual([]);
  });

  it('which service has exited, with which status and its last lines', async ({ expect }) => {
    const { options } = await given({
      'compose.yaml': `
services:
  db: {image: ${IMAGE}, command: [sh, -c, "seq 1 5; echo cannot read its configuration >&2; exit 3"]}
  app: {${GOES_ON}, depends_on: {db: {condition: service_completed_successfully}}}
`,
    });
    const failure = await failureOf(startServices(options));
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-007', kind: 'project' });
    expect(String(failure)).toContain('service "db" exited with status 3');
    expect(String(failure)).toContain('"cannot read its configuration"');
    expect(String(failure)).toContain(TAKEN_DOWN);
    expect(await leftOf(options.project)).toEqual([]);
  });

  it('which service could not be started and why', async ({ expect }) => {
    const { options } = await given({
      'compose.yaml': `services:\n  db: {image: ${IMAGE}, command: [no-such-program]}\n`,
    });
    const failure = await failureOf(startServices(options));
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-007' });
    expect(String(failure)).toMatch(/service "db" could not be started: .*no-such-program/);
    expect(await leftOf(options.project)).toEqual([]);
  });

  it('which port is in use, by another program', async ({ expect }) => {
    const { port, close } = await listen();
    const { options } = await given({
      'compose.yaml': `services:\n  db: {${GOES_ON}, ports: ["127.0.0.1:${port}:5432"]}\n`,
    });
    const failure = await failureOf(startServices(options));
    await close();
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-008', kind: 'configuration' });
    expect(String(failure)).toContain(`port ${port} that the compose service "db" publishes is already in use`);
    expect(String(failure)).toContain(TAKEN_DOWN);
    expect(await leftOf(options.project)).toEqual([]);
  });

  it('which port is in use, by another container', async ({ expect }) => {
    const file = `services:\n  db: {${GOES_ON}, ports: ["127.0.0.1:${await freePort()}:5432"]}\n`;
    const [first, second] = await Promise.all([given({ 'compose.yaml': file }), given({ 'compose.yaml': file })]);
    const services = await startServices(first.options);
    const failure = await failureOf(startServices(second.options));
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-008' });
    expect(String(failure)).toMatch(/port \d+ that the compose service "db" publishes is already in use/);
    expect(await leftOf(second.options.project)).toEqual([]);
    expect(await leftOf(first.options.project)).not.toEqual([]);
    await services.stop();
  });

  it('that a container of that name is there already', async ({ expect }) => {
    const { options } = await given({});
    const name = `${options.project}-fixed`;
    await writeFile(options.file, `services:\n  db: {${GOES_ON}, container_name: ${name}}\n`);
    await docker('create', '--name', name, IMAGE, 'true');
    const failure = await failureOf(startServices(options));
    await docker('rm', name);
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-012', kind: 'configuration' });
    expect(String(failure)).toContain(`a container named "${name}"`);
    expect(await leftOf(options.project)).toEqual([]);
  });

  it.for([
    { status: 404, code: 'MANIFEST_UNKNOWN' },
    { status: 429, code: 'TOOMANYREQUESTS' },
    { status: 403, code: 'DENIED' },
  ])('which image the registry refuses with $status', async (answer, { expect }) => {
    const registry = await refusingRegistry(answer);
    const image = `${registry.host}/team/app:1`;
    const { options } = await given({
      'compose.yaml': `services:\n  app: {image: "${image}"}\n  db: {${GOES_ON}}\n`,
    });
    const failure = await failureOf(startServices(options));
    registry.close();
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-009', kind: 'outside', details: { status: answer.status } });
    expect(String(failure)).toContain(`"${image}" could not be pulled (the registry ${registry.host}: status`);
    expect(String(failure)).toContain(TAKEN_DOWN);
    expect(await leftOf(options.project)).toEqual([]);
  });

  it('that the registry does not answer', async ({ expect }) => {
    const image = `127.0.0.1:${await freePort()}/team/app:1`;
    const { options } = await given({ 'compose.yaml': `services:\n  app: {image: "${image}"}\n` });
    const failure = await failureOf(startServices(options));
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-009', kind: 'outside' });
    expect(String(failure)).toMatch(/could not be pulled \(the registry 127\.0\.0\.1:\d+: no answer, 1 try over/);
  });

  it('which step of a build failed', async ({ expect }) => {
    const { options, said } = await given({
      'compose.yaml': 'services:\n  app: {build: .}\n',
      Dockerfile: `FROM ${IMAGE}\nRUN echo the compiler is missing && exit 4\n`,
    });
    const failure = await failureOf(startServices(options));
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-010', kind: 'project' });
    expect(String(failure)).toContain('exit code: 4');
    expect(said.join('\n')).toContain('the compiler is missing');
  });

  it('which service was not ready in time, and what its probe said last', async ({ expect }) => {
    const { options } = await given(
      {
        'compose.yaml': `
services:
  db:
    image: ${IMAGE}
    stop_signal: SIGKILL
    command: [sleep, "600"]
    healthcheck: {test: [CMD, sh, -c, "echo replaying the journal; exit 1"], interval: 200ms, retries: 1000}
  loop: {image: ${IMAGE}, command: [sh, -c, "exit 5"], restart: always}
  cache: {${GOES_ON}}
`,
      },
      { timeout: 6_000 },
    );
    const failure = await failureOf(startServices(options));
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-011', kind: 'project' });
    expect(String(failure)).toContain('were not ready within 6s');
    expect(String(failure)).toMatch(/db \(running, not healthy yet: "replaying the journal"\)/);
    expect(String(failure)).toContain(TAKEN_DOWN);
    expect(await leftOf(options.project)).toEqual([]);
  });

  it('what compose says where none of these is the cause', async ({ expect }) => {
    const { options } = await given({
      'compose.yaml': `services:\n  db: {${GOES_ON}}\nnetworks: {default: {external: true, name: no-such-network}}\n`,
    });
    const failure = await failureOf(startServices(options));
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-013', kind: 'project' });
    expect(String(failure)).toMatch(/could not start .*no-such-network/);
    expect(await leftOf(options.project)).toEqual([]);
  });
});

describe.concurrent('a cancelled start leaves nothing behind', () => {
  const file = `
services:
  db:
    ${GOES_ON.replaceAll(', ', '\n    ').replace('[sleep\n    "600"]', '[sleep, "600"]')}
    healthcheck: {test: [CMD, "false"], interval: 500ms, retries: 1000}
    volumes: ["data:/data", /anonymous]
  cache: {${GOES_ON}, volumes: ["data:/data"]}
volumes: {data: {}}
`;

  it.for(['Starting the services', 'Network', 'Creating', 'Created', 'Started', 'Waiting'])(
    'when the signal comes at "%s"',
    async (moment, { expect }) => {
      const { options, said, cancellation } = await given({ 'compose.yaml': file });
      const say = (line: string) => {
        options.say(line);
        if (line.includes(moment)) cancellation.abort();
      };
      const failure = await failureOf(startServices({ ...options, say }));
      expect(said.join('\n')).toContain(moment);
      expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-014' });
      expect(String(failure)).toContain(TAKEN_DOWN);
      expect(await leftOf(options.project)).toEqual([]);
    },
  );

  it('when the signal was there before', async ({ expect }) => {
    const { options, cancellation } = await given({ 'compose.yaml': file });
    cancellation.abort();
    const failure = await failureOf(startServices(options));
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-014' });
    expect(String(failure)).toContain(NOTHING_STARTED);
    expect(await leftOf(options.project)).toEqual([]);
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
  ])('in the words of compose that the file is wrong: $what', async ({ file, words }, { expect }) => {
    const { options } = await given({ 'compose.yaml': file });
    const failure = await failureOf(startServices(options));
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-005', kind: 'configuration' });
    expect(String(failure)).toMatch(words);
    expect(String(failure)).toContain(NOTHING_STARTED);
    expect(String(failure)).not.toContain(`${options.workspace}/`);
  });

  it('that an image has no valid name', async ({ expect }) => {
    const { options } = await given({ 'compose.yaml': 'services:\n  db: {image: "App:${TAG}"}\n' });
    const failure = await failureOf(startServices(options));
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-005' });
    expect(String(failure)).toMatch(/invalid reference format/);
  });

  it('that the file is not there, or not in the workspace', async ({ expect }) => {
    const { options } = await given({});
    const outside = await temporaryFolder();
    await writeFile(join(outside, 'compose.yaml'), `services:\n  db: {${GOES_ON}}\n`);
    await symlink(join(outside, 'compose.yaml'), join(options.workspace, 'link.yaml'));
    const paths = ['compose.yaml', 'link.yaml', '../compose.yaml'].map((name) => join(options.workspace, name));
    for (const file of [...paths, join(outside, 'compose.yaml')]) {
      const failure = await failureOf(startServices({ ...options, file }));
      expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-004', kind: 'configuration' });
      expect(String(failure)).toContain(NOTHING_STARTED);
    }
  });

  it('that there is no Docker', async ({ expect }) => {
    const { options } = await given({ 'compose.yaml': '' });
    const failure = await failureOf(startServices({ ...options, environment: { PATH: '/nowhere' } }));
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-001', kind: 'configuration' });
  });

  it('that there is only the old docker-compose', async ({ expect }) => {
    const { options } = await given({ 'compose.yaml': '' });
    const folder = await temporaryFolder();
    // A plugin that can't describe itself stands for none, also on machines that have a good one elsewhere.
    await mkdir(join(folder, 'cli-plugins'));
    await writeFile(join(folder, 'cli-plugins/docker-compose'), '#!/bin/sh\nexit 1\n');
    await writeFile(join(folder, 'docker-compose'), '#!/bin/sh\necho 1.29.2\n');
    for (const name of ['cli-plugins/docker-compose', 'docker-compose']) await chmod(join(folder, name), 0o755);
    const step = stepEnvironment();
    const environment = { ...step, DOCKER_CONFIG: folder, PATH: `${folder}${delimiter}${step['PATH'] ?? ''}` };
    const failure = await failureOf(startServices({ ...options, environment }));
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-002', kind: 'configuration' });
    expect(String(failure)).toContain('only the separate program docker-compose "1.29.2" is there');
    expect(String(failure)).toContain(NOTHING_STARTED);
  });

  it('that the daemon does not answer', async ({ expect }) => {
    const { options } = await given({ 'compose.yaml': '' });
    const environment = { ...stepEnvironment(), DOCKER_HOST: `tcp://127.0.0.1:${await freePort()}` };
    const failure = await failureOf(startServices({ ...options, environment }));
    expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-003', kind: 'configuration' });
    expect(String(failure)).toMatch(/daemon can't be used: ".*127\.0\.0\.1/);
    expect(failure).toBeInstanceOf(PipelineError);
  });
});
