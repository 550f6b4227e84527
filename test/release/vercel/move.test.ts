import { expect, it } from 'vitest';
import { promoteCommand } from '../../../src/release/targets/vercel/place.ts';
import { DOMAIN, openRoom, outputWith, type Room, TEAM } from './room.ts';

/** Deploys and promotes one release after the other, and stages one more; returns their references. */
async function released(room: Room, ...pages: readonly string[]): Promise<readonly string[]> {
  const references: string[] = [];
  for (const [index, page] of pages.entries()) {
    await room.write(outputWith(page));
    const promote = String(index < pages.length - 1);
    const { outputs, failure } = await room.deploy(String.fromCharCode(97 + index).repeat(40), { promote });
    expect(failure).toBeUndefined();
    references.push(outputs.release ?? '');
  }
  return references;
}

async function page(room: Room): Promise<string> {
  return (await room.get(`https://${DOMAIN}/`)).body.toString();
}

it('promotes twice without harm, and says that it is done', async () => {
  const room = await openRoom();
  const [, two = ''] = await released(room, 'one', 'two');
  room.calls();
  expect((await room.promote({ release: two })).outputs.promoted).toBe(true);
  const again = await room.promote({ release: two });
  expect(again.failure).toBeUndefined();
  expect(again.outputs).toMatchObject({ promoted: true, release: two });
  expect(room.calls().filter((call) => call.includes('/promote/'))).toHaveLength(1);
});

it('does not promote again what was rolled back, unless it is forced', async () => {
  const room = await openRoom();
  const [one, two = ''] = await released(room, 'one', 'two');
  await room.promote({ release: two });
  const back = await room.rollback({ target: 'vercel://acme/web' });
  expect(back.outputs).toMatchObject({ release: one, 'previous-release': two });
  const refused = await room.promote({ release: two });
  expect(refused.failure?.faults[0].code).toBe('PIPE-RELEASE-007');
  expect(await page(room)).toBe('one');
  const forced = await room.promote({ release: two, force: 'true' });
  expect(forced.failure).toBeUndefined();
  expect(await page(room)).toBe('two');
});

it('goes back further than one release, but not to one that never served', async () => {
  const room = await openRoom();
  const [one = '', , three = ''] = await released(room, 'one', 'two', 'three');
  const never = await room.rollback({ release: three });
  expect(never.failure?.faults[0]).toMatchObject({ code: 'PIPE-VERCEL-014', state: expect.stringMatching('serving') });
  expect(never.failure?.message).toContain('it has never served');
  const back = await room.rollback({ release: one });
  expect(back.failure).toBeUndefined();
  expect(await page(room)).toBe('one');
});

it("says when the team's plan does not go back so far", async () => {
  const room = await openRoom();
  const [one = ''] = await released(room, 'one', 'two', 'three', 'four');
  room.vercel.state.teams.splice(0, 1, { id: TEAM, slug: 'acme', name: 'Acme', plan: 'hobby' });
  const { failure } = await room.rollback({ release: one });
  expect(failure?.faults[0]).toMatchObject({ code: 'PIPE-VERCEL-015' });
  expect(failure?.message).toContain('To roll back further than the previous production deployment, upgrade to pro');
  expect(failure?.message).toContain('the plan of the team does not have it');
  expect(await page(room)).toBe('three');
});

it('keeps its hands off when somebody else moved the traffic meanwhile', async () => {
  const room = await openRoom();
  const [one, two = '', three = ''] = await released(room, 'one', 'two', 'three');
  const back = await room.rollback({ release: one ?? '' });
  expect(back.failure).toBeUndefined();
  const { failure } = await room.promote({ release: three, expected: two });
  expect(failure?.faults[0].code).toBe('PIPE-RELEASE-002');
  expect(await page(room)).toBe('one');
});

it('waits for a promotion that an earlier run began, instead of asking for a second one', async () => {
  const room = await openRoom({ behaviour: { reads: 3 } });
  const [, two = ''] = await released(room, 'one', 'two');
  const { project } = room;
  project.lastAliasRequest = {
    fromDeploymentId: project.production ?? null,
    toDeploymentId: two.split('/').at(-1) ?? '',
    jobStatus: 'pending',
    requestedAt: Date.now(),
    type: 'promote',
    left: 3,
  };
  room.calls();
  const { outputs, failure } = await room.promote({ release: two });
  expect(failure).toBeUndefined();
  expect(outputs.promoted).toBe(true);
  expect(room.calls().filter((call) => call.includes('/promote/'))).toEqual([]);
  expect(await page(room)).toBe('two');
});

it('waits until the project shows what has moved', async () => {
  const room = await openRoom({ behaviour: { lag: 4 } });
  const [, two = ''] = await released(room, 'one', 'two');
  room.calls();
  const { outputs, failure } = await room.promote({ release: two });
  expect(failure).toBeUndefined();
  expect(outputs.promoted).toBe(true);
  expect(room.calls().filter((call) => call.includes('/promote/'))).toHaveLength(1);
});

it('asks the domain itself when the project can no longer be read after the move', async () => {
  const room = await openRoom();
  const [, two = ''] = await released(room, 'one', 'two');
  let isMoved = false;
  room.proxy.inject(({ method, path }) => {
    isMoved ||= method === 'POST' && path.includes('/promote/');
    return isMoved && path === '/v9/projects/web' ? 'lost' : undefined;
  });
  const { outputs, failure } = await room.promote({ release: two, health: 'off' });
  expect(failure).toBeUndefined();
  expect(outputs.promoted).toBe(true);
  room.proxy.inject();
  expect(await page(room)).toBe('two');
});

it('names the domains that stayed behind', async () => {
  const room = await openRoom();
  const [, two = ''] = await released(room, 'one', 'two');
  room.vercel.behaviour.stuckDomains.add(DOMAIN);
  const { failure } = await room.promote({ release: two });
  expect(failure?.faults[0]).toMatchObject({
    code: 'PIPE-VERCEL-012',
    given: expect.stringMatching(`left behind: "${DOMAIN}"`),
  });
});

it('says that a promotion waits for a rolling release', async () => {
  const room = await openRoom();
  const [, two = ''] = await released(room, 'one', 'two');
  room.project.isRolling = true;
  const { failure } = await room.promote({ release: two });
  expect(failure?.faults[0].code).toBe('PIPE-VERCEL-019');
  expect(await page(room)).toBe('one');
});

it("gives the page of what serves for the night, and no command of the vendor's where nothing has to be moved", async () => {
  const room = await openRoom();
  const [, two = ''] = await released(room, 'one', 'two');
  const health = '{consecutive: 1, interval: 100ms, timeout: 1s, contains: all is well}';
  const { outputs } = await room.promote({ release: two, health });
  expect(JSON.stringify(outputs.night)).toContain('https://vercel.com/acme/web/');
  expect(JSON.stringify(outputs.night)).not.toContain('vercel promote');
  expect(await page(room)).toBe('one');
});

it("gives the vendor's own command for a team and for an account", () => {
  const project = 'web';
  expect(promoteCommand({ owner: 'acme', project }, 'dpl_1')).toBe('vercel promote dpl_1 --scope acme --yes');
  expect(promoteCommand({ owner: 'user:ada', project }, 'dpl_1')).toBe('vercel promote dpl_1 --yes');
});

it('takes ids for names in a reference', async () => {
  const room = await openRoom();
  const [, two = ''] = await released(room, 'one', 'two');
  const byId = two.replace('acme/web', `${TEAM}/${room.project.id}`);
  const { outputs, failure } = await room.promote({ release: byId });
  expect(failure).toBeUndefined();
  expect(outputs.release).toBe(byId);
  expect(await page(room)).toBe('two');
});
