import { describe, expect, it } from 'vitest';
import { openWitness } from '../../support/github/openapi.ts';
import { BUNDLE, contract, releaseScene, releasesOf } from './scene.ts';

/** A bundle whose v1.0.0 is out. */
async function released() {
  const scene = await releaseScene();
  const first = await scene.commit('feat: begin', BUNDLE);
  expect(await scene.start('publish')).toMatchObject({ exitCode: 0 });
  return { ...scene, first };
}

describe('a release of this bundle', () => {
  it('begins with the version of package.json: frozen tag, release, moving tag', async () => {
    const { commit, start, tags } = await releaseScene();
    const first = await commit('feat: begin', BUNDLE);
    const planned = await start('plan');
    expect(planned).toMatchObject({ exitCode: 0, outputs: { version: 'v1.0.0' } });
    expect(planned.summary).toContain('begin');
    expect(tags()).toEqual({});
    const { exitCode, log, github } = await start('publish');
    expect([exitCode, log]).toEqual([0, expect.stringContaining('v1 is v1.0.0')]);
    expect(tags()).toEqual({ 'v1.0.0': first, v1: first });
    expect(releasesOf(github.requests)).toMatchObject([{ tag_name: 'v1.0.0', name: 'v1.0.0', make_latest: 'true' }]);
    const witness = await openWitness();
    expect([...planned.github.requests, ...github.requests].flatMap((exchange) => witness(exchange))).toEqual([]);
  });

  it('goes up as the commits say, and `v1` goes with it', async () => {
    const { commit, start, tags, first } = await released();
    const fix = await commit('fix(gate): count `a<b>` for @octocat', { 'dist/index.js': '2\n' });
    const patch = await start('publish');
    expect(patch.exitCode, patch.log).toBe(0);
    expect(tags()).toEqual({ 'v1.0.0': first, 'v1.0.1': fix, v1: fix });
    const [{ body } = {}] = releasesOf(patch.github.requests);
    expect(body).toContain('### Fixed\n\n- **gate**: count `a<b>` for &#64;octocat');
    expect(body).toContain('/compare/v1.0.0...v1.0.1');
    expect(body).toContain(`pin this release: \`@${fix}\``);
    await commit('docs: say more', { 'docs/more.md': 'more\n' });
    const feat = await commit('feat: shards\n\nTold at length.', {
      'dist/index.js': '3\n',
      'docs/contract.json': contract({ tasks: 'optional: text', shard: 'optional: text' }),
    });
    const minor = await start('publish');
    expect(minor.exitCode, minor.log).toBe(0);
    expect(tags()).toMatchObject({ 'v1.1.0': feat, v1: feat });
    const notes = String(releasesOf(minor.github.requests)[0]?.['body']);
    expect(notes).toContain('### New\n\n- shards');
    expect(notes).toContain('### New in the contract\n\n- `shard`, input of the action `gate`');
    expect(notes).not.toContain('say more');
  });

  it('that breaks callers is a new major version, and `v1` stays where it is', async () => {
    const { commit, start, tags, first } = await released();
    const pages = Object.fromEntries(
      Object.entries(BUNDLE).map(([path, text]) => [path, text.replaceAll('@v1', '@v2').replace('"1.0.0"', '"2.0.0"')]),
    );
    const broken = await commit(
      'feat!: tasks are required\n\nBREAKING CHANGE: name the tasks\nin every call\nRefs: #1',
      {
        ...pages,
        'docs/contract.json': contract({ tasks: 'required: text' }, 2),
      },
    );
    const { exitCode, log, github } = await start('publish');
    expect(exitCode, log).toBe(0);
    expect(tags()).toEqual({ 'v1.0.0': first, v1: first, 'v2.0.0': broken, v2: broken });
    expect(releasesOf(github.requests)[0]?.['body']).toContain(
      '### Breaking changes\n\n- name the tasks in every call (',
    );
  });

  it('is none where nothing that callers run has changed', async () => {
    const { commit, start, tags } = await released();
    const before = tags();
    await commit('feat(bench): more', { 'bench/more.ts': '1\n', '.github/workflows/ci-test.yml': 'on: push\n' });
    for (const command of ['plan', 'publish'] as const) {
      const { exitCode, log, outputs } = await start(command);
      expect([exitCode, log]).toEqual([0, 'Nothing to release: nothing that callers run has changed since v1.0.0.\n']);
      expect(outputs).toEqual({});
    }
    expect(tags()).toEqual(before);
  });

  it('is a patch where what callers run has changed and no commit says how', async () => {
    const { commit, start } = await released();
    await commit('build: dist', { 'dist/index.js': '2\n' });
    expect((await start('plan')).outputs).toEqual({ version: 'v1.0.1' });
  });
});

it('has notes that fit, however many commits there are', async () => {
  const { notesOf } = await import('../../../tools/release/notes.ts');
  const change = {
    sha: 'a'.repeat(40),
    type: 'feat',
    scope: undefined,
    description: 'x'.repeat(200),
    breaking: 'y'.repeat(200),
  };
  const notes = notesOf({
    ...{ version: { major: 2, minor: 0, patch: 0 }, previous: undefined, commit: 'b'.repeat(40), contract: undefined },
    ...{
      changes: Array.from({ length: 5_000 }, () => change),
      repository: 'org/pipelines',
      server: 'https://github.com',
    },
  });
  expect(notes.length).toBeLessThan(125_000);
  expect(notes).toContain('- and 4900 more');
});

describe('a release is refused', () => {
  const cases: readonly (readonly [string, string, Readonly<Record<string, string>>, RegExp])[] = [
    [
      'that breaks the contract under the same major version',
      'feat: new form',
      { 'dist/index.js': '2\n', 'docs/contract.json': contract({ jobs: 'optional: text' }) },
      /v1\.1\.0 would break callers of v1\.0\.0.*\n.*gate: input tasks is gone|v1\.1\.0 would break.*input tasks is gone/s,
    ],
    [
      'whose commits break while package.json does not',
      'fix!: other form',
      { 'dist/index.js': '2\n' },
      /raise it to 2\.0\.0/,
    ],
    [
      'whose package.json breaks while no commit does',
      'fix: x',
      { 'dist/index.js': '2\n', 'package.json': '{"version": "2.0.0"}' },
      /`feat!:`/,
    ],
    [
      'whose pages refer to another major version',
      'fix: x',
      { 'dist/index.js': '2\n', 'docs/new.md': 'uses: org/pipelines/actions/gate@v3\n' },
      /docs\/new\.md: org\/pipelines\/actions\/gate@v3/,
    ],
  ];
  it.each(cases)('%s', async (_name, message, files, said) => {
    const { commit, start, tags } = await released();
    const before = tags();
    await commit(message, files);
    for (const command of ['plan', 'publish'] as const) {
      const { exitCode, log } = await start(command);
      expect([exitCode, log.replaceAll('%0A', '\n')]).toEqual([1, expect.stringMatching(said)]);
    }
    expect(tags()).toEqual(before);
  });

  it('before the tests have passed on this very commit', async () => {
    const { commit, start } = await released();
    await commit('fix: x', { 'dist/index.js': '2\n' });
    const { exitCode, log, outputs } = await start('plan', { isTested: false });
    expect([exitCode, log, outputs]).toEqual([1, expect.stringContaining('ci-test.yml has not passed'), {}]);
  });

  it('from a branch that is no line, and beyond its line', async () => {
    const { commit, start, tags } = await released();
    await commit('feat: x', { 'dist/index.js': '2\n' });
    const before = tags();
    expect((await start('publish', { branch: 'feature/1.x' })).log).toContain('releases come from main');
    expect((await start('publish', { branch: '1.0.x' })).log).toContain('the commits make v1.1.0, and 1.0.x releases');
    expect((await start('publish', { branch: '2.x' })).log).toContain('the commits make v1.1.0, and 2.x releases');
    expect(tags()).toEqual(before);
  });

  it('where the version is another commit already, also when that is seen only in the push', async () => {
    const { commit, start, tags, hosted, first } = await released();
    const fix = await commit('fix: x', { 'dist/index.js': '2\n' });
    const meanwhile = () => {
      if (!('v1.0.1' in tags())) hosted('update-ref', 'refs/tags/v1.0.1', first);
    };
    const raced = await start('publish', { meanwhile: (request) => request === 3 && meanwhile() });
    expect([raced.exitCode, raced.log]).toEqual([1, expect.stringContaining('a frozen tag is never moved')]);
    expect(raced.log).toContain(fix.slice(0, 12));
    // The next one sees a version that was given: it is on the line, so that nothing has to be guessed.
    expect(tags()).toEqual({ 'v1.0.0': first, 'v1.0.1': first, v1: first });
    expect(releasesOf(raced.github.requests)).toEqual([]);
  });

  it('by a token that may not write, with what was done so far in place', async () => {
    const { commit, start, tags } = await released();
    const before = tags();
    await commit('fix: x', { 'dist/index.js': '2\n' });
    const pushless = await start('publish', { mayPush: false });
    expect([pushless.exitCode, pushless.log]).toEqual([
      1,
      expect.stringContaining('the tag v1.0.1 could not be pushed'),
    ]);
    expect(tags()).toEqual(before);
    const readOnly = await start('publish', { permissions: { contents: 'read' } });
    expect([readOnly.exitCode, readOnly.log]).toEqual([1, expect.stringContaining('PIPE-GITHUB-002')]);
    expect(tags()['v1']).toBe(before['v1']);
    expect(`${pushless.log}${readOnly.log}`).not.toContain(readOnly.github.token);
  });
});

describe('the moving tag', () => {
  it('never goes back: a fix of an older line leaves it where it is', async () => {
    const { commit, start, tags, git, first } = await released();
    const newer = await commit('feat: x', { 'dist/index.js': '2\n' });
    expect((await start('publish')).exitCode).toBe(0);
    git('checkout', '--quiet', '-b', '1.0.x', first);
    const fix = await commit('fix: y', { 'dist/index.js': '1.1\n' });
    const { exitCode, log, github } = await start('publish', { branch: '1.0.x' });
    expect([exitCode, log]).toEqual([0, expect.stringContaining('v1 stays at v1.1.0')]);
    expect(tags()).toEqual({ 'v1.0.0': first, 'v1.1.0': newer, 'v1.0.1': fix, v1: newer });
    expect(releasesOf(github.requests)).toMatchObject([{ tag_name: 'v1.0.1', make_latest: 'false' }]);
    // Nothing is left to do for it either.
    const again = await start('plan', { branch: '1.0.x', github });
    expect(again.log).toBe('Nothing to release: v1.0.1 is this commit and published.\n');
  });

  it('goes on along an older major version', async () => {
    const { commit, start, tags, git, first } = await released();
    const pages = Object.fromEntries(
      Object.entries(BUNDLE).map(([path, text]) => [path, text.replaceAll('@v1', '@v2')]),
    );
    const second = await commit('feat!: other', {
      ...pages,
      'package.json': '{"version": "2.0.0"}',
      'dist/index.js': '2\n',
    });
    expect((await start('publish')).exitCode).toBe(0);
    git('checkout', '--quiet', '-b', '1.x', first);
    const feat = await commit('feat: z', { 'dist/index.js': '1.1\n' });
    expect((await start('publish', { branch: '1.x' })).exitCode).toBe(0);
    expect(tags()).toEqual({ 'v1.0.0': first, 'v2.0.0': second, v2: second, 'v1.1.0': feat, v1: feat });
  });

  it('is not taken from where somebody has put it by hand', async () => {
    const { commit, start, tags, hosted } = await released();
    const strange = await commit('docs: x', { 'docs/x.md': 'x\n' });
    hosted('update-ref', 'refs/tags/v1', strange);
    const fix = await commit('fix: y', { 'dist/index.js': '2\n' });
    const { exitCode, log } = await start('publish');
    expect([exitCode, log]).toEqual([1, expect.stringContaining('which is no released version')]);
    expect(tags()).toMatchObject({ 'v1.0.1': fix, v1: strange });
  });

  it('moves also where it is an annotated tag', async () => {
    const { commit, start, tags, git } = await released();
    git('fetch', '--quiet', '--tags', 'origin');
    git('tag', '--force', '--annotate', '--message', 'one', 'v1', 'v1.0.0');
    git('push', '--quiet', '--force', 'origin', 'refs/tags/v1');
    const fix = await commit('fix: y', { 'dist/index.js': '2\n' });
    const { exitCode, log } = await start('publish');
    expect([exitCode, log]).toEqual([0, expect.stringContaining('v1 is v1.0.1, it was v1.0.0')]);
    expect(tags()['v1']).toBe(fix);
  });
});

describe('a release that is run again', () => {
  it('changes nothing when it is complete', async () => {
    const { start, tags, atGitHub } = await released();
    const before = tags();
    const github = await atGitHub();
    const second = await start('publish', { github });
    expect([second.exitCode, second.log]).toEqual([0, expect.stringContaining('v1.0.0 was there')]);
    expect(tags()).toEqual(before);
    const planned = await start('plan', { github });
    expect(planned.log).toBe('Nothing to release: v1.0.0 is this commit and published.\n');
  });

  it('goes on from wherever its runner was lost', async () => {
    const base = await released();
    await base.commit('fix: x', { 'dist/index.js': '2\n' });
    const whole = await base.start('publish');
    const wanted = base.tags();
    expect(whole.requests).toBeGreaterThan(8);
    const seen = new Set<string>();
    for (let request = 1; request <= whole.requests; request += 1) {
      for (const when of ['before', 'after'] as const) {
        base.hosted('update-ref', '-d', 'refs/tags/v1.0.1');
        base.hosted('update-ref', 'refs/tags/v1', base.first);
        const github = await base.atGitHub();
        const lost = await base.start('publish', { github, kill: { request, when } });
        const tags = base.tags();
        const isLeft = tags['v1'] === base.first;
        const state = ['v1.0.1' in tags, releasesOf(github.requests).length, !isLeft].join();
        expect([request, when, lost.exitCode]).toEqual([request, when, null]);
        if (!seen.has(state)) {
          const { outputs } = await base.start('plan', { github });
          expect([state, outputs['version']]).toEqual([state, isLeft ? 'v1.0.1' : undefined]);
        }
        seen.add(state);
        const again = await base.start('publish', { github });
        expect([request, when, again.exitCode, again.log]).toEqual([request, when, 0, expect.anything()]);
        expect([request, when, base.tags()]).toEqual([request, when, wanted]);
        expect(releasesOf(github.requests)).toHaveLength(1);
      }
    }
    // Every state in which a release can be left was met.
    expect([...seen].sort()).toEqual(['false,0,false', 'true,0,false', 'true,1,false', 'true,1,true']);
  });
});
