import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { TestRunner } from '../../../src/plan/types.ts';
import { capture } from '../../../src/runtime/process.ts';
import { type Listing, listTests, readRecord, shardCommand } from '../../../src/shard/runners/runners.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';

/** A project in a repository, and what its tests run in. */
export interface Project {
  readonly workspace: string;
  readonly directory: string;
  readonly temp: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What a person's shell and a test run of this repository leave in the environment and CI does not. */
const FOREIGN = /^(?:NODE_|VITEST|VITE_|JEST_|TEST$|FORCE_COLOR|GITHUB_|DEV$|PROD$|MODE$|BASE_URL|SSR)/;

/**
 * A project in the folder `packages/the api` of a temporary repository.
 *
 * @param packages folder of node_modules with the runner
 * @param programs folder that comes first on PATH
 */
export async function projectWith(
  files: Readonly<Record<string, string>>,
  { packages, programs }: { readonly packages?: string; readonly programs?: string } = {},
): Promise<Project> {
  const folder = await temporaryFolder();
  const [workspace, temp] = [join(folder, 'repository'), join(folder, 'temp')];
  const directory = join(workspace, 'packages/the api');
  await mkdir(temp);
  await mkdir(directory, { recursive: true });
  await writeFiles(directory, files);
  if (packages !== undefined) await symlink(packages, join(directory, 'node_modules'));
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !FOREIGN.test(entry[0]),
  );
  const path = [programs, join(directory, 'node_modules/.bin'), dirname(process.execPath), process.env['PATH']];
  const PATH = path.filter((part) => part !== undefined).join(delimiter);
  return { workspace, directory, temp, environment: { ...Object.fromEntries(kept), CI: 'true', NO_COLOR: '1', PATH } };
}

export function runnerOf(program: TestRunner['program'], ...argv: [string, ...string[]]): TestRunner {
  return { program, starter: [], argv, environment: {}, path: [] };
}

/** What `listTests` says of a project. */
export function list(project: Project, runner: TestRunner): Promise<Listing> {
  return listTests(runner, { ...project, signal: new AbortController().signal, timeout: 60_000 });
}

/** The units of a project whose tests can be divided, its own folder left out. */
export async function unitsOf(project: Project, runner: TestRunner): Promise<readonly (readonly string[])[]> {
  const listing = await list(project, runner);
  if (listing.kind === 'whole') throw new Error(`not divided: ${listing.reason}`);
  return listing.units.map((unit) => unit.map((file) => file.slice('packages/the api/'.length)));
}

/** Why the tests of a project are not divided. */
export async function reasonOf(project: Project, runner: TestRunner): Promise<string> {
  const listing = await list(project, runner);
  return listing.kind === 'whole' ? listing.reason : `divided: ${listing.units.flat().join(', ')}`;
}

/** Runs a command in the folder of a project. */
export async function run(
  { directory: cwd, environment: env }: Project,
  [program, ...args]: readonly [string, ...string[]],
): Promise<{ exitCode: number | null; output: string }> {
  const { exitCode, stdout, stderr } = await capture(program, args, { cwd, env, timeout: 120_000 });
  return { exitCode, output: `${stdout}\n${stderr}` };
}

/** Runs some files as a shard does. */
export async function runFiles(project: Project, runner: TestRunner, files: readonly string[]) {
  const record = join(project.temp, 'record.json');
  await rm(record, { force: true });
  const { command } = await shardCommand(runner, files, { ...project, record });
  const finished = await run(project, command);
  return { ...finished, record: await readRecord(runner, record, project) };
}

/** The name and the state of every test, as the runner's own report says it: one line each, sorted. */
export type TestLines = readonly string[];

/** A runner that also leaves a report of its own, and what that says. */
export interface Witnessed {
  readonly runner: TestRunner;
  readonly report: (project: Project) => Promise<TestLines>;
}

/** Runs all tests at once, then the same divided among three: nothing may be lost, doubled or judged otherwise. */
export async function compareWithShards(project: Project, { runner, report }: Witnessed): Promise<void> {
  const listing = await list(project, runner);
  if (listing.kind === 'whole') throw new Error(listing.reason);
  const [program, ...args] = runner.argv;
  const plain = await run(project, [program, ...args]);
  const expected = await report(project);
  expect(expected.length, plain.output).toBeGreaterThan(0);
  const parts: TestLines[] = [];
  const statuses: (number | null)[] = [];
  const sums = { passed: 0, failed: 0, skipped: 0 };
  const shards = Math.min(3, listing.units.length);
  for (let shard = 0; shard < shards; shard += 1) {
    const files = listing.units.filter((_, index) => index % shards === shard).flat();
    const { exitCode, output, record } = await runFiles(project, runner, files);
    expect([...(record?.times.keys() ?? [])].sort(), output).toEqual([...files].sort());
    // Jest gives no time for a file that could not be run.
    const untimed = [...(record?.times ?? [])].filter(([, time]) => time === 0).map(([file]) => file);
    expect(untimed.filter((file) => !/crash|empty/.test(file))).toEqual([]);
    for (const name of ['passed', 'failed', 'skipped'] as const) sums[name] += record?.tests[name] ?? 0;
    statuses.push(exitCode);
    parts.push(await report(project));
  }
  expect(parts.flat().sort()).toEqual(expected);
  const ended = (state: RegExp) => expected.filter((line) => line.includes(' > ') && state.test(line)).length;
  expect(sums).toEqual({
    passed: ended(/: passed$/),
    failed: ended(/: failed$/),
    skipped: ended(/: (?!passed|failed)\w+$/),
  });
  expect(Math.max(...statuses.map(Number))).toBe(plain.exitCode);
}

/** The lines of a report in the format of jest, which vitest writes, too. */
export async function jestReport({ directory }: Project): Promise<TestLines> {
  const report = JSON.parse(await readFile(join(directory, 'report.json'), 'utf8')) as JestReport;
  return report.testResults
    .flatMap(({ name, status, assertionResults }) => [
      `${name.slice(directory.length + 1)}: ${status}`,
      ...assertionResults.map(
        (test) => `${name.slice(directory.length + 1)} > ${test.fullName.trim()}: ${test.status}`,
      ),
    ])
    .sort();
}

interface JestReport {
  testResults: { name: string; status: string; assertionResults: { fullName: string; status: string }[] }[];
}
