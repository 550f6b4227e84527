import { ConfigurationError } from '../runtime/errors.ts';
import type { DeclaredOrder } from './declared-order.ts';
import { byPackage, type Draft, ofKind } from './draft.ts';
import type { PackageGraph } from './graph.ts';
import { type Wait, waitsInPackage, withoutCircles } from './local-order.ts';
import type { BuildUse } from './reads-build.ts';
import { rootWaits, type Waits } from './root-order.ts';
import { runningOrder } from './running-order.ts';

export interface OrderQuestion {
  readonly drafts: readonly Draft[];
  readonly graph: PackageGraph;
  /** Folder of the project's root. */
  readonly root: string;
  /** How tests and build of a package meet. */
  readonly buildUse: (directory: string) => BuildUse;
  readonly declared: DeclaredOrder;
}

export interface Ordered {
  /** The tasks, each behind those that it waits for. */
  readonly drafts: readonly Draft[];
  readonly needs: ReadonlyMap<Draft, ReadonlySet<Draft>>;
  /** The waits inside packages whose reason has to be told. */
  readonly told: readonly Wait[];
  /** Tasks that would wait for each other in a circle and start without doing so. */
  readonly released: readonly Draft[];
}

/** Most pairs of tasks of which one waits for the other. */
const MOST_NEEDS = 500_000;

/**
 * Orders the tasks of all packages:
 * - inside a package as {@link waitsInPackage} says, and as the project's own turbo.json or nx.json declares;
 * - generate, build, typecheck, test, and lint where it uses types, wait for the build of the packages that theirs
 *   depends on; for their generate where there is no build; for those behind them where there is neither;
 * - from and to the root's tasks as {@link rootWaits} says.
 * In a circle of packages the waits that would close it are left out.
 *
 * @throws ConfigurationError PIPE-PLAN-008 when the waits become too many
 */
export function orderTasks(question: OrderQuestion): Ordered {
  const { drafts, graph, root } = question;
  const needs = new Map<Draft, Set<Draft>>(drafts.map((draft) => [draft, new Set()]));
  const fromRoot = rootWaits(drafts, root, graph);
  const inside = waitsInside(question, fromRoot);
  const waits = [
    ...waitsBetween(question),
    ...inside.map(({ task, waitsFor }) => [task, [waitsFor]] as const),
    ...fromRoot,
  ];
  let count = 0;
  for (const [task, others] of waits) {
    const known = needs.get(task);
    for (const other of others) if (other !== task) known?.add(other);
    count += others.length;
    if (count > MOST_NEEDS) throw tooManyWaits();
  }
  const order = runningOrder(drafts, needs);
  return {
    drafts: order.tasks,
    needs: order.needs,
    told: inside.filter(({ reason }) => reason !== ''),
    released: order.released,
  };
}

/** The root's build where it stands for the builds of all packages. */
function rootBuildOf(drafts: readonly Draft[]): Draft | undefined {
  return drafts.find(({ kind, coversWorkspace }) => kind === 'build' && coversWorkspace);
}

/** The waits inside each package; among the root's tasks only those that agree with what the root waits for anyway. */
function waitsInside({ drafts, buildUse, declared, root }: OrderQuestion, fromRoot: readonly Waits[]): readonly Wait[] {
  const rootBuild = rootBuildOf(drafts);
  return [...byPackage(drafts)].flatMap(([folder, own]) => {
    const isBuiltByRoot = rootBuild !== undefined && !own.includes(rootBuild);
    const all = isBuiltByRoot ? [...own, rootBuild] : own;
    const settled = folder === root ? settledAmong(own, fromRoot) : [];
    const waits = withoutCircles([
      ...settled,
      ...waitsInPackage(all, buildUse(folder)),
      ...declaredWaits(own, declared),
    ]);
    // The root's build is there to be waited for: what it waits for itself is not this package's business.
    return waits.filter((wait) => {
      return own.includes(wait.task) && !settled.includes(wait) && (!comesLast(wait.waitsFor) || comesLast(wait.task));
    });
  });
}

/** What stands for the whole workspace and makes nothing for others: it waits for packages, they do not wait for it. */
function comesLast({ coversWorkspace, corrects, kind }: Draft): boolean {
  return coversWorkspace && !corrects && kind !== 'build';
}

function settledAmong(own: readonly Draft[], fromRoot: readonly Waits[]): readonly Wait[] {
  return fromRoot.flatMap(([task, others]) => {
    if (!own.includes(task)) return [];
    return others.filter((other) => own.includes(other)).map((waitsFor) => ({ task, waitsFor, reason: '' }));
  });
}

/** What turbo.json or nx.json say about scripts of the same package; only builds and generators are worth a wait. */
function declaredWaits(own: readonly Draft[], declared: DeclaredOrder): readonly Wait[] {
  return own.flatMap((task) => {
    const { script = '', facts } = task;
    const entries = [
      ...(declared.get(script) ?? []),
      ...(declared.get(`${facts.manifest.name ?? ''}#${script}`) ?? []),
    ];
    return entries.flatMap((entry) => {
      const waitsFor = own.find((other) => other.script === entry && isProvided(other));
      return waitsFor === undefined || waitsFor === task
        ? []
        : [{ task, waitsFor, reason: 'the project’s task runner says so' }];
    });
  });
}

function isProvided({ kind }: Draft): boolean {
  return kind === 'build' || kind === 'generate';
}

/** The waits of each package for those that it depends on, in the order of the graph. */
function waitsBetween({ drafts, graph, root, declared }: OrderQuestion): readonly Waits[] {
  const grouped = byPackage(drafts);
  const rootBuild = rootBuildOf(drafts);
  const position = new Map(graph.order.map((folder, index) => [folder, index]));
  const provided = new Map<string, ReadonlySet<Draft>>();
  return graph.order.flatMap((folder, index) => {
    const own = grouped.get(folder) ?? [];
    const before = (graph.dependencies.get(folder) ?? []).filter((other) => (position.get(other) ?? index) < index);
    const fromOthers = new Set(before.flatMap((other) => [...(provided.get(other) ?? [])]));
    provided.set(folder, providedBy(own, folder === root ? undefined : rootBuild, fromOthers));
    // What the root builds for all comes behind what the packages generate.
    const generated =
      rootBuild === undefined
        ? [...fromOthers]
        : before.flatMap((other) => ofKind(grouped.get(other) ?? [], 'generate'));
    return own
      .filter((task) => waitsForOthers(task, declared))
      .map((task) => [task, task.kind === 'generate' || task === rootBuild ? generated : [...fromOthers]] as const);
  });
}

/** What has to be done before other packages can use this one. */
function providedBy(
  own: readonly Draft[],
  rootBuild: Draft | undefined,
  fromOthers: ReadonlySet<Draft>,
): ReadonlySet<Draft> {
  const build = ofKind(own, 'build')[0] ?? rootBuild;
  if (build !== undefined) return new Set([build]);
  const generators = ofKind(own, 'generate');
  return generators.length > 0 ? new Set(generators) : fromOthers;
}

function waitsForOthers({ kind, facts, script, corrects, coversWorkspace }: Draft, declared: DeclaredOrder): boolean {
  if (kind === 'format' || (corrects && coversWorkspace)) return false;
  if (kind !== 'lint') return true;
  return (
    facts.lintsWithTypes ||
    (declared.get(script ?? '') ?? []).some((entry) => /^\^(build|generate|codegen)/.test(entry))
  );
}

function tooManyWaits(): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-PLAN-008',
    what: 'the packages of the workspace depend on each other too often to be planned',
    given: `more than ${MOST_NEEDS} pairs of tasks that wait for each other`,
    accepted: `at most ${MOST_NEEDS}`,
    remedy: 'check a part of the workspace with `working-directory`',
    state: 'nothing was planned',
  });
}
