import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, type TestContext } from 'vitest';
import { projectName, type StartOptions, takeDown } from '../../../src/gate/compose.ts';
import { type Environment, environmentOf } from '../../../src/runtime/environment.ts';
import { type DockerLease, ensureDocker, installCompose } from '../../../tools/docker/install.ts';

const run = promisify(execFile);

/** Image with busybox and nothing else; its services end at once, so that no test waits for them. */
export const IMAGE = `pipelines-test/busybox:${randomUUID().slice(0, 8)}`;
const APPLETS = ['sh', 'sleep', 'httpd', 'wget', 'env', 'seq', 'test', 'true', 'false'];

let lease: DockerLease | undefined;
let environment: Environment = {};

/** The environment of a step on a machine with Docker. */
export function stepEnvironment(): Environment {
  return environment;
}

/** Gives the tests of a file Docker, Compose and {@link IMAGE}. */
export function useDocker(): void {
  beforeAll(async () => {
    const plugins = await installCompose();
    lease = await ensureDocker();
    environment = { ...environmentOf(process.env), ...lease.environment, DOCKER_CONFIG: plugins };
    await importImage();
  });
  afterAll(async () => {
    await docker('image', 'rm', '--force', IMAGE);
    await lease?.stop();
  });
}

/** What Docker's client prints, without the last line end. */
export async function docker(...args: string[]): Promise<string> {
  return (await run('docker', args, { env: environment })).stdout.trim();
}

async function importImage(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'busybox-'));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await copyFile(await busybox(), join(bin, 'busybox'));
  for (const applet of APPLETS) await symlink('busybox', join(bin, applet));
  const tar = spawn('tar', ['--create', '--directory', folder, '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const imported = spawn('docker', ['import', '-', IMAGE], { env: environment, stdio: ['pipe', 'ignore', 'inherit'] });
  tar.stdout.pipe(imported.stdin);
  const status = await new Promise((resolve) => imported.once('exit', resolve));
  await rm(folder, { recursive: true });
  if (status !== 0) throw new Error(`docker import ended with ${status}`);
}

async function busybox(): Promise<string> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/bin', '/usr/bin'];
  for (const folder of folders) {
    const path = await realpath(join(folder, 'busybox')).catch(() => undefined);
    if (path !== undefined) return path;
  }
  throw new Error('busybox is not installed: apt-get install busybox-static');
}

export interface Situation {
  readonly options: StartOptions;
  readonly said: readonly string[];
  readonly cancellation: AbortController;
}

/** The test itself: tests run beside each other, so that what is to happen after one is asked of its own context. */
export type Test = Pick<TestContext, 'onTestFinished'>;

/** A workspace with these files, and what it takes to start its `compose.yaml`; both are gone after the test. */
export async function given(
  test: Test,
  files: Record<string, string>,
  changes: Partial<StartOptions> = {},
): Promise<Situation> {
  const workspace = await temporaryFolder(test);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, name)), { recursive: true });
    await writeFile(join(workspace, name), content);
  }
  const project = projectName('test');
  test.onTestFinished(() => takeDown(project, { environment }));
  const said: string[] = [];
  const cancellation = new AbortController();
  const options = {
    file: join(workspace, 'compose.yaml'),
    workspace,
    project,
    environment,
    timeout: 30_000,
    signal: cancellation.signal,
    say: (line: string) => void said.push(line),
    onStart: () => undefined,
    ...changes,
  };
  return { options, said, cancellation };
}

export async function temporaryFolder(test: Test): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'compose-')));
  test.onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What Docker still has of a project: containers, networks and volumes. */
export async function leftOf(project: string): Promise<string[]> {
  const filter = ['--filter', `label=com.docker.compose.project=${project}`, '--quiet'];
  const lists = await Promise.all([
    docker('ps', '--all', ...filter),
    docker('network', 'ls', ...filter),
    docker('volume', 'ls', ...filter),
  ]);
  return lists.flatMap((list) => list.split('\n')).filter((line) => line !== '');
}

export interface Listener {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Listens on a free port of the loopback. */
export async function listen(): Promise<Listener> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** The failure of a promise. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    (value) => Promise.reject(new Error(`it did not fail: ${JSON.stringify(value)}`)),
    (error: unknown) => error,
  );
}

/** A service that answers with HTTP from a second after its start; Docker chooses the port on the loopback. */
export const webService = `
    image: ${IMAGE}
    stop_signal: SIGKILL
    command: [sh, -c, "mkdir /www && sleep 1 && echo hello > /www/index.html && exec httpd -f -p 8080 -h /www"]
    ports: ["127.0.0.1::8080"]
    healthcheck: {test: [CMD, wget, -qO-, "http://127.0.0.1:8080/"], interval: 300ms, retries: 20}`;
