import { execFile } from 'node:child_process';
import { readdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { holdLogin, waitFor, writeLogin } from '../../src/image/login.ts';
import { REGISTRY_LOGIN, startRegistry } from '../support/registry-server.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';
import { recordDocker } from './recorder.ts';
import { jobWith, useBuildKit } from './step.ts';

const buildkit = useBuildKit();
const run = promisify(execFile);
const FILES = { Dockerfile: 'FROM busybox:1\nRUN echo pushed > /x\n' };

async function lockedRegistry() {
  const registry = await startRegistry({ access: 'password' });
  onTestFinished(registry.stop);
  return registry.host;
}

describe('a registry with a password', () => {
  it("is signed in to for this step only, never on a command line, and the user's own login stays as it is", async () => {
    const host = await lockedRegistry();
    const job = await jobWith(buildkit(), FILES);
    const home = await temporaryFolder();
    const config = join(home, 'docker');
    const own = {
      auths: { [host]: { auth: Buffer.from('somebody:else').toString('base64') } },
      currentContext: 'default',
    };
    await writeFiles(home, { 'docker/config.json': JSON.stringify(own) });
    await symlink(join(buildkit().environment['DOCKER_CONFIG'] ?? '', 'cli-plugins'), join(config, 'cli-plugins'));
    const recorder = await recordDocker();
    const inputs = { push: 'true', registry: `${host}/acme`, ...REGISTRY_LOGIN };
    const { exitCode, log } = await job.step({
      inputs,
      environment: { ...recorder.environment, DOCKER_CONFIG: config },
    });
    expect({ exitCode, log }).toMatchObject({ exitCode: 0 });
    expect(await recorder.args()).not.toContain(REGISTRY_LOGIN.password);
    expect(await recorder.variables()).not.toContain(REGISTRY_LOGIN.password);
    expect(JSON.parse(await readFile(join(config, 'config.json'), 'utf8'))).toEqual(own);
    expect(await readdir(job.temp)).toEqual([]);
  });
});

describe('a login that ends while a build runs', () => {
  const first = { host: '', username: REGISTRY_LOGIN.username, password: 'no longer good' };

  it('is read again by Buildx, so that a renewed one is used', async () => {
    const host = await lockedRegistry();
    const temp = await temporaryFolder();
    const expiresAt = Date.now() + 3_600_000;
    const held = await holdLogin({
      temp,
      environment: { ...buildkit().environment, PATH: process.env['PATH'] ?? '' },
      signIn: async () => ({ ...first, host, expiresAt }),
      announce: () => undefined,
      warn: (error) => expect(error).toBeUndefined(),
    });
    const folder = held.environment['DOCKER_CONFIG'] ?? '';
    const push = async () => {
      const output = `type=image,name=${host}/acme/app,push=true,push-by-digest=true,name-canonical=true`;
      const project = await temporaryFolder();
      await writeFiles(project, FILES);
      const env = { ...process.env, ...buildkit().environment, ...held.environment };
      return await run('docker', ['buildx', 'build', '--output', output, project], { env });
    };
    await expect(push()).rejects.toThrow(/401|unauthorized|denied|authori/i);
    await writeLogin(folder, { ...first, host, password: REGISTRY_LOGIN.password });
    await push();
    expect((await stat(join(folder, 'login.json'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder, 'config.json'), 'utf8')).not.toContain(
      Buffer.from(`${first.username}:`).toString('base64').slice(0, 12),
    );
    await held.close();
    expect(await readdir(temp)).toEqual([]);
  });

  it('is renewed ten minutes before its end, and not more often than once a minute', () => {
    expect(waitFor(3_600_000, 0)).toBe(3_000_000);
    expect(waitFor(300_000, 0)).toBe(60_000);
    expect(waitFor(Number.MAX_SAFE_INTEGER, 0)).toBe(2 ** 31 - 1);
  });
});

it('puts tags on what an earlier step pushed, and builds nothing', async () => {
  const host = await lockedRegistry();
  const job = await jobWith(buildkit(), FILES);
  const shared = { registry: `${host}/acme`, ...REGISTRY_LOGIN };
  const { outputs } = await job.step({ inputs: { push: 'true', ...shared } });
  const recorder = await recordDocker();
  const environment = { ...recorder.environment, GITHUB_SHA: 'd'.repeat(40) };
  const tagged = await job.step({
    inputs: { ...shared, digest: outputs['digests'] ?? '', tags: 'type=sha\ntype=raw,value=stable' },
    environment,
  });
  expect({ exitCode: tagged.exitCode, log: tagged.log }).toMatchObject({ exitCode: 0 });
  expect(tagged.outputs['tags']?.split('\n').sort()).toEqual([
    `${host}/acme/shop:sha-ddddddd`,
    `${host}/acme/shop:stable`,
  ]);
  expect(tagged.outputs['image']).toBe(outputs['image']);
  await expect(recorder.args()).rejects.toThrow('ENOENT');
  const authorization = `Basic ${Buffer.from(`${REGISTRY_LOGIN.username}:${REGISTRY_LOGIN.password}`).toString('base64')}`;
  const answer = await fetch(`http://${host}/v2/acme/shop/manifests/stable`, {
    method: 'HEAD',
    headers: { authorization, accept: 'application/vnd.oci.image.index.v1+json' },
  });
  expect(answer.headers.get('docker-content-digest')).toBe(outputs['digest']);
});

it.for([
  ['without a registry', { digest: `sha256:${'a'.repeat(64)}`, name: 'shop' }, 'PIPE-IMAGE-004'],
  ['without a name', { digest: `sha256:${'a'.repeat(64)}`, registry: '127.0.0.1:9/x' }, 'PIPE-IMAGE-004'],
  [
    'with rules that make no tag',
    { digest: `sha256:${'a'.repeat(64)}`, name: 'shop', registry: '127.0.0.1:9/x', tags: 'type=schedule' },
    'PIPE-IMAGE-016',
  ],
] as const)('refuses to tag %s', async ([, inputs, code]) => {
  const job = await jobWith(buildkit(), FILES);
  const { exitCode, log } = await job.step({ inputs });
  expect(exitCode).toBe(1);
  expect(log).toContain(code);
});
