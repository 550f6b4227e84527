import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addProject } from '../../support/vercel/state.ts';
import { DOMAIN, openRoom, outputWith, type RoomOptions, TEAM, TOKEN } from './room.ts';

const ONE = 'a'.repeat(40);

type Texts = Readonly<Record<string, string>>;

/** The first fault of a deployment, and whether Vercel was asked to change anything. */
async function refusal(inputs: Texts, files: Texts = outputWith('one'), options: RoomOptions = {}, environment = {}) {
  const room = await openRoom(options);
  await room.write(files);
  const { failure } = await room.deploy(ONE, inputs, environment);
  const changes = room.calls().filter((call) => !call.startsWith('GET '));
  expect(changes).toEqual([]);
  const [fault] = failure?.faults ?? [];
  return { code: fault?.code, text: failure?.message ?? '', fault };
}

it('tells an empty token, one that is not accepted, and one that may not', async () => {
  expect((await refusal({ token: '' })).code).toBe('PIPE-VERCEL-001');
  const unknown = await refusal({ token: 'vcp_somethingElse' });
  expect(unknown.code).toBe('PIPE-VERCEL-001');
  expect(unknown.text).toContain('forbidden: Not authorized');
  const room = await openRoom();
  room.vercel.state.teams.push({ id: 'team_other', slug: 'other', name: 'Other', plan: 'pro' });
  await room.write(outputWith('one'));
  const { failure } = await room.deploy(ONE, { team: 'other' });
  expect(failure?.faults[0].code).toBe('PIPE-VERCEL-004');
});

it('tells a project that is not there, and a team that is not there', async () => {
  const project = await refusal({ project: 'wbe' });
  expect(project.code).toBe('PIPE-VERCEL-003');
  expect(project.text).toContain('acme has no project "wbe"');
  expect((await refusal({ team: 'nobody' })).code).toBe('PIPE-VERCEL-004');
  expect((await refusal({ team: 'team_nobody' })).code).toBe('PIPE-VERCEL-004');
});

it('finds project and team by ids, by the environment, and by the link of the folder', async () => {
  const room = await openRoom();
  await room.write(outputWith('one'));
  const { id } = room.project;
  const inputs = { project: '', team: '', promote: 'false' };
  const ids = await room.deploy(ONE, { ...inputs, project: id, team: TEAM });
  const environment = await room.deploy(ONE, inputs, { VERCEL_PROJECT_ID: id, VERCEL_ORG_ID: TEAM });
  await room.write({ '.vercel/project.json': JSON.stringify({ projectId: id, orgId: TEAM }) });
  const linked = await room.deploy(ONE, inputs);
  // The team of the token.
  const own = await room.deploy(ONE, { ...inputs, project: 'web' });
  for (const { failure, outputs } of [ids, environment, linked, own]) {
    expect(failure).toBeUndefined();
    expect(outputs.release).toBe(ids.outputs.release);
  }
  expect(ids.outputs.release).toMatch(/^vercel:\/\/acme\/web\//);
});

it('names an account that owns projects itself by its name, so that no team can be meant', async () => {
  const room = await openRoom();
  const { state } = room.vercel;
  state.users.push({
    id: 'Zt9NqXkQfQn',
    username: 'grace',
    email: 'grace@acme.example',
    name: 'Grace',
    defaultTeamId: undefined,
    tokens: [{ value: 'vcp_ofGrace0123456789', scopes: ['personal'] }],
  });
  const project = addProject(state, { name: 'blog', accountId: 'Zt9NqXkQfQn' });
  await room.write(outputWith('one'));
  const given = { token: 'vcp_ofGrace0123456789', project: 'blog' };
  const first = await room.deploy(ONE, { ...given, team: '' });
  expect(first.failure).toBeUndefined();
  expect(first.outputs.release).toMatch(/^vercel:\/\/user:grace\/blog\/dpl_/);
  await room.write(outputWith('two'));
  const second = await room.deploy('b'.repeat(40), { ...given, team: 'Zt9NqXkQfQn' });
  expect(second.failure).toBeUndefined();
  const back = await room.rollback({ token: given.token, release: first.outputs.release ?? '' });
  expect(back.failure).toBeUndefined();
  expect(project.production).toBe(first.outputs.release?.split('/').at(-1));
  const byId = (second.outputs.release ?? '').replace('user:grace', 'Zt9NqXkQfQn');
  expect((await room.promote({ token: given.token, release: byId, force: 'true' })).failure).toBeUndefined();
});

it('refuses an output that is none, that failed, or that was built for another environment', async () => {
  const missing = await refusal({ prebuilt: 'true' }, { 'index.html': 'source' });
  expect(missing).toMatchObject({ code: 'PIPE-VERCEL-006', fault: { given: 'there is no folder .vercel/output' } });
  const old = await refusal({}, { '.vercel/output/config.json': '{"version":2}' });
  expect(old).toMatchObject({ code: 'PIPE-VERCEL-006' });
  const bare = await refusal({}, { '.vercel/output/static/index.html': 'one' });
  expect(bare.text).toContain('an artifact without hidden files lacks it');
  const broken = await refusal({}, { '.vercel/output/config.json': '{' });
  expect(broken.text).toContain('config.json is not JSON');
  const other = await refusal({}, outputWith('one', { '.vercel/output/builds.json': '{"target":"preview"}' }));
  expect(other.code).toBe('PIPE-VERCEL-007');
  expect(other.text).toContain('vercel build --target=production');
  const builds = JSON.stringify({ target: 'production', builds: [{ error: { message: 'no such module' } }] });
  const failed = await refusal({}, outputWith('one', { '.vercel/output/builds.json': builds }));
  expect(failed.text).toContain('no such module');
});

it('takes no file of the runner that an output names', async () => {
  const config = (path: string) => {
    const named = JSON.stringify({ runtime: 'nodejs24.x', handler: 'i.js', filePathMap: { 'i.js': path } });
    return outputWith('one', { '.vercel/output/functions/api.func/.vc-config.json': named, '.git/config': 'token' });
  };
  for (const path of ['../secret', '/etc/passwd', '.git/config', 'not-there.js']) {
    expect((await refusal({}, config(path))).code).toBe('PIPE-VERCEL-011');
  }
  const room = await openRoom();
  await room.write(config('lib/outside/secret'));
  await mkdir(join(room.workspace, '../outside'));
  await writeFile(join(room.workspace, '../outside/secret'), 'secret');
  await mkdir(join(room.workspace, 'lib'));
  await symlink('../../outside', join(room.workspace, 'lib/outside'));
  const { failure } = await room.deploy(ONE);
  expect(failure?.faults[0].code).toBe('PIPE-VERCEL-011');
});

it('refuses a root directory that is not there, a domain that would not move, and a vercel.json that is none', async () => {
  const root = await refusal({}, outputWith('one'), { project: { rootDirectory: 'apps/web' } });
  expect(root).toMatchObject({ code: 'PIPE-VERCEL-009', fault: { given: '"apps/web" in "."' } });
  const domains = `${DOMAIN}\nshop.acme.example`;
  const domain = await refusal({ domains });
  expect(domain.code).toBe('PIPE-VERCEL-021');
  expect(domain.text).toContain('shop.acme.example');
  expect(domain.text).toContain(`web.vercel.app, ${DOMAIN}`);
  expect((await refusal({}, { ...outputWith('one'), 'vercel.json': '{' })).code).toBe('PIPE-VERCEL-008');
  const text = JSON.stringify({ env: { A: 1 } });
  expect((await refusal({}, { ...outputWith('one'), 'vercel.json': text })).text).toContain('"env.A" is no text');
  expect((await refusal({}, {})).code).toBe('PIPE-VERCEL-010');
});

it('refuses before it stages what a probe could not reach, and reaches it with the bypass secret', async () => {
  const protection = { project: { protection: 'all_except_custom_domains', bypassSecrets: ['x'.repeat(32)] } } as const;
  const hidden = await refusal({}, outputWith('one'), protection);
  expect(hidden.code).toBe('PIPE-RELEASE-009');
  expect(hidden.text).toContain('deployment protection closes its address');
  const wrong = await refusal({ 'protection-bypass': 'y'.repeat(32) }, outputWith('one'), protection);
  expect(wrong.code).toBe('PIPE-VERCEL-026');
  expect(wrong.text).not.toContain('y'.repeat(32));

  const room = await openRoom(protection);
  await room.write(outputWith('one'));
  const { failure, outputs } = await room.deploy(ONE, { 'protection-bypass': 'x'.repeat(32) });
  expect(failure).toBeUndefined();
  expect(outputs.healthy).toBe(true);
  expect((await room.get(outputs['candidate-url'] ?? '')).status).toBe(401);
  const probes = room.proxy.requests.filter(({ host }) => host.startsWith('web-') && host.endsWith('.vercel.app'));
  expect(probes[0]?.headers['x-vercel-protection-bypass']).toBe('x'.repeat(32));
  expect(room.proxy.requests.every(({ query }) => !query.has('x-vercel-protection-bypass'))).toBe(true);
});

it("waits for a minute's limit to end, and says when a longer one does", async () => {
  const room = await openRoom({ behaviour: { limits: new Map([['POST /v13/deployments', 1]]) } });
  await room.write(outputWith('one'));
  // The first request says what is missing, the second is over the limit: it ends within the minute.
  const { failure } = await room.deploy(ONE);
  expect(failure?.faults[0].code).toBe('PIPE-VERCEL-016');
  expect(failure?.kind).toBe('outside');
  expect(failure?.message).toContain("The rate limit of 1 exceeded for 'POST /v13/deployments'");
  expect(room.calls().filter((call) => call === 'POST /v13/deployments').length).toBeGreaterThan(2);
});

it('finds an app of a monorepo from the repository and from its own folder', async () => {
  const room = await openRoom({ project: { rootDirectory: 'apps/web' } });
  await room.write({ 'package.json': '{}', 'apps/web/public/index.html': 'source', 'packages/ui/index.js': '1' });
  const whole = await room.deploy(ONE, { promote: 'false' });
  expect(whole.failure).toBeUndefined();
  const own = await room.deploy(ONE, { promote: 'false', 'working-directory': 'apps/web' });
  expect(own.outputs.release).toBe(whole.outputs.release);
  expect((await room.get(whole.outputs['candidate-url'] ?? '')).body.toString()).toBe('source');
  await room.write({
    'apps/web/.vercel/output/config.json': '{"version":3}',
    'apps/web/.vercel/output/static/index.html': 'output',
  });
  const prebuilt = await room.deploy(ONE, { promote: 'false' });
  expect((await room.get(prebuilt.outputs['candidate-url'] ?? '')).body.toString()).toBe('output');
  expect(room.vercel.state.deployments.at(-1)).toMatchObject({ isPrebuilt: true });
  expect(TOKEN).not.toBe('');
});
