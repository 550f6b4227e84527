import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { relative, sep } from 'node:path';
import { artifactName } from '../github/artifact-name.ts';
import { type Event, readEvent } from '../github/event.ts';
import { findEvidence } from '../github/evidence.ts';
import { runIdentityOf } from '../github/run.ts';
import { listFiles } from '../plan/repository-files.ts';
import type { ActionContext, ActionResult } from '../runtime/action.ts';
import { ConfigurationError, PipelineError } from '../runtime/errors.ts';
import type { Repository } from '../runtime/git.ts';
import { annotateLines } from './annotations.ts';
import { type Base, baseBranchOf, findBase } from './base.ts';
import { collectReports } from './collect.ts';
import { type Comparison, compareWithBase } from './compare.ts';
import { type Diff, diffOf } from './diff.ts';
import { type DiffBase, findDiffBase } from './diff-base.ts';
import { jobStart, refuseCommitted } from './freshness.ts';
import { type Drop, evaluate, type Gate, type Limits, type Measured } from './gates.ts';
import { generatedFiles, headCommit, trackedFiles } from './git.ts';
import type { CoverageInputs, outputs } from './inputs.ts';
import { byPackage, packagesOf } from './packages.ts';
import { readParts } from './parts.ts';
import { measurePatch, type Patch } from './patch.ts';
import { shareText } from './percent.ts';
import type { RecordHead } from './record.ts';
import { readReports } from './reports.ts';
import { failureOf, nothingMeasured, outputsOf, writeRecord } from './result.ts';
import { shardFolder, unusable } from './shard-folder.ts';
import { coverageSummary } from './summary.ts';
import { groupsOf } from './thresholds.ts';
import { type Coverage, METRICS, type ReadOptions, type ReportFile } from './types.ts';

type Result = ActionResult<typeof outputs>;

/** Reads the reports, compares them with every limit, and says what is missing where. */
export async function run(inputs: CoverageInputs, context: ActionContext): Promise<Result> {
  try {
    return await measure(inputs, context);
  } catch (error) {
    // The answer is no, and the table says so, also where the figures could not be read.
    if (error instanceof PipelineError) return { outputs: nothingMeasured(false), failure: error };
    throw error;
  }
}

async function measure(inputs: CoverageInputs, context: ActionContext): Promise<Result> {
  const { workspace, environment, signal } = context;
  const repository: Repository = { workspace, environment, signal };
  const tracked = (await trackedFiles(repository)) ?? (await sourcesWithoutGit(context));
  const { workingDirectory, reports } = inputs;
  const since = await jobStart(environment);
  const options = { workspace, workingDirectory, reports, tracked, since, signal };
  const refuse = (read: readonly ReportFile[]) => refuseCommitted(read, new Set(tracked), repository);
  const shards = await shardsOf(inputs, context);
  if (shards?.input === 'collect') {
    const copied = await collectReports(options, shards.folder, refuse);
    context.log.info(
      `collected ${copied === 1 ? '1 report' : `${copied} reports`} of this shard; nothing was compared`,
    );
    return { outputs: nothingMeasured(undefined) };
  }
  const coverage = shards === undefined ? await readReports(options) : await mergedOf(options, shards.folder, context);
  if (coverage.reports.length === 0) return withoutReports(inputs, context);
  // Of other jobs' reports those have looked.
  if (shards === undefined) await refuse(coverage.reports);
  return judge(inputs, context, { coverage, tracked: new Set(tracked), repository });
}

/** What a job does for shards. @throws ConfigurationError PIPE-COVERAGE-050 */
async function shardsOf({ collect, merge, workingDirectory }: CoverageInputs, { workspace, temp }: ActionContext) {
  if (collect !== undefined && merge !== undefined)
    throw unusable('collect', collect, '`merge` is given too, and a job does one or the other');
  const [input, given] = collect === undefined ? (['merge', merge] as const) : (['collect', collect] as const);
  if (given === undefined) return undefined;
  return { input, folder: await shardFolder(input, given, { workspace, workingDirectory, temp }) };
}

/** The reports of all shards; says which of them can't be exact. */
async function mergedOf(options: ReadOptions, folder: string, { log }: ActionContext): Promise<Coverage> {
  const { coverage, parts, inexact } = await readParts(options, folder);
  log.info(`reports of ${parts === 1 ? '1 shard' : `${parts} shards`}`);
  if (inexact.length > 0)
    log.annotate(
      'notice',
      `${inexact.slice(0, 10).join(', ')}: this format says how many branches ran, not which, so that those of several ` +
        'shards can’t be joined: the largest number counts, and the true one may be higher. Let the tests write `json`.',
      { title: 'coverage' },
    );
  return coverage;
}

/** Files that can be sources, where git does not say what is tracked: what is written as a report is none. */
async function sourcesWithoutGit({ workspace, environment, signal }: ActionContext): Promise<readonly string[]> {
  const { paths } = await listFiles(workspace, { environment, signal });
  return paths.filter((path) => !/\.(info|lcov|json|xml|out|coverprofile)$/.test(path));
}

/** Nothing was measured: no where something was asked for, else a notice. */
function withoutReports(inputs: CoverageInputs, { log }: ActionContext): Result {
  const asked = [
    ...METRICS.filter((metric) => inputs[metric] !== undefined),
    ...(['thresholds', 'patch', 'maxDrop', 'require'] as const).filter((name) => inputs[name] !== undefined),
  ].map((name) => (name === 'maxDrop' ? 'max-drop' : name));
  if (asked.length === 0) {
    log.annotate('notice', 'No coverage report was found and no threshold is set: nothing was compared.');
    return { outputs: nothingMeasured(undefined) };
  }
  throw new ConfigurationError({
    code: 'PIPE-COVERAGE-030',
    what: 'there are thresholds and no coverage report to compare with them',
    given: asked.map((name) => `\`${name}\``).join(', '),
    accepted: 'a report that the tests of this run have written, in a usual place or named in `reports`',
    example: '`vitest run --coverage`, with `coverage.reporter: [json]`',
    remedy: 'let the tests measure coverage (`coverage: true` of plan and gate), and write a file, not only a text',
    state: 'nothing was compared',
  });
}

interface Known {
  readonly coverage: Coverage;
  readonly tracked: ReadonlySet<string>;
  readonly repository: Repository;
}

async function judge(inputs: CoverageInputs, context: ActionContext, known: Known): Promise<Result> {
  const { coverage, repository } = known;
  const folder = relative(context.workspace, inputs.workingDirectory).split(sep).join('/') || '.';
  const groups = await groupsOf(inputs.thresholds ?? new Map(), coverage, folder);
  const event = await eventOf(context);
  const diffBase = await findDiffBase(event, repository);
  const artifact = artifactName('coverage', { workflow: inputs.workflow, folder, service: inputs.service ?? '' });
  const [change, base, packages] = await Promise.all([
    changeOf(diffBase, repository),
    baseOf(event, diffBase, artifact, inputs, context),
    packagesOf({ ...context, workingDirectory: folder }),
  ]);
  const figures = {
    coverage,
    patch: await patchOf(change, coverage, repository),
    drop: dropOf(base, coverage),
  };
  const gates = evaluate(figures, limitsOf(inputs, groups));
  const comparison = comparisonOf(known, base, diffBase, change);
  annotateLines('value' in figures.patch ? figures.patch.value : undefined, comparison, context.log);
  for (const line of logLines(figures.coverage, gates, base)) context.log.info(line);
  context.summarize(coverageSummary({ figures, gates, base, comparison, packages: byPackage(coverage, packages) }));
  const failure = failureOf(gates);
  const head: RecordHead = {
    workflow: inputs.workflow,
    workingDirectory: folder,
    service: inputs.service ?? '',
    commit: (await headCommit(repository))?.commit ?? '',
    gates: gates.map(({ name, state, measured, limit }) => ({ name, state, measured, limit })),
    patch: 'value' in figures.patch ? figures.patch.value : figures.patch,
    base: base.kind === 'known' ? { commit: base.commit, source: base.source, totals: base.record.totals } : base,
    reports: coverage.reports,
  };
  const temp = context.temp === '' ? tmpdir() : context.temp;
  await mkdir(temp, { recursive: true });
  const report = await writeRecord(temp, head, coverage);
  return { outputs: outputsOf(figures, failure === undefined, { report, artifact }), failure };
}

/** An event that can't be read changes nothing here: the figures in total are the same. */
async function eventOf({ environment, log }: ActionContext): Promise<Event> {
  try {
    return await readEvent(environment);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    log.info(`Neither changed lines nor a base: ${error.faults[0].what}`);
    return { kind: 'other', name: environment['GITHUB_EVENT_NAME'] ?? '' };
  }
}

async function changeOf(base: DiffBase, repository: Repository): Promise<Measured<Diff>> {
  if ('reason' in base) return base;
  const found = await diffOf(repository, base.commit, 'HEAD');
  return 'diff' in found ? { value: found.diff } : found;
}

async function baseOf(
  event: Event,
  diffBase: DiffBase,
  artifact: string,
  inputs: CoverageInputs,
  { environment, signal }: ActionContext,
): Promise<Base> {
  const token = inputs.githubToken ?? '';
  if (token === '') return { kind: 'unknown', reason: '`github-token` is empty' };
  const branch = baseBranchOf(event, 'commit' in diffBase ? diffBase.commit : undefined);
  const workflowPath = runIdentityOf(environment).workflow;
  return findBase(branch, {
    workflowPath,
    artifact,
    find: (wish) => findEvidence(wish, { environment, token, signal }),
  });
}

async function patchOf(change: Measured<Diff>, coverage: Coverage, repository: Repository): Promise<Measured<Patch>> {
  if ('reason' in change) return change;
  const known = [...change.value.keys()].filter((path) => coverage.files.has(path));
  const generated = await generatedFiles(repository, known);
  const hasLines = coverage.files.size === 0 || [...coverage.files.values()].some(({ lines }) => lines.length > 0);
  if (!hasLines) return { reason: 'the reports hold totals only, no lines' };
  return { value: measurePatch(coverage, change.value, generated) };
}

function dropOf(base: Base, coverage: Coverage): Measured<Drop> {
  if (base.kind === 'unknown') return { reason: base.reason };
  const changes = METRICS.flatMap((metric) => {
    const [before, now] = [base.record.totals[metric], coverage.totals[metric]];
    const isMeasured = before !== undefined && now !== undefined && before.total > 0 && now.total > 0;
    return isMeasured ? [{ metric, before, now }] : [];
  });
  if (changes.length === 0) return { reason: `${base.source} has measured nothing that this run measures` };
  return { value: { changes, source: base.source } };
}

function limitsOf(inputs: CoverageInputs, groups: Limits['groups']): Limits {
  const { lines, branches, functions, statements, patch, maxDrop, require = [] } = inputs;
  return { totals: { lines, branches, functions, statements }, groups, patch, maxDrop, require };
}

/** Line by line only where the base's figures are of the very commit that the diff starts at. */
function comparisonOf(
  { coverage, tracked }: Known,
  base: Base,
  diffBase: DiffBase,
  change: Measured<Diff>,
): Comparison | undefined {
  if (base.kind === 'unknown') return undefined;
  const isSame = 'commit' in diffBase && diffBase.commit === base.commit && base.record.commit === base.commit;
  return compareWithBase(coverage, base.record, isSame && 'value' in change ? change.value : undefined, tracked);
}

function logLines(coverage: Coverage, gates: readonly Gate[], base: Base): readonly string[] {
  const totals = METRICS.flatMap((metric) => {
    const count = coverage.totals[metric];
    return count === undefined ? [] : [`${metric}: ${shareText(count)}`];
  });
  const compared = base.kind === 'known' ? `base: ${base.source}` : `no base: ${base.reason}`;
  return [
    ...coverage.reports.map(({ path, format, files }) => `read ${path} (${format}, ${files} files)`),
    ...totals,
    compared,
    ...gates.map(({ name, state, measured, limit }) => `${state}: ${name}: ${measured} (${limit})`),
  ];
}
