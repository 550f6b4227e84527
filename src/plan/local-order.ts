import type { Draft } from './draft.ts';
import { hasFlag, operands, type ProgramCall } from './programs.ts';
import type { BuildUse } from './reads-build.ts';
import * as is from './recognise.ts';
import type { TaskKind } from './types.ts';

/** One task has to wait for another one of the same package. */
export interface Wait {
  readonly task: Draft;
  readonly waitsFor: Draft;
  /** Why, as a phrase; empty where the reader expects it. */
  readonly reason: string;
}

/** Writers of the same files go one after the other in this order, and readers wait for the last. */
const WRITING_ORDER: readonly TaskKind[] = ['generate', 'build', 'typecheck', 'test', 'lint', 'format'];

/** Files that some tasks of a package write and others read. */
interface SharedFiles {
  readonly what: string;
  readonly writes: (draft: Draft, all: readonly Draft[]) => boolean;
  readonly reads: (draft: Draft) => boolean;
}

function by(...programs: readonly (readonly [string, RegExp])[]): (draft: Draft) => boolean {
  return ({ calls }) =>
    calls.some((call) => programs.some(([name, word]) => call.program === name && word.test(operands(call)[0] ?? '')));
}

const readsTypes = ({ kind, facts }: Draft) => kind === 'typecheck' || (kind === 'lint' && facts.lintsWithTypes);
const readsCode = (draft: Draft) => draft.kind === 'test' || draft.kind === 'build' || readsTypes(draft);
const readsEverything = ({ kind }: Draft) => kind === 'typecheck' || kind === 'lint' || kind === 'test';

const SHARED: readonly SharedFiles[] = [
  { what: 'the Prisma client', writes: ({ calls }) => calls.some(is.generatesPrisma), reads: readsCode },
  { what: 'generated code', writes: writesGenerated, reads: readsCode },
  { what: '.next/types and next-env.d.ts', writes: by(['next', /^(build|typegen|dev)$/]), reads: readsTypes },
  {
    what: '.nuxt',
    writes: by(
      ['nuxt', /^(build|generate|prepare|typecheck|analyze)$/],
      ['nuxi', /^(build|generate|prepare|typecheck|analyze)$/],
    ),
    reads: readsEverything,
  },
  { what: '.svelte-kit', writes: writesSvelteKit, reads: readsEverything },
  {
    what: '.astro',
    writes: by(['astro', /^(build|sync|check)$/]),
    reads: (draft) => readsTypes(draft) || draft.kind === 'test',
  },
  { what: '.react-router', writes: by(['react-router', /^(build|typegen)$/]), reads: readsTypes },
  { what: 'the compiler’s output', writes: writesCompiled, reads: () => false },
];

/** Generators, and other tasks that run the same script or a program that writes code. */
function writesGenerated(draft: Draft, all: readonly Draft[]): boolean {
  if (draft.kind === 'generate') return true;
  const generators = all.flatMap(({ kind, script }) => (kind === 'generate' && script !== undefined ? [script] : []));
  return generators.some((script) => draft.scripts.has(script)) || draft.calls.some(is.generatesCode);
}

function writesSvelteKit(draft: Draft): boolean {
  if (!draft.facts.manifest.dependencies.has('@sveltejs/kit')) return false;
  return by(['svelte-kit', /^sync$/], ['vite', /^build$/], ['vitest', /^/])(draft);
}

/** Two compilers over the same project write the same files: outputs, or the record of what is up to date. */
function writesCompiled(draft: Draft, all: readonly Draft[]): boolean {
  if (draft.kind !== 'build' && draft.kind !== 'typecheck') return false;
  const others = all.filter(({ kind }) => kind !== draft.kind && (kind === 'build' || kind === 'typecheck'));
  return draft.calls.some((call) =>
    others.some((other) => other.calls.some((theirs) => writesSame(call, theirs, draft))),
  );
}

function writesSame(call: ProgramCall, theirs: ProgramCall, { facts }: Draft): boolean {
  if (!is.isCompiler(call) || !is.isCompiler(theirs)) return false;
  if (is.buildsReferences(call) || is.buildsReferences(theirs)) return true;
  if (projectOf(call) !== projectOf(theirs)) return false;
  const bothWrite = [call, theirs].every((one) => !hasFlag(one, '--noEmit')) && facts.tsconfig?.emits !== 'nothing';
  return bothWrite || facts.tsconfig?.isIncremental === true;
}

function projectOf({ args }: ProgramCall): string {
  const index = args.findIndex((arg) => arg === '-p' || arg === '--project');
  return (index === -1 ? 'tsconfig.json' : (args[index + 1] ?? '')).replace(/^\.\//, '');
}

/**
 * What has to wait for what inside one package, the more certain first. Generators come before all that reads code. A
 * linter that corrects files runs alone. Of tasks that write the same files each waits for the one before, and what
 * reads them for the last. Tests wait for the build that they read; a build that would
 * put compiled copies of the tests before the test runner waits for the tests. The rest runs side by side.
 *
 * @param drafts the tasks of the package, and the root's build where that builds this package, too
 */
export function waitsInPackage(drafts: readonly Draft[], use: BuildUse): readonly Wait[] {
  const waits = [...afterGenerators(drafts), ...afterCorrections(drafts)];
  for (const shared of SHARED) waits.push(...waitsFor(shared, drafts));
  const build = drafts.find(({ kind }) => kind === 'build');
  if (build !== undefined) waits.push(...afterBuild(drafts, build, use));
  return waits;
}

function afterGenerators(drafts: readonly Draft[]): readonly Wait[] {
  const generators = drafts.filter(({ kind }) => kind === 'generate');
  const readers = drafts.filter(({ kind }) => kind !== 'generate');
  return readers.flatMap((task) => {
    // A client that goes into node_modules is nothing that a formatter looks at.
    const relevant = task.kind === 'format' ? generators.filter((draft) => !draft.writesInstalledOnly) : generators;
    return relevant.map((waitsFor) => ({ task, waitsFor, reason: '' }));
  });
}

function afterCorrections(drafts: readonly Draft[]): readonly Wait[] {
  const correcting = drafts.filter(({ corrects }) => corrects);
  return correcting.flatMap((waitsFor) =>
    drafts
      .filter((task) => task !== waitsFor && task.kind !== 'generate')
      .map((task) => ({ task, waitsFor, reason: `the script ${waitsFor.script ?? ''} corrects files while it runs` })),
  );
}

function waitsFor({ what, writes, reads }: SharedFiles, drafts: readonly Draft[]): readonly Wait[] {
  const rank = ({ kind }: Draft) => WRITING_ORDER.indexOf(kind);
  const writers = drafts.filter((draft) => writes(draft, drafts)).sort((left, right) => rank(left) - rank(right));
  const last = writers.at(-1);
  if (last === undefined) return [];
  const chain = writers.slice(1).flatMap((task, index) => {
    const before = writers[index];
    // Two generators write different things.
    const isPair = before === undefined || (before.kind === 'generate' && task.kind === 'generate');
    return isPair ? [] : [{ task, waitsFor: before, reason: `both write ${what}` }];
  });
  const readers = drafts.filter((draft) => reads(draft) && !writers.includes(draft) && last.kind !== 'generate');
  return [...chain, ...readers.map((task) => ({ task, waitsFor: last, reason: `it reads ${what}` }))];
}

function afterBuild(drafts: readonly Draft[], build: Draft, use: BuildUse): readonly Wait[] {
  const again = drafts.filter((task) => task !== build && build.script !== undefined && task.scripts.has(build.script));
  const waits = again.map((task) => ({ task, waitsFor: build, reason: 'it runs the build script as well' }));
  const tests = drafts.filter(({ kind }) => kind === 'test');
  if (use.reads === 'none') {
    const reason = 'it compiles test files to where the tests are looked for';
    return use.emitsTests ? [...waits, ...tests.map((waitsFor) => ({ task: build, waitsFor, reason }))] : waits;
  }
  const readers = drafts.filter(({ kind }) => kind === 'test' || (kind === 'typecheck' && use.reads === 'imports'));
  return [
    ...waits,
    ...readers.map((task) => ({ task, waitsFor: build, reason: 'the tests read what the build writes' })),
  ];
}

/** The waits without those that would close a circle, the first ones kept. */
export function withoutCircles(waits: readonly Wait[]): readonly Wait[] {
  const before = new Map<Draft, Set<Draft>>();
  const reaches = (from: Draft, to: Draft): boolean => {
    return from === to || [...(before.get(from) ?? [])].some((next) => reaches(next, to));
  };
  const kept: Wait[] = [];
  for (const wait of waits) {
    if (reaches(wait.waitsFor, wait.task)) continue;
    const known = before.get(wait.task) ?? new Set();
    if (!known.has(wait.waitsFor)) kept.push(wait);
    before.set(wait.task, known.add(wait.waitsFor));
  }
  return kept;
}
