import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { target } from '../../../src/release/targets/cloud-run/target.ts';
import { serviceOf } from '../../support/cloud-run/state.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { ask, BROKEN, mark, pushed, REGION, site, startWorld, type World } from './place.ts';

let world: World;
let service = '';
let count = 0;

beforeAll(async () => {
  world = await startWorld({ polls: 0, pace: 2, startWithin: 1_500 });
});

afterAll(async () => {
  await world.stop();
});

/** Each test has a service of its own, on which a first release serves. */
beforeEach(async () => {
  count += 1;
  service = `service-${count}`;
  const prepared = await world.prepare({ service, image: pushed(world, site('first')), authentication: 'public' });
  await prepared.stage(mark(prepared, 'a'));
  world.said.length = 0;
});

afterEach(() => {
  const { state } = world.cloud;
  state.may = () => true;
  state.settings.cpuQuota = 10_000;
  state.disabled.clear();
});

async function stage(given: Readonly<Record<string, string>>, commit = 'b') {
  const prepared = await world.prepare({ service, ...given });
  return await prepared.stage(mark(prepared, commit));
}

async function answer(): Promise<string> {
  const serving = await (await world.platform(service)).current();
  return (await ask(world, serving?.url ?? '')).text;
}

it('says that the container did not listen, that the release before serves, and keeps the log to itself', async () => {
  await expect(stage({ image: pushed(world, BROKEN) })).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-010',
    message: expect.stringMatching(/failed to start and listen on the port .*PORT=8080.* serves as before/),
  });
  expect(await answer()).toBe('first');
  expect(world.said.join('')).not.toContain('no DATABASE_URL given');
});

it('shows the last lines of the container in a private repository, or when asked', async () => {
  await expect(stage({ image: pushed(world, BROKEN), 'failure-logs': 'true' })).rejects.toThrow('PIPE-CLOUDRUN-010');
  expect(world.said.join('')).toContain('no DATABASE_URL given');
  for (const isPrivate of [true, false]) {
    world.said.length = 0;
    const event = join(await temporaryFolder(), 'event.json');
    await writeFile(event, JSON.stringify({ repository: { private: isPrivate } }));
    const environment = { ...world.surroundings.environment, GITHUB_EVENT_PATH: event };
    const given = { service, region: REGION, project: 'acme-production', image: pushed(world, BROKEN) };
    const prepared = await target.prepare(given as never, { ...world.surroundings, environment });
    await expect(prepared.stage(mark(prepared, 'c'))).rejects.toThrow('PIPE-CLOUDRUN-010');
    expect(world.said.join('').includes('no DATABASE_URL given')).toBe(isPrivate);
  }
});

it('fails for the reason that matters when the log can not be read', async () => {
  world.cloud.state.may = (_, permission) => permission !== 'logging.logEntries.list';
  await expect(stage({ image: pushed(world, BROKEN), 'failure-logs': 'true' })).rejects.toThrow('PIPE-CLOUDRUN-010');
  expect(world.said.join('')).toContain('roles/logging.viewer');
});

it('leaves nothing behind that keeps traffic from moving, nor a setting that broke it', async () => {
  await expect(stage({ image: pushed(world, BROKEN), memory: '256Mi' })).rejects.toThrow('PIPE-CLOUDRUN-010');
  // The vendor's own command keeps every tag: one that leads to a broken revision would keep it from moving traffic.
  const { traffic = [] } = serviceOf(world.cloud.state, REGION, service)?.spec ?? {};
  expect(traffic.map(({ revision }) => revision)).toEqual([0, 1].map(() => expect.stringContaining('-aaaaaaa-')));
  const platform = await world.platform(service);
  const next = await stage({ image: pushed(world, site('second')) }, 'c');
  const serving = await platform.current();
  if (serving === undefined) throw new Error('nothing serves');
  await platform.shift([{ reference: next.reference, percent: 100 }], serving, 'promote');
  expect(await answer()).toBe('second');
  const limits = serviceOf(world.cloud.state, REGION, service)?.spec.template.containers?.[0]?.resources?.limits;
  expect(limits).toMatchObject({ memory: '512Mi' });
});

it('stages the same again after a failure, under another name', async () => {
  const image = pushed(world, BROKEN);
  await expect(stage({ image })).rejects.toThrow('PIPE-CLOUDRUN-010');
  const digest = image.split('@')[1] ?? '';
  world.cloud.state.images.programs.set(digest, site('repaired'));
  const release = await stage({ image });
  expect(release.reference.parts.at(-1)).toMatch(/-2$/);
  expect((await ask(world, release.url)).text).toBe('repaired');
});

it('says that an image is not there before anything is changed', async () => {
  const image = `europe-west1-docker.pkg.dev/acme-production/apps/api@sha256:${'d'.repeat(64)}`;
  await expect(world.prepare({ service, image })).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-011',
    message: expect.stringContaining(
      'gcloud artifacts repositories add-iam-policy-binding apps --project=acme-production',
    ),
  });
});

it('says which role the job lacks to read the image', async () => {
  world.cloud.state.may = (_, permission) => !permission.startsWith('artifactregistry.');
  await expect(world.prepare({ service, image: pushed(world, site('x')) })).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-011',
    message: expect.stringContaining('roles/artifactregistry.reader --member=serviceAccount:deploy@acme-production'),
  });
});

it("says that Cloud Run's own agent may not read the image", async () => {
  const image = pushed(world, site('hidden'));
  world.cloud.state.images.unreadable.add(image);
  await expect(stage({ image })).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-011',
    message: expect.stringContaining(
      'serverless-robot-prod.iam.gserviceaccount.com must have permission to read the image',
    ),
  });
  expect(await answer()).toBe('first');
});

it('passes on word for word what Cloud Run says of a registry that it does not pull from', async () => {
  const image = `quay.io/acme/api@sha256:${'d'.repeat(64)}`;
  await expect(world.prepare({ service, image })).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-004',
    message: expect.stringContaining(
      'where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained quay.io/acme/api@sha256:',
    ),
  });
});

it('pulls a public image of another registry, and says of a private one that it can not be pulled, before anything is changed', async () => {
  const digest = pushed(world, site('from afar')).split('@')[1];
  const release = await stage({ image: `ghcr.io/acme/public@${digest}` });
  expect((await ask(world, release.url)).text).toBe('from afar');
  const image = `ghcr.io/acme/private@${digest}`;
  world.cloud.state.images.unreadable.add(image);
  await expect(world.prepare({ service, image })).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-011',
    message: expect.stringMatching(/from ghcr\.io it pulls public images only.*remote repository/),
  });
});

it('says the same when only Cloud Run meets it', async () => {
  const digest = pushed(world, site('from afar')).split('@')[1];
  const image = `docker.io/acme/private@${digest}`;
  world.cloud.state.images.unreadable.add(image);
  // Nobody plays this registry here: it can't be asked, which is no reason to stop.
  const prepared = await world.prepare({ service, image });
  expect(world.said.join('')).toContain('Whether the image can be read was not checked');
  await expect(prepared.stage(mark(prepared, 'b'))).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-011',
    message: expect.stringMatching(/Image 'docker\.io.*' not found\..*public images only/),
  });
});

it('says that the quota of calls is used up', async () => {
  const { state } = world.cloud;
  state.settings.requestQuota = state.requests;
  try {
    await expect(world.prepare({ service, image: pushed(world, site('x')) })).rejects.toMatchObject({
      code: 'PIPE-CLOUDRUN-006',
      kind: 'outside',
    });
  } finally {
    state.settings.requestQuota = 1_000_000;
  }
});

it('refuses an image by tag', async () => {
  const image = 'europe-west1-docker.pkg.dev/acme-production/apps/api:latest';
  await expect(world.prepare({ service, image })).rejects.toMatchObject({ code: 'PIPE-CLOUDRUN-015' });
});

it('says that a quota is used up', async () => {
  world.cloud.state.settings.cpuQuota = 50;
  await expect(stage({ image: pushed(world, site('big')), 'max-instances': '100' })).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-013',
    message: expect.stringMatching(/Quota exceeded for total allowable CPU per project per region.*max-instances/),
  });
  expect(await answer()).toBe('first');
});

it.each([
  ['run.services.update', 'roles/run.developer'],
  ['iam.serviceaccounts.actAs', 'roles/iam.serviceAccountUser'],
])(
  'names the role and the command when the permission %s is missing, before anything is changed',
  async (denied, role) => {
    world.cloud.state.may = (_, permission) => permission !== denied;
    await expect(world.prepare({ service, image: pushed(world, site('x')) })).rejects.toMatchObject({
      code: 'PIPE-CLOUDRUN-005',
      message: expect.stringContaining(
        `--role=${role} --member=serviceAccount:deploy@acme-production.iam.gserviceaccount.com`,
      ),
    });
  },
);

it('says that an API is not enabled', async () => {
  world.cloud.state.disabled.add('run.googleapis.com');
  await expect(world.prepare({ service, image: pushed(world, site('x')) })).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-003',
    message: expect.stringContaining('gcloud services enable run.googleapis.com --project=acme-production'),
  });
});

it('says that there are no credentials', async () => {
  const credentials = { ...world.surroundings.credentials, workloadIdentityProvider: undefined };
  const given = { service, region: REGION, image: pushed(world, site('x')) };
  await expect(target.prepare(given as never, { ...world.surroundings, credentials })).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-009',
  });
});
