import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { TestRunner } from '../../plan/types.ts';
import { fields, listUpTo, NotAsAgreed, optional, type Reader, readJson, textUpTo } from '../../report/foreign.ts';
import { readTextFile } from '../../runtime/files.ts';
import { jsonMap } from '../../runtime/json.ts';
import { type Arguments, expandable, forbidden, readArguments } from './arguments.ts';
import { listingOf, pathsOf } from './files.ts';
import {
  ask,
  type Listing,
  NO_FILES,
  noList,
  OWN_THRESHOLDS,
  ownFolder,
  type RunnerSurroundings,
  whole,
} from './listing.ts';
import { inseparable } from './units.ts';
import { VITEST_COMMANDS, VITEST_FLAGS, VITEST_FORBIDDEN } from './vitest-flags.ts';
import { listingReporter, timingReporter } from './vitest-reporter.ts';

/** Largest list of files in bytes. */
const LARGEST_LIST = 64 * 1024 * 1024;

const truth: Reader<boolean> = (value, at) => {
  if (typeof value === 'boolean') return value;
  throw new NotAsAgreed(`${at} is neither true nor false`);
};

/** What {@link listingReporter} writes. */
const readFound = fields({
  hasThresholds: truth,
  isInBrowser: truth,
  projects: optional(
    listUpTo(10_000, fields({ folder: textUpTo(4_096), files: listUpTo(200_000, textUpTo(4_096)) })),
    undefined,
  ),
});

/**
 * Runs the task's own command with a reporter that ends vitest when it says what it is about to run: so configuration,
 * projects and filters mean what they mean in a run, in every version.
 */
export async function listVitest(runner: TestRunner, surroundings: RunnerSurroundings): Promise<Listing> {
  const words = wordsOf(runner);
  if (typeof words === 'string') return whole(words);
  const folder = await ownFolder(surroundings);
  const [reporter, output] = [join(folder, 'list.mjs'), join(folder, 'list.json')];
  await writeFile(reporter, listingReporter(output));
  const flags = words.flags.filter(({ name }) => name !== 'reporter').flatMap((flag) => flag.words);
  const asked = [...words.start, ...flags, `--reporter=${reporter}`, ...words.operands];
  const answer = await ask(runner, asked, surroundings);
  if (typeof answer === 'string') return whole(answer);
  const found = foundIn(await readTextFile(output, LARGEST_LIST));
  if (found === undefined) return whole(noList(answer));
  if (found.hasThresholds) return whole(OWN_THRESHOLDS);
  if (found.isInBrowser) return whole('it runs its tests in a browser');
  if (found.projects === undefined) {
    // Versions 1 and 2 say so in words.
    return whole(/no test files found/i.test(answer.stdout + answer.stderr) ? NO_FILES : noList(answer));
  }
  return listingOf(inseparable(found.projects), runner.starter, surroundings);
}

function foundIn(text: string | undefined) {
  try {
    return text === undefined ? undefined : readJson(text, 'the list', readFound);
  } catch (error) {
    if (error instanceof NotAsAgreed) return undefined;
    throw error;
  }
}

interface Words extends Arguments {
  /** The program with its command. */
  readonly start: readonly string[];
}

function wordsOf({ argv: [program, ...rest] }: TestRunner): Words | string {
  const read = readArguments(rest, VITEST_FLAGS);
  if (typeof read === 'string') return read;
  const { flags, operands } = read;
  const reason = forbidden(flags, VITEST_FORBIDDEN);
  if (reason !== undefined) return reason;
  const [first = '', ...others] = operands;
  if (VITEST_COMMANDS.has(first)) return `\`vitest ${first}\` is no plain run of its tests`;
  const filters = first === 'run' ? others : operands;
  return expandable(filters) ?? { flags, operands: filters, start: first === 'run' ? [program, 'run'] : [program] };
}

/**
 * Absolute paths as filters, and a reporter beside those of the command line. Reporters of the configuration do not run:
 * vitest takes either these or those.
 */
export async function vitestCommand(
  runner: TestRunner,
  files: readonly string[],
  { workspace, directory, record }: Pick<RunnerSurroundings, 'workspace' | 'directory'> & { readonly record: string },
  isOnGitHub: boolean,
): Promise<readonly string[]> {
  const words = wordsOf(runner);
  if (typeof words === 'string') throw new RangeError(`not a task that is divided: ${words}`);
  const reporter = `${record}.reporter.mjs`;
  await writeFile(reporter, timingReporter(record));
  const hasOwn = words.flags.some(({ name }) => name === 'reporter');
  const usual = isOnGitHub && (await knowsGitHub(directory)) ? ['default', 'github-actions'] : ['default'];
  const reporters = [...(hasOwn ? [] : usual), reporter].map((name) => `--reporter=${name}`);
  const flags = words.flags.flatMap((flag) => flag.words);
  return [...words.start, ...flags, ...reporters, ...(await pathsOf(files, workspace))];
}

/** Before 1.3 there was no reporter for GitHub. */
async function knowsGitHub(directory: string): Promise<boolean> {
  try {
    const path = createRequire(join(directory, 'package.json')).resolve('vitest/package.json');
    const version = jsonMap(await readFile(path))?.['version'];
    return typeof version !== 'string' || !/^(0\.|1\.[0-2]\.)/.test(version);
  } catch {
    // Not in node_modules, as with Yarn's Plug'n'Play: such projects have newer versions.
    return true;
  }
}
