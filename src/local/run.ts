import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { actArguments, githubVariables } from './act-arguments.ts';
import { findOrInstallAct } from './act-install.ts';
import { type ActLog, createActLog } from './act-log.ts';
import { type ActEnd, runAct } from './act-process.ts';
import { callerOf } from './caller.ts';
import { type BundleCopy, copyBundle, openWorkflows } from './copy.ts';
import { openDockerHome } from './docker-home.ts';
import { cleanEnvironment } from './environment.ts';
import { prepareEvent } from './event-commits.ts';
import type { RunContext } from './events.ts';
import { gitIn, gitOrNothing } from './git.ts';
import { listedJobs } from './listed-jobs.ts';
import { createMasker } from './masking.ts';
import { claimsOf } from './oidc/claims.ts';
import { signingKey } from './oidc/key.ts';
import { openOutputFiles } from './output-files.ts';
import type { Plan, PlannedJob } from './plan.ts';
import { resultOf } from './run-end.ts';
import { claimRunFolder } from './run-folder.ts';
import { planIn, writeFiles } from './run-plan.ts';
import { type Setting, setUp } from './run-setting.ts';
import type { RunOptions, RunResult } from './run-types.ts';
import { startServices } from './services.ts';
import type { RunMemory } from './state/memory.ts';
import { rememberRun } from './state/remember.ts';
import { makeToolsFolder } from './tools-folder.ts';
import { textOf } from './workflow-file.ts';

export type * from './run-types.ts';

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
  await makeToolsFolder(bundle);
  const folder = await claimRunFolder(resolve(options.project), options.tempFolder);
  let result: RunResult | undefined;
  try {
    const home = join(folder.path, 'home');
    await mkdir(home);
    const docker = await openDockerHome(machine, home);
    const environment = { ...cleanEnvironment(machine, home, dirname(process.execPath)), ...docker };
    const setting = await setUp(options, { caller, workflows, folder: folder.path, environment, emit });
    // Not always the one that a shell would find: npm puts programs of packages first.
    onProgress(`Node ${process.versions.node} runs this (${process.execPath})`);
    // Last: a wrong call is said at once, not after an installation.
    const act = options.act ?? (await findOrInstallAct({ bundle, machine, onProgress, signal }));
    result = await runIn(setting, act);
  } finally {
    const kept = await folder.release(options.keep === true);
    if (result !== undefined && kept !== undefined) result = { ...result, folder: kept };
  }
  return result;
}

async function runIn(setting: Setting, act: string): Promise<RunResult> {
  const startedAt = Date.now();
  const now = new Date(startedAt);
  const { options, snapshot, git, folder, caller, repository, emit } = setting;
  const services = await startServices(snapshot.owner, snapshot.name);
  const output = openOutputFiles(join(folder, 'output'), setting.wrappers.marker);
  const onNote = (text: string) => emit({ kind: 'note', text });
  let memory: RunMemory | undefined;
  let conclusion = 'startup_failure';
  let jobs: RunResult['jobs'] = [];
  try {
    const addresses = { api: services.apiUrl, owner: snapshot.owner, name: snapshot.name };
    const request = options.event ?? { name: 'push' };
    const context = await prepareEvent(request, snapshot, { git, addresses, inputs: options.inputs ?? {}, now });
    if (context.isReadOnly && Object.keys(options.secrets ?? {}).length > 0) {
      onNote('GitHub gives this event no secrets: they are empty in this run');
    }
    const secrets = context.isReadOnly ? {} : caller.secrets;
    const masker = createMasker(Object.values(secrets));
    const workflow = { name: textOf(caller.document['name']) || caller.label, path: caller.label };
    const key = signingKey(options.oidcKey);
    memory = await rememberRun({ options, snapshot, context, repository, folder, workflow, now, onNote });
    let log: ActLog | undefined;
    let planned: readonly PlannedJob[] = [];
    const open = await services.open({
      ...{ options, snapshot, context, git, memory, now, environment: setting.environment },
      cacheFolder: options.cacheFolder ?? join(options.bundle, '.tools', 'cache', repository.replace('/', '+')),
      identity: { key, claims: claimsOf(setting, context, memory.own()) },
      jobs: () => listedJobs(planned, log, now.toISOString(), join(folder, 'records')),
    });
    const copy = await copyBundle(options.bundle, join(folder, 'bundle'));
    const bundleGit = gitIn(options.bundle, setting.environment);
    const bundleSha = (await gitOrNothing(bundleGit, ['rev-parse', 'HEAD'])) ?? context.sha;
    const plan = planIn(setting, { context, copy, services: open, bundleSha });
    planned = plan.jobs;
    for (const { id } of planned.filter(({ isCall, matrix }) => isCall && matrix !== undefined)) {
      onNote(`the job ${id} calls a workflow for each leg of a matrix: its jobs are shown as they end in the last leg`);
    }
    services.admit(planned, bundleSha);
    for (const job of planned) {
      for (const token of [job.token, job.runtimeToken, job.identityToken ?? '']) masker.add(token);
    }
    await writeFiles(setting, plan, open.standInUrl);
    log = createActLog(planned, masker, emit, output, options.signal);
    output.watch(log.readOutput);
    const end = await startAct(setting, act, { context, copy, plan, log, secrets, apiUrl: services.apiUrl, memory });
    log.readOutput();
    const result = await resultOf({
      ...{ setting, plan, log, masker, end, services, memory, context, startedAt },
      keySet: key.used(),
    });
    ({ conclusion, jobs } = result);
    return result;
  } finally {
    output.close();
    await services.close();
    await memory?.end(conclusion, jobs);
  }
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
    readonly memory: RunMemory;
  },
): Promise<ActEnd> {
  const { options, folder, repository, caller } = setting;
  const { context, copy, plan, log, secrets, apiUrl, memory } = run;
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
    variables: { ...options.variables, ...plan.variables },
    // A token that is nobody's: whatever finds it instead of its job's own is answered 401.
    secrets: { ...secrets, GITHUB_TOKEN: `ghs_${'0'.repeat(36)}` },
    jobVariables: githubVariables(options, {
      ...{ context, repository, apiUrl, trackingId, workflowRef, run: memory.own() },
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
