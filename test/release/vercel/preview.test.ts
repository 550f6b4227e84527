import { expect, it } from 'vitest';
import { openRoom, outputWith } from './room.ts';

const ONE = 'a'.repeat(40);
const TWO = 'b'.repeat(40);

const SOURCE = { 'package.json': '{"name":"web"}', 'public/index.html': '<h1>source</h1>', '.env.local': 'A=secret' };

it('has Vercel build the source where there is no output, and never promotes a preview', async () => {
  const room = await openRoom();
  await room.write(SOURCE);
  const live = await room.deploy(ONE);
  expect(live.failure).toBeUndefined();
  await room.write({ 'public/index.html': '<h1>preview</h1>' });
  const preview = await room.deploy(TWO, { target: 'preview' });
  expect(preview.failure).toBeUndefined();
  expect(preview.outputs).toMatchObject({ promoted: false, healthy: true, first: false });
  expect((await room.get(preview.outputs.url ?? '')).body.toString()).toBe('<h1>preview</h1>');
  expect((await room.get(live.outputs.url ?? '')).body.toString()).toBe('<h1>source</h1>');
  const [, made] = room.vercel.state.deployments;
  expect(made).toMatchObject({ target: null, isPrebuilt: false });
  expect([...(made?.files.keys() ?? [])]).toEqual(['package.json', 'public/index.html']);

  const refused = await room.promote({ release: preview.outputs.release ?? '' });
  expect(refused.failure?.faults[0].code).toBe('PIPE-VERCEL-013');
  expect(refused.failure?.message).toContain('it would build it again');
  expect(refused.failure?.message).toContain('target: production');
  expect((await room.get(live.outputs.url ?? '')).body.toString()).toBe('<h1>source</h1>');
  expect(room.vercel.state.deployments).toHaveLength(2);
});

it('gives a preview its domains, and says loudly which it could not have', async () => {
  const room = await openRoom();
  await room.write(SOURCE);
  await room.deploy(ONE);
  const given = { target: 'preview', domains: 'pr-12.acme.example' };
  const preview = await room.deploy(TWO, given);
  expect(preview.failure).toBeUndefined();
  expect((await room.get('https://pr-12.acme.example/')).status).toBe(200);
  room.vercel.behaviour.refusedAliases.set('taken.example', [
    403,
    'forbidden',
    "You don't have access to the domain taken.example under acme.",
  ]);
  const domains = 'taken.example\npr-12.acme.example';
  const refused = await room.deploy('c'.repeat(40), { target: 'preview', domains });
  expect(refused.failure?.faults).toHaveLength(1);
  expect(refused.failure?.faults[0]).toMatchObject({
    code: 'PIPE-VERCEL-022',
    what: expect.stringMatching('the deployment is ready, and the domain "taken.example" does not lead to it'),
    given: expect.stringMatching("You don't have access to the domain taken.example under acme."),
  });
  // The other one was given all the same.
  const [, , third] = room.vercel.state.deployments;
  expect(room.vercel.state.aliases.get('pr-12.acme.example')).toBe(third?.id);
});

it('deploys to a custom environment, which has its domains at once', async () => {
  const room = await openRoom({ project: { customEnvironments: { staging: ['staging.acme.example'] } } });
  await room.write(outputWith('<h1>staging</h1>'));
  const staging = await room.deploy(ONE, { target: 'staging', secrets: 'KEY: 0123456789' });
  expect(staging.failure).toBeUndefined();
  expect(staging.outputs.promoted).toBe(false);
  expect((await room.get('https://staging.acme.example/')).body.toString()).toBe('<h1>staging</h1>');
  const [environment] = room.project.customEnvironments;
  expect(room.project.env).toMatchObject([{ key: 'KEY', target: [], customEnvironmentIds: [environment?.id] }]);
  const unknown = await room.deploy(ONE, { target: 'stagin' });
  expect(unknown.failure?.faults[0]).toMatchObject({
    code: 'PIPE-VERCEL-025',
    accepted: 'production, preview, staging',
    example: '`target: staging`',
  });
});

it('removes a preview by its reference, or all of a name, and never what serves', async () => {
  const room = await openRoom();
  await room.write(outputWith('<h1>live</h1>'));
  const live = await room.deploy(ONE);
  const previews = [];
  for (const page of ['one', 'two', 'three']) {
    await room.write(outputWith(page));
    previews.push(await room.deploy(TWO, { target: 'preview', channel: page === 'three' ? 'pr-13' : 'pr-12' }));
  }
  const [, , third] = previews;
  const byName = await room.deletePreview({ target: 'vercel://acme/web', channel: 'pr-12' });
  expect(byName.outputs.deleted).toBe(true);
  expect(room.vercel.state.deployments.map(({ meta }) => meta['pipelinesChannel'])).toEqual([undefined, 'pr-13']);
  expect((await room.deletePreview({ target: 'vercel://acme/web', channel: 'pr-12' })).outputs.deleted).toBe(false);
  expect((await room.deletePreview({ release: third?.outputs.release ?? '' })).outputs.deleted).toBe(true);
  expect((await room.deletePreview({ release: third?.outputs.release ?? '' })).outputs.deleted).toBe(false);
  await expect(room.deletePreview({ release: live.outputs.release ?? '' })).rejects.toMatchObject({
    code: 'PIPE-RELEASE-016',
  });
  expect((await room.get(live.outputs.url ?? '')).status).toBe(200);
});

it('shows the end of the build log when a build fails on Vercel', async () => {
  const log = [
    ...Array.from({ length: 300 }, (_, line) => `step ${line}`),
    '\u001b[31msrc/app.ts(3,7): error TS2322\u001b[0m',
  ];
  const room = await openRoom({
    behaviour: {
      build: () => ({ state: 'ERROR', code: 'BUILD_FAILED', message: 'Command "npm run build" exited with 2', log }),
    },
  });
  await room.write(SOURCE);
  const { failure, step } = await room.deploy(ONE);
  expect(failure?.kind).toBe('project');
  expect(failure?.faults[0]).toMatchObject({
    code: 'PIPE-VERCEL-023',
    what: expect.stringMatching('Command \\\\"npm run build\\\\" exited with 2'),
    given: expect.stringMatching('error TS2322'),
  });
  const shown = step.said.slice(step.said.indexOf('the end of the build on Vercel') + 1);
  expect(shown).toContain('src/app.ts(3,7): error TS2322');
  expect(shown).toContain('step 299');
  expect(shown).not.toContain('step 1');
});

it('says why Vercel did not build at all', async () => {
  const message = 'Git author ada@acme.example must have access to the team acme on Vercel to create deployments.';
  const room = await openRoom({ behaviour: { build: () => ({ state: 'BLOCKED', message }) } });
  await room.write(SOURCE);
  const { failure } = await room.deploy(ONE);
  expect(failure?.faults[0].code).toBe('PIPE-VERCEL-024');
  expect(failure?.message).toContain(message);
});
