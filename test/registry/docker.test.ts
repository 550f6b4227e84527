import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { tagImage } from '../../src/image/tag.ts';
import { createRegistryClient } from '../../src/registry/client.ts';
import { removeDockerConfig, writeDockerConfig } from '../../src/registry/docker-config.ts';
import { capture } from '../../src/runtime/process.ts';
import { type DockerLease, ensureDocker } from '../../tools/docker/daemon.ts';
import { tar } from '../support/registry/tar.ts';
import { REGISTRY_LOGIN, type RegistryServer, startRegistry } from '../support/registry-server.ts';
import { temporaryFolder } from '../support/temporary.ts';

let registry: RegistryServer;
let daemon: DockerLease;

beforeAll(async () => {
  daemon = await ensureDocker();
  registry = await startRegistry({ access: 'password' });
});

afterAll(async () => {
  await registry.stop();
  await daemon.stop();
});

it('reads and tags what docker pushed with our login, and docker pulls it by that tag', async () => {
  const folder = await temporaryFolder();
  const login = { host: registry.host, ...REGISTRY_LOGIN };
  const config = await writeDockerConfig(join(folder, 'temp'), [login], { HOME: folder });
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, DOCKER_CONFIG: config.folder, ...daemon.environment };
  const docker = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await capture('docker', args, { cwd: folder, env });
    if (exitCode !== 0) throw new Error(`docker ${args[0]} ended with ${exitCode}: ${stderr}`);
    return stdout.trim();
  };
  const image = `${registry.host}/acme/docker`;
  onTestFinished(async () => {
    await docker('image', 'rm', '--force', `${image}:one`, `${image}:two`).catch(() => undefined);
    await removeDockerConfig(config.folder);
  });
  await writeFile(join(folder, 'root.tar'), tar([{ path: 'hello', content: crypto.randomUUID() }]));
  await docker('import', join(folder, 'root.tar'), `${image}:one`);
  const digest = /digest: (sha256:[0-9a-f]{64})/.exec(await docker('push', `${image}:one`))?.[1] ?? '';

  const client = createRegistryClient({
    host: registry.host,
    login,
    environment: {},
    signal: new AbortController().signal,
  });
  onTestFinished(client.close);
  const manifest = await client.manifest('acme/docker', 'one');
  expect(manifest?.descriptor).toMatchObject({
    digest,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
  });
  await tagImage(client, 'acme/docker', digest, ['two']);

  await docker('image', 'rm', `${image}:one`);
  expect(await docker('pull', '--quiet', `${image}:two`)).toBe(`${image}:two`);
  expect(await docker('image', 'inspect', '--format', '{{index .RepoDigests 0}}', `${image}:two`)).toBe(
    `${image}@${digest}`,
  );
});
