import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PreparedRun } from '../../src/local/run-types.ts';
import { plannedShards } from '../../src/plan/shards.ts';
import type { PlannedTask } from '../../src/plan/types.ts';
import { serveGitHub } from '../support/github/serve.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { manifest, plan } from './repository.ts';

const runnerOf = async (
  scripts: Readonly<Record<string, string>>,
  dependencies: readonly string[],
  more: Readonly<Record<string, string | object>> = {},
) => {
  const found = await plan({ 'package.json': manifest(scripts, [...dependencies]), 'test/a.test.js': '', ...more });
  return found.tasks.find(({ kind }) => kind === 'test')?.runner;
};

const YARN = { 'yarn.lock': '# yarn lockfile v1\n' };

describe('the runner behind a test task', () => {
  it.each([
    ['vitest run', ['vitest'], ['vitest', 'run'], {}],
    ['vitest', ['vitest'], ['vitest'], {}],
    ['npx vitest run src', ['vitest'], ['vitest', 'run', 'src'], {}],
    ['cross-env TZ=UTC jest --ci', ['jest'], ['jest', '--ci'], { TZ: 'UTC' }],
    ['node --test', [], ['node', '--test'], {}],
    [
      "node --import tsx --test 'test/**/*.test.ts'",
      ['tsx'],
      ['node', '--import', 'tsx', '--test', 'test/**/*.test.ts'],
      {},
    ],
  ] as const)('is read from %j', async (script, dependencies, argv, environment) => {
    const runner = await runnerOf({ test: script }, dependencies);
    expect(runner).toMatchObject({ program: argv[0], argv, environment, starter: [] });
    // What a script is told of itself.
    expect(runner?.environment).toMatchObject({ npm_lifecycle_event: 'test', npm_lifecycle_script: script });
    expect(runner?.path).toEqual(argv[0] === 'node' ? [] : ['node_modules/.bin']);
  });

  it('is found where there is no script, and started by Yarn where Yarn finds programs', async () => {
    expect(await runnerOf({}, ['vitest'])).toMatchObject({ argv: ['vitest', 'run'], starter: [] });
    const yarn = await runnerOf({ test: 'jest' }, ['jest'], YARN);
    expect(yarn).toMatchObject({ argv: ['jest'], starter: ['yarn', 'run'], path: [] });
  });

  it.each<[string, Record<string, string>, string[], Record<string, string>?]>([
    ['a wrapper', { test: 'nyc jest' }, ['nyc', 'jest']],
    ['another runner', { test: 'mocha' }, ['mocha']],
    ['two commands', { test: 'tsc && vitest run' }, ['vitest', 'typescript']],
    ['a script before it', { test: 'vitest run', pretest: 'node prepare.js' }, ['vitest']],
    ['what needs a shell', { test: 'vitest run $FILES' }, ['vitest']],
    ['a path of Yarn to a script of that name', { test: 'vitest run', vitest: 'vitest --dir unit' }, ['vitest'], YARN],
    ['a loader of variables', { test: 'dotenv -- vitest run' }, ['vitest', 'dotenv-cli']],
  ])('is none for %s: the task runs as it is', async (_, scripts, dependencies, more = {}) => {
    expect(await runnerOf(scripts, dependencies, more)).toBeUndefined();
  });
});

const SHA = 'a'.repeat(40);
const KEY = { workflow: 'check', folder: 'apps/api', service: '' };

function task(id: string): PlannedTask {
  const command = ['npm', 'run', id] as const;
  const place = { package: 'app', directory: '.', path: [], environment: {}, source: 'package.json', reason: '' };
  const runner = { program: 'vitest', starter: [], argv: ['vitest', 'run'], environment: {}, path: [] } as const;
  return { id, kind: 'test', command, display: `npm run ${id}`, needs: [], runner, ...place };
}

const PUSH = { ref: 'refs/heads/feature', before: SHA, after: SHA, deleted: false };

async function shardsWith(runs: readonly PreparedRun[], { event = 'push', payload = PUSH as object } = {}) {
  const github = await serveGitHub({ permissions: { actions: 'read' }, runs });
  onTestFinished(() => github.close());
  const folder = await temporaryFolder();
  const path = join(folder, 'event.json');
  await writeFile(path, JSON.stringify({ repository: { default_branch: 'main' }, ...payload }));
  const environment = {
    ...{ GITHUB_API_URL: github.url, GITHUB_REPOSITORY: github.repository, NO_PROXY: '127.0.0.1' },
    ...{ GITHUB_WORKFLOW_REF: `${github.repository}/.github/workflows/ci.yml@refs/heads/feature` },
    ...{ GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: path, GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'feature' },
  };
  const { signal } = new AbortController();
  return plannedShards({ shards: 3, tasks: [task('test')], key: KEY, token: github.token, environment, signal });
}

/** A run of a branch that has recorded times. */
async function recorded(headBranch: string, content: string, id = 900): Promise<PreparedRun> {
  const { timesArtifact } = await shardsWith([]);
  return {
    ...{ id, runNumber: id - 800, path: '.github/workflows/ci.yml', event: 'push', headBranch, headSha: SHA },
    ...{ status: 'completed', conclusion: 'success' },
    artifacts: [{ name: timesArtifact, files: { 'times.json': content } }],
  };
}

const TIMES = { version: 1, tasks: { test: { ms: 30_000, files: { 'a.js': 1, 'b.js': 1, 'c.js': 1 } } } };

describe('shards', () => {
  it('are a matrix of numbers, with one name for the artifacts of all of them', async () => {
    const { matrix, parts, times, decision } = await shardsWith([]);
    expect(matrix).toEqual({ shard: ['1/3', '2/3', '3/3'] });
    expect(parts).toEqual(expect.stringMatching(/^shard-\*-of-3-check-apps-api-[0-9a-f]{8}$/));
    expect(times).toBe('');
    expect(decision.reason).toEqual(expect.stringMatching(/by number, no times are recorded: there is no green run/));
  });

  it('take the times of the branch itself, else those of the default branch', async () => {
    const main = await recorded('main', JSON.stringify(TIMES));
    const other = { ...TIMES, tasks: { test: { ms: 90_000, files: { 'a.js': 1, 'b.js': 1, 'c.js': 1 } } } };
    const own = await recorded('feature', JSON.stringify(other), 901);
    expect((await shardsWith([main])).decision.reason).toBe('10s to 10s each, by the times of run 100 of main');
    const both = await shardsWith([own, main]);
    expect(both.decision.reason).toBe('30s to 30s each, by the times of run 101 of feature');
    expect(JSON.parse(both.times)).toEqual(other);
  });

  it('take the times of the branch that a pull request goes to, never of its own', async () => {
    const side = (ref: string) => ({ ref, sha: SHA, repo: { id: 1, full_name: 'acme/shop', fork: false } });
    const flags = { draft: false, merged: false };
    const payload = {
      action: 'opened',
      pull_request: { ...flags, number: 5, head: side('feature'), base: side('main') },
    };
    const own = await recorded('feature', JSON.stringify(TIMES), 901);
    const { times } = await shardsWith([own], { event: 'pull_request', payload });
    expect(times).toBe('');
  });

  it.each([
    ['no JSON', '{'],
    ['other things', '{"version":1,"tasks":{"test":{"ms":"long"}}}'],
  ])('are divided by number when the record holds %s', async (_, content) => {
    const { times, decision } = await shardsWith([await recorded('main', content)]);
    expect(times).toBe('');
    expect(decision.reason).toEqual(
      expect.stringMatching(/by number, no times are recorded: those of run 100 can’t be used/),
    );
  });
});
