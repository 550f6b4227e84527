import { chmod, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { conclusions, type GateRun, runGateAction } from '../gate/source-gate.ts';
import { commit, committed } from '../plan/monorepo.ts';
import type { Tree } from '../plan/repository.ts';
import { serveCache, type TestCacheOptions } from '../support/cache/serve.ts';
import { machine } from '../support/run-dist.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A script that leaves a line for each time it runs, and does more. */
const script = (name: string, more = '') =>
  `node -e "const fs = require('fs'); fs.appendFileSync(process.env.COUNT, '${name}\\n'); ${more}"`;
const writing = (path: string, text: string) =>
  `fs.mkdirSync(require('path').dirname('${path}'), { recursive: true }); fs.writeFileSync('${path}', '${text}');`;

/** \`web\` needs the build of \`shared\`; \`docs\` stands alone. Tests write coverage, builds write \`dist\`. */
const WORKSPACE: Tree = {
  'package.json': { name: 'root', private: true, workspaces: ['packages/*'] },
  'package-lock.json': '{}',
  '.gitignore': 'dist\ncoverage\n.env\nother\n',
  'packages/shared/package.json': {
    ...{ name: '@m/shared', version: '1.0.0' },
    scripts: { build: script('shared:build', writing('dist/index.js', 'built')), lint: script('shared:lint') },
  },
  'packages/shared/src/a.js': 'a',
  'packages/web/package.json': {
    ...{ name: '@m/web', dependencies: { '@m/shared': '*' } },
    scripts: {
      build: script('web:build', `fs.readFileSync('../shared/dist/index.js'); ${writing('dist/app.js', 'app')}`),
      test: script('web:test', writing('coverage/lcov.info', 'TN:')),
    },
  },
  'packages/docs/package.json': { name: '@m/docs', scripts: { lint: script('docs:lint') } },
};

const ALL = ['docs:lint', 'shared:build', 'shared:lint', 'web:build', 'web:test'];

interface RunOptions {
  readonly cache?: Partial<TestCacheOptions>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly event?: readonly [string, object];
  readonly runId?: number;
  /** Where the project is checked out; its own folder when left out. */
  readonly at?: string;
}

const PUSH = ['push', { ref: 'refs/heads/main', before: '1'.repeat(40), after: '2'.repeat(40) }] as const;

function pullRequest(from: string): readonly [string, object] {
  const side = (name: string, ref: string) => ({ sha: '3'.repeat(40), ref, repo: { full_name: name } });
  const pull = { head: side(from, 'feature'), base: side('acme/api', 'main'), draft: false, merged: false };
  return ['pull_request', { action: 'opened', number: 1, pull_request: { number: 1, ...pull }, sender: {} }];
}

/** A project and its runs: what each ran, and what came of it. */
async function project(tree: Tree = WORKSPACE) {
  const folder = await committed(tree);
  const own = await temporaryFolder();
  const count = join(own, 'count');
  await mkdir(join(own, 'cache'));
  let runs = 0;
  const run = async (options: RunOptions = {}): Promise<GateRun & { readonly ran: readonly string[] }> => {
    const { cache = {}, inputs = {}, environment = {}, event: [name, payload] = PUSH } = options;
    runs += 1;
    await writeFile(count, '');
    await writeFile(join(own, 'event.json'), JSON.stringify(payload));
    const service = await serveCache({ folder: join(own, 'cache'), ...cache });
    onTestFinished(() => service.close().catch(() => undefined));
    // What a fresh checkout does not have.
    for (const path of ['.', 'packages/shared', 'packages/web']) {
      for (const written of ['dist', 'coverage'])
        await rm(join(folder, path, written), { recursive: true, force: true });
    }
    const done = await runGateAction(
      options.at ?? folder,
      { reuse: 'true', env: `COUNT: ${count}`, ...inputs },
      {
        ...service.environment,
        ...{ GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: join(own, 'event.json'), GITHUB_REPOSITORY: 'acme/api' },
        ...{ GITHUB_RUN_ID: String(options.runId ?? 100 + runs), GITHUB_RUN_ATTEMPT: '1', NO_PROXY: '127.0.0.1' },
        ...environment,
      },
    );
    await service.close();
    const ran = (await readFile(count, 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
      .sort();
    return { ...done, ran };
  };
  return { folder, own, run };
}

const text = (path: string) => readFile(path, 'utf8');

describe('a task that passed before with the same inputs', () => {
  it('is not run again; what it wrote is there, as new; where and when it passed is told', async () => {
    const { folder, run } = await project();
    const first = await run();
    expect(first.log).not.toMatch(/::(error|notice|warning)/);
    expect(first.ran).toEqual(ALL);
    const before = Date.now();
    const second = await run();
    expect(second).toMatchObject({ exitCode: 0, ran: [] });
    expect(new Set(Object.values(conclusions(second)))).toEqual(new Set(['reused']));
    expect(second.outputs['reused']).toBe('5');
    expect(await text(join(folder, 'packages/web/dist/app.js'))).toBe('app');
    expect(await text(join(folder, 'packages/shared/dist/index.js'))).toBe('built');
    const report = join(folder, 'packages/web/coverage/lcov.info');
    expect(await text(report)).toBe('TN:');
    expect((await stat(report)).mtimeMs).toBeGreaterThanOrEqual(before);
    const run1 = 'https://github.com/acme/api/actions/runs/101';
    expect(second.results.tasks[0]?.reused).toEqual({ at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), run: run1 });
    expect(second.log).toMatch(
      /^reused packages\/web:test \(passed \d{4}-\d\d-\d\d \d\d:\d\d UTC in https:\S+\/101\)$/m,
    );
  });

  it('is run again, with what depends on it, when a file that it sees changed, and only then', async () => {
    const { folder, run } = await project();
    await run();
    const change = async (path: string) => {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), String(Math.random()));
      commit(folder);
      return (await run()).ran;
    };
    expect(await change('packages/shared/src/a.js')).toEqual(['shared:build', 'shared:lint', 'web:build', 'web:test']);
    expect(await change('packages/docs/page.md')).toEqual(['docs:lint']);
    expect(await change('packages/web/b.js')).toEqual(['web:build', 'web:test']);
    expect(await change('tsconfig.base.json')).toEqual(ALL);
    // Back to a commit that was checked: nothing runs.
    expect((await run()).ran).toEqual([]);
  });

  it('is run again in another environment, with another command, toolchain or secret', async () => {
    const { own, run } = await project();
    await run();
    expect((await run({ environment: { DATABASE_PASSWORD: 'one' } })).ran).toEqual(ALL);
    expect((await run({ environment: { DATABASE_PASSWORD: 'two' } })).ran).toEqual(ALL);
    expect((await run({ environment: { DATABASE_PASSWORD: 'two' } })).ran).toEqual([]);
    expect((await run({ environment: { ImageOS: 'ubuntu24', ImageVersion: '20261101.1' } })).ran).toEqual(ALL);
    expect((await run({ environment: { GITHUB_RUN_NUMBER: '7', RUNNER_NAME: 'other' } })).ran).toEqual([]);
    const tasks = `packages/docs:lint: ${process.execPath} --version`;
    expect(conclusions(await run({ inputs: { tasks } }))['packages/docs:lint']).toBe('passed');
    const bin = join(own, 'bin');
    await mkdir(bin);
    await writeFile(
      join(bin, 'node'),
      `#!/bin/sh\n[ "$1" = --version ] && echo v99.0.0 && exit\nexec '${process.execPath}' "$@"\n`,
    );
    await chmod(join(bin, 'node'), 0o755);
    expect((await run({ environment: { PATH: `${bin}:${machine()['PATH']}` } })).ran).toEqual(ALL);
  });

  it('is taken in a workspace of another path, unless it wrote something, which can name the path', async () => {
    const { folder, own, run } = await project();
    await run();
    const at = join(own, 'elsewhere');
    await cp(folder, at, { recursive: true, filter: (path) => !/\/(dist|coverage)$/.test(path) });
    expect((await run({ at })).ran).toEqual(['shared:build', 'web:build', 'web:test']);
  });

  it('is run again when it was red, and when what it wrote is lost', async () => {
    const { folder, own, run } = await project({
      'package.json': { name: 'app', scripts: { lint: script('lint'), test: script('test', 'process.exit(1)') } },
      '.gitignore': 'dist\n',
    });
    expect((await run()).exitCode).toBe(1);
    expect((await run()).ran).toEqual(['test']);
    const tree = { 'package.json': { name: 'app', scripts: { build: script('build', writing('dist/a.js', 'a')) } } };
    await writeFile(join(folder, 'package.json'), JSON.stringify(tree['package.json']));
    commit(folder);
    await run();
    expect((await run()).ran).toEqual([]);
    // The service forgets what was used least: the entry of the output goes, the record stays.
    for (const name of await readdir(join(own, 'cache'))) {
      const described = name.endsWith('.json') ? await text(join(own, 'cache', name)) : '';
      if (described.includes('pipelines-reuse-output-')) await rm(join(own, 'cache', name));
    }
    expect((await run()).ran).toEqual(['build']);
  });
});

describe('nothing is reused', () => {
  it.each([
    ['a schedule', { event: ['schedule', { schedule: '0 0 * * *' }] }, '`schedule` runs everything'],
    [
      'a run by hand',
      { event: ['workflow_dispatch', { ref: 'refs/heads/main' }] },
      '`workflow_dispatch` runs everything',
    ],
    ['a pull request of a fork', { event: pullRequest('mallory/api') }, 'the pull request comes from a fork'],
    [
      'what is deployed',
      { inputs: { reuse: 'true', pack: 'packages/web/dist' } },
      'what is deployed is built by the run itself',
    ],
    [
      'a push whose coverage counts',
      { inputs: { reuse: 'true', coverage: 'true' } },
      'the coverage of a push is what later runs are compared with',
    ],
    ['a job without a cache', { environment: { ACTIONS_RUNTIME_TOKEN: '' } }, 'this job has no cache service'],
    ['a job that may not read', { environment: { ACTIONS_CACHE_MODE: 'none' } }, '`cache-mode: none`'],
  ] as const)('by %s', async (_, options, reason) => {
    const { run } = await project();
    await run();
    const again = await run(options as RunOptions);
    expect(again).toMatchObject({ exitCode: 0, ran: ALL });
    expect(again.log).toContain(`reuse: off, ${reason}\n`);
    expect(again.log).not.toMatch(/::(error|notice|warning)/);
  });

  it('without being asked to', async () => {
    const { run } = await project();
    await run();
    expect((await run({ inputs: { reuse: 'false' } })).ran).toEqual(ALL);
  });

  it('where something is not committed, and ignored files count with their content', async () => {
    const { folder, run } = await project();
    await run();
    await writeFile(join(folder, 'packages/docs/draft.md'), '');
    const dirty = await run();
    expect(dirty.ran).toEqual(ALL);
    expect(dirty.log).toContain('reuse: off, "packages/docs/draft.md" is not as it is committed\n');
    await rm(join(folder, 'packages/docs/draft.md'));
    await writeFile(join(folder, '.env'), 'A=1');
    expect((await run()).ran).toEqual(ALL);
    expect((await run()).ran).toEqual([]);
    await writeFile(join(folder, '.env'), 'A=2');
    expect((await run()).ran).toEqual(ALL);
  });

  it('of builds that leave what may hold a secret, while one that was there stays as it is', async () => {
    const { folder, run } = await project({
      'package.json': { name: 'app', scripts: { build: script('build', writing('dist/a.js', 'a')) } },
      '.gitignore': 'dist\n.env*\n',
    });
    await writeFile(join(folder, '.env'), 'TOKEN=1');
    await run();
    await writeFile(join(folder, '.env'), 'TOKEN=1');
    expect((await run()).ran).toEqual([]);
    expect(await text(join(folder, '.env'))).toBe('TOKEN=1');
    const leaving = await project({
      'package.json': { name: 'app', scripts: { build: script('build', writing('.env.local', 'a')) } },
      '.gitignore': '.env*\n',
    });
    expect((await leaving.run()).log).toContain('reuse: builds are not kept, ".env.local" can’t be told to be theirs');
  });

  it('of builds that leave nothing, and the log names them', async () => {
    const { run } = await project({
      'package.json': { name: 'app', scripts: { build: script('build'), lint: script('lint') } },
    });
    expect((await run()).log).toContain('reuse: build is not kept, it left no file that git ignores\n');
    expect((await run()).ran).toEqual(['build']);
  });

  it('of builds that write outside of their packages, and of tasks that change the project', async () => {
    const { run } = await project({
      'package.json': { name: 'root', private: true, workspaces: ['packages/*'] },
      '.gitignore': 'other\n',
      'packages/a/package.json': {
        name: 'a',
        scripts: { build: script('build', writing('../../other/a.js', '')), lint: script('lint') },
      },
    });
    const first = await run();
    expect(first.log).toContain('reuse: builds are not kept, "other/" can’t be told to be theirs\n');
    const changing = await project({
      'package.json': { name: 'app', scripts: { lint: script('lint', writing('snapshot.txt', '')) } },
    });
    expect((await changing.run()).log).toMatch(
      /reuse: off, nothing is kept, "snapshot\.txt" is not as it is committed/,
    );
  });

  it.each(['down', 'garbage', 'corrupt'] as const)('when the service is %s, and that is no failure', async (fault) => {
    const { run } = await project();
    await run();
    const again = await run({ cache: { fault } });
    expect(again).toMatchObject({ exitCode: 0, ran: ALL });
    expect(again.log).toMatch(/^::notice::Results of earlier runs could not be read: .*\. Every task runs\.$/m);
    expect(again.log).not.toMatch(/::(error|warning)/);
  });
});

describe('the scope of results', () => {
  it('is that of GitHub’s caches: a pull request reads the base’s, the base and other branches never a pull request’s', async () => {
    const { folder, run } = await project();
    await run();
    const readable = ['refs/pull/1/merge', 'refs/heads/main'];
    const inPull = { cache: { scope: 'refs/pull/1/merge', readable }, event: pullRequest('acme/api') };
    expect((await run(inPull)).ran).toEqual([]);
    await writeFile(join(folder, 'packages/docs/page.md'), 'new');
    commit(folder);
    expect((await run(inPull)).ran).toEqual(['docs:lint']);
    expect((await run(inPull)).ran).toEqual([]);
    const other = { scope: 'refs/pull/2/merge', readable: ['refs/pull/2/merge', 'refs/heads/main'] };
    expect((await run({ cache: other, event: pullRequest('acme/api') })).ran).toEqual(['docs:lint']);
    expect((await run()).ran).toEqual(['docs:lint']);
  });
});
