import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunEvent, RunOptions, RunResult } from '../../src/local/run.ts';
import { beginRun, type RunMemory } from '../../src/local/state/memory.ts';
import { type NewRun, openRunStore, type StoreSettings } from '../../src/local/state/store.ts';
import { git, makeBundle, makeProject, runSample, temporaryFolder, workflow, writeTree } from './fixtures.ts';

const UPLOAD = 'actions/upload-artifact@0123456789abcdef0123456789abcdef01234567';
const CHECKOUT = 'actions/checkout@0123456789abcdef0123456789abcdef01234567';

/** Looks for the evidence of the base commit as an action does: the run by commit, its artifact, the archive. */
const SEARCH = `import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
const { env } = process;
const event = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8'));
const get = async (path, more) => {
  const headers = { authorization: 'Bearer ' + env['INPUT_GITHUB-TOKEN'] };
  return fetch(env.GITHUB_API_URL + '/repos/' + env.GITHUB_REPOSITORY + path, { headers, ...more });
};
const sha = event.pull_request?.base.sha ?? env.GITHUB_SHA;
const runs = await get('/actions/workflows/ci.yml/runs?branch=main&event=push&status=success&head_sha=' + sha);
console.log('status ' + runs.status);
if (runs.ok) {
  const { total_count: count, workflow_runs: [run] } = await runs.json();
  console.log('runs ' + count);
  if (run !== undefined) {
    const { artifacts } = await (await get('/actions/runs/' + run.id + '/artifacts?name=lines')).json();
    const archive = await get('/actions/artifacts/' + artifacts[0].id + '/zip');
    const bytes = Buffer.from(await archive.arrayBuffer());
    const digest = createHash('sha256').update(bytes).digest('hex');
    console.log(['run', run.run_number, run.head_branch, artifacts[0].digest === 'sha256:' + digest].join(' '));
  }
}
`;

/** Counts the tests that it finds, keeps the count on a push, and looks for that of the base. */
const evidence = makeBundle(
  {
    'w.yml': workflow(`
  check:
    permissions: {actions: read, contents: read}
    runs-on: ubuntu-latest
    steps:
      - {uses: ${CHECKOUT}, with: {fetch-depth: 2}}
      - {run: 'ls tests | wc -l > lines.txt; git diff --name-status HEAD^ HEAD -- || true; cat lines.txt'}
      - {if: "github.event_name == 'push'", uses: ${UPLOAD}, with: {name: lines, path: lines.txt}}
      - {uses: $/actions/probe}
  stranger:
    needs: check
    runs-on: ubuntu-latest
    steps: [{uses: $/actions/probe}]
`),
  },
  { 'dist/probe.js': SEARCH },
);

const FILES = { 'tests/one.txt': '1', 'tests/two.txt': '2', 'README.md': 'x' };

const logOf = (result: RunResult, job: number, step: number) => result.jobs[job]?.steps[step]?.log.trim().split('\n');

describe('what GitHub would remember', () => {
  const inRepository = () => makeProject(FILES);
  const inFolder = () => {
    const repository = makeProject({ 'other.txt': '' });
    writeTree(repository, Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`apps/api/${path}`, text])));
    git(repository, 'add', '--all');
    git(repository, 'commit', '--quiet', '--message', 'the api');
    writeTree(repository, { 'apps/api/README.md': 'y' });
    git(repository, 'commit', '--quiet', '--all', '--message', 'its readme');
    return join(repository, 'apps/api');
  };

  test.each([
    ['a repository', inRepository],
    ['a folder inside one', inFolder],
  ])('is found by the exact base commit, when a file of %s is deleted after a push', async (_what, make) => {
    const project = make();
    const options = { stateFolder: temporaryFolder('state') };
    const push = await runSample(evidence, project, options);
    expect(push).toMatchObject({ conclusion: 'success', runId: 1_000_000_001, runNumber: 1 });
    expect(push.artifacts).toMatchObject([{ name: 'lines' }]);

    rmSync(join(project, 'tests/two.txt'));
    const pull = await runSample(evidence, project, { ...options, event: { name: 'pull_request' } });
    expect(pull).toMatchObject({ conclusion: 'success', runId: 1_000_000_002, runNumber: 2 });
    expect(pull.event).toMatchObject({ pull_request: { base: { sha: push.event['after'], ref: 'main' } } });
    expect(logOf(pull, 0, 1)).toEqual(['D\ttests/two.txt', '1']);
    expect(logOf(pull, 0, 2)).toEqual(['status 200', 'runs 1', 'run 1 main true']);
    // Without `actions: read` nothing of it.
    expect(logOf(pull, 1, 0)).toEqual(['status 403']);
  });

  test('is found, too, when the change has been committed meanwhile', async () => {
    for (const project of [inRepository(), inFolder()]) {
      const options = { stateFolder: temporaryFolder('state') };
      await runSample(evidence, project, options);
      rmSync(join(project, 'tests/two.txt'));
      git(project, 'commit', '--quiet', '--all', '--message', 'one test less');
      const pull = await runSample(evidence, project, { ...options, event: { name: 'pull_request' } });
      expect(logOf(pull, 0, 1)).toEqual(['D\ttests/two.txt', '1']);
      expect(logOf(pull, 0, 2)).toEqual(['status 200', 'runs 1', 'run 1 main true']);
    }
  });

  test('is kept apart by repository, and forgotten when asked', async () => {
    const bundle = makeBundle({ 'w.yml': workflow("  a: {runs-on: ubuntu-latest, steps: [{run: 'true'}]}") });
    const project = makeProject();
    const numbers = async (more: Partial<RunOptions>) => (await runSample(bundle, project, more)).runNumber;
    expect(await numbers({ repository: 'acme/api' })).toBe(1);
    expect(await numbers({ repository: 'acme/api' })).toBe(2);
    expect(await numbers({ repository: 'acme/web' })).toBe(1);
    expect(readdirSync(join(bundle, '.tools/local')).sort()).toEqual(['acme+api', 'acme+web']);
    expect(await numbers({ repository: 'acme/api', isFresh: true })).toBe(1);
    // A repository that nobody has run for a month is forgotten by itself.
    const lastYear = new Date(Date.now() - 365 * 24 * 3_600_000);
    utimesSync(join(bundle, '.tools/local/acme+web/runs'), lastYear, lastYear);
    expect(await numbers({ repository: 'acme/api' })).toBe(2);
    expect(readdirSync(join(bundle, '.tools/local'))).toEqual(['acme+api']);
  });

  test('of two runs at once is all there afterwards, each with a number of its own', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(`
  a:
    runs-on: ubuntu-latest
    steps: [{run: 'echo $GITHUB_RUN_ID > id.txt'}, {uses: ${UPLOAD}, with: {name: id, path: id.txt}}]
`),
    });
    const project = makeProject();
    const stateFolder = temporaryFolder('state');
    const results = await Promise.all([1, 2, 3].map(() => runSample(bundle, project, { stateFolder })));
    expect(results.map(({ runNumber }) => runNumber).sort()).toEqual([1, 2, 3]);
    const known = await (await open(stateFolder)).runs();
    expect(known.map(({ id, conclusion, artifacts }) => [id, conclusion, artifacts.length])).toEqual([
      [1_000_000_003, 'success', 1],
      [1_000_000_002, 'success', 1],
      [1_000_000_001, 'success', 1],
    ]);
    expect(readdirSync(join(stateFolder, 'artifacts'))).toHaveLength(3);
  });

  test('that cannot be read costs a note, and the rest is known', async () => {
    const bundle = makeBundle({ 'w.yml': workflow("  a: {runs-on: ubuntu-latest, steps: [{run: 'true'}]}") });
    const project = makeProject();
    const stateFolder = temporaryFolder('state');
    const notes: string[] = [];
    const onEvent = (event: RunEvent) => {
      if (event.kind === 'note') notes.push(event.text);
    };
    const run = () => runSample(bundle, project, { stateFolder, onEvent });
    for (let index = 0; index < 2; index++) await run();
    const broken = join(stateFolder, 'runs/1000000001.json');
    for (const text of ['{"id": 1000000001, "ver', '{"version": 2}', '[]', '\u0000']) {
      writeFileSync(broken, text);
      expect((await run()).conclusion).toBe('success');
      expect(notes.splice(0)).toEqual([`what was kept of an earlier run cannot be read and is forgotten: ${broken}`]);
    }
    expect((await run()).runNumber).toBe(7);
    expect(notes).toEqual([]);

    rmSync(stateFolder, { recursive: true });
    writeFileSync(stateFolder, 'in the way');
    expect(await run()).toMatchObject({ conclusion: 'success', runNumber: 1 });
    expect(notes).toEqual([expect.stringContaining('earlier runs are not known in this one: ')]);
  });

  test('says of a run that could not start, and of one that was killed, that they were no success', async () => {
    const bundle = makeBundle({
      'w.yml': workflow('  a: {runs-on: ubuntu-latest, steps: [{uses: 1, run: x, bogus: y}]}'),
    });
    const stateFolder = temporaryFolder('state');
    await expect(runSample(bundle, makeProject(), { stateFolder })).rejects.toThrow('the workflow cannot run here');
    const store = await open(stateFolder);
    const killed = await store.begin(run('ci.yml'));
    // No process has this number.
    store.update({ ...killed, process: 2 ** 22 + 1 });
    expect((await store.runs()).map(({ status, conclusion }) => [status, conclusion])).toEqual([
      ['completed', 'cancelled'],
      ['completed', 'startup_failure'],
    ]);
  });
});

const noted = (text: string) => {
  throw new Error(text);
};

function open(folder: string, more: Partial<StoreSettings> = {}) {
  return openRunStore(folder, { onNote: noted, ...more });
}

const run = (path: string): NewRun => ({
  ...{ id: undefined, runNumber: undefined, attempt: 1, path: `.github/workflows/${path}`, name: 'ci', event: 'push' },
  ...{ headBranch: 'main', headSha: 'a'.repeat(40), headRepository: 'acme/api', status: 'in_progress' },
  ...{ conclusion: null, createdAt: '2026-01-02T03:04:05Z', updatedAt: '2026-01-02T03:04:05Z' },
});

const upload = (memory: RunMemory, name: string, bytes: number) =>
  memory.upload({
    ...{ name, level: 0, retentionDays: 90 },
    files: [{ path: 'a', read: async () => Buffer.alloc(bytes) }],
  });

describe('the store of runs', () => {
  const settings = { onNote: noted, bounds: { runs: 3, bytes: 10_000 } };
  const begin = (state: string, path = 'ci.yml') => beginRun({ state, spare: state }, run(path), [], settings);

  test('counts ids over the repository and numbers by workflow, and knows an attempt of the same run', async () => {
    const store = await open(temporaryFolder('state'));
    const begun = [
      await store.begin(run('ci.yml')),
      await store.begin(run('other.yml')),
      await store.begin(run('ci.yml')),
    ];
    expect(begun.map(({ id, runNumber }) => [id, runNumber])).toEqual([
      [1_000_000_001, 1],
      [1_000_000_002, 1],
      [1_000_000_003, 2],
    ]);
    const again = await store.begin({ ...run('ci.yml'), id: 1_000_000_001, attempt: 2 });
    expect(again).toMatchObject({ runNumber: 1, attempt: 2 });
    expect(await store.runs()).toHaveLength(3);
    expect((await store.begin(run('ci.yml'), [1_000_000_004])).id).toBe(1_000_000_005);
  });

  test('keeps the newest runs and their newest archives within the bounds; what was removed has expired', async () => {
    const folder = temporaryFolder('state');
    for (const size of [2_000, 3_000, 4_000, 5_000, 100]) {
      const memory = await begin(folder);
      await upload(memory, 'a', size);
      await memory.end('success');
    }
    const known = await (await begin(folder)).runs();
    // The one that has just begun, and the three before it.
    const isExpired = (runs: typeof known) => runs.map(({ id, artifacts }) => [id % 100, artifacts[0]?.isExpired]);
    expect(isExpired(known)).toEqual([
      [6, undefined],
      [5, false],
      [4, false],
      [3, false],
    ]);
    const larger = await begin(folder);
    await upload(larger, 'b', 9_800);
    await upload(larger, 'c', 5_000);
    // While it goes on, everything of it is there and the others make room; afterwards it has to fit, too.
    await open(folder, settings);
    expect((await larger.runs())[0]?.artifacts.map((artifact) => artifact.isExpired)).toEqual([false, false]);
    await larger.end('success');
    expect(isExpired(await larger.runs())).toEqual([
      [7, true],
      [6, undefined],
      [5, true],
    ]);
    expect(readdirSync(join(folder, 'artifacts'))).toEqual(['1000000007002.zip']);
  });

  test('keeps how the jobs of a run ended, and nothing else of them', async () => {
    const folder = temporaryFolder('state');
    const job = { name: 'api / deploy', conclusion: 'success', outputs: { url: 'https://secret.example.com' } };
    await (await begin(folder)).end('success', [job]);
    const [, ended] = await (await begin(folder)).runs();
    expect(ended?.jobs).toEqual([{ name: 'api / deploy', conclusion: 'success' }]);
  });

  test('takes artifacts of jobs side by side, and gives back their bytes', async () => {
    const folder = temporaryFolder('state');
    const memory = await begin(folder);
    const names = Array.from({ length: 40 }, (_, index) => `artifact-${index + 10}`);
    await Promise.all(names.map((name) => upload(memory, name, 100)));
    const own = (await memory.runs())[0]?.artifacts ?? [];
    expect(own.map(({ name }) => name).sort()).toEqual(names);
    expect(new Set(own.map(({ id }) => id)).size).toBe(names.length);
    const written = (await (await open(folder)).runs())[0]?.artifacts ?? [];
    expect(written.map(({ name }) => name).sort()).toEqual(names);
    for (const artifact of own) {
      const digest = createHash('sha256')
        .update(await artifact.read())
        .digest('hex');
      expect(digest).toBe(artifact.digest);
    }
    expect(existsSync(join(folder, 'artifacts', `${own[0]?.id}.zip`))).toBe(true);
  });

  test('lets an artifact expire after the days it is kept', async () => {
    const state = temporaryFolder('state');
    const start = Date.now();
    const memory = await beginRun({ state, spare: state }, run('ci.yml'), [], { onNote: noted, now: () => start });
    await memory.upload({ name: 'a', level: 6, retentionDays: 1, files: [] });
    await memory.end('success');
    const later = await open(state, { now: () => start + 25 * 3_600_000 });
    expect(await later.runs()).toMatchObject([{ artifacts: [{ name: 'a' }] }]);
    expect(readdirSync(join(state, 'artifacts'))).toEqual([]);
  });
});
