import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFiles } from '../support/temporary.ts';
import { pushedContent } from './pushed.ts';
import { recordDocker } from './recorder.ts';
import { jobWith, useBuildKit } from './step.ts';

const buildkit = useBuildKit();
const SECRET = 'correct-horse-battery-staple';
const IN_FILE = 'the-secret-of-the-file-below';

/** Uses both secrets, and says so by their lengths: nothing of them may stay. */
const USES = `FROM busybox:1
RUN --mount=type=secret,id=npm --mount=type=secret,id=rc wc -c < /run/secrets/npm > /one && wc -c < /run/secrets/rc > /two
RUN --mount=type=secret,id=npm,env=NPM_TOKEN test -n "$NPM_TOKEN" && echo "$NPM_TOKEN"
`;

describe('a secret for the build', () => {
  it('is there in the step that asks for it, and in no argument, layer, history, attestation or log', async () => {
    const job = await jobWith(buildkit(), { Dockerfile: USES });
    await writeFiles(job.temp, { npmrc: IN_FILE });
    const recorder = await recordDocker();
    const inputs = {
      push: 'true',
      registry: `${buildkit().registry}/secrets`,
      secrets: `npm: ${SECRET}`,
      'secret-files': `rc: ${join(job.temp, 'npmrc')}`,
      provenance: 'max',
    };
    const { exitCode, log, outputs } = await job.step({ inputs, environment: recorder.environment });
    expect({ exitCode, log }).toMatchObject({ exitCode: 0 });
    const { everything } = await pushedContent(buildkit().registry, 'secrets/shop', outputs['digest'] ?? '');
    expect(everything.includes(`${SECRET.length}\n`)).toBe(true);
    expect(everything.includes(`${IN_FILE.length}\n`)).toBe(true);
    const args = await recorder.args();
    expect(args).toContain('id=npm,env=PIPELINES_SECRET_0');
    for (const secret of [SECRET, IN_FILE]) {
      expect(everything.includes(secret)).toBe(false);
      expect(args).not.toContain(secret);
    }
    // The runner's command that masks it is the only line with it.
    expect(log.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain(SECRET);
    expect(await readdir(job.temp)).toEqual(['npmrc']);
  });

  it.for(['secrets', 'secret-files'])(
    'is not shown when the step that prints it fails, given by `%s`',
    async (input) => {
      const job = await jobWith(buildkit(), {
        Dockerfile: 'FROM busybox:1\nRUN --mount=type=secret,id=npm cat /run/secrets/npm; exit 1\n',
      });
      await writeFiles(job.temp, { npm: SECRET });
      const value = input === 'secrets' ? SECRET : join(job.temp, 'npm');
      const { exitCode, log, summary } = await job.step({ inputs: { [input]: `npm: ${value}` } });
      expect(exitCode).toBe(1);
      expect(log).toContain('PIPE-IMAGE-010');
      expect(log.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain(SECRET);
      expect(summary).toContain('could not be built');
      expect(summary).not.toContain(SECRET);
    },
  );

  it('in a file that is not there is refused before the build', async () => {
    const job = await jobWith(buildkit(), { Dockerfile: USES });
    const { exitCode, log } = await job.step({ inputs: { 'secret-files': 'rc: nothing\nout: /etc/hostname' } });
    expect(exitCode).toBe(1);
    expect(log.match(/PIPE-IMAGE-017/g)).toHaveLength(2);
  });
});

describe('a credential as build argument is refused before the build', () => {
  it.for([
    ['by its name', { 'build-args': 'NPM_TOKEN: short' }],
    ['by the value of a secret of the run', { 'build-args': `HARMLESS: x${SECRET}y`, secrets: `npm: ${SECRET}` }],
    ['by the form of its value', { 'build-args': 'DATABASE: postgres://app:letmein@db/app' }],
    ['in `images`', { images: 'shop: {file: Dockerfile, args: {API_KEY: abc}}' }],
    ['as a label', { labels: `owner=${SECRET}`, secrets: `npm: ${SECRET}` }],
  ] as const)('%s', async ([, inputs]) => {
    const job = await jobWith(buildkit(), { Dockerfile: USES });
    const recorder = await recordDocker();
    const { exitCode, log } = await job.step({ inputs, environment: recorder.environment });
    expect(exitCode).toBe(1);
    expect(log).toContain('PIPE-IMAGE-003');
    expect(log).toContain('--mount=type=secret');
    expect(log.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain(SECRET);
    // Docker was not even started.
    await expect(recorder.args()).rejects.toThrow('ENOENT');
  });

  it('from the compose file', async () => {
    const job = await jobWith(buildkit(), {
      Dockerfile: USES,
      'compose.yaml': 'services: {shop: {build: {context: ., args: {SESSION_SECRET: abc}}}}\n',
    });
    const { log } = await job.step();
    expect(log).toContain('PIPE-IMAGE-003: the build argument "SESSION_SECRET" of the image "shop"');
  });
});

it("the runner's own tokens reach no process that builds", async () => {
  const job = await jobWith(buildkit(), { Dockerfile: 'FROM busybox:1\nRUN true\n' });
  const recorder = await recordDocker();
  const environment = { ...recorder.environment, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'oidc-token-that-nobody-may-see' };
  const { exitCode } = await job.step({ environment });
  expect(exitCode).toBe(0);
  const variables = await recorder.variables();
  // What is recorded is the environment of the processes: it has what every process has.
  expect(variables).toMatch(/^PATH=/m);
  expect(variables).not.toMatch(/^(GITHUB_TOKEN|ACTIONS_\w+|INPUT_\w+|GITHUB_OUTPUT)=/m);
});
