import { expect, it } from 'vitest';
import { commitOf, HEALTH, referenceOf, startBench, threeReleases } from './bench.ts';

const PLACE = referenceOf('x').replace(/\/x$/, '');

it('goes back to the previous release, and not once more when it is run again', async () => {
  const { bench, two, last } = await threeReleases();
  const { outputs, failure } = await bench.rollback({ target: PLACE });
  expect(failure).toBeUndefined();
  expect(outputs).toMatchObject({
    moved: true,
    release: referenceOf(two),
    'previous-release': referenceOf(last),
    url: bench.folders.url,
  });
  expect(await bench.page()).toBe('page two');
  const again = await bench.rollback({ target: PLACE });
  expect(again.outputs).toMatchObject({ moved: false, release: referenceOf(two) });
  expect(await bench.page()).toBe('page two');
});

it('goes further back when a release is named, and after the next promotion past what was rolled back', async () => {
  const { bench, one, two } = await threeReleases();
  await bench.rollback({ target: PLACE });
  await bench.rollback({ target: PLACE, to: one });
  expect(bench.folders.serving()).toEqual([[one, 100]]);
  await bench.deploy('four', 'page four');
  const { outputs } = await bench.rollback({ target: PLACE });
  expect(outputs.release).toBe(referenceOf(one));
  expect(two).not.toBe('');
});

it('moves nothing when the release that it should take traffic from has none', async () => {
  const { bench, one, two, last } = await threeReleases();
  const { outputs, failure } = await bench.rollback({ release: referenceOf(one), from: referenceOf(two) });
  expect(failure).toBeUndefined();
  expect(outputs).toMatchObject({ moved: false, release: referenceOf(last) });
  const taken = await bench.rollback({ release: referenceOf(two), from: referenceOf(last) });
  expect(taken.outputs).toMatchObject({ moved: true, release: referenceOf(two) });
});

it('takes back what a promotion in steps has begun, not what serves beside it', async () => {
  const { bench, last } = await threeReleases();
  const { outputs } = await bench.deploy('four', 'page four', { promote: 'false' });
  const killed = new AbortController();
  const begun = bench.promote(
    { release: outputs.release ?? '', steps: '[10]', interval: '1h' },
    { signal: killed.signal },
  );
  while (bench.folders.serving().length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  const back = await bench.rollback({ target: PLACE });
  expect(back.outputs).toMatchObject({ moved: true, release: referenceOf(last), 'previous-release': outputs.release });
  expect(bench.folders.serving()).toEqual([[last, 100]]);
  killed.abort();
  await expect(begun).rejects.toThrow();
  expect(bench.folders.serving()).toEqual([[last, 100]]);
});

it('knows the release of a commit, when the run that staged it is lost', async () => {
  const { bench, two, last } = await threeReleases();
  const other = await bench.rollback({ target: PLACE, commit: commitOf('two') });
  expect(other.failure).toBeUndefined();
  expect(other.outputs).toMatchObject({ moved: false, release: referenceOf(last) });
  // Another run, whose approval was refused: what serves of that commit is not of its making.
  const elsewhere = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/shop' };
  const refused = await bench.rollback({ target: PLACE, commit: commitOf('three') }, { environment: elsewhere });
  expect(refused.outputs).toMatchObject({ moved: false, release: referenceOf(last) });
  const { outputs } = await bench.rollback({ target: PLACE, commit: commitOf('three') });
  expect(outputs).toMatchObject({ moved: true, release: referenceOf(two), 'previous-release': referenceOf(last) });
});

it('says what the database was given since, and is not held up by what it can not read', async () => {
  const { bench, two } = await threeReleases();
  const migrations = JSON.stringify({
    after: '2026_two',
    migrations: [
      { name: '2026_two_b', destructive: false },
      { name: '2026_three', destructive: true },
    ],
    leftOut: 0,
  });
  const { outputs, step } = await bench.rollback({ target: PLACE, migrations });
  expect(outputs.migrations).toEqual([
    { name: '2026_three', destructive: true },
    { name: '2026_two_b', destructive: false },
  ]);
  expect(step.said).toContainEqual(expect.stringMatching(/^warning: .*2026_three \(destroys data\), 2026_two_b/));
  await bench.deploy('four', 'page four', { health: HEALTH });
  const odd = await bench.rollback({ release: referenceOf(two), migrations: 'what' });
  expect(odd.failure).toBeUndefined();
  expect(odd.step.said).toContainEqual(expect.stringMatching(/^notice: .*not known/));
});

it('refuses what is gone with what there is, and to guess what was not said', async () => {
  const { bench, two } = await threeReleases();
  const gone = await bench.rollback({ target: PLACE, to: 'r-gone' });
  expect(gone.failure?.faults[0]).toMatchObject({ code: 'PIPE-RELEASE-005', accepted: expect.stringContaining(two) });
  await expect(bench.rollback({})).rejects.toThrow('PIPE-RELEASE-015');
  await expect(bench.rollback({ release: referenceOf(two), target: PLACE })).rejects.toThrow('PIPE-RELEASE-015');
});

it('has nothing to go back to after a first deployment', async () => {
  const bench = await startBench();
  await bench.deploy('one', 'page one');
  const { failure } = await bench.rollback({ target: PLACE });
  expect(failure?.faults[0].code).toBe('PIPE-RELEASE-012');
  expect(await bench.page()).toBe('page one');
});

it('knows that a rollback whose answer was lost is done', async () => {
  const { bench, two } = await threeReleases();
  bench.proxy.inject(({ path }) => (path.endsWith('/traffic') ? 'lost' : undefined));
  const { outputs, failure } = await bench.rollback({ target: PLACE });
  expect(failure).toBeUndefined();
  expect(outputs).toMatchObject({ moved: true, release: referenceOf(two) });
});
