import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { installBuildctl, installBuildkitd, installBuildx } from '../../tools/docker/buildkit.ts';
import { ensureDocker } from '../../tools/docker/install.ts';
import { programOf } from './buildkit.ts';

const run = promisify(execFile);

/** Docker with everything that a builder in a container needs, on a machine that may not run privileged containers. */
export interface ContainerBuilders {
  /** For processes that build: no builder is named, so that one has to be made. */
  readonly environment: Readonly<Record<string, string>>;
  /** BuildKit as an image of the daemon. Builders of it copy files; a RUN would need a privileged container. */
  readonly image: string;
  /** What is there of builders and was not at the start: those of buildx, containers, volumes. */
  readonly left: () => Promise<readonly string[]>;
  readonly stop: () => Promise<void>;
}

/** @throws Error that says what to install */
export async function startContainerBuilders(): Promise<ContainerBuilders> {
  const [buildkitd, buildctl, plugins] = [await installBuildkitd(), await installBuildctl(), await installBuildx()];
  const lease = await ensureDocker();
  const folder = await mkdtemp(join(tmpdir(), 'builders-'));
  const real = lease.environment['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  const proxy = await unprivileged(real.replace('unix://', ''), join(folder, 'docker.sock'));
  const config = join(folder, 'docker');
  await mkdir(config);
  await symlink(join(plugins, 'cli-plugins'), join(config, 'cli-plugins'));
  const environment = { DOCKER_HOST: proxy.host, DOCKER_CONFIG: config, BUILDX_CONFIG: join(folder, 'buildx') };
  const docker = async (...args: string[]) =>
    (await run('docker', args, { env: { ...process.env, ...environment } })).stdout.trim();
  const image = 'pipelines-test/buildkit:1';
  await importBuildkit(join(folder, 'root'), image, { buildkitd, buildctl }, environment);
  const found = async () => {
    const filter = ['--filter', 'name=buildx_buildkit_pipelines-'];
    const lists = await Promise.all([
      docker('ps', '--all', ...filter, '--format', '{{.Names}}'),
      docker('volume', 'ls', ...filter, '--format', '{{.Name}}'),
      docker('buildx', 'ls', '--format', '{{.Name}}'),
    ]);
    return lists.flatMap((list) => list.split('\n')).filter((line) => /pipelines-/.test(line));
  };
  // The daemon's data outlives a run that was killed.
  const before = await found();
  return {
    environment,
    image,
    left: async () => (await found()).filter((name) => !before.includes(name)),
    stop: async () => {
      await docker('image', 'rm', '--force', image);
      await proxy.stop();
      await lease.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function importBuildkit(
  root: string,
  image: string,
  programs: { readonly buildkitd: string; readonly buildctl: string },
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  for (const name of ['bin', 'tmp', 'etc']) await mkdir(join(root, name), { recursive: true });
  await copyFile(await programOf('busybox', 'apt-get install busybox-static'), join(root, 'bin/busybox'));
  for (const [name, path] of Object.entries(programs)) {
    await copyFile(path, join(root, 'bin', name));
    for (const library of await librariesOf(path)) {
      await mkdir(join(root, dirname(library)), { recursive: true });
      await copyFile(library, join(root, library));
    }
  }
  for (const applet of ['sh', 'true', 'mkdir', 'cat']) await symlink('busybox', join(root, 'bin', applet));
  // The worker looks for it when it starts; without privileges no container could be run.
  await writeFile(join(root, 'bin/runc'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const tar = spawn('tar', ['--create', '--directory', root, '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const args = [
    'import',
    '--change',
    'ENTRYPOINT ["/bin/buildkitd", "--oci-worker-snapshotter=native"]',
    '--change',
    'ENV PATH=/bin',
    '-',
    image,
  ];
  const imported = spawn('docker', args, {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  tar.stdout.pipe(imported.stdin);
  const [status] = await once(imported, 'exit');
  if (status !== 0) throw new Error(`docker import ended with ${status}`);
}

/** The shared libraries that a program was linked with, and what loads them; none where it is static. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await run('ldd', [program]).catch(() => ({ stdout: '' }));
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
}

/**
 * The daemon behind a socket that makes containers without privileges: machines for tests are often containers
 * themselves, which can't give what they do not have.
 */
async function unprivileged(real: string, socket: string) {
  const server = createServer((incoming, outgoing) => {
    const forward = async () => {
      const isCreation = incoming.method === 'POST' && /\/containers\/create/.test(incoming.url ?? '');
      const body = isCreation ? withoutPrivileges(await textOf(incoming)) : undefined;
      const headers =
        body === undefined
          ? incoming.headers
          : { ...incoming.headers, 'content-length': String(Buffer.byteLength(body)) };
      const asked = request({ socketPath: real, path: incoming.url, method: incoming.method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      asked.on('error', () => outgoing.destroy());
      if (body === undefined) incoming.pipe(asked);
      else asked.end(body);
    };
    forward().catch(() => outgoing.destroy());
  });
  // Attached streams leave HTTP: both sides are joined as they are.
  server.on('upgrade', (incoming, client, head) => {
    const daemon = connect(real);
    const headers = Object.entries(incoming.headers).map(([name, value]) => `${name}: ${String(value)}`);
    daemon.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
    daemon.write(head);
    daemon.pipe(client).pipe(daemon);
    daemon.on('error', () => client.destroy());
    client.on('error', () => daemon.destroy());
  });
  server.listen(socket);
  await once(server, 'listening');
  return {
    host: `unix://${socket}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function withoutPrivileges(text: string): string {
  const body = JSON.parse(text);
  const { CgroupParent: _, ...host } = body.HostConfig;
  return JSON.stringify({
    ...body,
    HostConfig: {
      ...host,
      Privileged: false,
      CapAdd: ['SYS_ADMIN'],
      SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
    },
  });
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
