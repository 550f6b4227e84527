import { chmod, mkdir, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeDockerConfig, writeDockerConfig } from '../../src/registry/docker-config.ts';
import { capture } from '../../src/runtime/process.ts';
import { REGISTRY_LOGIN, type RegistryServer, startRegistry } from '../support/registry-server.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';
import { crane, pushImage } from './images.ts';

let registry: RegistryServer;

beforeAll(async () => {
  registry = await startRegistry({ access: 'password' });
});

afterAll(() => registry.stop());

const OWN = {
  auths: { 'registry.example.com': { auth: 'bXk6b3duLWxvZ2lu' } },
  credsStore: 'secretservice',
  credHelpers: { 'gcr.io': 'gcloud' },
  HttpHeaders: { Authorization: 'mine' },
  currentContext: 'remote',
  proxies: { default: { httpProxy: 'http://proxy.example.com' } },
};

/** A user with a Docker plugin, a context, builders and a login of his own. */
async function userWith(config: object | string = OWN) {
  const root = await temporaryFolder();
  const own = join(root, 'home/.docker');
  await writeFiles(own, {
    'config.json': typeof config === 'string' ? config : JSON.stringify(config),
    'cli-plugins/docker-hello': [
      '#!/bin/sh',
      'if [ "$1" = docker-cli-plugin-metadata ]',
      `then echo '{"SchemaVersion":"0.1.0","Vendor":"tests","Version":"1"}'`,
      'else echo hello from the plugin; fi',
    ].join('\n'),
    'buildx/current': '{}',
  });
  await chmod(join(own, 'cli-plugins/docker-hello'), 0o755);
  const environment = { PATH: process.env['PATH'] ?? '', HOME: join(root, 'home') };
  const docker = async (args: readonly string[], folder?: string) => {
    const env = folder === undefined ? environment : { ...environment, DOCKER_CONFIG: folder };
    const { exitCode, stdout, stderr } = await capture('docker', args, { cwd: root, env });
    return { exitCode, text: stdout + stderr };
  };
  return { own, temp: join(root, 'temp'), environment, docker };
}

const login = (host: string) => ({ host, ...REGISTRY_LOGIN });

describe('a Docker configuration for the job', () => {
  it('signs docker and crane in to the registry', async () => {
    const { temp, environment, docker } = await userWith({});
    const { folder } = await writeDockerConfig(temp, [login(registry.host)], environment);
    // Docker 20.10 shows no manifests in OCI's form.
    const digest = await pushImage(`${registry.host}/acme/api:one`, 'one', folder, 'docker');
    expect((await crane(['digest', `${registry.host}/acme/api:one`], folder)).stdout.trim()).toBe(digest);
    const image = `${registry.host}/acme/api:one`;
    const seen = await docker(['manifest', 'inspect', '--insecure', '--verbose', image], folder);
    expect(seen).toMatchObject({ exitCode: 0, text: expect.stringContaining(digest) });
    expect((await docker(['manifest', 'inspect', '--insecure', image])).exitCode).not.toBe(0);
  });

  it('can be entered and read by its owner only', async () => {
    const { temp, environment } = await userWith();
    const { folder } = await writeDockerConfig(temp, [login('registry.example.com')], environment);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'config.json'))).mode & 0o777).toBe(0o600);
  });

  it("keeps the user's plugins, contexts and builders, and none of his logins", async () => {
    const { own, temp, environment, docker } = await userWith({});
    await docker(['context', 'create', 'remote', '--docker', 'host=tcp://192.0.2.1:2376']);
    await writeFiles(own, { 'config.json': JSON.stringify(OWN) });
    const before = await readFile(join(own, 'config.json'), 'utf8');
    const { folder } = await writeDockerConfig(temp, [login(registry.host)], environment);
    expect(await docker(['hello'], folder)).toMatchObject({ exitCode: 0, text: 'hello from the plugin\n' });
    expect((await docker(['context', 'inspect', '--format', '{{.Name}}'], folder)).text.trim()).toBe('remote');
    expect((await docker(['context', 'ls'], folder)).text).toContain('tcp://192.0.2.1:2376');
    expect(await readFile(join(folder, 'buildx/current'), 'utf8')).toBe('{}');
    expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))).toEqual({
      currentContext: 'remote',
      proxies: OWN.proxies,
      auths: { [registry.host]: { auth: expect.any(String) } },
    });
    expect(await readFile(join(own, 'config.json'), 'utf8')).toBe(before);
  });

  it("is found from DOCKER_CONFIG's folder too, and where the user has none at all", async () => {
    const { own, temp } = await userWith();
    const moved = await writeDockerConfig(temp, [], { HOME: '/nowhere', DOCKER_CONFIG: own });
    expect((await readdir(moved.folder)).sort()).toEqual(['buildx', 'cli-plugins', 'config.json']);
    const none = await writeDockerConfig(temp, [], { HOME: '/nowhere' });
    expect(await readdir(none.folder)).toEqual(['config.json']);
  });

  it('knows Docker Hub by its old address', async () => {
    const { temp, environment } = await userWith({});
    const { folder } = await writeDockerConfig(temp, [login('docker.io')], environment);
    expect(await readFile(join(folder, 'config.json'), 'utf8')).toContain('"https://index.docker.io/v1/"');
  });

  it('is removed with the logins, and what it linked to stays', async () => {
    const { own, temp, environment } = await userWith();
    const { folder } = await writeDockerConfig(temp, [login(registry.host)], environment);
    await removeDockerConfig(folder);
    await removeDockerConfig(folder);
    expect(await readdir(temp)).toEqual([]);
    expect((await readdir(own)).sort()).toEqual(['buildx', 'cli-plugins', 'config.json']);
  });

  it('removes no folder that is not one of its own', async () => {
    const { own } = await userWith();
    await removeDockerConfig(own);
    expect(await readdir(own)).toContain('config.json');
  });

  it('leaves a dangling link of the user as it is', async () => {
    const { own, temp, environment } = await userWith({});
    await rm(join(own, 'buildx'), { recursive: true });
    await mkdir(temp, { recursive: true });
    await symlink('/nowhere/at/all', join(own, 'contexts'));
    const { folder } = await writeDockerConfig(temp, [], environment);
    expect((await readdir(folder)).sort()).toEqual(['cli-plugins', 'config.json', 'contexts']);
  });

  it.each([['{ not json'], ['[]']])(
    'says that settings like %s can not be used, and leaves nothing behind',
    async (text) => {
      const { temp, environment } = await userWith(text);
      await mkdir(temp, { recursive: true });
      await expect(writeDockerConfig(temp, [], environment)).rejects.toMatchObject({ code: 'PIPE-REGISTRY-010' });
      expect(await readdir(temp)).toEqual([]);
    },
  );
});
