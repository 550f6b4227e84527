import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runWorkflow } from '../../src/local/run.ts';
import type { RunResult } from '../../src/local/run-types.ts';
import { root } from '../../tools/install/root.ts';
import { git } from '../local/fixtures.ts';
import { conclusions } from '../support/run-result.ts';
import { writeFiles } from '../support/temporary.ts';
import { BUNDLE, releasesOf } from '../tools/release/scene.ts';

vi.setConfig({ testTimeout: 300_000 });

let folder: string;
let project: string;

/** A small bundle with this repository's release: its generated file has to say what its source says. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipelines-release-'));
  project = join(folder, 'project');
  for (const path of ['tools/release', 'tools/build', 'src/runtime', 'src/github', 'src/local/git.ts']) {
    await cp(join(root, path), join(project, path), { recursive: true });
  }
  await cp(join(root, '.github/workflows/ci-release.yml'), join(project, '.github/workflows/ci-release.yml'));
  const compared =
    "if (await readFile('dist/index.js', 'utf8') !== await readFile('source.js', 'utf8')) process.exit(1)";
  await writeFiles(project, {
    ...BUNDLE,
    'package.json': JSON.stringify({
      ...{ name: 'bundle', version: '1.0.0', type: 'module' },
      scripts: { 'check:generated': 'node compare.js' },
    }),
    'package-lock.json': JSON.stringify({
      ...{ name: 'bundle', version: '1.0.0', lockfileVersion: 3, requires: true },
      packages: { '': { name: 'bundle', version: '1.0.0' } },
    }),
    'compare.js': `import { readFile } from 'node:fs/promises';\n${compared};\n`,
    'source.js': '1\n',
  });
  git(project, 'init', '--quiet', '--initial-branch=main');
  commit('feat: begin');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function commit(message: string): void {
  git(project, 'add', '--all');
  git(project, 'commit', '--quiet', '--message', message);
}

async function release(inputs: Readonly<Record<string, string>> = {}) {
  const result = await runWorkflow({
    bundle: root,
    workflow: 'ci-release.yml',
    project,
    repository: 'acme/pipelines',
    event: { name: 'workflow_dispatch' },
    inputs,
    runs: [
      {
        ...{ id: 7, runNumber: 1, path: '.github/workflows/ci-test.yml', event: 'push', headBranch: 'main' },
        ...{ headSha: git(project, 'rev-parse', 'HEAD'), status: 'completed', conclusion: 'success' },
      },
    ],
    isFresh: true,
    keep: true,
    tempFolder: folder,
    cacheFolder: join(folder, 'cache'),
    stateFolder: join(folder, 'state'),
  });
  const hosted = join(result.folder ?? '', 'repository.git');
  const tags = git(hosted, 'tag', '--list').split('\n').filter(Boolean);
  return { result, tags: Object.fromEntries(tags.map((tag) => [tag, git(hosted, 'rev-parse', `${tag}^{commit}`)])) };
}

const logOf = ({ jobs }: RunResult, name: string) => {
  return jobs
    .flatMap(({ steps }) => steps.filter((step) => step.name === name && step.stage === 'main').map(({ log }) => log))
    .join('');
};

it('tells what it would release, and does nothing of it when it is asked for that only', async () => {
  const { result, tags } = await release({ 'dry-run': 'true' });
  expect(result.exitCode, result.log).toBe(0);
  expect(conclusions(result)).toEqual({ plan: 'success', publish: 'skipped' });
  expect(result.summaries.map(({ markdown }) => markdown).join()).toContain('## v1.0.0');
  expect(tags).toEqual({});
});

it('attests dist, pushes the tag, publishes the release and moves the tag that callers follow', async () => {
  const head = git(project, 'rev-parse', 'HEAD');
  const { result, tags } = await release();
  expect(result.exitCode, result.log).toBe(0);
  expect(conclusions(result)).toEqual({ plan: 'success', publish: 'success' });
  expect(logOf(result, 'Attest where dist comes from')).toMatch(
    /^index\.js@sha256:[0-9a-f]{64}\nAttestation of 1 files/,
  );
  expect(tags).toEqual({ 'v1.0.0': head, v1: head });
  expect(releasesOf(result.requests)).toMatchObject([{ tag_name: 'v1.0.0' }]);
  git(project, 'tag', 'v1.0.0');
  git(project, 'tag', 'v1');
});

it('is green and does nothing where nothing changed for callers', async () => {
  await writeFiles(project, { 'docs/more.md': 'more\n' });
  commit('docs: say more');
  const { result } = await release();
  expect(conclusions(result)).toEqual({ plan: 'success', publish: 'skipped' });
  expect(logOf(result, 'Say what would be released')).toContain('Nothing to release');
});

it('refuses a dist that is not what its sources say', async () => {
  await writeFiles(project, { 'source.js': '2\n', 'dist/index.js': 'by hand\n' });
  commit('fix: count again');
  const { result, tags } = await release();
  expect(result.exitCode).toBe(1);
  expect(conclusions(result)).toEqual({ plan: 'failure', publish: 'skipped' });
  expect(Object.keys(tags)).toEqual(['v1', 'v1.0.0']);
  expect(releasesOf(result.requests)).toEqual([]);
});
