import { realpath, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TestRunner } from '../../plan/types.ts';
import { fields, listUpTo, NotAsAgreed, numberUpTo, optional, readJson, textUpTo } from '../../report/foreign.ts';
import { shown } from '../../runtime/errors.ts';
import { contains, readTextFile } from '../../runtime/files.ts';
import { type Arguments, type Flag, forbidden, isOn, readArguments } from './arguments.ts';
import { listingOf, pathsOf } from './files.ts';
import { ask, type Listing, noList, ownFolder, type RunnerSurroundings, whole } from './listing.ts';
import { NODE_FLAGS, NODE_FORBIDDEN } from './node-flags.ts';
import { LISTING_PROGRAM, TIMING_REPORTER } from './node-programs.ts';

const LARGEST_LIST = 64 * 1024 * 1024;

/** What {@link LISTING_PROGRAM} writes. */
const readFound = fields({
  files: optional(listUpTo(200_000, textUpTo(4_096)), undefined),
  reason: optional(textUpTo(10_000), undefined),
  major: numberUpTo(1_000),
});

/** Flags that decide whether files in TypeScript are tests, too. */
const ABOUT_TYPES = /^(no)?(experimentalStripTypes|stripTypes|experimentalTransformTypes)$/i;

/** Node can't list its test files, so a small program looks for them in the same Node by the same means. */
export async function listNode(runner: TestRunner, surroundings: RunnerSurroundings): Promise<Listing> {
  const words = wordsOf(runner);
  if (typeof words === 'string') return whole(words);
  const environment = { ...surroundings.environment, ...runner.environment };
  if (/--test-/.test(environment['NODE_OPTIONS'] ?? ''))
    return whole('`NODE_OPTIONS` holds options of its test runner');
  const folder = await ownFolder(surroundings);
  const [program, output] = [join(folder, 'list.cjs'), join(folder, 'list.json')];
  await writeFile(program, LISTING_PROGRAM);
  const flags = words.flags.filter(({ name }) => ABOUT_TYPES.test(name)).flatMap((flag) => flag.words);
  const answer = await ask(runner, [runner.argv[0], ...flags, program, output, ...words.operands], surroundings);
  if (typeof answer === 'string') return whole(answer);
  const found = foundIn(await readTextFile(output, LARGEST_LIST));
  if (found?.files === undefined) return whole(found?.reason ?? noList(answer));
  const isUnsafe = found.major < 21 ? IS_PATTERN : IS_SEVERAL;
  const unsafe = found.files.find((file) => isUnsafe.test(file));
  if (unsafe !== undefined) return whole(`some versions of Node read the name ${shown(unsafe, 200)} as a pattern`);
  const units = found.files.map((file) => [file]);
  return listingOf(units, runner.starter, surroundings);
}

function foundIn(text: string | undefined) {
  try {
    return text === undefined ? undefined : readJson(text, 'the list', readFound);
  } catch (error) {
    if (error instanceof NotAsAgreed) return undefined;
    throw error;
  }
}

function wordsOf({ argv }: TestRunner): Arguments | string {
  const words = readArguments(argv.slice(1), NODE_FLAGS);
  if (typeof words === 'string') return words;
  const { flags } = words;
  if (!isOn(flags, 'test')) return 'it is no run of `node --test`';
  const reason = forbidden(flags, NODE_FORBIDDEN);
  if (reason !== undefined) return reason;
  const isShared = flags.some(({ name, value }) => /testIsolation$/i.test(name) && value !== 'process');
  if (isShared) return 'its test files share one process (`--test-isolation`)';
  const [reporters, destinations] = [counted(flags, 'testReporter'), counted(flags, 'testReporterDestination')];
  const isPaired = reporters === destinations || (reporters === 1 && destinations === 0);
  return isPaired ? words : 'not each `--test-reporter` has its `--test-reporter-destination`';
}

function counted(flags: readonly Flag[], name: string): number {
  return flags.filter((flag) => flag.name === name).length;
}

/**
 * The files in place of the patterns, and a reporter beside those that are there. Without any it is spec on standard
 * output, which is what people see in a terminal.
 */
export async function nodeCommand(
  runner: TestRunner,
  files: readonly string[],
  { workspace, directory, record }: Pick<RunnerSurroundings, 'workspace' | 'directory'> & { readonly record: string },
): Promise<readonly string[]> {
  const words = wordsOf(runner);
  if (typeof words === 'string') throw new RangeError(`not a task that is divided: ${words}`);
  const reporter = `${record}.reporter.mjs`;
  await writeFile(reporter, TIMING_REPORTER);
  const { flags } = words;
  const own = [
    ...(counted(flags, 'testReporter') === 0 ? ['--test-reporter=spec'] : []),
    ...(counted(flags, 'testReporterDestination') === 0 ? ['--test-reporter-destination=stdout'] : []),
    `--test-reporter=${pathToFileURL(reporter).href}`,
    `--test-reporter-destination=${record}`,
  ];
  const paths = await pathsOf(files, workspace);
  const folder = await realpath(directory);
  const named = paths.map((path) => asPattern(contains(folder, path) ? `./${relative(folder, path)}` : path));
  return [runner.argv[0], ...flags.flatMap((flag) => flag.words), ...own, ...named];
}

/** Characters that are no plain text in a pattern; round brackets behind one of `!?+*@` start a group. */
const IS_PATTERN = /[*?[{]|[!+@]\(/;

/** Brackets that are written out to several patterns before anything else of a pattern is read. */
const IS_SEVERAL = /\{.*(,|\.\.).*\}/;

/** A path as a pattern that matches nothing else. Node's patterns know no backslash, but sets of one character. */
function asPattern(path: string): string {
  return IS_PATTERN.test(path) ? path.replace(/[*?[{(]/g, '[$&]') : path;
}
