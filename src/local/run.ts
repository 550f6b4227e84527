import { randomUUID } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { actArguments, githubVariables } from './act-arguments.ts';
import { findOrInstallAct } from './act-install.ts';
import { type ActLog, createActLog } from './act-log.ts';
import { type ActEnd, runAct } from './act-process.ts';
import { type Caller, callerOf } from './caller.ts';
import { type BundleCopy, copyBundle, openWorkflows } from './copy.ts';
import { cleanEnvironment } from './environment.ts';
import { prepareEvent } from './event-commits.ts';
import type { RunContext } from './events.ts';
import { type Git, gitIn, gitOrNothing } from './git.ts';
import { listedJobs } from './listed-jobs.ts';
import { createMasker, type Masker } from './masking.ts';
import { openOutputFiles, type Wrappers, writeWrappers } from './output-files.ts';
import { type Plan, type PlannedJob, planRun } from './plan.ts';
import { type Snapshot, takeSnapshot } from './project.ts';
import { gatherJobs, shownResult } from './results.ts';
import { claimRunFolder } from './run-folder.ts';
import type { Annotation, RunEvent, RunOptions, RunResult } from './run-types.ts';
import { type Services, startServices } from './services.ts';
import { writeStandIns } from './stand-ins/actions.ts';
import { UsageError } from './usage-error.ts';
import { renderWorkflow, textOf, type ValueMap } from './workflow-file.ts';

export type * from './run-types.ts';

/** What is known of a run before it is planned. */
interface Setting {
  readonly options: RunOptions;
  readonly caller: Caller;
  readonly workflows: (name: string) => ValueMap;
  readonly folder: string;
  readonly snapshot: Snapshot;
  readonly git: Git;
  readonly repository: string;
  readonly environment: Record<string, string>;
  readonly wrappers: Wrappers;
  readonly emit: (event: RunEvent) => void;
}

/**
 * Runs a workflow of the bundle on a project, on this machine: a copy of the bundle, a snapshot of the project, GitHub's
 * services as stand-ins, and act. Nothing in the project's folder is written.
 *
 * @returns what happened; a red pipeline is a result, not an error.
 * @throws UsageError when the run cannot start: what is wrong with the call, or what GitHub refuses at start-up.
 */
export async function runWorkflow(options: RunOptions): Promise<RunResult> {
  const emit = options.onEvent ?? (() => undefined);
  const machine = options.machine ?? process.env;
  const workflows = await openWorkflows(options.bundle);
  const caller = await callerOf(options, options.workflow ?? 'node-service.yml', workflows);
  const onProgress = (text: string) => emit({ kind: 'progress', text });
  const { bundle, signal } = options;
  const folder = await claimRunFolder(resolve(options.project), options.tempFolder);
  let result: RunResult | undefined;
  try {
    const environment = cleanEnvironment(machine, join(folder.path, 'home'), dirname(process.execPath));
    const setting = await setUp(options, { caller, workflows, folder: folder.path, environment, emit });
    // Last: a wrong call is said at once, not after an installation.
    const act = options.act ?? (await findOrInstallAct({ bundle, machine, onProgress, signal }));
    result = await runIn(setting, act);
  } finally {
    const kept = await folder.release(options.keep === true);
    if (result !== undefined && kept !== undefined) result = { ...result, folder: kept };
  }
  return result;
}

async function setUp(
  options: RunOptions,
  known: Pick<Setting, 'caller' | 'workflows' | 'folder' | 'environment' | 'emit'>,
): Promise<Setting> {
  for (const name of ['home', 'caller', 'workflows', 'records', 'act']) await mkdir(join(known.folder, name));
  const event = options.event ?? { name: 'push' };
  const gitFolder = join(known.folder, 'repository.git');
  const snapshot = await takeSnapshot({
    project: options.project,
    gitFolder,
    // The user's own git settings say which files are ignored.
    environment: { ...known.environment, HOME: (options.machine ?? process.env)['HOME'] },
    base: event.base,
    againstDefaultBranch: event.name === 'pull_request' || event.name === 'merge_group',
    branch: event.branch,
    repository: options.repository,
  });
  if (snapshot.isFolderOfRepository) {
    const text = `${options.project} is a folder of a larger repository: it runs as a repository of its own`;
    known.emit({ kind: 'note', text });
  }
  const git = gitIn(gitFolder, { ...known.environment, GIT_DIR: gitFolder });
  const wrappers = writeWrappers(join(known.folder, 'bin'), join(known.folder, 'output'), process.execPath);
  return { options, ...known, snapshot, git, wrappers, repository: `${snapshot.owner}/${snapshot.name}` };
}

async function runIn(setting: Setting, act: string): Promise<RunResult> {
  const startedAt = Date.now();
  const now = new Date(startedAt);
  const { options, snapshot, git, folder, caller } = setting;
  const services = await startServices(snapshot.owner, snapshot.name);
  const output = openOutputFiles(join(folder, 'output'), setting.wrappers.marker);
  try {
    const addresses = { api: services.apiUrl, owner: snapshot.owner, name: snapshot.name };
    const request = options.event ?? { name: 'push' };
    const context = await prepareEvent(request, snapshot, { git, addresses, inputs: options.inputs ?? {}, now });
    if (context.isReadOnly && Object.keys(options.secrets ?? {}).length > 0) {
      setting.emit({ kind: 'note', text: 'GitHub gives this event no secrets: they are empty in this run' });
    }
    const secrets = context.isReadOnly ? {} : caller.secrets;
    const masker = createMasker(Object.values(secrets));
    let log: ActLog | undefined;
    let planned: readonly PlannedJob[] = [];
    const { cacheUrl, standInUrl } = await services.open({
      options,
      snapshot,
      context,
      git,
      environment: setting.environment,
      folder,
      cacheFolder: options.cacheFolder ?? join(options.bundle, '.tools', 'cache', setting.repository.replace('/', '+')),
      workflowName: textOf(caller.document['name']) || caller.label,
      workflowPath: caller.label,
      now,
      jobs: () => listedJobs(planned, log, now.toISOString()),
    });
    const copy = await copyBundle(options.bundle, join(folder, 'bundle'));
    const plan = await planIn(setting, context, copy, cacheUrl);
    planned = plan.jobs;
    services.admit(planned);
    for (const job of planned) for (const token of [job.token, job.runtimeToken]) masker.add(token);
    await writeFiles(setting, plan, standInUrl);
    log = createActLog(planned, masker, setting.emit, output);
    output.watch(log.readOutput);
    const end = await startAct(setting, act, { context, copy, plan, log, secrets, apiUrl: services.apiUrl });
    log.readOutput();
    return await resultOf({ setting, plan, log, masker, end, services, context, startedAt });
  } finally {
    output.close();
    await services.close();
  }
}

async function planIn(setting: Setting, context: RunContext, copy: BundleCopy, cacheUrl: string): Promise<Plan> {
  const { options, caller, workflows, folder, repository } = setting;
  const bundleSha = await gitOrNothing(gitIn(options.bundle, setting.environment), ['rev-parse', 'HEAD']);
  const workflowRef = `${repository}/${caller.label}@${context.ref}`;
  return planRun({
    caller: caller.document,
    callerLabel: caller.label,
    isGenerated: caller.isGenerated,
    workflow: workflows,
    isReadOnly: context.isReadOnly,
    wrapper: setting.wrappers.step,
    tokenInputs: copy.tokenInputs,
    recordFolder: join(folder, 'records'),
    // Paths to called workflows begin in act's working folder, which stands beside theirs.
    filePrefix: '../workflows/',
    substitutions: new Map([
      ['github.repository', repository],
      ['github.workflow_ref', workflowRef],
      ['github.workflow_sha', context.sha],
      ['github.triggering_actor', context.actor],
      ['job.workflow_sha', bundleSha ?? context.sha],
    ]),
    actionEnvironment: ({ runtimeToken, cacheMode }) => ({
      ACTIONS_RUNTIME_TOKEN: runtimeToken,
      ACTIONS_RUNTIME_URL: cacheUrl,
      ACTIONS_RESULTS_URL: cacheUrl,
      ACTIONS_CACHE_SERVICE_V2: 'true',
      ACTIONS_CACHE_MODE: cacheMode,
    }),
    scopes: { own: context.ref, readable: context.readableScopes },
  });
}

async function writeFiles(setting: Setting, plan: Plan, standInUrl: string): Promise<void> {
  const { folder, options } = setting;
  for (const { name, document } of plan.files) {
    await writeFile(join(folder, 'workflows', name), renderWorkflow(document), { mode: 0o600 });
  }
  await writeStandIns(join(folder, 'stand-ins'), standInUrl);
  // Tools that jobs install stay for the next run, as on a runner that lives on.
  const toolCache = join(options.bundle, '.tools', 'tool-cache');
  await mkdir(toolCache, { recursive: true });
  await symlink(toolCache, join(folder, 'act', 'tool_cache'));
}

async function startAct(
  setting: Setting,
  program: string,
  run: {
    readonly context: RunContext;
    readonly copy: BundleCopy;
    readonly plan: Plan;
    readonly log: ActLog;
    readonly secrets: Readonly<Record<string, string>>;
    readonly apiUrl: string;
  },
): Promise<ActEnd> {
  const { options, folder, repository, caller } = setting;
  const { context, copy, plan, log, secrets, apiUrl } = run;
  const trackingId = `github_${randomUUID()}`;
  const workflowRef = `${repository}/${caller.label}@${context.ref}`;
  const args = await actArguments({
    folder,
    event: options.event?.name ?? 'push',
    context,
    entry: plan.entry,
    bundleFolder: copy.folder,
    standInFolder: join(folder, 'stand-ins'),
    defaultBranch: setting.snapshot.defaultBranch,
    serial: options.parallel !== true,
    variables: options.variables ?? {},
    // A token that is nobody's: whatever finds it instead of its job's own is answered 401.
    secrets: { ...secrets, GITHUB_TOKEN: `ghs_${'0'.repeat(36)}` },
    jobVariables: githubVariables(options, {
      ...{ context, repository, apiUrl, trackingId, workflowRef },
      path: setting.environment['PATH'] ?? '',
    }),
  });
  return runAct({
    program,
    args,
    environment: {
      ...setting.environment,
      PATH: [setting.wrappers.folder, setting.environment['PATH']].join(delimiter),
      ACT_DISABLE_VERSION_CHECK: '1',
    },
    folder,
    trackingId,
    signal: options.signal,
    killSignal: options.killSignal,
    onLine: log.line,
  });
}

async function resultOf(run: {
  readonly setting: Setting;
  readonly plan: Plan;
  readonly log: ActLog;
  readonly masker: Masker;
  readonly end: ActEnd;
  readonly services: Services;
  readonly context: RunContext;
  readonly startedAt: number;
}): Promise<RunResult> {
  const { setting, plan, log, masker, end, services, context, startedAt } = run;
  const gathered = await gatherJobs(plan, log, masker, join(setting.folder, 'records'));
  const hasFailed = gathered.jobs.some(({ conclusion }) => conclusion === 'failure');
  const findings = [...gathered.findings, ...actFindings(end, log, hasFailed)];
  for (const annotation of findings) setting.emit({ kind: 'annotation', annotation });
  const isRed = hasFailed || findings.length > 0;
  const conclusion = end.isInterrupted ? 'cancelled' : isRed ? 'failure' : 'success';
  const result: RunResult = {
    exitCode: end.isInterrupted ? 130 : isRed ? 1 : 0,
    conclusion,
    durationMs: Date.now() - startedAt,
    jobs: gathered.jobs,
    outputs: gathered.outputs,
    annotations: [...log.annotations, ...findings],
    summaries: log.summaries,
    requests: services.requests(),
    comments: services.comments(),
    cacheCalls: services.cacheCalls(),
    orphans: end.orphans.map(({ pid, name }) => `${pid} ${name}`),
    log: log.text(),
    event: context.payload,
  };
  setting.emit({ kind: 'end', end: shownResult(result, masker) });
  return result;
}

const LONGEST_REASON = 600;

/**
 * What act's end says that its jobs do not.
 *
 * @throws UsageError when it refused the workflow before any job.
 */
function actFindings(end: ActEnd, log: ActLog, hasFailed: boolean): Annotation[] {
  if (end.exitCode === 0 || end.isInterrupted) return [];
  const said = [...log.complaints, ...end.stderr.split('\n')]
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('{') && !line.startsWith('For more information'));
  const crash = said.find((line) => /^(fatal error|panic):/.test(line));
  const reason = crash ?? said.join(' ').slice(0, LONGEST_REASON);
  if (!log.jobs().some(({ planned }) => !planned.isCall)) {
    throw new UsageError(`the workflow cannot run here: act ended with status ${end.exitCode}: ${reason}`);
  }
  if (hasFailed && crash === undefined) return [];
  return [{ level: 'error', job: 'act', step: '', message: `act ended with status ${end.exitCode}: ${reason}` }];
}
