import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installJavaScriptProducers } from '../tools/coverage/install.ts';
import { root } from '../tools/install/root.ts';
import { run } from '../tools/install/run.ts';
import { type Form, type Size, writeReport, writeTracked } from './coverage/reports.ts';
import { type Command, LONGEST_RUN, median, timeOf } from './measure.ts';

const MB = 1024 * 1024;
/** After one run of each, which shows that both find the same: a peer needs up to ten seconds for each. */
const PAIRS = 2;

/** What both sides print. */
interface Printed {
  readonly totals: Readonly<Record<string, { readonly covered: number; readonly total: number } | undefined>>;
  /** Most memory that was resident, in bytes. */
  readonly peak: number;
}

interface Peer {
  readonly form: Form;
  readonly peer: string;
  /** How many reports of the same code are merged. */
  readonly runs: number;
  readonly size: Size;
  /** What no reader that works this way can be quicker than, see peer.ts. */
  readonly floors: readonly string[];
}

/** Sizes which the peers finish in the memory that node gives them. */
const PEERS: readonly Peer[] = [
  {
    form: 'coverage-final.json',
    peer: 'istanbul-lib-coverage',
    runs: 2,
    size: { files: 3_000, statements: 300 },
    floors: ['bytes', 'JSON.parse'],
  },
  {
    form: 'lcov.info',
    peer: '@friedemannsommer/lcov-parser',
    runs: 1,
    size: { files: 8_000, statements: 300 },
    floors: ['bytes'],
  },
  {
    form: 'cobertura-coverage.xml',
    peer: '@cvrg-report/cobertura-json',
    runs: 1,
    size: { files: 4_000, statements: 300 },
    floors: ['bytes', 'sax'],
  },
  {
    form: 'clover.xml',
    peer: '@cvrg-report/clover-json',
    runs: 1,
    size: { files: 4_000, statements: 300 },
    floors: [],
  },
];

/** Sizes by which memory is judged: about 500 MB each, and 100,000 files. */
const LARGE: readonly { readonly form: Form; readonly size: Size }[] = [
  { form: 'coverage-final.json', size: { files: 13_300, statements: 300 } },
  { form: 'lcov.info', size: { files: 95_000, statements: 300 } },
  { form: 'cobertura-coverage.xml', size: { files: 30_500, statements: 300 } },
  { form: 'coverage-final.json', size: { files: 100_000, statements: 30 } },
  { form: 'lcov.info', size: { files: 100_000, statements: 30 } },
  { form: 'cobertura-coverage.xml', size: { files: 100_000, statements: 30 } },
];

/**
 * Reading coverage reports beside the packages that people read them with, whole processes of compiled code against
 * each other, after both were seen to find the same totals; and beside what a reader needs at least.
 */
export async function benchCoverage(): Promise<string[][]> {
  const modules = await installJavaScriptProducers();
  const programs = await compiled();
  const rows: string[][] = [];
  for (const one of PEERS) rows.push(...(await inFolder((folder) => besidePeer(folder, programs, modules, one))));
  return rows;
}

/** The memory for reports that no peer can read. */
export async function benchCoverageMemory(): Promise<string[][]> {
  const programs = await compiled();
  const rows: string[][] = [];
  for (const one of LARGE) rows.push(...(await inFolder((folder) => memory(folder, programs, one))));
  return rows;
}

/** Actions run compiled: taking the types away at each start would be measured otherwise. @returns where the programs are */
async function compiled(): Promise<string> {
  const folder = join(root, '.tools/bench-coverage');
  const args = ['-p', join(root, 'bench/coverage/tsconfig.json'), '--outDir', folder];
  await run(join(root, 'node_modules/.bin/tsc'), args, 'mend what tsc says');
  return join(folder, 'bench/coverage');
}

async function inFolder(measure: (folder: string) => Promise<string[][]>): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-coverage-'));
  try {
    return await measure(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const ours = (programs: string, tracked: string, reports: readonly string[]): Command => ({
  program: process.execPath,
  args: [join(programs, 'read.js'), tracked, ...reports],
});

async function besidePeer(
  folder: string,
  programs: string,
  modules: string,
  { form, peer, runs, size, floors }: Peer,
): Promise<string[][]> {
  const tracked = await writeTracked(folder, size);
  const reports: string[] = [];
  let bytes = 0;
  for (let run = 1; run <= runs; run += 1) {
    const path = join(folder, `run-${run}`, form);
    bytes += await writeReport(path, form, folder, size, run);
    reports.push(path);
  }
  const mine = ours(programs, tracked, reports);
  const other = (what: string): Command => ({
    program: process.execPath,
    args: [join(programs, 'peer.js'), modules, what, ...reports],
  });
  requireEqual(form, (await printed(mine)).totals, (await printed(other(form))).totals);
  const what = `coverage, ${runs > 1 ? `${runs} ` : ''}${form}, ${(bytes / MB).toFixed(0)} MB`;
  const row = async (name: string, theirs: Command, goal: string) => {
    const times: { mine: number; theirs: number }[] = [];
    // In turn, so that both meet the same machine.
    for (let pair = 0; pair < PAIRS; pair += 1) times.push({ mine: await timeOf(mine), theirs: await timeOf(theirs) });
    const [time, peerTime] = [median(times.map((pair) => pair.mine)), median(times.map((pair) => pair.theirs))];
    const ratio = median(times.map((pair) => pair.mine / pair.theirs));
    return [what, `${time.toFixed(0)} ms`, `${name}: ${peerTime.toFixed(0)} ms`, ratio.toFixed(3), goal];
  };
  const rows = [await row(peer, other(form), 'at most 0.1')];
  for (const floor of floors) rows.push(await row(`${floor} alone`, other(floor), ''));
  return rows;
}

async function memory(folder: string, programs: string, { form, size }: (typeof LARGE)[number]): Promise<string[][]> {
  const tracked = await writeTracked(folder, size);
  const path = join(folder, 'run-1', form);
  const bytes = await writeReport(path, form, folder, size);
  const { peak } = await printed(ours(programs, tracked, [path]));
  const what = `coverage, memory, ${form}, ${size.files} files`;
  const ratio = (peak / bytes).toFixed(2);
  return [[what, `${(peak / MB).toFixed(0)} MB`, `the report: ${(bytes / MB).toFixed(0)} MB`, ratio, 'at most 768 MB']];
}

function printed({ program, args }: Command): Promise<Printed> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { timeout: LONGEST_RUN, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout) as Printed);
      else reject(new Error(`${args.join(' ')}: ${error.message}\n${stderr}`));
    });
  });
}

/** @throws Error when the peer found something else than we did: then its time says nothing */
function requireEqual(form: Form, mine: Printed['totals'], theirs: Printed['totals']): void {
  for (const [metric, count] of Object.entries(theirs)) {
    const own = mine[metric];
    if (count === undefined || metric === 'branchesTrue') continue;
    if (own?.covered !== count.covered || own.total !== count.total)
      throw new Error(`${form}: ${metric} is ${JSON.stringify(own)} here and ${JSON.stringify(count)} with the peer`);
  }
}
