import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { DEFAULT_FLAVOR, DEFAULT_TAG_RULES, imageTags, parseFlavor, type TagFacts } from '../../src/image/tags.ts';

const SHA = '860c1904a1ce19322e91ac35af1ab07466440c37';

/** A push to a branch; docker/metadata-action's README has the same date in its examples. */
const facts = (changes: Partial<TagFacts> = {}): TagFacts => ({
  eventName: 'push',
  ref: 'refs/heads/master',
  sha: SHA,
  defaultBranch: 'master',
  now: new Date('2020-01-10T00:30:00.000Z'),
  ...changes,
});

const branch = (name: string) => facts({ ref: `refs/heads/${name}` });
const gitTag = (name: string) => facts({ ref: `refs/tags/${name}` });
const pull = facts({ eventName: 'pull_request', ref: 'refs/pull/2/merge', baseRef: 'master' });
const schedule = facts({ eventName: 'schedule' });
const SEMVER = [
  'type=ref,event=branch',
  'type=ref,event=pr',
  'type=semver,pattern={{version}}',
  'type=semver,pattern={{major}}.{{minor}}',
];

describe("docker/metadata-action's documented examples", () => {
  it.each([
    // "Semver"
    [pull, SEMVER, ['pr-2']],
    [branch('master'), SEMVER, ['master']],
    [branch('releases/v1'), SEMVER, ['releases-v1']],
    [gitTag('v1.2.3'), SEMVER, ['1.2.3', '1.2', 'latest']],
    [gitTag('v2.0.8-beta.67'), SEMVER, ['2.0.8-beta.67']],
    // "type=ref"
    [branch('my/branch'), ['type=ref,event=branch'], ['my-branch']],
    [gitTag('v1.2.3'), ['type=ref,event=tag'], ['v1.2.3', 'latest']],
    [gitTag('v2.0.8-beta.67'), ['type=ref,event=tag'], ['v2.0.8-beta.67', 'latest']],
    [facts({ eventName: 'workflow_dispatch' }), ['type=ref,event=branch'], ['master']],
    // "type=schedule"
    [schedule, ['type=schedule'], ['nightly']],
    [schedule, ["type=schedule,pattern={{date 'YYYYMMDD'}}"], ['20200110']],
    [schedule, ["type=schedule,pattern={{date 'YYYYMMDD-HHmmss' tz='Asia/Tokyo'}}"], ['20200110-093000']],
    [branch('master'), ['type=schedule'], []],
    // "type=edge"
    [branch('master'), ['type=edge'], ['edge']],
    [branch('dev'), ['type=edge'], []],
    [branch('dev'), ['type=edge,branch=dev'], ['edge']],
    // "type=match"
    [gitTag('v1.2.3'), ['type=match,pattern=\\d.\\d.\\d'], ['1.2.3', 'latest']],
    [gitTag('v2.0.8-beta.67'), ['type=match,pattern=v(.*),group=1'], ['2.0.8-beta.67', 'latest']],
    [gitTag('v2.0.8-beta.67'), ['type=match,pattern=v(\\d.\\d),group=1'], ['2.0', 'latest']],
    [gitTag('20200110-RC2'), ['type=match,pattern=\\d+'], ['20200110', 'latest']],
    [gitTag('p1/v1.2.3'), ['type=match,pattern=p1/v(\\d.\\d.\\d),group=1'], ['1.2.3', 'latest']],
    [gitTag('v10.2.33'), ['type=match,"pattern=\\d{1,3}.\\d{1,3}.\\d{1,3}"'], ['10.2.33', 'latest']],
    // "type=raw"
    [branch('x'), ['type=raw,value=foo', 'type=raw,bar', 'baz'], ['foo', 'bar', 'baz']],
    [branch('master'), ['type=raw,value=latest,enable={{is_default_branch}}'], ['latest']],
    [branch('x'), ['type=raw,value=latest,enable={{is_default_branch}}'], []],
    [{ ...gitTag('v1'), defaultBranch: undefined }, ['type=raw,value=latest,enable={{is_default_branch}}'], []],
    [branch('my/branch'), ['type=raw,value=mytag-{{branch}}-{{sha}}'], ['mytag-my-branch-860c190']],
    [pull, ['type=raw,value={{base_ref}}-{{branch}}x'], ['master-x']],
    [gitTag('v1'), ['type=raw,value={{tag}}'], ['v1']],
    // "type=sha"
    [branch('x'), ['type=sha'], ['sha-860c190']],
    [branch('x'), ['type=sha,format=long'], [`sha-${SHA}`]],
    [branch('main'), ['type=sha,prefix={{branch}}-'], ['main-860c190']],
  ])('%# %j %j', (given, rules, tags) => {
    expect(imageTags(rules, given).tags).toEqual(tags);
  });

  it.each([
    ['v1.2.3', '{{raw}}', 'v1.2.3'],
    ['v1.2.3', '{{version}}', '1.2.3'],
    ['v1.2.3', '{{major}}.{{minor}}', '1.2'],
    ['v1.2.3', 'v{{major}}', 'v1'],
    ['v1.2.3', '{{minor}}', '2'],
    ['v1.2.3', '{{patch}}', '3'],
    ['v2.0.8-beta.67', '{{raw}}', 'v2.0.8-beta.67'],
    ['v2.0.8-beta.67', '{{version}}', '2.0.8-beta.67'],
    ['v2.0.8-beta.67', '{{major}}.{{minor}}', '2.0.8-beta.67'],
  ])('semver: %s with %s is %s', (name, pattern, tag) => {
    expect(imageTags([`type=semver,pattern=${pattern}`], gitTag(name)).version).toBe(tag);
  });

  it('uses a value in the place of the Git tag', () => {
    expect(imageTags(['type=semver,pattern={{version}},value=v1.0.0'], branch('x')).tags).toEqual(['1.0.0', 'latest']);
  });

  it('orders by priority, and the first tag is the version', () => {
    const rules = [
      'type=sha',
      'type=ref,event=tag',
      'type=semver,pattern={{version}}',
      'type=raw,value=own,priority=950',
    ];
    expect(imageTags(rules, gitTag('v1.2.3'))).toEqual({
      version: 'own',
      tags: ['own', '1.2.3', 'v1.2.3', 'sha-860c190'],
    });
  });
});

describe('flavor', () => {
  it.each([
    [['latest=true'], branch('x'), ['type=ref,event=branch'], ['x', 'latest']],
    [['latest=false'], gitTag('v1.2.3'), ['type=semver,pattern={{version}}'], ['1.2.3']],
    [
      ['prefix=foo-', 'suffix=-bar'],
      gitTag('v1.2.3'),
      ['type=semver,pattern={{version}}'],
      ['foo-1.2.3-bar', 'latest'],
    ],
    [['suffix=-alpine,onlatest=true'], gitTag('v1.2.3'), ['type=ref,event=tag'], ['v1.2.3-alpine', 'latest-alpine']],
    [['prefix=foo-'], branch('x'), ['type=ref,event=branch,prefix='], ['x']],
    [['prefix=foo-'], branch('x'), ['type=sha'], ['sha-860c190']],
    [['latest=true'], branch('x'), ['type=ref,event=tag'], []],
  ])('%j %j', (flavor, given, rules, tags) => {
    expect(imageTags(rules, given, parseFlavor(flavor)).tags).toEqual(tags);
  });

  it.each([['latest=yes'], ['newest=auto'], ['prefix=x,onlatest=maybe'], ['latest']])(
    'says what is wrong with %s',
    (line) => {
      expect(() => parseFlavor([line])).toThrow(expect.objectContaining({ code: 'PIPE-TAG-002' }));
    },
  );
});

describe('without rules', () => {
  it.each([
    [branch('master'), ['master', 'latest', `sha-${SHA}`]],
    [branch('feature/a'), ['feature-a', `sha-${SHA}`]],
    [gitTag('v1.2.3'), ['1.2.3', '1.2', '1', `sha-${SHA}`]],
    [gitTag('v0.2.3'), ['0.2.3', '0.2', `sha-${SHA}`]],
    [gitTag('v2.0.0-rc.1'), ['2.0.0-rc.1', `sha-${SHA}`]],
    [gitTag('nightly'), [`sha-${SHA}`]],
    [pull, ['pr-2', `sha-${SHA}`]],
    [schedule, ['master', 'latest', `sha-${SHA}`]],
  ])('%# gives %j', (given, tags) => {
    expect([...imageTags(DEFAULT_TAG_RULES, given, DEFAULT_FLAVOR).tags].sort()).toEqual([...tags].sort());
  });
});

describe('what a tag can not hold', () => {
  it.each([
    ['feature/@acme/x', 'feature-acme-x'],
    ['#12-fix', '12-fix'],
    ['ümlaut', 'mlaut'],
    ['a+b', 'a-b'],
    ['x'.repeat(200), 'x'.repeat(128)],
  ])('%s becomes %s', (name, tag) => {
    expect(imageTags(['type=ref,event=branch'], branch(name)).tags).toEqual([tag]);
  });

  it('makes no tag of a branch of which nothing is left', () => {
    expect(imageTags(['type=ref,event=branch', 'type=sha'], branch('日本')).tags).toEqual(['sha-860c190']);
  });
});

it('takes for versions what npm takes for versions', () => {
  const names = [
    'v1.2.3',
    '1.2.3',
    '=1.2.3',
    'v1.2',
    '01.2.3',
    '1.2.3-01',
    '1.2.3-0a',
    '1.2.3+build.5',
    'v1.2.3-rc.1+b',
  ];
  for (const name of [...names, '1.2.3-', 'version1.2.3', 'V1.2.3', '1.2.3.4', 'v1.2.3-é']) {
    const found = imageTags(['type=semver,pattern={{version}}'], gitTag(name)).version;
    expect([name, found]).toEqual([name, semver.valid(name) ?? undefined]);
  }
});

it.each([
  ['type=semver', 'lacks pattern='],
  ['type=ref', 'lacks event='],
  ['type=ref,event=push', 'none of branch, tag, pr'],
  ['type=sha,format=medium', 'none of short, long'],
  ['type=smver,pattern=x', 'meant is perhaps semver'],
  ['type=pep440,pattern={{version}}', 'no type'],
  ['type=raw,value=x,enabled=true', 'meant is perhaps enable'],
  ['type=raw,value=x,enable=yes', 'neither true nor false'],
  ['type=raw,value=x,priority=high', 'no number'],
  ['type=raw,value={{brnch}}', 'meant is perhaps branch'],
  ["type=raw,value={{date 'dddd'}}", 'not a date'],
  ["type=raw,value={{date 'YYYY' tz='Mars/Base'}}", 'not a date'],
  ['type=match,pattern=(', 'no regular expression'],
  ['type=raw,value=x,value=y', 'twice'],
])('says what is wrong with %s', (line, problem) => {
  const given = gitTag('v1.2.3');
  expect(() => imageTags([line], given)).toThrow(
    expect.objectContaining({ code: 'PIPE-TAG-001', message: expect.stringContaining(problem) }),
  );
});

it('says all that is wrong at once', () => {
  try {
    imageTags(['type=x', 'type=semver', '# a comment', '', 'fine'], branch('x'));
  } catch (error) {
    expect((error as { faults: unknown[] }).faults).toHaveLength(2);
    return;
  }
  throw new Error('nothing was wrong');
});
