import { rm, writeFile } from 'node:fs/promises';
import { describe, it } from 'vitest';
import { projectName, startServices, takeDown } from '../../../src/gate/compose.ts';
import { ensureDocker } from '../../../tools/docker/install.ts';
import { docker, given, IMAGE, leftOf, stepEnvironment, useDocker, webService } from './docker.ts';

useDocker();

describe.concurrent('compose services', () => {
  it('are healthy when the start returns: what they publish answers at the first request', async (test) => {
    const { options, said } = await given(test, { 'compose.yaml': `services:\n  web:${webService}\n` });
    const services = await startServices(options);
    const answer = await fetch(`http://${await docker('port', `${options.project}-web-1`, '8080')}/`);
    test.expect(await answer.text()).toBe('hello\n');
    test.expect(said[0]).toContain(`Starting the services of compose.yaml as ${options.project}: web`);
    test.expect(said.at(-1)).toMatch(/^Ready after .*: web \(healthy\)$/);
    await services.stop();
  });

  it('leave no container, network or volume behind, and a second stop is harmless', async (test) => {
    const { options } = await given(test, {
      'compose.yaml': `
services:
  db:
    image: ${IMAGE}
    stop_signal: SIGKILL
    command: [sleep, "600"]
    volumes: ["data:/data", /anonymous]
volumes: {data: {}}
`,
    });
    const services = await startServices(options);
    const [container = ''] = (await docker('ps', '--quiet', '--filter', `name=${options.project}`)).split('\n');
    const mounts = await docker('inspect', '--format', '{{range .Mounts}}{{.Name}} {{end}}', container);
    const volumes = mounts.trim().split(' ');
    test.expect(volumes).toHaveLength(2);
    test.expect(await leftOf(options.project)).not.toEqual([]);
    await Promise.all([services.stop(), services.stop()]);
    await services.stop();
    test.expect(await leftOf(options.project)).toEqual([]);
    const existing = (await docker('volume', 'ls', '--quiet')).split('\n');
    test.expect(existing.filter((name) => volumes.includes(name))).toEqual([]);
    test.expect(await services.logs()).toBe('');
  });

  it('of two calls with the same file do not meet', async (test) => {
    const file = `services:\n  web:${webService}\n    volumes: ["data:/data"]\nvolumes: {data: {}}\n`;
    const [first, second] = await Promise.all([
      given(test, { 'compose.yaml': file }),
      given(test, { 'compose.yaml': file }),
    ]);
    const services = await Promise.all([startServices(first.options), startServices(second.options)]);
    await services[0].stop();
    test.expect(await leftOf(first.options.project)).toEqual([]);
    const published = await docker('port', `${second.options.project}-web-1`, '8080');
    test.expect((await fetch(`http://${published}/`)).status).toBe(200);
    await services[1].stop();
    test.expect(await leftOf(second.options.project)).toEqual([]);
  });

  it('may end by themselves with status 0, before and beside those that go on', async (test) => {
    const { options, said } = await given(test, {
      'compose.yaml': `
services:
  prepare: {image: ${IMAGE}, command: [sh, -c, "echo prepared"]}
  seed:
    image: ${IMAGE}
    command: [sh, -c, "sleep 1; echo seeded"]
    depends_on: {prepare: {condition: service_completed_successfully}}
  db:
    image: ${IMAGE}
    stop_signal: SIGKILL
    command: [sleep, "600"]
    healthcheck: {test: [CMD, sh, -c, "sleep 1"], interval: 2s}
  cache: {image: ${IMAGE}, stop_signal: SIGKILL, command: [sleep, "600"]}
`,
    });
    const services = await startServices(options);
    test.expect(said.at(-1)).toMatch(/cache \(running, has no healthcheck\), db \(healthy\)/);
    test.expect(said.at(-1)).toMatch(/prepare \(exited with status 0\), seed \((exited with status 0|running.*)\)$/);
    await services.stop();
    test.expect(await leftOf(options.project)).toEqual([]);
  });

  it('and compose itself see nothing of the runner, and the rest of the environment as it is', async (test) => {
    const names = [
      'ACTIONS_RUNTIME_TOKEN',
      'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
      'GITHUB_TOKEN',
      'INPUT_NPM-TOKEN',
      'STATE_x',
    ];
    const leaky = Object.fromEntries([...names, 'COMPOSE_PROJECT_NAME'].map((name) => [name, 'leaked-value']));
    const command = `[sh, -c, "env; echo from-file \${GITHUB_TOKEN:-none} \${GREETING} \${BESIDE_THE_FILE}"]`;
    const { options } = await given(
      test,
      {
        '.env': 'BESIDE_THE_FILE=yes\n',
        'compose.yaml': `services:\n  show:\n    image: ${IMAGE}\n    command: ${command}\n    environment: [GREETING, ${names.join(', ')}]\n`,
      },
      { environment: { ...stepEnvironment(), ...leaky, COMPOSE_FILE: 'other.yaml', GREETING: 'good morning' } },
    );
    const services = await startServices(options);
    const logs = await services.logs();
    test.expect(logs).toContain('GREETING=good morning');
    test.expect(logs).toContain('from-file none good morning yes');
    test.expect(logs).not.toContain('leaked-value');
    await services.stop();
  });

  it('show the end of each log in the order of printing, without colours, and not more than is readable', async (test) => {
    const { options } = await given(test, {
      'compose.yaml': `
services:
  noisy:
    image: ${IMAGE}
    stop_signal: SIGKILL
    command: [sh, -c, "seq 1 200; sleep 0.1; printf '\\\\033[31mred\\\\033[0m\\\\n' >&2; sleep 0.1; echo last; exec sleep 600"]
  long: {image: ${IMAGE}, command: [sh, -c, "for i in $$(seq 40); do seq -s , 1 9000; done"]}
  silent: {image: ${IMAGE}, stop_signal: SIGKILL, command: [sleep, "600"]}
`,
    });
    const services = await startServices(options);
    await test.expect.poll(services.logs, { timeout: 10_000 }).toContain('last');
    const logs = await services.logs();
    const noisy = logs.slice(logs.indexOf('noisy (running):')).split('\n');
    test
      .expect(noisy.slice(1, 51))
      .toEqual([...Array.from({ length: 48 }, (_, index) => `  ${index + 153}`), '  red', '  last']);
    test.expect(logs).toContain('silent (running):\n  (it printed nothing)');
    test.expect(logs).toMatch(/long \(exited with status 0\):\n {2}1,2,3/);
    test.expect(logs.length).toBeLessThan(18_000);
    await services.stop();
  });

  it('are built where the file says so', async (test) => {
    const { options } = await given(test, {
      'compose.yaml': 'services:\n  app: {build: ./app, stop_signal: SIGKILL}\n',
      'app/Dockerfile': `FROM ${IMAGE}\nRUN echo from-the-build > /built\nCMD ["sh", "-c", "read line < /built; echo $line; exec sleep 600"]\n`,
    });
    const services = await startServices(options);
    await test.expect.poll(services.logs, { timeout: 10_000 }).toContain('from-the-build');
    await services.stop();
    await docker('image', 'rm', '--force', `${options.project}-app`);
  });
});

describe.concurrent('takeDown', () => {
  const file = `
services:
  db: {image: ${IMAGE}, stop_signal: SIGKILL, command: [sleep, "600"], volumes: ["data:/data", /anonymous]}
volumes: {data: {}}
networks: {default: {driver: bridge}}
`;

  it('needs the name only, as the job that is cancelled knows no more', async (test) => {
    const { options, said } = await given(test, { 'compose.yaml': file });
    await startServices(options);
    await rm(options.workspace, { recursive: true });
    const before = said.length;
    const environment = stepEnvironment();
    await takeDown(options.project, { environment, say: options.say });
    test.expect(await leftOf(options.project)).toEqual([]);
    await takeDown(options.project, { environment, say: options.say });
    test.expect(said.slice(before)).toEqual([]);
  });

  it('removes everything although the tests have spoilt the compose file, and says so', async (test) => {
    const { options, said } = await given(test, { 'compose.yaml': file });
    const services = await startServices(options);
    await writeFile(options.file, 'services: [');
    await services.stop();
    test.expect(await leftOf(options.project)).toEqual([]);
    test.expect(said.at(-1)).toMatch(/^docker compose down did not end well \(.*yaml.*\); removing what is left/);
  });

  it('says what it could not remove, and removes it when it is asked again', async (test) => {
    const { options } = await given(test, { 'compose.yaml': file });
    const services = await startServices(options);
    const guest = `${options.project}-guest`;
    await docker('run', '--detach', '--name', guest, '--network', `${options.project}_default`, IMAGE, 'sleep', '600');
    await test.expect(services.stop()).rejects.toMatchObject({
      code: 'PIPE-COMPOSE-015',
      kind: 'outside',
      message: test.expect.stringMatching(/active endpoints.*State: still there: networks \w+\.$/),
    });
    await docker('rm', '--force', guest);
    await services.stop();
    test.expect(await leftOf(options.project)).toEqual([]);
  });

  it('is harmless where nothing was started, and where there is no Docker', async (test) => {
    const project = projectName('never started');
    await test.expect(takeDown(project, { environment: stepEnvironment() })).resolves.toBeUndefined();
    await test.expect(takeDown(project, { environment: { PATH: '/nowhere' } })).resolves.toBeUndefined();
  });
});

it('projectName makes names that compose accepts and that differ', (test) => {
  for (const hint of ['gate', 'Apps/Web API', '--', '', 'ä', 'x'.repeat(200)]) {
    test.expect(projectName(hint)).toMatch(/^[a-z0-9][a-z0-9-]{0,61}-[0-9a-f]{8}$/);
    test.expect(projectName(hint)).not.toBe(projectName(hint));
  }
});

it('a Docker that several use answers until the last one gives it back', async (test) => {
  const [first, second] = await Promise.all([ensureDocker(), ensureDocker()]);
  test.expect(first.environment).toEqual(second.environment);
  await Promise.all([first.stop(), first.stop()]);
  test.expect(await docker('version', '--format', '{{.Server.Os}}')).toBe('linux');
  await second.stop();
  test.expect(await docker('version', '--format', '{{.Server.Os}}')).toBe('linux');
});
