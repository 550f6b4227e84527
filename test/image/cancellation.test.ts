import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ContainerBuilders, startContainerBuilders } from '../support/container-builder.ts';
import { REGISTRY_LOGIN, type RegistryServer, startRegistry } from '../support/registry-server.ts';
import { recordDocker } from './recorder.ts';
import { type Job, jobWith, useBuildKit } from './step.ts';

const buildkit = useBuildKit();

it('a cancelled build ends everything it started, and leaves no login', async () => {
  const registry = await startRegistry({ access: 'password' });
  try {
    // What sleeps can be found among this machine's processes by its number.
    const job = await jobWith(buildkit(), {
      Dockerfile: 'FROM busybox:1\nRUN echo started && sleep 98761\n',
      'a.txt': 'a',
    });
    const inputs = { push: 'true', registry: `${registry.host}/acme`, cache: 'off', ...REGISTRY_LOGIN };
    let wasAsleep = false;
    const look = setInterval(() => {
      wasAsleep ||= sleeping();
    }, 50);
    const { exitCode, log, state } = await job.step({ inputs, cancelAt: /Builder tests/, delay: 1_500 });
    clearInterval(look);
    expect(wasAsleep).toBe(true);
    expect(exitCode).toBe(1);
    expect(log).toContain('PIPE-IMAGE-013');
    expect(sleeping()).toBe(false);
    expect(await visible(job)).toEqual([]);
    expect((await job.step({ inputs, state })).exitCode).toBe(0);
  } finally {
    await registry.stop();
  }
});

function sleeping(): boolean {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .some((line) => line.trim() === 'sleep 98761');
}

/** What is left in the runner's temporary folder, without the layouts that later steps read. */
async function visible(job: Job): Promise<readonly string[]> {
  return (await readdir(job.temp)).filter((name) => !name.startsWith('image-layout-'));
}

describe('a builder of its own', () => {
  let builders: ContainerBuilders;
  let registry: RegistryServer;
  beforeAll(async () => {
    builders = await startContainerBuilders();
    registry = await startRegistry();
  });
  afterAll(async () => {
    await registry.stop();
    await builders.stop();
  });
  const FILES = { Dockerfile: 'FROM scratch\nCOPY a.txt /a.txt\n', 'a.txt': 'a' };
  const inputs = () => ({ push: 'true', registry: `${registry.host}/acme`, 'buildkit-image': builders.image });

  it("is made where Docker's own is not enough, and removed after the build", async () => {
    const job = await jobWith(builders, FILES);
    const { exitCode, log, outputs, state } = await job.step({ inputs: inputs() });
    expect({ exitCode, log }).toMatchObject({ exitCode: 0 });
    expect(log).toContain('(docker-container), made for this job');
    expect(outputs['digest']).toMatch(/^sha256:/);
    expect(await builders.left()).toEqual([]);
    expect(state['image-builder']).toBe('');
  });

  it('is removed after a build that failed', async () => {
    const job = await jobWith(builders, { Dockerfile: 'FROM scratch\nCOPY nothing /\n' });
    const { exitCode, log } = await job.step({ inputs: inputs() });
    expect(exitCode).toBe(1);
    expect(log).toContain('PIPE-IMAGE-010');
    expect(await builders.left()).toEqual([]);
  });

  it.for([
    // Its name is kept before it is made.
    ['while it is being made', { cancelAtState: /^image-builder/m, delay: 100 }],
    ['when it has just been made', { cancelAt: /made for this job/ }],
  ] as const)('of a job that is cancelled %s is gone after the job', async ([, cancelled]) => {
    const job = await jobWith(builders, FILES);
    const main = await job.step({ inputs: inputs(), ...cancelled });
    expect(main.exitCode).toBe(1);
    expect(main.state['image-builder']).toMatch(/^pipelines-/);
    const post = await job.step({ inputs: inputs(), state: main.state });
    expect({ exitCode: post.exitCode, log: post.log }).toMatchObject({ exitCode: 0 });
    expect(await builders.left()).toEqual([]);
    expect(await visible(job)).toEqual([]);
  });

  it('has emulation installed, by digest, for a platform that RUN steps need', async () => {
    const job = await jobWith(builders, {
      Dockerfile: 'FROM scratch\nCOPY a.txt /a.txt\nRUN ["/a.txt"]\n',
      'a.txt': 'a',
    });
    const recorder = await recordDocker();
    const given = { ...inputs(), platforms: 'linux/s390x' };
    // What is installed here has no privileges, so that it can't do anything; the build ends in any case.
    const { exitCode } = await job.step({ inputs: given, environment: recorder.environment });
    expect(exitCode).toBe(1);
    const calls = (await recorder.args()).replaceAll('\n', ' ');
    expect(calls).toMatch(/run --rm --privileged tonistiigi\/binfmt@sha256:[0-9a-f]{64} --install s390x/);
    expect(await builders.left()).toEqual([]);
  });

  it('that could not be made is a fault outside, and what was made of it is gone after the job', async () => {
    const job = await jobWith(builders, FILES);
    const given = { ...inputs(), 'buildkit-image': `127.0.0.1:9/nothing/buildkit@sha256:${'a'.repeat(64)}` };
    const main = await job.step({ inputs: given });
    expect(main.log).toContain('PIPE-IMAGE-007');
    expect((await job.step({ inputs: given, state: main.state })).exitCode).toBe(0);
    expect(await builders.left()).toEqual([]);
  });
});
