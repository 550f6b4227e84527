import { randomUUID } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { cacheAccess } from '../cache/access.ts';
import { artifactName } from '../github/artifact-name.ts';
import { runIdentityOf } from '../github/run.ts';
import type { ActionContext, ActionResult } from '../runtime/action.ts';
import { projectEnvironment } from '../runtime/environment.ts';
import { PipelineError } from '../runtime/errors.ts';
import { durationText } from '../runtime/kinds.ts';
import { lazyHttp } from '../runtime/lazy-http.ts';
import { type StoreCache, sayMessage } from '../setup/store-cache.ts';
import { toolCacheOf } from '../setup/tool-cache.ts';
import { type ChosenBaseline, chooseBaseline } from './baseline.ts';
import { ageOf, type Database, dateOf, provideDatabase } from './database.ts';
import { databaseToSave, restoreDatabase, saveDatabase } from './database-cache.ts';
import { annotateFindings, scanFailure } from './failure.ts';
import { failureSummary } from './failure-summary.ts';
import { expiredOf, type IgnoreFile, readIgnoreFile } from './ignore-file.ts';
import type { outputs, ScanInputs } from './inputs.ts';
import { judge } from './judge.ts';
import { provideTrivy } from './provide-trivy.ts';
import type { RegistryAccess } from './registry-access.ts';
import { scanTarget, type TargetScan } from './scan-target.ts';
import { scanSummary } from './summary.ts';
import { type Target, targetsOf } from './target.ts';
import { type Trivy, trivyEnvironment } from './trivy.ts';
import { upgradesFor } from './upgrades.ts';
import { countsOf, recordOf, resultOf } from './verdict.ts';
import { writeReports } from './write-reports.ts';

/** State under which the folder with the logins is kept for `post`. */
const DOCKER_FOLDER = 'docker-config';

/** State under which the database's cache entry is kept for `post`. */
const DATABASE = 'database';

const RESTORE_LIMIT = 180_000;
const SAVE_LIMIT = 300_000;

const NO_REGISTRY: RegistryAccess = {
  environment: {},
  readManifest: (host) => Promise.reject(new TypeError(`no target is in ${host}`)),
  close: async () => undefined,
};

/** Upgrades that a report names. */
const MOST_UPGRADES = 3;

/** Scans the targets once, judges what was found, and writes everything that comes from it. */
export async function run(given: ScanInputs, context: ActionContext): Promise<ActionResult<typeof outputs>> {
  const work = join(context.temp, `pipelines-scan-${randomUUID()}`);
  try {
    await mkdir(join(work, 'start'), { recursive: true });
    return await scan(given, { ...context, workspace: await realpath(context.workspace) }, work);
  } catch (error) {
    // What fails because it was cancelled is no finding.
    context.signal.throwIfAborted();
    if (error instanceof PipelineError) context.summarize(failureSummary(error));
    throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Removes the logins that a cancelled main part left, and saves the database. */
export async function post(context: ActionContext): Promise<void> {
  const folder = context.state(DOCKER_FOLDER);
  if (folder !== '') await (await import('../registry/docker-config.ts')).removeDockerConfig(folder);
  const kept = context.state(DATABASE);
  if (kept !== '')
    sayMessage(await saveDatabase(JSON.parse(kept) as StoreCache, cacheAccess(context, SAVE_LIMIT)), context);
}

async function scan(given: ScanInputs, context: ActionContext, work: string): Promise<ActionResult<typeof outputs>> {
  const { workspace, log } = context;
  const now = Date.now();
  const targets = targetsOf(given, workspace);
  const ignoreFile = await readIgnoreFile(given.ignoreFile, given.workingDirectory, workspace);
  const artifact = given.artifact ?? artifactOf(targets, given, workspace);
  const trivy = await startable(given, context, work);
  const cacheDir =
    given.cacheDir === undefined ? join(context.temp, 'pipelines-trivy') : resolve(workspace, given.cacheDir);
  const database = given.scanners.includes('vuln')
    ? await vulnerabilities(trivy, cacheDir, given, context, now)
    : undefined;
  const { scans, ready } = await scanAll(trivy, targets, { given, ignoreFile, cacheDir, work, context });
  const findings = scans.flatMap((one) => one.findings);
  const baseline = await baselineOf(given, artifact, context);
  const rule = { severities: new Set(given.severity), ignoreUnfixed: given.ignoreUnfixed };
  const judged = judge(findings, rule, baseline.comparison, dateOf(now));
  const failing = judged.judgements.filter(({ verdict }) => verdict === 'fails');
  const upgrades = upgradesFor((failing.length > 0 ? failing : judged.judgements).map(({ finding }) => finding));
  const expired = expiredOf(ignoreFile, now).map((exception) => ({ ...exception, file: ignoreFile?.name ?? '' }));
  const verdict = { judgements: judged.judgements, scans, expired, allowEmpty: given.allowEmpty, upgrades };
  const failure = scanFailure(verdict);
  const facts = { scans, judged, baseline, ignoreFile, now, passed: failure === undefined, trivy, database };
  const amounts = countsOf(findings, given.ignoreUnfixed);
  const result = resultOf(facts, amounts, upgrades.slice(0, MOST_UPGRADES), failure);
  const files = await writeReports({
    folder: join(context.temp, 'pipelines-scan', artifact),
    record: recordOf(facts, context.environment['GITHUB_SHA'] ?? ''),
    targets: scans.map(({ target, findings: found }) => ({ name: target.name, findings: found })),
    trivy: trivy.version,
    category: artifact,
    sarifFile: given.sarifFile,
  });
  const bills =
    given.sbomFile === undefined
      ? []
      : await (await import('./sbom.ts')).writeBills(ready, scans, {
          file: given.sbomFile,
          format: given.sbomFormat,
          timeout: given.timeout,
        });
  if (baseline.notice !== undefined) log.annotate('notice', baseline.notice);
  if (files.cut > 0)
    log.annotate('notice', `SARIF: GitHub takes no more; the ${files.cut} least severe findings are left out.`);
  for (const { id, place, expiry } of result.exceptions)
    log.info(`exception: ${id}, ${place}, ${expiry ?? 'never expires'}`);
  annotateFindings(verdict, log);
  log.info(`${amounts.critical} critical, ${amounts.high} high, ${failing.length} new; ${baseline.text}`);
  if (failure !== undefined) context.summarize(scanSummary(result, dateOf(now)));
  return {
    outputs: {
      ...amounts,
      new: failing.length,
      passed: failure === undefined,
      result,
      report: files.report,
      sarif: files.sarif,
      sbom: bills,
      artifact,
    },
    failure,
  };
}

/** The same on pull requests and pushes; another one for each call that has a workflow, folder or service of its own. */
function artifactOf(targets: readonly Target[], given: ScanInputs, workspace: string): string {
  const { workflow, workingDirectory, service = '' } = given;
  const target = targets.length === 1 ? targets[0] : undefined;
  const [kind, place] =
    target?.kind === 'path' ? (['scan-path', target.folder] as const) : (['scan-image', workingDirectory] as const);
  const folder = relative(workspace, place).split(sep).join('/') || '.';
  return artifactName(kind, { workflow, folder, service });
}

/** Trivy at its version, with an environment and a folder that nothing of the project reaches. */
async function startable(given: ScanInputs, context: ActionContext, work: string): Promise<Trivy> {
  const { log, temp, signal, secrets } = context;
  const environment = projectEnvironment(context.environment);
  const version = given.trivyVersion.replace(/^v/, '');
  const http = lazyHttp({ environment, service: "Trivy's release page", code: 'PIPE-SCAN-004' });
  const installation = await provideTrivy({
    version,
    environment,
    cache: toolCacheOf(context),
    http,
    mirror: given.trivyMirror.replace(/\/+$/, ''),
    platform: process.platform,
    temp,
    signal,
  });
  http.close();
  log.info(`Trivy ${version}, from ${installation.origin === 'runner' ? 'PATH' : `the ${installation.origin}`}`);
  const cwd = join(work, 'start');
  return {
    program: installation.program,
    version,
    environment: trivyEnvironment(environment),
    cwd,
    signal,
    redact: secrets.redact,
  };
}

async function vulnerabilities(
  trivy: Trivy,
  cacheDir: string,
  given: ScanInputs,
  context: ActionContext,
  now: number,
): Promise<Database> {
  const isOwn = given.cacheDir === undefined;
  if (given.cache && isOwn)
    sayMessage(await restoreDatabase(cacheDir, now, cacheAccess(context, RESTORE_LIMIT)), context);
  const wish = { cacheDir, repositories: given.dbRepositories, maxAge: given.dbMaxAge, now };
  const database = await provideDatabase(trivy, wish);
  const from = database.repository === undefined ? 'the cache' : database.repository;
  context.log.info(`database: of ${dateOf(database.builtAt)} (${ageOf(database.builtAt, now)}), from ${from}`);
  if (database.warning !== undefined) context.log.annotate('warning', context.secrets.redact(database.warning));
  if (given.cache && isOwn && database.origin === 'download') {
    context.saveState(DATABASE, JSON.stringify(databaseToSave(cacheDir, database.builtAt)));
  }
  return database;
}

interface ScanWish {
  readonly given: ScanInputs;
  readonly ignoreFile: IgnoreFile | undefined;
  readonly cacheDir: string;
  readonly work: string;
  readonly context: ActionContext;
}

/** Scans one target after the other: layers that they share are looked at once. */
async function scanAll(
  trivy: Trivy,
  targets: readonly Target[],
  { given, ignoreFile, cacheDir, work, context }: ScanWish,
): Promise<{ readonly scans: readonly TargetScan[]; readonly ready: Trivy }> {
  const hosts = targets.flatMap((target) => (target.kind === 'image' ? [target.image.host] : []));
  const registries = await registriesOf(hosts, given, context);
  try {
    const ready = { ...trivy, environment: { ...trivy.environment, ...registries.environment } };
    const scans: TargetScan[] = [];
    for (const [index, target] of targets.entries()) {
      const started = performance.now();
      const done = await scanTarget(
        ready,
        target,
        index,
        {
          scanners: given.scanners,
          skipDirs: given.skipDirs ?? [],
          skipFiles: given.skipFiles ?? [],
          ignoreFile,
          platforms: given.platform ?? [],
          timeout: given.timeout,
          cacheDir,
          into: work,
          readManifest: registries.readManifest,
        },
        context.log.info,
      );
      context.log.info(`${target.name}: ${described(done)}, in ${durationText(performance.now() - started)}`);
      scans.push(done);
    }
    return { scans, ready };
  } finally {
    await registries.close();
  }
}

/** Most scans need no registry; its client is loaded where one does. */
async function registriesOf(
  hosts: readonly string[],
  given: ScanInputs,
  context: ActionContext,
): Promise<RegistryAccess> {
  if (hosts.length === 0) return NO_REGISTRY;
  const { openRegistries } = await import('./registry-access.ts');
  return await openRegistries(hosts, given, context, (folder) => context.saveState(DOCKER_FOLDER, folder));
}

function described({ platforms, findings, excepted }: TargetScan): string {
  const packages = platforms.reduce((sum, { report }) => sum + report.packages.length, 0);
  const names = platforms.flatMap(({ platform }) => (platform === undefined ? [] : [platform]));
  const where = names.length === 0 ? '' : `${names.join(', ')}: `;
  const except = excepted.length === 0 ? '' : `, ${excepted.length} under exceptions`;
  return `${where}${counted(packages, 'package')}, ${counted(findings.length, 'finding')}${except}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

async function baselineOf(given: ScanInputs, artifact: string, context: ActionContext): Promise<ChosenBaseline> {
  const { workspace, environment, signal } = context;
  const path = given.baseline;
  return await chooseBaseline({
    baseline:
      path === undefined || path === 'base' || path === 'adopt' || isAbsolute(path) ? path : resolve(workspace, path),
    workspace,
    event: async () => (await import('../github/event.ts')).readEvent(environment),
    workflowPath: runIdentityOf(environment).workflow,
    artifact,
    find: async (wish) => {
      const { findEvidence } = await import('../github/evidence.ts');
      return await findEvidence(wish, { environment, token: given.githubToken ?? '', signal });
    },
  });
}
