import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { installBuildkitd, installBuildx } from '../../tools/docker/buildkit.ts';
import { startRegistry } from './registry-server.ts';
import { createStops } from './stops.ts';

const run = promisify(execFile);
const START_WITHIN = 30_000;

/** A BuildKit daemon, a registry that it takes for Docker Hub, and a builder of Buildx that leads to the daemon. */
export interface BuildKit {
  /** For processes that build: DOCKER_CONFIG with the plugin, BUILDX_CONFIG, BUILDX_BUILDER. */
  readonly environment: Readonly<Record<string, string>>;
  /** Open registry, `127.0.0.1:40123`; it has the image `busybox:1`. */
  readonly registry: string;
  readonly stop: () => Promise<void>;
}

/** How the daemon reaches registries that a proxy plays. */
export interface WayOut {
  /** HTTPS_PROXY and NO_PROXY. */
  readonly environment?: Readonly<Record<string, string>>;
  /** File with the authorities that it trusts for `hosts`, in PEM form. */
  readonly authorities?: string;
  readonly hosts?: readonly string[];
}

/**
 * Starts what real builds need. Every RUN of its Dockerfiles is a real container, without a Docker daemon.
 *
 * @throws Error that says what to install
 */
export async function startBuildKit(way: WayOut = {}): Promise<BuildKit> {
  const [program, plugins] = [await installBuildkitd(), await installBuildx()];
  const runc = await programOf('runc', 'apt-get install runc');
  const registry = await startRegistry();
  const folder = await mkdtemp(join(tmpdir(), 'buildkit-'));
  const { add, stop } = createStops();
  add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  add(registry.stop);
  try {
    const socket = join(folder, 'buildkitd.sock');
    add(await startDaemon(program, { folder, socket, runc, registry: registry.host, way }));
    const config = join(folder, 'docker');
    await mkdir(config);
    await symlink(join(plugins, 'cli-plugins'), join(config, 'cli-plugins'));
    const environment = { DOCKER_CONFIG: config, BUILDX_CONFIG: join(folder, 'buildx'), BUILDX_BUILDER: 'tests' };
    const create = ['buildx', 'create', '--name', 'tests', '--driver', 'remote', `unix://${socket}`];
    await run('docker', create, { env: { ...process.env, ...environment } });
    await pushBase(folder, environment, registry.host);
    return { environment, registry: registry.host, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @returns what ends the daemon */
async function startDaemon(
  program: string,
  {
    folder,
    socket,
    runc,
    registry,
    way,
  }: { folder: string; socket: string; runc: string; registry: string; way: WayOut },
): Promise<() => Promise<void>> {
  const settings = [
    `root = "${join(folder, 'state')}"`,
    '[grpc]',
    `address = ["unix://${socket}"]`,
    '[worker.oci]',
    'enabled = true',
    `binary = "${runc}"`,
    'networkMode = "host"',
    'gc = false',
    '[worker.containerd]',
    'enabled = false',
    '[registry."docker.io"]',
    `mirrors = ["${registry}"]`,
    ...(way.hosts ?? []).flatMap((host) => [`[registry."${host}"]`, `ca = ["${way.authorities}"]`]),
  ];
  await writeFile(join(folder, 'buildkitd.toml'), `${settings.join('\n')}\n`);
  const child = spawn(program, ['--config', join(folder, 'buildkitd.toml')], {
    cwd: folder,
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, HOME: folder, ...way.environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-4_096);
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await ended;
  };
  const deadline = Date.now() + START_WITHIN;
  while (!(await answers(socket))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`buildkitd did not start (it needs root and runc): ${said}`);
    }
    await delay(50);
  }
  return stop;
}

async function answers(socket: string): Promise<boolean> {
  const connection = connect(socket);
  const [event] = await Promise.race([
    once(connection, 'connect').then(() => ['connect']),
    once(connection, 'error').catch(() => ['error']),
  ]).catch(() => ['error']);
  connection.destroy();
  return event === 'connect';
}

/** A base with which RUN works: busybox and nothing else. */
async function pushBase(folder: string, environment: Readonly<Record<string, string>>, registry: string) {
  const base = join(folder, 'base');
  await mkdir(base);
  await copyFile(await realpath(await programOf('busybox', 'apt-get install busybox-static')), join(base, 'busybox'));
  const lines = ['FROM scratch', 'COPY busybox /bin/busybox', 'RUN ["/bin/busybox", "--install", "-s", "/bin"]'];
  await writeFile(join(base, 'Dockerfile'), `${lines.join('\n')}\n`);
  const output = `type=image,name=${registry}/library/busybox:1,push=true`;
  const args = ['buildx', 'build', '--provenance=false', '--output', output, base];
  await run('docker', args, { env: { ...process.env, ...environment } });
}

export async function programOf(name: string, remedy: string): Promise<string> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
  for (const folder of folders) {
    const path = await realpath(join(folder, name)).catch(() => undefined);
    if (path !== undefined) return path;
  }
  throw new Error(`${name} is not installed: ${remedy}`);
}
