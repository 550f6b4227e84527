import { rm, writeFile } from 'node:fs/promises';
import { describe, it } from 'vitest';
import { projectName, startServices, takeDown } from '../../../src/gate/compose.ts';
import { ensureDocker } from '../../../tools/docker/install.ts';
import { docker, freePort, given, IMAGE, leftOf, stepEnvironment, useDocker, webService } from './docker.ts';

useDocker();

describe.concurrent('compose services', () => {
  it('are healthy when the start returns: what they publish answers at the first request', async ({ expect }) => {
    const port = await freePort();
    const { options, said } = await given({
      'compose.yaml': `services:\n  web:${webService(`127.0.0.1:${port}:8080`)}\n`,
    });
    const services = await startServices(options);
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect(await answer.text()).toBe('hello\n');
    expect(said[0]).toContain(`Starting the services of compose.yaml as ${options.project}: web`);
    expect(said.at(-1)).toMatch(/^Ready after .*: web \(healthy\)$/);
    await services.stop();
  });

  it('leave no container, network or volume behind, and a second stop is harmless', async ({ expect }) => {
    const { options } = await given({
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
    expect(volumes).toHaveLength(2);
    expect(await leftOf(options.project)).not.toEqual([]);
    await Promise.all([services.stop(), services.stop()]);
    await services.stop();
    expect(await leftOf(options.project)).toEqual([]);
    const existing = (await docker('volume', 'ls', '--quiet')).split('\n');
    expect(existing.filter((name) => volumes.includes(name))).toEqual([]);
    expect(await services.logs()).toBe('');
  });

  it('of two calls with the same file do not meet', async ({ expect }) => {
    const file = `services:\n  web:${webService('127.0.0.1::8080')}\n    volumes: ["data:/data"]\nvolumes: {data: {}}\n`;
    const [first, second] = await Promise.all([given({ 'compose.yaml': file }), given({ 'compose.yaml': file })]);
    const services = await Promise.all([startServices(first.options), startServices(second.options)]);
    await services[0].stop();
    expect(await leftOf(first.options.project)).toEqual([]);
    const published = await docker('port', `${second.options.project}-web-1`, '8080');
    expect((await fetch(`http://${published}/`)).status).toBe(200);
    await services[1].stop();
    expect(await leftOf(second.options.project)).toEqual([]);
  });

  it('may end by themselves with status 0, before and beside those that go on', async ({ expect }) => {
    const { options, said } = await given({
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
    expect(said.at(-1)).toMatch(/cache \(running, has no healthcheck\), db \(healthy\)/);
    expect(said.at(-1)).toMatch(/prepare \(exited with status 0\), seed \((exited with status 0|running.*)\)$/);
    await services.stop();
    expect(await leftOf(options.project)).toEqual([]);
  });

  it('and compose itself see nothing of the runner, and the rest of the environment as it is', async ({ expect }) => {
    const names = [
      'ACTIONS_RUNTIME_TOKEN',
      'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
      'GITHUB_TOKEN',
      'INPUT_NPM-TOKEN',
      'STATE_x',
    ];
    const leaky = Object.fromEntries([...names, 'COMPOSE_PROJECT_NAME'].map((name) => [name, 'leaked-value']));
    const command = `[sh, -c, "env; echo from-file \${GITHUB_TOKEN:-none} \${GREETING}"]`;
    const { options } = await given(
      {
        'compose.yaml': `services:\n  show:\n    image: ${IMAGE}\n    command: ${command}\n    environment: [GREETING, ${names.join(', ')}]\n`,
      },
      { environment: { ...stepEnvironment(), ...leaky, COMPOSE_FILE: 'other.yaml', GREETING: 'good morning' } },
    );
    const services = await startServices(options);
    const logs = await services.logs();
    expect(logs).toContain('GREETING=good morning');
    expect(logs).toContain('from-file none good morning');
    expect(logs).not.toContain('leaked-value');
    await services.stop();
  });

  it('show the end of each log in the order of printing, without colours, and not more than is readable', async ({
    expect,
  }) => {
    const { options } = await given({
      'compose.yaml': `
services:
  noisy:
    image: ${IMAGE}
    stop_signal: SIGKILL
    command: [sh, -c, "seq 1 200; sleep 0.1; printf '\\\\033[31mred\\\\033[0m\\\\n' >&2; sleep 0.1; echo last; exec sleep 600"]
  long: {image: ${IMAGE}, command: [sh, -c, "seq -s , 1 9000; seq -s , 1 9000"]}
  silent: {image: ${IMAGE}, stop_signal: SIGKILL, command: [sleep, "600"]}
`,
    });
    const services = await startServices(options);
    await expect.poll(services.logs, { timeout: 10_000 }).toContain('last');
    const logs = await services.logs();
    const noisy = logs.slice(logs.indexOf('noisy (running):')).split('\n');
    expect(noisy.slice(1, 51)).toEqual([
      ...Array.from({ length: 48 }, (_, index) => `  ${index + 153}`),
      '  red',
      '  last',
    ]);
    expect(logs).toContain('silent (running):\n  (it printed nothing)');
    expect(logs).toMatch(/long \(exited with status 0\):\n {2}1,2,3/);
    expect(logs.length).toBeLessThan(20_000);
    await services.stop();
  });

  it('are built where the file says so', async ({ expect }) => {
    const { options } = await given({
      'compose.yaml': 'services:\n  app: {build: ./app, stop_signal: SIGKILL}\n',
      'app/Dockerfile': `FROM ${IMAGE}\nRUN echo from-the-build > /built\nCMD ["sh", "-c", "read line < /built; echo $line; exec sleep 600"]\n`,
    });
    const services = await startServices(options);
    await expect.poll(services.logs, { timeout: 10_000 }).toContain('from-the-build');
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

  it('needs the name only, as the job that is cancelled knows no more', async ({ expect }) => {
    const { options } = await given({ 'compose.yaml': file });
    await startServices(options);
    await rm(options.workspace, { recursive: true });
    await takeDown(options.project, { environment: stepEnvironment() });
    expect(await leftOf(options.project)).toEqual([]);
    await takeDown(options.project, { environment: stepEnvironment() });
  });

  it('removes everything although the tests have spoilt the compose file, and says so', async ({ expect }) => {
    const { options, said } = await given({ 'compose.yaml': file });
    const services = await startServices(options);
    await writeFile(options.file, 'services: [');
    await services.stop();
    expect(await leftOf(options.project)).toEqual([]);
    expect(said.at(-1)).toMatch(/^docker compose down did not end well \(.*yaml.*\); removing what is left/);
  });

  it('says what it could not remove, and removes it when it is asked again', async ({ expect }) => {
    const { options } = await given({ 'compose.yaml': file });
    const services = await startServices(options);
    const guest = `${options.project}-guest`;
    await docker('run', '--detach', '--name', guest, '--network', `${options.project}_default`, IMAGE, 'sleep', '600');
    await expect(services.stop()).rejects.toMatchObject({
      code: 'PIPE-COMPOSE-015',
      kind: 'outside',
      message: expect.stringMatching(/active endpoints.*State: still there: networks \w+\.$/),
    });
    await docker('rm', '--force', guest);
    await services.stop();
    expect(await leftOf(options.project)).toEqual([]);
  });

  it('is harmless where nothing was started, and where there is no Docker', async ({ expect }) => {
    const project = projectName('never started');
    await expect(takeDown(project, { environment: stepEnvironment() })).resolves.toBeUndefined();
    await expect(takeDown(project, { environment: { PATH: '/nowhere' } })).resolves.toBeUndefined();
  });
});

it('projectName makes names that compose accepts and that differ', ({ expect }) => {
  for (const hint of ['gate', 'Apps/Web API', '--', '', 'ä', 'x'.repeat(200)]) {
    expect(projectName(hint)).toMatch(/^[a-z0-9][a-z0-9-]{0,61}-[0-9a-f]{8}$/);
    expect(projectName(hint)).not.toBe(projectName(hint));
  }
});

it('a Docker that several use answers until the last one gives it back', async ({ expect }) => {
  const [first, second] = await Promise.all([ensureDocker(), ensureDocker()]);
  expect(first.environment).toEqual(second.environment);
  await Promise.all([first.stop(), first.stop()]);
  expect(await docker('version', '--format', '{{.Server.Os}}')).toBe('linux');
  await second.stop();
  expect(await docker('version', '--format', '{{.Server.Os}}')).toBe('linux');
});
