import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { startRegistry } from '../support/registry-server.ts';
import { writeFiles } from '../support/temporary.ts';
import { pushedContent } from './pushed.ts';
import { jobWith, useBuildKit } from './step.ts';

const buildkit = useBuildKit();

describe('a Dockerfile that fails', () => {
  it('is annotated on its line, with what the step printed last', async () => {
    const job = await jobWith(buildkit(), {
      'apps/api/Dockerfile':
        'FROM busybox:1 AS deps\n\nRUN seq 1 200 && \\\n    echo the reason >&2 && \\\n    exit 4\n',
      'apps/api/a.txt': 'a',
    });
    const { exitCode, log, summary } = await job.step({ inputs: { 'working-directory': 'apps/api' } });
    expect(exitCode).toBe(1);
    expect(log).toContain('::error title=api,file=apps/api/Dockerfile,line=3,endLine=5::');
    expect(log).toMatch(
      /PIPE-IMAGE-010: the image "api" could not be built: apps\/api\/Dockerfile:3: RUN seq 1 200 .* ended with status 4/,
    );
    const group = log.slice(log.indexOf('::group::api: the last lines of'), log.lastIndexOf('::endgroup::'));
    expect(group).toContain('the reason');
    expect(group).toContain('\n200\n');
    expect(group).not.toContain('\n100\n');
    expect(summary).toContain('apps/api/Dockerfile:3');
    expect(summary).toContain('the reason');
  });

  it.for([
    ['an instruction that there is not', 'FROM busybox:1\nRUNN true\n', 2, 'unknown instruction: RUNN'],
    ['a file that is not in the context', 'FROM busybox:1\nRUN true\nCOPY nothing /x\n', 3, '/nothing": not found'],
    ['a base image that there is not', 'FROM nothing:1\n', 1, 'not found'],
    [
      'a secret that was not given',
      'FROM busybox:1\nRUN --mount=type=secret,id=npm,required=true true\n',
      2,
      'secret npm: not found',
    ],
  ] as const)("by %s is the project's own fault", async ([, dockerfile, line, reason]) => {
    const job = await jobWith(buildkit(), { Dockerfile: dockerfile });
    const { exitCode, log } = await job.step();
    expect(exitCode).toBe(1);
    expect(log).toContain(`file=Dockerfile,line=${line}`);
    expect(log).toMatch(new RegExp(`PIPE-IMAGE-010: .*Dockerfile:${line}: .*${reason}`));
  });

  it("by BuildKit's own checks alone is a warning on its line", async () => {
    const job = await jobWith(buildkit(), { Dockerfile: 'FROM busybox:1\nENV API_TOKEN=abc\n' });
    const { exitCode, log } = await job.step();
    expect(exitCode).toBe(0);
    expect(log).toMatch(/::warning file=Dockerfile,line=2::SecretsUsedInArgOrEnv/);
  });
});

describe('a wrong call says so before anything is built:', () => {
  it.for([
    ['nothing to build', {}, { 'a.txt': 'a' }, 'PIPE-IMAGE-001'],
    ['a file that is not there', { file: 'missing/Dockerfile' }, {}, 'PIPE-IMAGE-002'],
    ['a push without a registry', { push: 'true' }, { Dockerfile: 'FROM scratch\n' }, 'PIPE-IMAGE-004'],
    [
      'one name for several images',
      { name: 'x' },
      { 'a/Dockerfile': 'FROM scratch\n', 'b/Dockerfile': 'FROM scratch\n' },
      'PIPE-IMAGE-004',
    ],
    [
      '`images` beside `file`',
      { images: 'a: {target: b}', file: 'Dockerfile' },
      { Dockerfile: 'FROM scratch\n' },
      'PIPE-IMAGE-004',
    ],
    [
      'Cloud Run and a private registry',
      { for: 'cloud-run', registry: 'registry.example.com/acme' },
      { Dockerfile: 'FROM scratch\n' },
      'PIPE-IMAGE-005',
    ],
    ['a compose file that is none', {}, { 'compose.yaml': 'services: {a: [' }, 'PIPE-IMAGE-015'],
  ] as const)('%s', async ([, inputs, files, code]) => {
    const job = await jobWith(buildkit(), { 'readme.txt': 'x', ...files });
    const { exitCode, log } = await job.step({ inputs });
    expect(exitCode).toBe(1);
    expect(log).toContain(`::error::${code}: `);
    expect(log).not.toContain('Builder ');
  });

  it('a context that a link leads out of the repository with', async () => {
    const job = await jobWith(buildkit(), { 'compose.yaml': 'services: {shop: {build: out}}\n' });
    await symlink(job.temp, join(job.workspace, 'out'));
    await writeFiles(job.temp, { Dockerfile: 'FROM scratch\nCOPY . /\n' });
    const { log } = await job.step();
    expect(log).toMatch(/PIPE-IMAGE-002: the context of the image "shop" lies outside the repository/);
  });

  it('no Buildx', async () => {
    const job = await jobWith(buildkit(), { Dockerfile: 'FROM scratch\n' });
    const { log } = await job.step({ environment: { DOCKER_CONFIG: '/nothing' } });
    expect(log).toContain('PIPE-IMAGE-006');
  });

  it('a builder that there is not', async () => {
    const job = await jobWith(buildkit(), { Dockerfile: 'FROM scratch\n' });
    const { log } = await job.step({ environment: { BUILDX_BUILDER: 'nobody' } });
    expect(log).toMatch(/PIPE-IMAGE-007: the builder "nobody" can't be used: .*no builder .*nobody/);
  });
});

describe('a registry', () => {
  const PUSHED = { Dockerfile: 'FROM scratch\nCOPY a.txt /\n', 'a.txt': 'a' };

  it('that refuses the job is not taken for a fault of the project', async () => {
    const registry = await startRegistry({ access: 'password' });
    onTestFinished(registry.stop);
    const job = await jobWith(buildkit(), PUSHED);
    const { exitCode, log } = await job.step({
      inputs: { push: 'true', registry: `${registry.host}/acme`, cache: 'off' },
    });
    expect(exitCode).toBe(1);
    expect(log).toContain('PIPE-IMAGE-011');
  });

  it('that is not there is a fault outside', async () => {
    const job = await jobWith(buildkit(), PUSHED);
    const { exitCode, log } = await job.step({ inputs: { push: 'true', registry: '127.0.0.1:9/acme', cache: 'off' } });
    expect(exitCode).toBe(1);
    expect(log).toContain('PIPE-IMAGE-012');
  });
});

describe('a cache that is down costs time, never the build:', () => {
  const CACHED = 'FROM busybox:1\nCOPY a.txt /a\nRUN sha256sum /a > /sum\n';
  const FAULTS = [
    ['its manifest can not be read', 'GET', '/manifests/', { kind: 'status', status: 500 }],
    ['its manifest is cut off', 'GET', '/manifests/', { kind: 'truncate' }],
    ['its layers can not be read', 'GET', '/blobs/', { kind: 'status', status: 500 }],
    ['its layers are cut off', 'GET', '/blobs/', { kind: 'truncate' }],
    ['it can not be written', 'POST', '/blobs/', { kind: 'status', status: 507 }],
    ['its manifest is not taken', 'PUT', '/manifests/', { kind: 'reset' }],
  ] as const;

  it.for(FAULTS)('%s', async ([title, method, path, fault]) => {
    const proxy = await startFaultProxy(buildkit().registry);
    onTestFinished(proxy.stop);
    const folder = `faulty-${title.replace(/\W+/g, '-')}`;
    const job = await jobWith(buildkit(), { Dockerfile: CACHED, 'a.txt': title });
    const inputs = { push: 'true', registry: `${proxy.host}/${folder}` };
    if (method === 'GET') expect((await job.step({ inputs })).exitCode).toBe(0);
    prune();
    proxy.plan(
      (asked) => asked.method === method && asked.path.includes(`-cache${path}`),
      ...Array.from({ length: 60 }, () => fault),
    );
    const { exitCode, log, outputs } = await job.step({ inputs });
    expect({ exitCode, log }).toMatchObject({ exitCode: 0 });
    await pushedContent(buildkit().registry, `${folder}/shop`, outputs['digest'] ?? '');
    // What a cache can't take is left out, not tried with the whole build again.
    if (method !== 'GET') expect(log).not.toContain('once more');
    expect(log).toMatch(/::warning::shop: a cache could not be used, which cost time and nothing else/);
  });
});

function prune(): void {
  execFileSync('docker', ['buildx', 'prune', '--all', '--force'], {
    env: { ...process.env, ...buildkit().environment },
    stdio: 'ignore',
  });
}
