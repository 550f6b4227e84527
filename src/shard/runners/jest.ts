import { writeFile } from 'node:fs/promises';
import type { TestRunner } from '../../plan/types.ts';
import { jsonMap } from '../../runtime/json.ts';
import { isMap } from '../../runtime/yaml.ts';
import { type Arguments, expandable, forbidden, readArguments } from './arguments.ts';
import { listingOf, pathsOf } from './files.ts';
import { JEST_FLAGS, JEST_FORBIDDEN } from './jest-flags.ts';
import { ask, type Listing, noList, OWN_THRESHOLDS, type RunnerSurroundings, whole } from './listing.ts';

/** `jest --listTests` for the files and `jest --showConfig` for what speaks against dividing them. */
export async function listJest(runner: TestRunner, surroundings: RunnerSurroundings): Promise<Listing> {
  const words = wordsOf(runner);
  if (typeof words === 'string') return whole(words);
  // Version 30 would write the list into the file of `--outputFile`.
  const flags = words.flags.filter(({ name }) => name !== 'outputFile').flatMap((flag) => flag.words);
  const asked = [runner.argv[0], ...words.operands, ...flags];
  const [listed, shown] = await Promise.all([
    ask(runner, [...asked, '--listTests', '--json'], surroundings),
    ask(runner, [...asked, '--showConfig'], surroundings),
  ]);
  if (typeof listed === 'string') return whole(listed);
  if (typeof shown === 'string') return whole(shown);
  const files = listed.exitCode === 0 ? filesIn(listed.stdout) : undefined;
  if (files === undefined) return whole(noList(listed));
  const settings = settingsIn(shown.stdout);
  if (settings === undefined) return whole(noList(shown));
  const { collectCoverage, coverageThreshold, testResultsProcessor } = settings;
  if (collectCoverage === true && isMap(coverageThreshold) && Object.keys(coverageThreshold).length > 0)
    return whole(OWN_THRESHOLDS);
  if (typeof testResultsProcessor === 'string')
    return whole('its `testResultsProcessor` needs the results of all tests');
  const units = [...new Set(files)].map((file) => [file]);
  return listingOf(units, runner.starter, surroundings);
}

/** The line with the list; configurations and starters print others. */
function filesIn(output: string): readonly string[] | undefined {
  for (const line of output.split('\n').reverse()) {
    if (!line.startsWith('[')) continue;
    const list = listIn(line);
    if (list !== undefined) return list;
  }
  return undefined;
}

function listIn(line: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isList = Array.isArray(value) && value.every((file) => typeof file === 'string' && file.startsWith('/'));
    return isList ? value : undefined;
  } catch {
    // Some other line that starts with a bracket.
    return undefined;
  }
}

/** The settings that hold for all projects, between the lines that only hold a bracket. */
function settingsIn(output: string): Readonly<Record<string, unknown>> | undefined {
  const lines = output.split('\n');
  const from = lines.indexOf('{');
  const to = lines.lastIndexOf('}');
  const settings = from === -1 ? undefined : jsonMap(lines.slice(from, to + 1).join('\n'))?.['globalConfig'];
  return isMap(settings) ? settings : undefined;
}

function wordsOf({ argv }: TestRunner): Arguments | string {
  const words = readArguments(argv.slice(1), JEST_FLAGS);
  if (typeof words === 'string') return words;
  return forbidden(words.flags, JEST_FORBIDDEN) ?? expandable(words.operands) ?? words;
}

/**
 * Paths in place of the patterns. The times come from a results processor: reporters of the command line would replace
 * the configuration's, and `--json` would hold the whole coverage.
 */
export async function jestCommand(
  runner: TestRunner,
  files: readonly string[],
  { workspace, record }: Pick<RunnerSurroundings, 'workspace'> & { readonly record: string },
): Promise<readonly string[]> {
  const words = wordsOf(runner);
  if (typeof words === 'string') throw new RangeError(`not a task that is divided: ${words}`);
  const processor = `${record}.processor.cjs`;
  await writeFile(processor, timingProcessor(record));
  const [program] = runner.argv;
  const flags = words.flags.flatMap((flag) => flag.words);
  const paths = await pathsOf(files, workspace);
  return [program, ...flags, `--testResultsProcessor=${processor}`, '--runTestsByPath', ...paths];
}

/** A results processor (https://jestjs.io/docs/configuration#testresultsprocessor-string), as the text of a module. */
function timingProcessor(record: string): string {
  return `'use strict';
const { writeFileSync } = require('node:fs');
module.exports = (results) => {
  try {
    const files = {};
    for (const { testFilePath, perfStats } of results.testResults) {
      const time = Math.max(0, (perfStats?.end ?? 0) - (perfStats?.start ?? 0));
      files[testFilePath] = (files[testFilePath] ?? 0) + time;
    }
    writeFileSync(${JSON.stringify(record)}, JSON.stringify({
      files,
      passed: results.numPassedTests,
      failed: results.numFailedTests,
      skipped: results.numPendingTests + results.numTodoTests,
    }));
  } catch (error) {
    process.stderr.write('The times of the test files were not recorded: ' + error + '\\n');
  }
  return results;
};
`;
}
