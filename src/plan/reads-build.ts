import { posix } from 'node:path';
import { inBatches } from './batches.ts';
import type { Draft } from './draft.ts';
import { type PackageFacts, testFilesOf } from './facts.ts';
import { fieldOf } from './json.ts';
import { inFolder, isWithin, seenFrom } from './paths.ts';
import { operands } from './programs.ts';
import { isCompiler } from './recognise.ts';
import type { RepositoryFiles } from './repository-files.ts';
import { readTsconfig, type Tsconfig } from './tsconfig.ts';

/** How tests and build of a package meet. */
export interface BuildUse {
  /** How the tests use what the build writes: not at all, as files at run time, or by importing them. */
  readonly reads: 'none' | 'files' | 'imports';
  /** Whether the build puts compiled tests where the test runner looks for tests. */
  readonly emitsTests: boolean;
}

export const NO_USE: BuildUse = { reads: 'none', emitsTests: false };

/** Folders that builds usually write to. */
const USUAL_OUTPUTS = ['dist', 'build', 'out', 'lib', 'es', 'esm', 'cjs', '.next', '.output', '.svelte-kit'];

/** Most test files that are looked into, in one package and in all. */
const MOST_FILES = 300;
const MOST_FILES_IN_ALL = 20_000;
const LARGEST_TEST = 512 * 1024;

/** Counts the files that may still be read for one plan. */
export interface ReadingBudget {
  left: number;
}

export function readingBudget(): ReadingBudget {
  return { left: MOST_FILES_IN_ALL };
}

/**
 * Whether tests read the build's output: their command names its folder, or a test file imports from it, imports the
 * package by its own name, or names a path in it. Output folders are those of the compiler's configuration and the
 * usual ones, without those that the repository itself has files in. Where there are too many test files to look into,
 * the answer is that they do: waiting is slower, not wrong.
 */
export async function buildUse(
  files: RepositoryFiles,
  facts: PackageFacts,
  tasks: { readonly test: Draft; readonly build: Draft },
  budget: ReadingBudget,
): Promise<BuildUse> {
  const compiled = await compiledBy(files, facts, tasks.build);
  const outputs = outputsOf(facts, compiled);
  const reads = await readsOf(files, facts, tasks.test, outputs, budget);
  return { reads, emitsTests: reads === 'none' && (await emitsTests(files, facts, tasks.test, compiled)) };
}

async function readsOf(
  files: RepositoryFiles,
  facts: PackageFacts,
  test: Draft,
  outputs: readonly string[],
  budget: ReadingBudget,
): Promise<BuildUse['reads']> {
  if (outputs.length === 0) return 'none';
  const inArguments = test.calls.some(({ args }) =>
    args.some((arg) => outputs.some((folder) => isIn(folder, arg.replace(/^\.\//, '')))),
  );
  const tests = testFilesOf(facts);
  if (tests.length > Math.min(MOST_FILES, budget.left)) return 'files';
  budget.left -= tests.length;
  let use: BuildUse['reads'] = inArguments ? 'files' : 'none';
  const ownName = hasBuiltEntry(facts) ? facts.manifest.name : undefined;
  const texts = await inBatches(tests, (path) => readTest(files, inFolder(facts.directory, path)), 8);
  for (const [index, text] of texts.entries()) {
    if (importsBuild(text, tests[index] ?? '', outputs, ownName)) return 'imports';
    if (namesBuild(text, outputs)) use = 'files';
  }
  return use;
}

async function readTest(files: RepositoryFiles, path: string): Promise<string> {
  return (await files.read(path, LARGEST_TEST)) ?? '';
}

function isIn(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** The configurations of the compilers that a build starts. */
async function compiledBy(files: RepositoryFiles, facts: PackageFacts, build: Draft): Promise<readonly Tsconfig[]> {
  const configs: Tsconfig[] = [];
  for (const call of build.calls.filter(isCompiler)) {
    const index = call.args.findIndex((arg) => arg === '-p' || arg === '--project');
    const name = index === -1 ? 'tsconfig.json' : (call.args[index + 1] ?? 'tsconfig.json');
    const config = await readTsconfig(
      files,
      inFolder(facts.directory, name.endsWith('.json') ? name : `${name}/tsconfig.json`),
    );
    if (config !== undefined) configs.push(config);
  }
  return configs;
}

function outputsOf(facts: PackageFacts, compiled: readonly Tsconfig[]): readonly string[] {
  const configured = compiled.flatMap(({ outDir }) =>
    outDir === undefined ? [] : [seenFrom(facts.directory, outDir)],
  );
  const candidates = [...new Set([...configured, ...USUAL_OUTPUTS])].filter(
    (folder) => folder !== '.' && !folder.startsWith('..'),
  );
  return candidates.filter((folder) => !facts.files.some((path) => isIn(folder, path)));
}

/** Runners that look for tests in the whole package when they are not told where. */
const SEARCHING = new Set(['jest', 'vitest', 'node']);

async function emitsTests(
  files: RepositoryFiles,
  facts: PackageFacts,
  test: Draft,
  compiled: readonly Tsconfig[],
): Promise<boolean> {
  const searches = test.calls.some(
    (call) => SEARCHING.has(call.program) && operands(call).every((word) => word === 'run'),
  );
  const emitting = compiled.filter(
    ({ emits, outDir }) => emits === 'everything' && outDir !== undefined && isWithin(facts.directory, outDir),
  );
  const tests = testFilesOf(facts).map((path) => inFolder(facts.directory, path));
  const isEmitted = emitting.some(({ sources, excludes }) => {
    return (
      !/test|spec/.test(excludes.join(' ')) && tests.some((path) => sources.some((folder) => isWithin(folder, path)))
    );
  });
  if (!searches || !isEmitted) return false;
  // A runner that is told where to look, or what to leave out, is taken to know about the output.
  const config = facts.files.find((path) => /^(vitest|vite|jest)\.config\.[cm]?[jt]s(on)?$/.test(path));
  const text = config === undefined ? '' : await readTest(files, inFolder(facts.directory, config));
  const inManifest = JSON.stringify(fieldOf(facts.manifest.json, 'jest') ?? '');
  return !/\b(roots|rootDir|testMatch|testRegex|include|exclude|dir|testPathIgnorePatterns|modulePathIgnorePatterns)\b/.test(
    text + inManifest,
  );
}

/** Whether package.json points to files that the repository does not have: they come from a build. */
export function hasBuiltEntry({ manifest, files }: PackageFacts): boolean {
  const entries = ['main', 'module', 'types', 'typings', 'bin', 'exports'].flatMap((name) =>
    pathsIn(fieldOf(manifest.json, name), 8),
  );
  const known = new Set(files);
  return entries.slice(0, 500).some((entry) => {
    const path = posix.normalize(entry);
    if (path.startsWith('..') || path.includes('*') || path === '.') return false;
    return !['', '.js', '.json', '/index.js'].some((ending) => known.has(`${path}${ending}`));
  });
}

function pathsIn(value: unknown, depth: number): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth === 0) return [];
  return Object.values(value).flatMap((part) => pathsIn(part, depth - 1));
}

const IMPORT =
  /(?:\bfrom|\bimport|\brequire|\bimport\s*\(|\brequire\s*\(|\bresolve\s*\()\s*\(?\s*['"`]([^'"`\n]{1,300})['"`]/g;

function importsBuild(text: string, file: string, outputs: readonly string[], ownName: string | undefined): boolean {
  for (const [, specifier = ''] of text.matchAll(IMPORT)) {
    if (ownName !== undefined && isIn(ownName, specifier)) return true;
    if (!specifier.startsWith('.')) continue;
    const path = posix.join(posix.dirname(file), specifier);
    if (outputs.some((folder) => isIn(folder, path))) return true;
  }
  return false;
}

/** A path into an output folder in quotes: `'dist/main.js'`, `'../dist/cli.js'`, `join(root, 'dist', …)`. */
function namesBuild(text: string, outputs: readonly string[]): boolean {
  for (const [, quoted = ''] of text.matchAll(/['"`]((?:\.{0,2}\/)*[\w.-]{1,40})(?:\/[^'"`\n]*)?['"`]/g)) {
    const folder = quoted.replace(/^(\.{0,2}\/)+/, '');
    if (!outputs.includes(folder) || makesItself(text, folder)) continue;
    // A word alone could mean anything; only the name that nobody uses otherwise counts.
    if (quoted !== folder || folder === 'dist' || text.includes(`${quoted}/`)) return true;
  }
  return false;
}

/** A test that makes a folder of that name has its own, in a temporary place. */
function makesItself(text: string, folder: string): boolean {
  return [...text.matchAll(/\bmkdir(?:Sync|p)?\s*\(([^;\n]{0,200})/g)].some(
    ([, args = '']) => args.includes(`'${folder}'`) || args.includes(`"${folder}"`),
  );
}
