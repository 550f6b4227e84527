import { inBatches } from './batches.ts';
import { measuresCoverage, whyUnmeasured } from './coverage.ts';
import { declaredOrder } from './declared-order.ts';
import { byPackage, type Draft, ofKind } from './draft.ts';
import { gatherFacts, type PackageFacts } from './facts.ts';
import { tasksOfFocus } from './focus-tasks.ts';
import { graphOf, type PackageGraph, type Satisfies } from './graph.ts';
import { type Ordered, orderTasks } from './order.ts';
import { type PackageQuestion, prismaTask, type Remark, tasksOfPackage } from './package-tasks.ts';
import { inFolder, namedList } from './paths.ts';
import type { Project } from './project.ts';
import { type BuildUse, buildUse, NO_USE, readingBudget } from './reads-build.ts';
import type { RepositoryFiles } from './repository-files.ts';
import { COVERAGE_NAMES } from './script-names.ts';
import { type Decision, type PlannedPackage, TASK_KINDS } from './types.ts';
import { tasksOfWorkspace, type WorkspaceQuestion } from './workspace-tasks.ts';

export interface ChosenTasks {
  readonly packages: readonly PlannedPackage[];
  readonly ordered: Ordered;
  readonly remarks: readonly Remark[];
  readonly graph: PackageGraph;
  /** Decisions about the project as a whole. */
  readonly decisions: readonly Decision[];
}

/** Chooses and orders the tasks of a project. */
export async function chooseTasks(files: RepositoryFiles, project: Project, coverage: boolean): Promise<ChosenTasks> {
  const manifests = [project.root, ...project.members];
  const facts = await gatherFacts(files, project);
  const graph = graphOf(manifests, await rangeCheck(project));
  const question = questionOf(files, project, facts, graph, coverage);
  const chosen = chooseFor(question, project, facts);
  const prisma = await prismaTasks(files, question, chosen.drafts, chosen.folders);
  const { drafts, remarks } = withoutRepetition([...chosen.drafts, ...prisma.drafts]);
  const ordered = orderTasks({
    drafts: inReadingOrder(drafts),
    graph,
    root: project.root.directory,
    buildUse: await buildUses(files, drafts),
    declared: await declaredOrder(files, project.root.directory),
  });
  return {
    packages: packagesOf(project, graph, chosen),
    ordered,
    graph,
    remarks: [
      ...chosen.remarks,
      ...prisma.remarks,
      ...remarks,
      ...missing(drafts, project, coverage),
      ...ordered.released.map(({ directory, kind }) => ({
        directory,
        subject: kind,
        decision: 'does not wait',
        reason: 'it and others would wait for each other in a circle',
      })),
    ],
    decisions: graph.cycles.map((cycle) => ({
      subject: 'dependencies',
      decision: `a circle: ${namedList(cycle)}`,
      reason: 'these packages depend on each other; their builds run one after the other, by folder',
    })),
  };
}

/** semver is only loaded where a package asks for another one by a range of versions. */
async function rangeCheck({ root, members }: Project): Promise<Satisfies> {
  const names = new Set(members.map(({ name }) => name));
  const hasRange = [root, ...members].some(({ dependencies }) =>
    [...dependencies].some(([name, range]) => names.has(name) && /\d/.test(range)),
  );
  if (!hasRange) return () => true;
  const { default: semver } = await import('semver');
  // A tag such as `latest` is no range: who names a package of the workspace that way means that package.
  return (version, range) =>
    semver.validRange(range) === null || semver.satisfies(version, range, { includePrerelease: true });
}

function questionOf(
  files: RepositoryFiles,
  project: Project,
  facts: ReadonlyMap<string, PackageFacts>,
  graph: PackageGraph,
  coverage: boolean,
): WorkspaceQuestion {
  const factsOf = (directory: string) => {
    const found = facts.get(directory);
    if (found === undefined) throw new TypeError(`no facts were gathered for ${directory}`);
    return found;
  };
  const { root, members, packageManager } = project;
  const hasPlugins = files.has(inFolder(root.directory, 'nx.json'));
  const hasTargets = files.paths.some((path) => path.endsWith('/project.json') || path === 'project.json');
  const plain = { packageManager: packageManager.name, coverage, preferred: {}, handed: {}, running: [] };
  return {
    root: factsOf(root.directory),
    members: members.map(({ directory }) => factsOf(directory)),
    graph,
    hasNxTasks: hasPlugins && hasTargets,
    ask: (about, rest = {}): PackageQuestion => ({
      ...plain,
      tools: new Set(),
      needsOwnConfig: true,
      facts: about,
      ...rest,
    }),
  };
}

interface Chosen {
  readonly drafts: readonly Draft[];
  readonly remarks: readonly Remark[];
  /** Folders of the packages that take part, and whether they are checked. */
  readonly folders: ReadonlyMap<string, boolean>;
}

function chooseFor(question: WorkspaceQuestion, project: Project, facts: ReadonlyMap<string, PackageFacts>): Chosen {
  const { root, focus, members } = project;
  if (members.length === 0) {
    const tasks = tasksOfPackage(question.ask(question.root, { tools: new Set(TASK_KINDS), needsOwnConfig: false }), [
      ...TASK_KINDS,
    ]);
    return { ...tasks, folders: new Map([[root.directory, true]]) };
  }
  const focused = facts.get(focus.directory);
  if (focus === root || focused === undefined) {
    const all = [root, ...members].map(({ directory }) => [directory, true] as const);
    return { ...tasksOfWorkspace(question), folders: new Map(all) };
  }
  const tasks = tasksOfFocus(question, focused);
  const folders = [...tasks.dependencies].map((directory) => [directory, false] as const);
  return { ...tasks, folders: new Map([...folders, [focus.directory, true]]) };
}

async function prismaTasks(
  files: RepositoryFiles,
  question: WorkspaceQuestion,
  drafts: readonly Draft[],
  folders: ReadonlyMap<string, boolean>,
): Promise<{ readonly drafts: readonly Draft[]; readonly remarks: readonly Remark[] }> {
  const { root, members, ask } = question;
  const found: { drafts: Draft[]; remarks: Remark[] } = { drafts: [], remarks: [] };
  const grouped = byPackage(drafts);
  const ofRoot = grouped.get(root.directory) ?? [];
  for (const facts of [root, ...members]) {
    if (!folders.has(facts.directory)) continue;
    const related = facts === root ? ofRoot : [...(grouped.get(facts.directory) ?? []), ...ofRoot];
    const { drafts: added, remarks } = await prismaTask(files, ask(facts), related, root);
    found.drafts.push(...added);
    found.remarks.push(...remarks);
  }
  return found;
}

/** A generator that the build of the same package runs as well is left to the build: twice at once they would collide. */
function withoutRepetition(drafts: readonly Draft[]): {
  readonly drafts: readonly Draft[];
  readonly remarks: readonly Remark[];
} {
  const builds = new Map(ofKind(drafts, 'build').map((draft) => [draft.directory, draft]));
  const isRepeated = ({ kind, script, directory }: Draft) =>
    kind === 'generate' && script !== undefined && builds.get(directory)?.scripts.has(script) === true;
  const remarks = drafts.filter(isRepeated).map(({ directory, script }) => ({
    directory,
    subject: 'generate',
    decision: `\`${script}\` is not run by itself`,
    reason: 'the build script runs it',
  }));
  return { drafts: drafts.filter((draft) => !isRepeated(draft)), remarks };
}

function inReadingOrder(drafts: readonly Draft[]): readonly Draft[] {
  const rank = ({ kind }: Draft) => TASK_KINDS.indexOf(kind);
  return [...drafts].sort((left, right) => rank(left) - rank(right) || (left.directory < right.directory ? -1 : 1));
}

async function buildUses(files: RepositoryFiles, drafts: readonly Draft[]): Promise<(directory: string) => BuildUse> {
  const budget = readingBudget();
  const builds = new Map(ofKind(drafts, 'build').map((draft) => [draft.directory, draft]));
  const rootBuild = drafts.find(({ kind, coversWorkspace }) => kind === 'build' && coversWorkspace);
  // One test run for the whole workspace waits for every build anyway.
  const tests = ofKind(drafts, 'test').filter(({ coversWorkspace }) => !coversWorkspace);
  const useOf = async (test: Draft) => {
    const build = builds.get(test.directory) ?? rootBuild;
    const use = build === undefined ? NO_USE : await buildUse(files, test.facts, { test, build }, budget);
    return [test.directory, use] as const;
  };
  const uses = new Map(await inBatches(tests, useOf, 8));
  return (directory) => uses.get(directory) ?? NO_USE;
}

function packagesOf(project: Project, graph: PackageGraph, { folders }: Chosen): readonly PlannedPackage[] {
  return [project.root, ...project.members].flatMap(({ name, directory }) => {
    const checked = folders.get(directory);
    if (checked === undefined) return [];
    return [{ name: name ?? directory, directory, dependsOn: graph.dependencies.get(directory) ?? [], checked }];
  });
}

/** What one would expect and is not there: no build at all, tests without the coverage that was asked for. */
function missing(drafts: readonly Draft[], { focus }: Project, coverage: boolean): readonly Remark[] {
  const remarks: Remark[] = [];
  const { directory } = focus;
  if (ofKind(drafts, 'build').length === 0) {
    remarks.push({ directory, subject: 'build', decision: 'nothing to run', reason: 'no script' });
  }
  for (const test of coverage ? ofKind(drafts, 'test') : []) {
    const { facts, script = '', command } = test;
    // What the root hands over stands in the command only.
    const calls = [...test.calls, { program: '', args: command.slice(1), environment: {}, isPlain: true }];
    const measures = COVERAGE_NAMES.includes(script) || measuresCoverage(calls);
    const reason = whyUnmeasured(test.calls, (name) => facts.dependency(name) !== undefined);
    if (!measures)
      remarks.push({
        directory: test.directory,
        subject: 'coverage',
        decision: 'asked for, the tests run without it',
        reason,
      });
  }
  return remarks;
}
