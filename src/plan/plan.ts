import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { contains } from '../runtime/files.ts';
import { type Affected, affectedBy } from './affected.ts';
import type { Change } from './changed-files.ts';
import { chooseTasks } from './choose-tasks.ts';
import { decisionsOf, notCheckedOf, plainDecision, plainEntry } from './decisions.ts';
import type { Draft } from './draft.ts';
import { findOthers, foundDecisions, foundNotChecked, hasOtherLanguage } from './found.ts';
import type { Ordered } from './order.ts';
import { folderOf, namedList, seenFrom } from './paths.ts';
import { findProject, otherPackages, type Project } from './project.ts';
import { listFiles, type RepositoryFiles } from './repository-files.ts';
import type { Decision, Found, NotChecked, Plan, PlannedTask } from './types.ts';

export type {
  Decision,
  Found,
  NotChecked,
  PackageManagerName,
  Plan,
  PlannedPackage,
  PlannedPackageManager,
  PlannedTask,
  TaskKind,
  TestRunner,
} from './types.ts';
export { TASK_KINDS } from './types.ts';

/** What is planned, and for whom. */
export interface PlanOptions {
  /** Absolute path of the checked-out repository. */
  readonly workspace: string;
  /** Absolute path inside it, or relative to it; `.` for the repository itself. */
  readonly workingDirectory: string;
  /** Environment in which git lists the files; default empty, git is then looked for in the system's own folders. */
  readonly environment?: Environment;
  /** Whether the tests have to measure coverage; default false. */
  readonly coverage?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Reads a repository and decides what to run, in which order, and why. Nothing of the project is executed, nothing is
 * written; installed packages are not needed.
 *
 * @throws ConfigurationError PIPE-PLAN-002 to 010, PIPE-FILE-001 to 003; see docs/troubleshooting/plan.md
 */
export async function planRepository(options: PlanOptions): Promise<Plan> {
  return (await planChange(options, undefined)).plan;
}

/** A plan for a change: with the tasks of the affected packages only. */
export interface ChangePlan {
  readonly plan: Plan;
  /** Undefined where nothing was compared, or there is no project of npm packages: then everything is planned. */
  readonly affected: Affected | undefined;
  /** Ids of the tasks that are not planned because nothing they check is affected, and what they check. */
  readonly notAffected: readonly PlannedTask[];
}

/**
 * Plans what a change affects. Beside the tasks of affected packages the plan holds what these wait for: builds of
 * packages they depend on, affected or not. A task of the root that stands for the whole workspace counts as affected
 * when anything is.
 *
 * @param change what differs, or will be known to: git compares while the repository is read; undefined plans everything
 * @throws ConfigurationError as {@link planRepository}
 */
export async function planChange(
  options: PlanOptions,
  change: Change | undefined | Promise<Change | undefined>,
): Promise<ChangePlan> {
  const changing = Promise.resolve(change);
  // Awaited below; what fails before must not leave a failure that nobody heard.
  changing.catch(() => undefined);
  const workspace = await realpath(options.workspace);
  const workingDirectory = await folderInside(workspace, options.workingDirectory);
  const files = await listFiles(workspace, { environment: options.environment ?? {}, signal: options.signal });
  const found = findOthers(files, workingDirectory);
  const project = await findProject(files, workingDirectory);
  if (project === undefined) {
    await changing;
    return { plan: planWithoutPackages(files, workingDirectory, found), affected: undefined, notAffected: [] };
  }
  const chosen = await chooseTasks(files, project, options.coverage ?? false);
  const { drafts, needs, told } = chosen.ordered;
  const ids = new Map(drafts.map((draft) => [draft, idOf(draft, project)]));
  const outside = otherPackages(files, project, workingDirectory);
  const changed = await changing;
  const affected = changed === undefined ? undefined : await affectedBy(changed, files, project, chosen.graph);
  const wanted = affected === undefined ? new Set(drafts) : affectedDrafts(chosen.ordered, affected);
  const tasks = drafts.map((draft) => ({ draft, task: taskOf(draft, ids, needs.get(draft) ?? new Set()) }));
  const plan: Plan = {
    version: 1,
    workingDirectory,
    root: project.root.directory,
    packageManager: project.packageManager,
    packages: chosen.packages,
    tasks: tasks.filter(({ draft }) => wanted.has(draft)).map(({ task }) => task),
    found,
    decisions: [
      ...filesDecision(files),
      ...project.decisions,
      ...chosen.decisions,
      ...decisionsOf(
        drafts.filter((draft) => wanted.has(draft)),
        chosen.remarks,
        told.filter(({ task }) => wanted.has(task)),
        { isWorkspace: project.members.length > 0, focus: project.focus.directory },
      ),
      ...foundDecisions(found),
    ].map(plainDecision),
    notChecked: [
      ...project.notChecked,
      ...notCheckedOf(chosen.remarks),
      ...foundNotChecked(found),
      ...unnameable(files),
      ...(outside.length === 0 ? [] : [{ subject: outsideSubject(outside), reason: 'not packages of this project' }]),
    ].map(plainEntry),
  };
  const left = tasks.filter(({ draft }) => !wanted.has(draft)).map(({ task }) => task);
  return { plan, affected, notAffected: left };
}

/** The tasks of affected packages, what stands for the whole workspace when anything is affected, and what they wait for. */
function affectedDrafts({ drafts, needs }: Ordered, { packages }: Affected): ReadonlySet<Draft> {
  const isAffected = ({ directory, coversWorkspace }: Draft) =>
    packages.has(directory) || (coversWorkspace && packages.size > 0);
  const wanted = new Set<Draft>();
  const open = drafts.filter(isAffected);
  for (let draft = open.pop(); draft !== undefined; draft = open.pop()) {
    if (wanted.has(draft)) continue;
    wanted.add(draft);
    open.push(...(needs.get(draft) ?? []));
  }
  return wanted;
}

async function folderInside(workspace: string, given: string): Promise<string> {
  const wanted = resolve(workspace, given);
  let real: string;
  try {
    real = await realpath(wanted);
  } catch (error) {
    throw noPackage(relative(workspace, wanted), 'there is no such folder', [], error);
  }
  if (!contains(workspace, real)) throw noPackage(given, 'it is outside the repository', []);
  return relative(workspace, real).split(sep).join('/') || '.';
}

function planWithoutPackages(files: RepositoryFiles, workingDirectory: string, found: Found): Plan {
  const folders = files
    .under(workingDirectory)
    .filter((path) => path.endsWith('/package.json'))
    .map(folderOf);
  if (!hasOtherLanguage(found)) throw noPackage(workingDirectory, 'it has no package.json', folders);
  const nothing = { subject: 'npm', decision: 'nothing to check', reason: 'no package.json in the working directory' };
  const outside = { subject: outsideSubject(folders), reason: 'not in the working directory itself' };
  return {
    version: 1,
    workingDirectory,
    root: workingDirectory,
    packageManager: null,
    packages: [],
    tasks: [],
    found,
    decisions: [...filesDecision(files), nothing, ...foundDecisions(found)].map(plainDecision),
    notChecked: [...foundNotChecked(found), ...(folders.length === 0 ? [] : [outside])].map(plainEntry),
  };
}

function noPackage(folder: string, given: string, others: readonly string[], cause?: unknown): ConfigurationError {
  const [first] = others;
  const remedy =
    first === undefined
      ? 'name the folder of the project in `working-directory`'
      : `name the folder in \`working-directory\`; package.json is in: ${namedList(others)}`;
  return new ConfigurationError(
    {
      code: 'PIPE-PLAN-002',
      what: `there is no project to plan in the folder ${shown(folder || '.', 200)}`,
      given,
      accepted: 'a folder of the repository with a package.json',
      example: `\`working-directory: ${first !== undefined && /^[\w@./-]+$/.test(first) ? first : 'apps/api'}\``,
      remedy,
      state: 'nothing was planned',
    },
    { cause },
  );
}

function unnameable({ unnameable: count }: RepositoryFiles): readonly NotChecked[] {
  if (count === 0) return [];
  return [{ subject: count === 1 ? '1 file' : `${count} files`, reason: 'control characters in the path' }];
}

function filesDecision({ withoutGit }: RepositoryFiles): readonly Decision[] {
  if (withoutGit === '') return [];
  return [{ subject: 'files', decision: 'read from the folder, ignored ones included', reason: withoutGit }];
}

function outsideSubject(folders: readonly string[]): string {
  return folders.length === 1
    ? `package in ${namedList(folders)}`
    : `${folders.length} packages in ${namedList(folders)}`;
}

/** Plain in the package of the working directory, behind the package's folder elsewhere. */
function idOf({ label, directory }: Draft, { root, focus }: Project): string {
  return directory === focus.directory ? label : `${seenFrom(root.directory, directory)}:${label}`;
}

function taskOf(draft: Draft, ids: ReadonlyMap<Draft, string>, needs: ReadonlySet<Draft>): PlannedTask {
  const { kind, facts, directory, command, display, path, environment, script, source, reason, runner } = draft;
  return {
    id: ids.get(draft) ?? '',
    kind,
    package: facts.manifest.name ?? directory,
    directory,
    command,
    display,
    path,
    environment,
    ...(script === undefined ? {} : { script }),
    source,
    reason,
    ...(runner === undefined ? {} : { runner }),
    needs: [...needs].map((other) => ids.get(other) ?? '').sort(),
  };
}
