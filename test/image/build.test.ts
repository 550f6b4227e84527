import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { layoutContent, pushedContent, tagsOf } from './pushed.ts';
import { copyOf, jobWith, useBuildKit } from './step.ts';

const buildkit = useBuildKit();
const run = promisify(execFile);

const APP = 'FROM busybox:1 AS build\nCOPY . /src\nRUN cp /src/a.txt /out\nFROM scratch\nCOPY --from=build /out /out\n';
const COPY_ONLY = 'FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH.txt /arch\n';

/** Inputs of a push into the tests' registry, below a path that no other test uses. */
function push(path: string, more: Readonly<Record<string, string>> = {}) {
  return { push: 'true', registry: `${buildkit().registry}/${path}`, ...more };
}

describe('a push', () => {
  it('is by digest: no tag is put on anything', async () => {
    const job = await jobWith(buildkit(), { Dockerfile: APP, 'a.txt': 'a' });
    const { exitCode, log, outputs } = await job.step({ inputs: push('by-digest') });
    expect({ exitCode, log }).toMatchObject({ exitCode: 0 });
    const { digest = '' } = outputs;
    expect(outputs['image']).toBe(`${buildkit().registry}/by-digest/shop@${digest}`);
    expect(JSON.parse(outputs['digests'] ?? '')).toEqual({ shop: digest });
    expect(outputs['layout']).toBe('');
    const content = await pushedContent(buildkit().registry, 'by-digest/shop', digest);
    expect(Object.keys(content.platforms)).toEqual(['linux/amd64']);
    expect(await tagsOf(buildkit().registry, 'by-digest/shop')).toEqual([]);
  });

  it('says one line a stage', async () => {
    const job = await jobWith(buildkit(), { Dockerfile: APP, 'a.txt': 'lines' });
    const { log } = await job.step({ inputs: push('lines') });
    expect(log).toMatch(/^build: 2 steps \(/m);
    expect(log).toMatch(/^stage-1: 1 step \(/m);
    expect(log.split('\n').length).toBeLessThan(12);
  });

  it('labels the image with where it comes from', async () => {
    const job = await jobWith(buildkit(), { Dockerfile: APP, 'a.txt': 'a' });
    const sha = 'c'.repeat(40);
    const inputs = push('labels', { labels: 'org.opencontainers.image.vendor=Acme' });
    const { outputs } = await job.step({ inputs, environment: { GITHUB_SHA: sha } });
    const { platforms } = await pushedContent(buildkit().registry, 'labels/shop', outputs['digest'] ?? '');
    expect(platforms['linux/amd64']?.config.config.Labels).toMatchObject({
      'org.opencontainers.image.revision': sha,
      'org.opencontainers.image.source': 'https://github.com/acme/shop',
      'org.opencontainers.image.vendor': 'Acme',
    });
  });

  it('attests provenance, and an SBOM where one is asked for', async () => {
    const scanner = await scannerImage();
    const job = await jobWith(buildkit(), { Dockerfile: APP, 'a.txt': 'a' });
    const { log, outputs } = await job.step({ inputs: push('attested', { sbom: scanner }) });
    expect(log).not.toContain('::error');
    const { attestations } = await pushedContent(buildkit().registry, 'attested/shop', outputs['digest'] ?? '');
    expect([...attestations].sort()).toEqual(['https://slsa.dev/provenance/v1', 'https://spdx.dev/Document']);
  });

  it('takes layers from the cache of an earlier push when the builder has none of its own', async () => {
    const job = await jobWith(buildkit(), { Dockerfile: APP, 'a.txt': 'cached' });
    const first = await job.step({ inputs: push('cached') });
    expect(await tagsOf(buildkit().registry, 'cached/shop-cache')).toEqual(['latest']);
    await run('docker', ['buildx', 'prune', '--all', '--force'], {
      env: { ...process.env, ...buildkit().environment },
    });
    const second = await job.step({ inputs: push('cached') });
    expect(first.log).toMatch(/shop: .* 3 steps run, 0 cached/);
    expect(second.log).toMatch(/shop: .* 0 steps run, 3 cached/);
  });
});

/** A generator that finds nothing: what it is told by BuildKit and what it answers is its protocol. */
async function scannerImage(): Promise<string> {
  const statement = {
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: 'https://spdx.dev/Document',
    predicate: { spdxVersion: 'SPDX-2.3' },
  };
  const files = {
    Dockerfile: 'FROM busybox:1\nCOPY --chmod=755 scan /scan\nENTRYPOINT ["/scan"]\n',
    scan: `#!/bin/sh\necho '${JSON.stringify(statement)}' > "$BUILDKIT_SCAN_DESTINATION/sbom.spdx.json"\n`,
  };
  const job = await jobWith(buildkit(), files);
  const { outputs } = await job.step({ inputs: push('scanner') });
  return outputs['image'] ?? '';
}

describe('several images', () => {
  const IMAGES = {
    'apps/api/Dockerfile':
      'FROM busybox:1\nCOPY package.json /p\nCOPY packages/lib /lib\nRUN echo shared > /shared\nRUN echo api > /name\n',
    'apps/web/Dockerfile': 'FROM busybox:1\nCOPY web.txt /web\n',
    'apps/web/web.txt': 'web',
    'package.json': '{"name":"root","workspaces":["apps/*","packages/*"]}',
    'packages/lib/package.json': '{"name":"lib"}',
  };

  it('are found, built beside each other and pushed, each from its own context', async () => {
    const job = await jobWith(buildkit(), IMAGES);
    const { exitCode, log, outputs } = await job.step({ inputs: push('several') });
    expect({ exitCode, log }).toMatchObject({ exitCode: 0 });
    expect(log).toContain('Image api: apps/api/Dockerfile; context the root of the repository');
    expect(log).toContain('Image web: apps/web/Dockerfile; context apps/web: its own folder.');
    const digests: Record<string, string> = JSON.parse(outputs['digests'] ?? '');
    expect(Object.keys(digests)).toEqual(['api', 'web']);
    expect(outputs).toMatchObject({ image: '', digest: '', layout: '' });
    for (const [name, digest] of Object.entries(digests))
      await pushedContent(buildkit().registry, `several/${name}`, digest);
  });

  it('are as good as built when another one fails', async () => {
    const job = await jobWith(buildkit(), { ...IMAGES, 'apps/web/Dockerfile': 'FROM busybox:1\nRUN exit 7\n' });
    const { exitCode, log, outputs, summary } = await job.step({ inputs: push('half') });
    expect(exitCode).toBe(1);
    expect(log).toContain(
      'PIPE-IMAGE-010: the image "web" could not be built: apps/web/Dockerfile:2: RUN exit 7 ended with status 7',
    );
    expect(Object.keys(JSON.parse(outputs['digests'] ?? ''))).toEqual(['api']);
    expect(summary).toContain('1 of 2 images could not be built');
  });

  it('are those of `images` where it is given, with their own arguments and stages', async () => {
    const job = await jobWith(buildkit(), {
      'build/Dockerfile': 'FROM busybox:1 AS base\nARG WHO\nRUN echo "$WHO" > /who\nFROM base AS late\nRUN exit 1\n',
    });
    const images =
      'one: {file: build/Dockerfile, target: base, args: {WHO: one-argument}}\ntwo: {file: build/Dockerfile, target: base, args: {WHO: two-argument}}';
    const { exitCode, log, outputs } = await job.step({ inputs: push('given', { images }) });
    expect({ exitCode, log }).toMatchObject({ exitCode: 0 });
    const digests: Record<string, string> = JSON.parse(outputs['digests'] ?? '');
    const content = await pushedContent(buildkit().registry, 'given/two', digests['two'] ?? '');
    expect(content.everything.includes('two-argument\n')).toBe(true);
  });

  it('are those of the compose file first', async () => {
    const files = {
      'compose.yaml':
        'x-build: &build {context: ., target: slim}\nservices:\n  shop: {build: *build}\n  db: {image: postgres}\n',
      Dockerfile: 'FROM scratch AS slim\nCOPY a.txt /slim\nFROM scratch\nCOPY a.txt /fat\n',
      'a.txt': 'a',
    };
    const job = await jobWith(buildkit(), files);
    const { log, outputs } = await job.step({ inputs: push('compose') });
    expect(log).toContain('Image shop: service shop of compose.yaml.');
    const content = await pushedContent(buildkit().registry, 'compose/shop', outputs['digest'] ?? '');
    expect(content.everything.includes('COPY a.txt /slim')).toBe(true);
  });
});

describe('without a push', () => {
  it('an image becomes a folder in OCI layout, and nothing reaches a registry', async () => {
    const job = await jobWith(buildkit(), { Dockerfile: APP, 'a.txt': 'a' });
    const { exitCode, outputs } = await job.step({ inputs: { registry: `${buildkit().registry}/nothing` } });
    expect(exitCode).toBe(0);
    expect(outputs['image']).toBe('');
    const content = await layoutContent(outputs['layout'] ?? '');
    expect(content.digest).toBe(outputs['digest']);
    expect(content.everything.includes('COPY /out /out')).toBe(true);
    const catalog = await (await fetch(`http://${buildkit().registry}/v2/_catalog`)).text();
    expect(catalog).not.toContain('nothing/');
    expect((await readdir(job.temp)).filter((name) => !name.startsWith('image-layout-'))).toEqual([]);
  });
});

describe('several platforms', () => {
  it('need no emulation where files are only copied', async () => {
    const job = await jobWith(buildkit(), { Dockerfile: COPY_ONLY, 'amd64.txt': 'amd64', 'arm64.txt': 'arm64' });
    const { exitCode, log, outputs } = await job.step({
      inputs: push('two', { platforms: 'linux/amd64\nlinux/arm64' }),
    });
    expect({ exitCode, log }).toMatchObject({ exitCode: 0 });
    const { platforms } = await pushedContent(buildkit().registry, 'two/shop', outputs['digest'] ?? '');
    expect(Object.keys(platforms).sort()).toEqual(['linux/amd64', 'linux/arm64']);
  });

  it('are refused before the build where RUN needs a program of one that the given builder can not run', async () => {
    const job = await jobWith(buildkit(), { Dockerfile: 'FROM busybox:1\nRUN true\n' });
    const { exitCode, log } = await job.step({ inputs: push('foreign', { platforms: 'linux/s390x' }) });
    expect(exitCode).toBe(1);
    expect(log).toContain('PIPE-IMAGE-008');
  });
});

it('makes the same platform manifest of the same commit, in two clones at two times without a cache', async () => {
  const job = await jobWith(buildkit(), { Dockerfile: APP, 'a.txt': 'same', 'folder/b.txt': 'b' });
  const inputs = push('same', { 'no-cache': 'true', cache: 'off' });
  const first = await job.step({ inputs });
  const other = await copyOf(job, buildkit());
  // File systems and image formats count in seconds.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const second = await other.step({ inputs });
  const manifests = await Promise.all(
    [first, second].map(async ({ outputs }) => {
      const { platforms } = await pushedContent(buildkit().registry, 'same/shop', outputs['digest'] ?? '');
      return platforms['linux/amd64']?.digest;
    }),
  );
  expect(manifests[0]).toMatch(/^sha256:/);
  expect(manifests[1]).toBe(manifests[0]);
});

it('uses the current builder as it is where it is not the one of Docker, and leaves it there', async () => {
  const job = await jobWith(buildkit(), { Dockerfile: APP, 'a.txt': 'current' });
  const env = { ...process.env, ...buildkit().environment };
  await run('docker', ['buildx', 'use', 'tests'], { env });
  const { exitCode, log } = await job.step({ inputs: push('current'), environment: { BUILDX_BUILDER: undefined } });
  expect({ exitCode, log }).toMatchObject({ exitCode: 0 });
  expect(log).toContain('Builder tests (remote).');
  expect((await run('docker', ['buildx', 'ls', '--format', '{{.Name}}'], { env })).stdout).toContain('tests');
});
