import { expect, it } from 'vitest';
import { loadVercelSchemas } from '../../support/vercel/schemas.ts';
import { commitAll, DOMAIN, openRoom, outputWith, TEAM, TOKEN } from './room.ts';

const ONE = 'a'.repeat(40);

it("answers in a form that Vercel's own SDK reads", async () => {
  const room = await openRoom({ project: { customEnvironments: { staging: [] }, bypassSecrets: ['x'.repeat(32)] } });
  await room.write(outputWith('one'));
  await commitAll(room.workspace, 'feat: one');
  for (const [index, page] of ['one', 'two'].entries()) {
    await room.write(outputWith(page));
    expect((await room.deploy(String(index).repeat(40))).failure).toBeUndefined();
  }
  await room.rollback({ target: 'vercel://acme/web' });
  const schemas = await loadVercelSchemas();
  const ask = async (path: string) => {
    const { status, body } = await room.get(`https://api.vercel.com${path}`, { authorization: `Bearer ${TOKEN}` });
    expect(status).toBe(200);
    return JSON.parse(body.toString()) as unknown;
  };
  const [first] = room.vercel.state.deployments;
  const events = (await ask(`/v3/deployments/${first?.id}/events?teamId=${TEAM}`)) as unknown[];
  expect(events.length).toBeGreaterThan(0);
  expect(() => {
    for (const event of events) schemas.answer('getDeploymentEvents', event);
  }).not.toThrow();
  const list = await ask(`/v7/deployments?projectId=${room.project.id}&teamId=${TEAM}`);
  expect(() => schemas.answer('getDeployments', list)).not.toThrow();
  const project = await ask(`/v9/projects/web?teamId=${TEAM}&rollbackInfo=true`);
  expect(() => schemas.answer('getProject', project)).not.toThrow();
});

it('refuses in the words of Vercel what its description does not have', async () => {
  const room = await openRoom();
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const { createHttp } = await import('../../../src/runtime/http.ts');
  const http = createHttp({ environment: room.proxy.environment, service: 'Vercel', code: 'PIPE-RELEASE-003' });
  const post = async (path: string, body: object) => {
    const url = `https://api.vercel.com${path}`;
    const answer = await http.send({ method: 'POST', url, headers, body: JSON.stringify(body), tries: 1 });
    return [answer.status, (JSON.parse(answer.body.toString()) as { error: { message: string } }).error.message];
  };
  const file = { file: 'index.html', sha: 'a'.repeat(40), size: 3 };
  const extra = await post(`/v13/deployments?teamId=${TEAM}`, { name: 'web', files: [file], colour: 'red' });
  expect(extra).toEqual([400, 'Invalid request: should NOT have additional property `colour`.']);
  const nested = await post(`/v13/deployments?teamId=${TEAM}`, { name: 'web', files: [file], meta: { a: 1 } });
  expect(nested[0]).toBe(400);
  expect(await post(`/v13/deployments?teamId=${TEAM}&colour=red`, { name: 'web', files: [file] })).toEqual([
    400,
    'Invalid request: should NOT have additional property `colour`.',
  ]);
  expect(await post(`/v13/deployments?teamId=${TEAM}`, { name: 'web', files: [file] })).toEqual([400, 'Missing files']);
  expect(await post('/v13/deployments?teamId=team_other', { name: 'web' })).toEqual([403, 'Not authorized']);
  http.close();
});

it('serves what was uploaded: headers, redirects, pages of their own names, and what is not there', async () => {
  const room = await openRoom();
  const routes = [
    { src: '/assets/(.*)', headers: { 'cache-control': 'max-age=60' }, continue: true },
    { src: '/old', headers: { location: '/about' }, status: 308 },
    { handle: 'filesystem' },
    { src: '/app/(.*)', dest: '/index.html' },
  ];
  const config = JSON.stringify({ version: 3, routes, overrides: { 'about.html': { path: 'about' } } });
  const files = { 'about.html': 'about', 'assets/a.css': 'a{}', '404.html': 'nothing here' };
  await room.write(outputWith('home', { '.vercel/output/config.json': config }));
  for (const [path, text] of Object.entries(files)) await room.write({ [`.vercel/output/static/${path}`]: text });
  expect((await room.deploy(ONE)).failure).toBeUndefined();
  const get = async (path: string) => {
    const { status, body, headers } = await room.get(`https://${DOMAIN}${path}`);
    return [status, body.toString(), headers['cache-control']];
  };
  expect(await get('/')).toEqual([200, 'home', undefined]);
  expect(await get('/about')).toEqual([200, 'about', undefined]);
  expect(await get('/old')).toEqual([200, 'about', undefined]);
  expect(await get('/assets/a.css')).toEqual([200, 'a{}', 'max-age=60']);
  expect(await get('/app/users/1')).toEqual([200, 'home', undefined]);
  expect(await get('/nowhere')).toEqual([404, 'nothing here', undefined]);
});
