import { describe, expect, it } from 'vitest';
import { nightLines, nightOf } from '../../src/release/night.ts';
import { outdated } from '../../src/release/prune.ts';
import { readRecord } from '../../src/release/record.ts';
import { parseReference, referenceText } from '../../src/release/reference.ts';
import { previousOf } from '../../src/release/rollback/previous.ts';
import { trafficWith, trafficWithout } from '../../src/release/shares.ts';
import type { Platform, Release, Serving } from '../../src/release/target.ts';
import { ProjectFailure } from '../../src/runtime/errors.ts';

const named = (name: string) => parseReference(`folders://host/shop/${name}`);

function serving(shares: Readonly<Record<string, number>>, previous?: string): Serving {
  return {
    url: 'https://shop.example.com',
    probeHeaders: {},
    shares: Object.entries(shares).map(([name, percent]) => ({ reference: named(name), percent })),
    since: Date.UTC(2026, 10, 21, 18, 0),
    previous: previous === undefined ? undefined : named(previous),
    guard: 'g',
  };
}

function text(shares: ReturnType<typeof trafficWith>): Record<string, number> {
  return Object.fromEntries(shares.map(({ reference, percent }) => [reference.parts.at(-1) ?? '', percent]));
}

describe('traffic', () => {
  it('is always shared out whole, and the others keep their proportions', () => {
    const { shares } = serving({ a: 60, b: 40 });
    expect(text(trafficWith(named('c'), 10, shares))).toEqual({ c: 10, a: 54, b: 36 });
    for (let percent = 1; percent <= 100; percent += 1) {
      for (const others of [serving({ a: 100 }), serving({ a: 33, b: 33, d: 34 }), serving({ a: 99, b: 1 })]) {
        const result = trafficWith(named('c'), percent, others.shares);
        expect(result.reduce((sum, share) => sum + share.percent, 0)).toBe(100);
        expect(result.every((share) => Number.isInteger(share.percent) && share.percent > 0)).toBe(true);
      }
    }
  });

  it('goes back as it was, and wholly to the greatest of the others after a killed run', () => {
    expect(text(trafficWithout(named('c'), serving({ a: 60, b: 40 })))).toEqual({ a: 60, b: 40 });
    expect(text(trafficWithout(named('c'), serving({ c: 50, a: 20, b: 30 })))).toEqual({ b: 100 });
    expect(trafficWithout(named('c'), serving({ c: 100 }))).toEqual([]);
  });
});

function release(name: string, more: Partial<Release> = {}): Release {
  return {
    reference: named(name),
    createdAt: 0,
    isReady: true,
    reason: '',
    url: '',
    probeHeaders: {},
    mark: { commit: 'a'.repeat(40), fingerprint: '', lastMigration: '', run: '' },
    isRolledBack: false,
    ...more,
  };
}

describe('what a rollback goes to', () => {
  const byHand = { mark: { commit: '', fingerprint: '', lastMigration: '', run: '' } };
  const nameOf = (found: Release | undefined) => found?.reference.parts.at(-1);
  const all = ['d', 'c', 'b', 'a'].map((name) => release(name));

  it('is what serves beside it, then what the platform says, then the last good one', () => {
    expect(nameOf(previousOf(named('d'), serving({ d: 10, b: 90 }, 'a'), all))).toBe('b');
    expect(nameOf(previousOf(named('d'), serving({ d: 100 }, 'a'), all))).toBe('a');
    expect(nameOf(previousOf(named('d'), serving({ d: 100 }), all))).toBe('c');
  });

  it('passes over what is bad, not ready or made by another hand', () => {
    const releases = [
      release('d'),
      release('c', { isRolledBack: true }),
      release('b', { isReady: false }),
      release('x', byHand),
      release('a'),
    ];
    expect(nameOf(previousOf(named('d'), serving({ d: 100 }, 'c'), releases))).toBe('a');
    expect(nameOf(previousOf(named('d'), serving({ d: 100 }), releases.slice(0, 4)))).toBe('x');
    expect(previousOf(named('d'), serving({ d: 100 }), releases.slice(0, 3))).toBeUndefined();
  });

  it('is what serves already, when a newer one was rolled back', () => {
    const releases = [release('d', { isRolledBack: true }), release('c'), release('b')];
    expect(nameOf(previousOf(named('c'), serving({ c: 100 }), releases))).toBe('c');
  });
});

it('removes only what this bundle made, is old, does not serve and is not what one would go back to', () => {
  const releases = ['f', 'e', 'd', 'c', 'b', 'a'].map((name) => release(name));
  const foreign = { ...releases[2], mark: { commit: '', fingerprint: '', lastMigration: '', run: '' } };
  releases[2] = foreign as Release;
  const names = (keep: number, now: Serving) =>
    outdated(releases, now, keep).map(({ reference }) => reference.parts[2]);
  expect(names(2, serving({ f: 100 }, 'e'))).toEqual(['c', 'b', 'a']);
  expect(names(2, serving({ f: 50, c: 50 }, 'a'))).toEqual(['b']);
  expect(names(50, serving({ f: 100 }))).toEqual([]);
});

describe('the five lines of a failed deployment', () => {
  const platform = (now: Serving | undefined): Platform => ({
    current: async () => now,
    releases: async () => [],
    release: async () => undefined,
    shift: async () => Promise.reject(new Error('not here')),
    remove: async () => false,
    commandFor: ({ parts }) => `vendor traffic --to=${parts.at(-1)}`,
    pageFor: () => 'https://console.example.com',
  });
  const error = new ProjectFailure({ code: 'PIPE-HEALTH-002', what: 'it answers 503' });
  const known = {
    platform: platform(serving({ old: 100 })),
    release: named('new'),
    previous: named('old'),
    lastMigration: '20261104_add_email',
    runId: 77,
    repository: 'acme/shop',
  };
  const now = Date.UTC(2026, 10, 21, 19, 30);

  it('say what serves, since when, and that nothing has to be moved', async () => {
    const lines = Object.fromEntries(nightLines(await nightOf(error, known, now)));
    expect(lines).toEqual({
      'serving now': 'old has 100% of the traffic of https://shop.example.com, since 2026-11-21 18:00 UTC (1h 30m)',
      'what happened': 'PIPE-HEALTH-002: it answers 503',
      database:
        'has all migrations up to 20261104_add_email; what serves was made for it or an earlier one; moving traffic undoes none',
      'what to run': 'nothing has to be moved; when the cause is repaired: gh run rerun 77 --failed --repo acme/shop',
      again: 'safe: what is done already is found and not done twice',
    });
  });

  it('give no command for what would be refused again', async () => {
    const bad = new ProjectFailure({ code: 'PIPE-RELEASE-010', what: 'it was not well' });
    const night = await nightOf(bad, known, now);
    expect(night.command).toMatchObject({ run: '', vendor: '' });
    expect(Object.fromEntries(nightLines(night))).toMatchObject({
      'what to run':
        'nothing has to be moved; deploy a commit that repairs it (this release only by `promote` with `force`)',
      again: 'safe: this release is refused again, as it was rolled back; a new commit is deployed',
    });
  });

  it('name the way back where the release has traffic, and where nobody knows', async () => {
    const half = await nightOf(error, { ...known, platform: platform(serving({ new: 10, old: 90 })) }, now);
    expect(half.command).toMatchObject({
      run: 'gh workflow run rollback.yml --field release=folders://host/shop/old --repo acme/shop',
      vendor: 'vendor traffic --to=old',
    });
    const dark = await nightOf(error, { ...known, platform: platform(undefined) }, now);
    expect(half.serving.page).toBe('https://console.example.com');
    expect(dark.serving).toMatchObject({ known: false, text: expect.stringContaining('old served before') });
    expect(dark.command.vendor).toBe('vendor traffic --to=old');
  });

  it('stay under 4 KiB, whatever is in them', async () => {
    const long = 'x'.repeat(100_000);
    const failure = new ProjectFailure({ code: 'PIPE-HEALTH-002', what: long });
    const night = await nightOf(failure, { ...known, lastMigration: long, repository: 'acme/shop' }, now);
    expect(Buffer.byteLength(JSON.stringify(night))).toBeLessThan(4096);
  });
});

describe('the record of a release', () => {
  const record = {
    schema: 1,
    workflow: 'node-service',
    workingDirectory: 'apps/api',
    service: 'api',
    environment: 'staging',
    commit: 'a'.repeat(40),
    digest: `sha256:${'0'.repeat(64)}`,
    release: referenceText(named('new')),
    url: 'https://shop.example.com',
    lastMigration: '',
    verifiedBy: 'health',
    at: '2026-11-21T18:00:00.000Z',
    run: 'https://github.com/acme/shop/actions/runs/77',
  };
  const read = (value: unknown) => readRecord(Buffer.from(JSON.stringify(value)));

  it('is read as it was written', () => {
    expect(read(record)).toEqual(record);
    const more = { ...record, held: true, builtFor: 'staging' };
    expect(read(more)).toEqual(more);
    expect(read({ ...record, more: 'of a later version' })).toEqual(record);
  });

  it.each([
    ['of another schema', { ...record, schema: 2 }],
    ['with a field missing', { ...record, release: undefined }],
    ['with a forged commit', { ...record, commit: 'main' }],
    ['with a digest that is none', { ...record, digest: 'sha256:latest' }],
    ['with a line end in a name', { ...record, environment: 'staging\n::set-output' }],
    ['with a release that is no reference', { ...record, release: 'cloud-run://x' }],
    ['with an address that runs something', { ...record, url: 'javascript:alert(1)' }],
    ['that says in another way that it is held', { ...record, held: 'yes' }],
    ['that was built for what is no name', { ...record, builtFor: 'a\nb' }],
    ['with a list for a text', { ...record, service: ['api'] }],
    ['that is a list', [record]],
  ])('is refused %s', (_, value) => {
    expect(typeof read(value)).toBe('string');
  });

  it('is refused when it is too large or not JSON', () => {
    expect(readRecord(Buffer.alloc(20_000, ' '))).toMatch(/20000 bytes/);
    expect(readRecord(Buffer.from('{'))).toBe('it is not JSON');
  });
});
