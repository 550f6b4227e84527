import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { artifactName } from '../../src/github/artifact-name.ts';
import { installTrivy } from '../../tools/scan/trivy.ts';
import { REGISTRY_LOGIN, startRegistry } from '../support/registry-server.ts';
import { installed, push, testImage, testIndex, writeLayout } from './images.ts';
import { startScanJob } from './job.ts';
import { readScanResult } from './read-result.ts';

const OLD = { ...installed('minimist', '1.2.0'), 'app/main.js': 'run();\n' };
const NEW = { ...installed('minimist', '1.2.6'), 'app/main.js': 'run();\n' };

/** What the result of a call without a workflow, folder or service of its own is called. */
const ARTIFACT = artifactName('scan-image', { workflow: 'pipeline', folder: '.', service: '' });

async function registry(access: 'open' | 'password' = 'open') {
  const server = await startRegistry({ access });
  onTestFinished(() => server.stop());
  return server;
}

describe('scanning an image', () => {
  it('says of each finding which layer it came with, and whose layer that is', async () => {
    const job = await startScanJob({});
    await writeLayout(join(job.workspace, 'layout'), testImage({ files: OLD }));
    const step = await job.run({ layout: 'api=layout', severity: 'CRITICAL\nHIGH' });
    expect(step.outputs).toMatchObject({ critical: '2', high: '1', new: '3', artifact: ARTIFACT });
    const rows = readScanResult(step.outputs['result'] ?? '')?.rows ?? [];
    const origins = rows.map(({ id, place, from }) => [id, place, from]);
    expect(origins).toContainEqual(['CVE-2021-44906', 'node-pkg', 'layer 2 of 2: COPY app /app; on linux/amd64']);
    expect(origins).toContainEqual(['CVE-2023-45853', 'debian', 'base image 1 of 2: ADD file:ab in /; on linux/amd64']);
    expect(step.summary).toContain('**First:** a newer base image for <code>api</code> removes 2 findings at most');
  });

  it('scans every platform of an index in a registry, once each, and merges what they share', async () => {
    const { host } = await registry();
    const job = await startScanJob({});
    const index = testIndex([testImage({ files: NEW }), testImage({ architecture: 'arm64', files: OLD })]);
    const image = await push({ host, repository: 'acme/api' }, index);
    const step = await job.run({ image });
    const rows = readScanResult(step.outputs['result'] ?? '')?.rows ?? [];
    expect(rows.find(({ id }) => id === 'CVE-2021-44906')?.from).toContain('on linux/arm64');
    expect(rows.find(({ id }) => id === 'CVE-2023-45853')?.from).toContain('on linux/amd64, linux/arm64');
    expect(step.outputs).toMatchObject({ critical: '2', new: '3' });
    expect(step.log).toContain('api: linux/amd64, linux/arm64: 8 packages, 4 findings');
    const one = await job.run({ image, platform: 'linux/amd64' });
    expect(one.outputs).toMatchObject({ critical: '1' });
  });

  it('scans every platform of a layout, also of an index in its index, where Trivy takes the first only', async () => {
    const job = await startScanJob({});
    const index = testIndex([testImage({ files: NEW }), testImage({ architecture: 'arm64', files: OLD })]);
    await writeLayout(join(job.workspace, 'layout'), index);
    const step = await job.run({ layout: 'layout' });
    const rows = readScanResult(step.outputs['result'] ?? '')?.rows ?? [];
    expect(rows.map(({ id }) => id)).toContain('CVE-2021-44906');
    const only = await job.run({ layout: 'layout', platform: 'linux/arm64' });
    expect(only.log).toContain('layout: linux/arm64: 4 packages');
    const missing = await job.run({ layout: 'layout', platform: 'linux/s390x' });
    expect(missing.log).toContain(
      'PIPE-SCAN-002: "layout" has no image for linux/s390x. Given: "linux/amd64, linux/arm64"',
    );
  });

  it('reads a private image with a login that is in no command line and no file afterwards', async () => {
    const { host } = await registry('password');
    const job = await startScanJob({});
    const index = testIndex([testImage({ files: OLD }), testImage({ architecture: 'arm64', files: NEW })]);
    const image = await push({ host, repository: 'acme/api', login: REGISTRY_LOGIN }, index);
    const spied = await spy(job.temp);
    const { username, password } = REGISTRY_LOGIN;
    const step = await job.run({ image, username, password }, { environment: spied.environment });
    expect(step.outputs).toMatchObject({ critical: '2', passed: 'false' });
    expect(await readFile(spied.file, 'utf8')).not.toContain(password);
    expect(await filesWith(job.temp, Buffer.from(`${username}:${password}`).toString('base64'))).toEqual([]);
    const refused = await job.run({ image });
    expect(refused.exitCode).toBe(1);
    expect(refused.log).toMatch(/::error::PIPE-REGISTRY-003/);
    expect(refused.summary).toContain('Scan not made');
  });

  it('sends a password to one registry: images of two are refused with it', async () => {
    const job = await startScanJob({});
    const digest = `sha256:${'0'.repeat(64)}`;
    const image = `127.0.0.1:1/acme/one@${digest}\n127.0.0.1:2/acme/two@${digest}`;
    const step = await job.run({ image, username: 'ci', password: 'password-for-one' });
    expect(step.log).toContain('PIPE-SCAN-001: the images are in several registries');
  });

  it('uses the login that an earlier step left in DOCKER_CONFIG', async () => {
    const { host } = await registry('password');
    const job = await startScanJob({});
    const index = testIndex([testImage({ files: OLD }), testImage({ architecture: 'arm64', files: NEW })]);
    const image = await push({ host, repository: 'acme/api', login: REGISTRY_LOGIN }, index);
    const auth = Buffer.from(`${REGISTRY_LOGIN.username}:${REGISTRY_LOGIN.password}`).toString('base64');
    await writeFile(join(job.temp, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
    const step = await job.run({ image }, { environment: { DOCKER_CONFIG: job.temp } });
    expect(step.outputs).toMatchObject({ critical: '2', passed: 'false' });
  });

  it('is red for an image in which it found neither a system nor a package', async () => {
    const job = await startScanJob({});
    await writeLayout(join(job.workspace, 'layout'), testImage({ base: false, files: { main: 'a static binary' } }));
    const step = await job.run({ layout: 'layout' });
    expect(step.exitCode).toBe(1);
    expect(step.log).toContain(
      'PIPE-SCAN-013: the scan of "layout" (linux/amd64) did not look at anything: neither an operating system nor a package was found in it',
    );
    expect((await job.run({ layout: 'layout', 'allow-empty': 'true' })).outputs['passed']).toBe('true');
  });

  it.each([
    [
      'a distribution that Trivy has no data of',
      'ID=fedora\nVERSION_ID=41\n',
      'Trivy has no vulnerabilities of fedora 41',
    ],
    [
      'a system that does not say what it is',
      'ID=frobix\nVERSION_ID=1\n',
      'Trivy has no vulnerabilities of an operating system that it does not know',
    ],
    [
      'a release that Trivy does not know',
      'ID=alpine\nVERSION_ID=9.99.1\n',
      'Trivy does not know alpine 9.99.1, and found nothing in it',
    ],
  ])('is red for %s, which Trivy calls clean', async (_, release, reason) => {
    const job = await startScanJob({});
    await writeLayout(join(job.workspace, 'layout'), testImage({ files: NEW, release }));
    const step = await job.run({ layout: 'layout' });
    expect(step.exitCode).toBe(1);
    expect(step.log).toContain(`(linux/amd64) did not look at anything: ${reason}`);
  });

  it('scans a scratch image that has packages', async () => {
    const job = await startScanJob({});
    await writeLayout(join(job.workspace, 'layout'), testImage({ base: false, files: NEW }));
    expect(await job.run({ layout: 'layout' })).toMatchObject({ exitCode: 0, outputs: { passed: 'true' } });
  });

  it('gives several images a run of SARIF and a bill of materials each', async () => {
    const job = await startScanJob({});
    await writeLayout(join(job.workspace, 'one'), testImage({ files: OLD }));
    await writeLayout(join(job.workspace, 'two'), testImage({ files: NEW }));
    const step = await job.run({ layout: 'api=one\nworker=two', 'sbom-file': 'sbom.json' });
    const sarif = JSON.parse(await readFile(step.outputs['sarif'] ?? '', 'utf8')) as {
      runs: { automationDetails: unknown }[];
    };
    expect(sarif.runs.map(({ automationDetails }) => automationDetails)).toEqual([
      { id: `${ARTIFACT}/api/` },
      { id: `${ARTIFACT}/worker/` },
    ]);
    expect(JSON.parse(step.outputs['sbom'] ?? '')).toEqual([
      join(job.workspace, 'sbom-api-linux-amd64.json'),
      join(job.workspace, 'sbom-worker-linux-amd64.json'),
    ]);
  });

  it('refuses a tag, an image that is gone, and a folder that is no layout', async () => {
    const { host } = await registry();
    const job = await startScanJob({ 'folder/file': '' });
    const tag = await job.run({ image: `${host}/acme/api:latest` });
    expect(tag.log).toContain('PIPE-SCAN-001: the input `image` is no image by digest');
    const gone = await job.run({ image: `${host}/acme/api@sha256:${'0'.repeat(64)}` });
    expect(gone.log).toContain(`PIPE-SCAN-002: there is no image "${host}/acme/api@sha256:${'0'.repeat(64)}"`);
    const folder = await job.run({ layout: 'folder' });
    expect(folder.log).toMatch(/PIPE-SCAN-002: ".*\/folder" is no OCI layout: it has no index\.json/);
  });

  it('explains why Trivy could not scan, in its own words, and does not call that a finding', async () => {
    const job = await startScanJob({});
    const image = testImage({ files: OLD });
    const blobs = [...image.blobs].filter(([, bytes]) => bytes[0] === 0x7b);
    await writeLayout(join(job.workspace, 'layout'), { descriptor: image.descriptor, blobs: new Map(blobs) });
    const step = await job.run({ layout: 'layout' });
    expect(step.exitCode).toBe(1);
    expect(step.log).toMatch(
      /::error::PIPE-SCAN-007: Trivy could not scan layout \(linux\/amd64\): it ended with status 1 .*no such file or directory/,
    );
    expect(step.log).toContain('nothing is known of the target');
    expect(step.outputs['passed'] ?? '').not.toBe('true');
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const { host } = await registry('password');
    const job = await startScanJob({});
    const image = await push({ host, repository: 'acme/api', login: REGISTRY_LOGIN }, testImage({ files: OLD }));
    const slow = join(job.temp, 'slow');
    await mkdir(slow);
    const script =
      '#!/bin/sh\ncase "$1" in --version) exec "$REAL_TRIVY" --version;; esac\necho started >&2\nsleep 600\n';
    await writeFile(join(slow, 'trivy'), script, { mode: 0o755 });
    const environment = {
      PATH: `${slow}:${process.env['PATH'] ?? ''}`,
      REAL_TRIVY: join(await installTrivy(), 'trivy'),
    };
    const { username, password } = REGISTRY_LOGIN;
    const step = await job.run({ image, username, password }, { environment, cancelAt: /signs in as/ });
    expect(step.exitCode).not.toBe(0);
    await job.run({}, { phase: 'post' });
    expect(await filesWith(job.temp, Buffer.from(`${username}:${password}`).toString('base64'))).toEqual([]);
    expect((await readdir(job.temp)).filter((name) => name.startsWith('pipelines-'))).toEqual([]);
  });
});

/** A Trivy that notes what it was started with. */
async function spy(temp: string) {
  const folder = join(temp, 'spy');
  await mkdir(folder);
  const file = join(folder, 'seen');
  const script = `#!/bin/sh\n{ echo "$@"; env; } >> '${file}'\nexec "$REAL_TRIVY" "$@"\n`;
  await writeFile(join(folder, 'trivy'), script, { mode: 0o755 });
  const environment = {
    PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    REAL_TRIVY: join(await installTrivy(), 'trivy'),
  };
  return { file, environment };
}

/** Files below a folder that hold a text. */
async function filesWith(folder: string, text: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(files.map(async (file) => [file, await readFile(file)] as const));
  return contents.filter(([, content]) => content.includes(text)).map(([file]) => file);
}
