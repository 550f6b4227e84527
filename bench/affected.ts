import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { affectedBy } from '../src/plan/affected.ts';
import { changedSince } from '../src/plan/changed-files.ts';
import { graphOf } from '../src/plan/graph.ts';
import { findProject } from '../src/plan/project.ts';
import { listFiles } from '../src/plan/repository-files.ts';
import { environmentOf } from '../src/runtime/environment.ts';
import { commit, git, monorepo, treeOf, writeTree } from '../test/plan/monorepo.ts';
import { root } from '../tools/install/root.ts';
import { turboProgram } from '../tools/install/turbo.ts';
import { type Command, compare, median, timeOf } from './measure.ts';

const PACKAGES = 1_000;
const FILES = 100;
const PAIRS = 7;

/**
 * Which packages a commit affects, in a repository of 100,000 files in 1,000 packages: the answer itself beside
 * `git diff --name-only`, which looks at every file once, as the answer has to, and the whole action beside turbo.
 */
export async function benchAffected(): Promise<string[][]> {
  const turbo = await turboProgram();
  const folder = await mkdtemp(join(tmpdir(), 'bench-affected-'));
  try {
    const base = await bigRepository(folder);
    const diff: Command = { program: 'git', args: ['diff', '--name-only', base], cwd: folder };
    const answer = await answerBeside(folder, base, diff);
    const plan: Command = {
      program: process.execPath,
      args: [join(root, 'dist/plan.js')],
      cwd: folder,
      env: { GITHUB_WORKSPACE: folder, RUNNER_TEMP: join(folder, '.git'), 'INPUT_CHANGED-SINCE': base },
    };
    const listed: Command = {
      program: turbo,
      args: ['ls', '--affected', '--output=json'],
      cwd: folder,
      env: { TURBO_SCM_BASE: base, TURBO_SCM_HEAD: 'HEAD', TURBO_TELEMETRY_DISABLED: '1' },
    };
    const whole = await compare(plan, listed, PAIRS);
    const cells = ({ ours, peer, ratio }: typeof whole, name: string) => {
      return [`${ours.toFixed(0)} ms`, `${name}: ${peer.toFixed(0)} ms`, ratio.toFixed(2)];
    };
    return [
      ['affected packages, 100,000 files', ...cells(answer, 'git diff --name-only'), 'at most 2'],
      ['plan of 1,000 packages, changed-since', ...cells(whole, 'turbo ls --affected'), ''],
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The answer is a part of a process, so the start of Node is not in it; git's own start is, ten milliseconds. */
async function answerBeside(folder: string, base: string, diff: Command) {
  const environment = environmentOf(process.env);
  const answer = async () => {
    const started = performance.now();
    // As the action does it: git compares while the repository is read.
    const changing = changedSince({ workspace: folder, environment }, base);
    const files = await listFiles(folder, { environment });
    const project = await findProject(files, '.');
    const change = await changing;
    if (change === undefined || project === undefined) throw new Error('the repository is not as it was made');
    const graph = graphOf([project.root, ...project.members], () => true);
    const { packages } = await affectedBy(change, files, project, graph);
    if (packages.size === 0 || packages.size === PACKAGES) throw new Error(`${packages.size} packages are affected`);
    return performance.now() - started;
  };
  await answer();
  await timeOf(diff);
  const pairs: { ours: number; peer: number }[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) pairs.push({ ours: await answer(), peer: await timeOf(diff) });
  return {
    ours: median(pairs.map(({ ours }) => ours)),
    peer: median(pairs.map(({ peer }) => peer)),
    ratio: median(pairs.map(({ ours, peer }) => ours / peer)),
  };
}

/** @returns the commit before the last one, which changes two packages */
async function bigRepository(folder: string): Promise<string> {
  git(folder, 'init', '--quiet', '--initial-branch=main');
  const repo = monorepo('npm', PACKAGES, 7);
  await writeTree(folder, treeOf(repo));
  for (const member of repo.members) {
    const sources = join(folder, member.folder, 'src/lib');
    await mkdir(sources, { recursive: true });
    const names = Array.from({ length: FILES - 3 }, (_, index) => `file${index}.js`);
    await Promise.all(names.map((name) => writeFile(join(sources, name), `export const name = '${name}';\n`)));
  }
  const base = commit(folder, 'first');
  for (const index of [500, 900]) await appendFile(join(folder, `packages/p${index}/src/index.js`), '// changed\n');
  commit(folder, 'change');
  return base;
}
