import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { packSite } from '../../../src/archive/pack.ts';
import { target } from '../../../src/release/targets/vercel/target.ts';
import { commitAll, DOMAIN, openRoom, outputWith, TOKEN } from './room.ts';

const ONE = 'a'.repeat(40);
const TWO = 'b'.repeat(40);

/** Inputs with their defaults. */
const GIVEN = {
  project: undefined,
  team: undefined,
  workingDirectory: '.',
  prebuilt: 'auto',
  target: 'production',
  channel: undefined,
  domains: [],
  env: undefined,
  buildEnv: undefined,
  secrets: undefined,
  timeout: 900_000,
} as const;

it('puts the output of a build live, the next one beside it until it is promoted, and goes back', async () => {
  const room = await openRoom();
  await room.write(outputWith('<h1>one</h1>'));
  const first = await room.deploy(ONE);
  expect(first.failure).toBeUndefined();
  expect(first.outputs).toMatchObject({ url: `https://${DOMAIN}`, promoted: true, first: true, healthy: true });
  expect(first.outputs.release).toMatch(/^vercel:\/\/acme\/web\/dpl_\w+$/);
  const page = async (url: string) => (await room.get(url)).body.toString();
  expect(await page(`https://${DOMAIN}/`)).toBe('<h1>one</h1>');

  await room.write(outputWith('<h1>two</h1>'));
  const staged = await room.deploy(TWO, { promote: 'false' });
  expect(staged.failure).toBeUndefined();
  expect(staged.outputs).toMatchObject({ promoted: false, first: false, 'previous-release': first.outputs.release });
  expect(await page(`https://${DOMAIN}/`)).toBe('<h1>one</h1>');
  expect(await page(staged.outputs['candidate-url'] ?? '')).toBe('<h1>two</h1>');

  const promoted = await room.promote({ release: staged.outputs.release ?? '' });
  expect(promoted.failure).toBeUndefined();
  expect(promoted.outputs).toMatchObject({ release: staged.outputs.release, promoted: true });
  expect(await page(`https://${DOMAIN}/`)).toBe('<h1>two</h1>');
  expect(await page('https://web.vercel.app/')).toBe('<h1>two</h1>');

  const back = await room.rollback({ target: 'vercel://acme/web', to: 'previous' });
  expect(back.failure).toBeUndefined();
  expect(back.outputs).toMatchObject({ release: first.outputs.release, moved: true });
  expect(await page(`https://${DOMAIN}/`)).toBe('<h1>one</h1>');
  expect(room.vercel.state.unknown).toEqual([]);
});

it('sends the token in one header, and in nothing else', async () => {
  const room = await openRoom();
  await room.write(outputWith('<h1>one</h1>'));
  const { step } = await room.deploy(ONE);
  const requests = room.proxy.requests.filter(({ host }) => host === 'api.vercel.com');
  expect(requests.length).toBeGreaterThan(10);
  for (const { path, query, headers, body } of requests) {
    const { authorization, ...others } = headers;
    expect(authorization).toBe(`Bearer ${TOKEN}`);
    expect(JSON.stringify([path, [...query], others, body.toString()])).not.toContain(TOKEN);
  }
  expect(JSON.stringify([step.said, step.summaries])).not.toContain(TOKEN);
});

it('gives git, which it asks about the commit, neither the token nor anything else of the step', async () => {
  const room = await openRoom();
  await room.write(outputWith('<h1>one</h1>'));
  await commitAll(room.workspace, 'feat: one page');
  const { chmod, readFile } = await import('node:fs/promises');
  const seen = `${room.workspace}/../seen`;
  const real = process.env['PATH'] ?? '';
  const script = `#!/bin/sh\necho "$*" >> '${seen}'\nenv >> '${seen}'\nPATH='${real}' exec git "$@"\n`;
  await room.write({ '../bin/git': script });
  await chmod(`${room.workspace}/../bin/git`, 0o755);
  const environment = { PATH: `${room.workspace}/../bin:${real}`, INPUT_TOKEN: TOKEN, VERCEL_TOKEN: TOKEN };
  const { failure } = await room.deploy(ONE, { promote: 'false' }, environment);
  expect(failure).toBeUndefined();
  const text = await readFile(seen, 'utf8');
  expect(text).toContain('--format=%H');
  expect(text).not.toContain(TOKEN);
  expect(room.vercel.state.deployments[0]?.request['gitMetadata']).toMatchObject({ commitMessage: 'feat: one page' });
});

it('deploys the output that an earlier job has handed over as an archive', async () => {
  const room = await openRoom({ project: { rootDirectory: 'apps/web' } });
  const app = { 'working-directory': 'apps/web', archive: 'site.tar' };
  const output = Object.entries(outputWith('<h1>built</h1>')).map(([path, text]) => [`apps/web/${path}`, text]);
  await room.write({ ...Object.fromEntries(output), 'apps/web/package.json': '{"engines":{"node":"22.x"}}' });
  const folders = await target.outputFolders?.(
    { ...GIVEN, workingDirectory: `${room.workspace}/apps/web` },
    room.workspace,
  );
  expect(folders).toEqual(['?apps/web/.vercel/output']);
  const environment = { PATH: process.env['PATH'] ?? '' };
  const signal = new AbortController().signal;
  await packSite(folders ?? [], room.workspace, `${room.workspace}/site.tar`, { environment, signal });
  await rm(`${room.workspace}/apps/web/.vercel`, { recursive: true });
  const { failure, outputs } = await room.deploy(ONE, app);
  expect(failure).toBeUndefined();
  expect((await room.get(outputs.url ?? '')).body.toString()).toBe('<h1>built</h1>');
  const [made] = room.vercel.state.deployments;
  expect([...(made?.files.keys() ?? [])]).toEqual(output.map(([path]) => path).sort());
  expect(made?.request['projectSettings']).toMatchObject({ nodeVersion: '22.x', rootDirectory: 'apps/web' });
});

it('uploads what Vercel has not, and nothing when only the commit is another', async () => {
  const room = await openRoom();
  await room.write(outputWith('<h1>one</h1>', { '.vercel/output/static/a.css': 'a{}' }));
  await room.deploy(ONE);
  const uploads = () => room.calls().filter((call) => call === 'POST /v2/files').length;
  expect(uploads()).toBe(3);
  await room.write({ '.vercel/output/static/a.css': 'b{}' });
  await room.deploy(TWO);
  expect(uploads()).toBe(1);
  const again = await room.deploy('c'.repeat(40));
  expect(again.outputs.reused).toBe(false);
  expect(uploads()).toBe(0);
});

it('finds the candidate of the same commit and settings, also one that is still being built', async () => {
  const room = await openRoom({ behaviour: { reads: 3 } });
  await room.write(outputWith('<h1>one</h1>'));
  await room.deploy(ONE);
  await room.write(outputWith('<h1>two</h1>'));
  const stopped = await room.deploy(TWO, { promote: 'false', timeout: '10s' });
  const [, candidate] = room.vercel.state.deployments;
  if (candidate === undefined) throw new Error('no candidate');
  // As if that run had been killed while Vercel was building.
  candidate.readyState = 'BUILDING';
  candidate.left = 3;
  const again = await room.deploy(TWO, { promote: 'false' });
  expect(again.outputs.release).toBe(stopped.outputs.release);
  expect(room.vercel.state.deployments).toHaveLength(2);
  const other = await room.deploy(TWO, { promote: 'false', env: 'LEVEL: debug' });
  expect(other.outputs.release).not.toBe(stopped.outputs.release);
});

it('makes one deployment, also when the answer to it was lost while Vercel builds', async () => {
  const room = await openRoom({ behaviour: { reads: 3 } });
  await room.write(outputWith('<h1>one</h1>'));
  let asked = 0;
  room.proxy.inject(({ method, path }) => {
    if (method !== 'POST' || path !== '/v13/deployments') return undefined;
    asked += 1;
    // The first is told which files are missing, the second makes it.
    return asked === 2 ? 'lost' : undefined;
  });
  const run = await room.deploy(ONE);
  expect(asked).toBe(2);
  expect(run.outputs.promoted).toBe(true);
  expect(room.vercel.state.deployments).toHaveLength(1);
});

it('gives a deployment its variables, and writes secret ones to the project for its target alone', async () => {
  const room = await openRoom();
  await room.write(outputWith('<h1>one</h1>'));
  const inputs = { env: 'API_URL: https://api.example.com', 'build-env': 'MODE: full', promote: 'false' };
  const secret = 'sk_live_0123456789';
  const first = await room.deploy(ONE, { ...inputs, secrets: `STRIPE_KEY: ${secret}` });
  expect(first.failure).toBeUndefined();
  const { state, project } = { state: room.vercel.state, project: room.project };
  expect(state.deployments[0]).toMatchObject({
    env: { API_URL: 'https://api.example.com' },
    buildEnv: { MODE: 'full' },
  });
  expect(project.env).toMatchObject([{ key: 'STRIPE_KEY', value: secret, type: 'sensitive', target: ['production'] }]);
  expect(first.step.said.join('\n')).toContain('secret variables written to the project STRIPE_KEY');
  const { deployments } = state;
  expect(JSON.stringify([first.step.said, deployments.map(({ request }) => request)])).not.toContain(secret);
  // Another value is another deployment: the first one has the old value for good.
  const second = await room.deploy(ONE, { ...inputs, secrets: 'STRIPE_KEY: sk_live_9876543210' });
  expect(second.outputs.release).not.toBe(first.outputs.release);
  expect(project.env).toMatchObject([{ key: 'STRIPE_KEY', value: 'sk_live_9876543210' }]);
});

it('tells Vercel the commit, without what a checkout may have put into its address', async () => {
  const room = await openRoom();
  await room.write(outputWith('<h1>one</h1>'));
  await commitAll(room.workspace, 'feat: one page');
  const { appendFile } = await import('node:fs/promises');
  const remote = '[remote "origin"]\n\turl = https://x-access-token:ghs_0123456789@github.com/acme/web.git\n';
  await appendFile(`${room.workspace}/.git/config`, remote);
  await room.deploy(ONE, { promote: 'false' });
  expect(room.vercel.state.deployments[0]?.request['gitMetadata']).toMatchObject({
    commitMessage: 'feat: one page',
    commitAuthorName: 'Ada',
    commitRef: 'main',
    remoteUrl: 'https://github.com/acme/web.git',
    dirty: false,
    rootDirectory: '',
  });
});

it('keeps as many releases as it is told to, and what served before', async () => {
  const room = await openRoom();
  for (const letter of ['a', 'b', 'c', 'd']) {
    await room.write(outputWith(`<h1>${letter}</h1>`));
    const { failure } = await room.deploy(letter.repeat(40), { keep: '1' });
    expect(failure).toBeUndefined();
  }
  const pages = room.vercel.state.deployments.map(({ meta }) => meta['pipelinesCommit']?.[0]);
  expect(pages).toEqual(['c', 'd']);
});

it('finds what serves and its own candidate among more deployments than are read at once', async () => {
  const room = await openRoom();
  await room.write(outputWith('<h1>one</h1>'));
  const live = await room.deploy(ONE);
  await room.write(outputWith('<h1>two</h1>'));
  const staged = await room.deploy(TWO, { promote: 'false' });
  const { deployments } = room.vercel.state;
  const [, candidate] = deployments;
  if (candidate === undefined) throw new Error('no candidate');
  for (let count = 1; count <= 110; count += 1) {
    const createdAt = candidate.createdAt + count;
    deployments.push({
      ...candidate,
      id: `dpl_other${count}`,
      url: `web-other${count}.vercel.app`,
      meta: {},
      createdAt,
    });
  }
  const again = await room.deploy(TWO, { promote: 'false' });
  expect(again.outputs.release).toBe(staged.outputs.release);
  const promoted = await room.deploy(TWO, { keep: '50' });
  expect(promoted.outputs).toMatchObject({
    release: staged.outputs.release,
    'previous-release': live.outputs.release,
    promoted: true,
  });
});

it('reads all pages of deployments and domains', async () => {
  const room = await openRoom({
    behaviour: { pageSize: 2 },
    project: { domains: [DOMAIN, 'a.acme.example', 'b.acme.example', 'c.acme.example'] },
  });
  for (const letter of ['a', 'b', 'c', 'd', 'e']) {
    await room.write(outputWith(`<h1>${letter}</h1>`));
    const { failure } = await room.deploy(letter.repeat(40), { keep: '50', domains: 'c.acme.example' });
    expect(failure).toBeUndefined();
  }
  await room.write(outputWith('<h1>a</h1>'));
  const [first] = room.vercel.state.deployments;
  const again = await room.deploy('a'.repeat(40), { promote: 'false' });
  expect(again.outputs.release).toContain(first?.id);
});
