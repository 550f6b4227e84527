import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { TestRunner } from '../src/plan/types.ts';
import { type Environment, environmentOf } from '../src/runtime/environment.ts';
import { divide } from '../src/shard/divide.ts';
import { type Listing, listTests, readRecord, shardCommand } from '../src/shard/runners/runners.ts';
import type { Times } from '../src/shard/times.ts';
import { root } from '../tools/install/root.ts';
import { median, timeOf } from './measure.ts';

const FILES = 48;
const SHARDS = 4;
const ROUNDS = 3;
const TASK = 'test';
const RUNNER: TestRunner = {
  program: 'vitest',
  starter: [],
  argv: ['vitest', 'run', '--maxWorkers=2', '--no-isolate'],
  environment: {},
  path: [],
};

interface Project {
  readonly workspace: string;
  readonly directory: string;
  readonly temp: string;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly timeout: number;
}

/**
 * How evenly a division by recorded times spreads real tests, beside vitest's own `--shard`, which gives every shard as
 * many files: the longest shard against the mean of all, in wall time. And what asking vitest for its files costs.
 */
export async function benchShards(): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-shards-'));
  try {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const project = await projectIn(folder, round);
      const units = unitsOf(await listTests(RUNNER, project));
      const times = await recordedTimes(project, units);
      const shards = divide([{ task: TASK, units }], times, SHARDS);
      ours.push(
        await unevenness(
          shards.map(
            ({ pieces }) =>
              () =>
                timeOfFiles(project, pieces.get(TASK) ?? []),
          ),
        ),
      );
      const own = Array.from({ length: SHARDS }, (_, index) => [...RUNNER.argv, `--shard=${index + 1}/${SHARDS}`]);
      theirs.push(await unevenness(own.map((words) => () => timeOfWords(project, words))));
    }
    return [
      [
        `longest of ${SHARDS} shards to the mean`,
        median(ours).toFixed(2),
        `vitest --shard: ${median(theirs).toFixed(2)}`,
        (median(ours) / median(theirs)).toFixed(2),
        'below 1',
      ],
      await listingCost(await projectIn(folder, ROUNDS)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Test files that take as long as real ones do: most of them little, some much. Every round has other names: vitest
 * divides by a hash of them, well or badly by chance.
 */
async function projectIn(folder: string, round: number): Promise<Project> {
  const [workspace, temp] = [join(folder, `project-${round}`), join(folder, `temp-${round}`)];
  await mkdir(join(workspace, 'test'), { recursive: true });
  await mkdir(temp);
  await symlink(join(root, 'node_modules'), join(workspace, 'node_modules'));
  for (let index = 0; index < FILES; index += 1) {
    // Quantiles of an exponential distribution with a mean of 500 ms.
    const wait = Math.round(-500 * Math.log(1 - (index + 0.5) / FILES));
    await writeFile(
      join(workspace, `test/${round}-${String((index * 29) % FILES).padStart(2, '0')}.test.js`),
      `import { test } from 'vitest';\ntest('waits', () => new Promise((resolve) => setTimeout(resolve, ${wait})));\n`,
    );
  }
  const PATH = [join(root, 'node_modules/.bin'), process.env['PATH']].join(':');
  const environment = { ...environmentOf(process.env), CI: 'true', PATH };
  const signal = new AbortController().signal;
  return { workspace, directory: workspace, temp, environment, signal, timeout: 60_000 };
}

function unitsOf(listing: Listing): readonly (readonly string[])[] {
  if (listing.kind === 'whole') throw new Error(`not divided: ${listing.reason}`);
  return listing.units;
}

async function recordedTimes(project: Project, units: readonly (readonly string[])[]): Promise<Times> {
  const ms = await timeOfFiles(project, units.flat());
  const record = await readRecord(RUNNER, join(project.temp, 'record.json'), project);
  if (record?.times.size !== FILES) throw new Error(`${record?.times.size} of ${FILES} files have a time`);
  return new Map([[TASK, { ms, files: record.times, others: undefined }]]);
}

async function timeOfFiles(project: Project, files: readonly string[]): Promise<number> {
  const record = join(project.temp, 'record.json');
  const { command } = await shardCommand(RUNNER, files, { ...project, record });
  return timeOfWords(project, command);
}

function timeOfWords({ directory, environment }: Project, [program = '', ...args]: readonly string[]): Promise<number> {
  return timeOf({ program, args, cwd: directory, env: environment });
}

/** The longest of several runs, one after the other, to their mean. */
async function unevenness(runs: readonly (() => Promise<number>)[]): Promise<number> {
  const times: number[] = [];
  for (const run of runs) times.push(await run());
  return Math.max(...times) / (times.reduce((sum, time) => sum + time, 0) / times.length);
}

async function listingCost(project: Project): Promise<string[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < 2 * ROUNDS + 1; round += 1) {
    const started = performance.now();
    unitsOf(await listTests(RUNNER, project));
    ours.push(performance.now() - started);
    theirs.push(await timeOfWords(project, ['vitest', 'list', '--filesOnly']));
  }
  const ratio = median(ours.map((time, round) => time / (theirs[round] ?? time)));
  return [
    'test files of vitest, asked',
    `${median(ours).toFixed(0)} ms`,
    `vitest list --filesOnly: ${median(theirs).toFixed(0)} ms`,
    ratio.toFixed(2),
    '',
  ];
}
