import { runsPackages } from './delegation.ts';
import { type Draft, ofKind } from './draft.ts';
import { dependenciesOf, type PackageGraph } from './graph.ts';

/** A task and those that it has to wait for. */
export type Waits = readonly [Draft, readonly Draft[]];

/**
 * The waits from and to the tasks of a workspace's root:
 * - a task that stands for the whole workspace waits for what every package generates and, unless it only looks at text,
 *   builds;
 * - tasks that run other packages' tasks by themselves (turbo, nx, …) run one after the other, behind the builds;
 * - what the root generates, and what it corrects, is there before the tasks of the other packages.
 */
export function rootWaits(drafts: readonly Draft[], root: string, graph: PackageGraph): readonly Waits[] {
  const covering = drafts.filter(({ coversWorkspace }) => coversWorkspace);
  return [
    ...covering.filter(({ corrects }) => corrects).flatMap((task) => aroundCorrections(task, drafts)),
    ...covering.filter(({ corrects }) => !corrects).flatMap((task) => beforeCovering(task, drafts)),
    ...oneByOne(covering, ofKind(drafts, 'build')),
    ...afterRootGenerators(drafts, root, graph),
  ];
}

/** What corrects files everywhere runs before anything reads them, generators among them. */
function aroundCorrections(first: Draft, drafts: readonly Draft[]): readonly Waits[] {
  return drafts.filter((task) => !(task.coversWorkspace && task.corrects)).map((task) => [task, [first]] as const);
}

function beforeCovering(task: Draft, drafts: readonly Draft[]): readonly Waits[] {
  const generators = ofKind(drafts, 'generate');
  if (task.kind === 'format') return [[task, generators.filter(({ writesInstalledOnly }) => !writesInstalledOnly)]];
  const readsBuilds =
    task.kind === 'typecheck' || task.kind === 'test' || (task.kind === 'lint' && task.facts.lintsWithTypes);
  return [[task, [...generators, ...(readsBuilds ? ofKind(drafts, 'build') : [])]]];
}

/** The order of tasks that run other packages' tasks by themselves: side by side they would write the same files. */
const ONE_BY_ONE: readonly Draft['kind'][] = ['generate', 'build', 'typecheck', 'test', 'lint', 'format'];

function oneByOne(covering: readonly Draft[], builds: readonly Draft[]): readonly Waits[] {
  const alone = covering
    .filter(({ calls, corrects }) => !corrects && calls.some(runsPackages))
    .sort((left, right) => ONE_BY_ONE.indexOf(left.kind) - ONE_BY_ONE.indexOf(right.kind));
  return alone.map((task, index) => [task, [...(task.kind === 'build' ? [] : builds), ...alone.slice(0, index)]]);
}

/** The packages that the root itself depends on come before it; all others find there what it generates. */
function afterRootGenerators(drafts: readonly Draft[], root: string, graph: PackageGraph): readonly Waits[] {
  const generators = ofKind(drafts, 'generate').filter(({ directory }) => directory === root);
  if (generators.length === 0) return [];
  const before = dependenciesOf(root, graph);
  return drafts
    .filter(({ directory }) => directory !== root && !before.has(directory))
    .map((task) => [task, generators] as const);
}
