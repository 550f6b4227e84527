import { type Delegation, delegationOf } from './delegation.ts';
import { byPackage, type Draft } from './draft.ts';
import type { PackageFacts } from './facts.ts';
import { dependenciesOf, type PackageGraph } from './graph.ts';
import { type PackageQuestion, type PackageTasks, type Remark, scriptDraft, tasksOfPackage } from './package-tasks.ts';
import { readPatterns } from './patterns.ts';
import { withoutFixes } from './recognise.ts';
import { chooseScript } from './script-choice.ts';
import { TASK_KINDS, type TaskKind } from './types.ts';

export interface WorkspaceQuestion {
  readonly root: PackageFacts;
  /** Without the root, sorted by folder. */
  readonly members: readonly PackageFacts[];
  readonly graph: PackageGraph;
  /** Whether Nx finds tasks of its own, besides the scripts of the packages. */
  readonly hasNxTasks: boolean;
  readonly ask: (facts: PackageFacts, rest?: Partial<PackageQuestion>) => PackageQuestion;
}

const ALL: ReadonlySet<TaskKind> = new Set(TASK_KINDS);

/** The order in which kinds are planned: what a build or a linter does anyway is not done again. */
const PLANNING_ORDER: readonly TaskKind[] = ['generate', 'build', 'lint', 'format', 'typecheck', 'test'];

/**
 * The tasks of a whole workspace, kind by kind:
 * - the root's script only hands over to the packages: their own scripts run instead, in the order of the graph;
 * - it does something itself: it stands for the whole workspace, the packages' scripts of that kind are not run again
 *   (`generate` and, where the root is a package that is built from the others, build, typecheck and test: both run);
 * - there is none: the packages' own scripts, and tools that a package has configured for itself;
 * - nobody has anything: a tool that is configured at the root, for the whole workspace.
 */
export function tasksOfWorkspace(question: WorkspaceQuestion): PackageTasks {
  const drafts: Draft[] = [];
  const remarks: Remark[] = [];
  for (const kind of PLANNING_ORDER) {
    const found = tasksOfKind(question, kind, drafts);
    drafts.push(...found.drafts);
    remarks.push(...found.remarks);
  }
  return { drafts, remarks };
}

function tasksOfKind(question: WorkspaceQuestion, kind: TaskKind, sofar: readonly Draft[]): PackageTasks {
  const { root, ask } = question;
  const rootQuestion = ask(root);
  const { choice } = chooseScript(root.manifest, kind, {
    coverage: rootQuestion.coverage,
    has: (name) => root.dependency(name) !== undefined,
  });
  const say = (decision: string, reason: string) => ({ directory: root.directory, subject: kind, decision, reason });
  if (choice === undefined) return ownTasks(question, kind, sofar);
  const handed =
    question.hasNxTasks && choice.expansion.calls.some(({ program }) => program === 'nx')
      ? undefined
      : delegationOf(choice.expansion.calls, kind);
  if (handed !== undefined) {
    const found = handedTasks(question, kind, handed);
    if (found.drafts.length > 0) {
      const line = say(
        'the packages’ own scripts, in the order of their dependencies',
        `the root’s \`${choice.script}\` only hands over, with ${handed.tool}`,
      );
      return { drafts: found.drafts, remarks: [line, ...found.remarks] };
    }
  }
  const own = tasksOfPackage(rootQuestion, [kind]);
  const draft = scriptDraft(rootQuestion, kind, choice);
  if (kind === 'generate' || isPackageOfItsOwn(question, kind)) {
    const others = ownTasks(question, kind, [...sofar, draft]);
    return { drafts: [draft, ...others.drafts], remarks: [...own.remarks, ...others.remarks] };
  }
  const count = question.members.filter(
    ({ manifest }) => chooseScript(manifest, kind, { coverage: rootQuestion.coverage }).choice !== undefined,
  ).length;
  const again = say(
    `the packages’ own scripts are not run again (${count} of them)`,
    `the root’s \`${choice.script}\` stands for the whole workspace`,
  );
  return { drafts: [{ ...draft, coversWorkspace: true }], remarks: [...own.remarks, ...(count > 0 ? [again] : [])] };
}

/** A root that runs on packages of its workspace is an application beside them, and its scripts are its own. */
function isPackageOfItsOwn({ root, graph, members }: WorkspaceQuestion, kind: TaskKind): boolean {
  if (kind !== 'build' && kind !== 'typecheck' && kind !== 'test') return false;
  const names = new Map(members.map(({ manifest, directory }) => [directory, manifest.name ?? '']));
  return (graph.dependencies.get(root.directory) ?? []).some((directory) => {
    return root.manifest.runtimeDependencies.has(names.get(directory) ?? '');
  });
}

/** What each member has of a kind; what the root has configured where no member has anything. */
function ownTasks(question: WorkspaceQuestion, kind: TaskKind, sofar: readonly Draft[]): PackageTasks {
  const { root, members, ask } = question;
  const grouped = byPackage(sofar);
  // What a package's other tasks do already is not done again.
  const own = (facts: PackageFacts, needsOwnConfig: boolean) => {
    const others = (grouped.get(facts.directory) ?? []).filter((draft) => draft.kind !== kind);
    return tasksOfPackage(ask(facts, { tools: ALL, needsOwnConfig, running: others.flatMap(({ calls }) => calls) }), [
      kind,
    ]);
  };
  const found = members.map((facts) => own(facts, true));
  const drafts = found.flatMap((part) => part.drafts);
  // That a package has nothing of a kind is no news in a workspace.
  const remarks = found.flatMap((part) => part.remarks).filter(({ decision }) => decision !== 'nothing to run');
  const hasRoot = (grouped.get(root.directory) ?? []).some((draft) => draft.kind === kind);
  if (drafts.length > 0 || hasRoot) return { drafts, remarks };
  const atRoot = own(root, false);
  return {
    drafts: atRoot.drafts.map((draft) => ({ ...draft, coversWorkspace: true })),
    remarks: [...remarks, ...atRoot.remarks],
  };
}

/** The scripts that the root script hands over to, in the packages that it selects. */
function handedTasks(question: WorkspaceQuestion, kind: TaskKind, handed: Delegation): PackageTasks {
  const selected = selectedBy(question, handed.selectors);
  const extra = kind === 'lint' || kind === 'format' ? withoutFixes(handed.extra) : handed.extra;
  const rest = {
    preferred: { [kind]: handed.targets },
    handed: { [kind]: { extra, environment: handed.environment } },
  };
  const found = question.members
    .filter(
      ({ directory, manifest }) => selected(directory) && handed.targets.some((target) => manifest.scripts.has(target)),
    )
    .map((facts) => tasksOfPackage(question.ask(facts, rest), [kind]));
  const left = question.members.filter(
    ({ directory, manifest }) => !selected(directory) && handed.targets.some((target) => manifest.scripts.has(target)),
  );
  const remarks = left.map(({ directory }) => ({
    directory,
    subject: kind,
    decision: `script \`${handed.targets.join('`, `')}\` is not run`,
    reason: 'the root’s script does not select this package',
    notChecked: { subject: kind, reason: 'the root’s script does not select it' },
  }));
  return {
    drafts: found.flatMap((part) => part.drafts),
    remarks: [...found.flatMap((part) => part.remarks), ...remarks],
  };
}

/**
 * Which packages selectors of `--filter` mean: names and `./folders` with wildcards, `!` to leave out, `name...` with
 * what it depends on. Selectors by dependents or by change (`...name`, `[ref]`) mean every package here.
 */
function selectedBy(
  { members, graph, root }: WorkspaceQuestion,
  selectors: readonly string[],
): (directory: string) => boolean {
  const chosen = selectors.filter((selector) => !selector.startsWith('!'));
  const leftOut = selectors.filter((selector) => selector.startsWith('!')).map((selector) => selector.slice(1));
  const meant = (selector: string): ReadonlySet<string> => {
    const isAll = selector === '*' || selector.startsWith('...') || /^\[.*\]$/.test(selector);
    const name = selector
      .replace(/\[.*\]$/, '')
      .replace(/\^?\.\.\.$/, '')
      .replace(/^\{(.*)\}$/, './$1');
    const matches = matcherOf(name, root.directory);
    const found = members.filter(({ directory, manifest }) => isAll || matches(directory, manifest.name ?? ''));
    const folders = found.map(({ directory }) => directory);
    const below = selector.endsWith('...') ? folders.flatMap((folder) => [...dependenciesOf(folder, graph)]) : [];
    return new Set([...folders, ...below]);
  };
  const included = chosen.length === 0 ? undefined : new Set(chosen.flatMap((selector) => [...meant(selector)]));
  const excluded = new Set(leftOut.flatMap((selector) => [...meant(selector)]));
  return (directory) => (included === undefined || included.has(directory)) && !excluded.has(directory);
}

function matcherOf(selector: string, root: string): (directory: string, name: string) => boolean {
  const rules = { takesBack: false };
  if (selector.startsWith('.')) {
    const patterns = readPatterns([selector], root, rules);
    return (directory) => 'matches' in patterns && patterns.matches(directory);
  }
  // In a name a wildcard passes over the slash behind the scope.
  const patterns = readPatterns([selector.replaceAll('/', ':')], '.', rules);
  return (_, name) => 'matches' in patterns && patterns.matches(name.replaceAll('/', ':'));
}
