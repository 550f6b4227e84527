import type { Format } from './format.ts';
import { fileReader } from './istanbul-file.ts';
import { continues, next, take as takeByte, takeString, wrongJson } from './json.ts';
import { rest, type Source } from './source.ts';

/**
 * istanbul's coverage-final.json (istanbul-lib-coverage, `FileCoverageData`), as jest, nyc, c8 and vitest write it.
 * Statements, functions and arms of branches are known by their places; lines are those on which statements start, run
 * when one of these statements ran.
 */
export const istanbul: Format = {
  name: 'istanbul',
  title: 'istanbul',
  recognises: (head) => /^\s*\{/.test(head) && /"(?:statementMap|fnMap|branchMap)"\s*:/.test(head),
  read: async (source, take, earlier) => {
    const readFile = fileReader(source, earlier);
    await eachEntry(source, (key) => {
      const { path, units } = readFile(key);
      return take({ path: path ?? key, roots: [], units });
    });
  },
};

const [OPEN, CLOSE, COLON] = [0x7b, 0x7d, 0x3a];

/** The entries of the object that the whole file is; `entry` takes the value and says whether to go on. */
export async function eachEntry(source: Source, entry: (key: string) => boolean): Promise<void> {
  takeByte(source, OPEN);
  let hasMore = next(source) !== CLOSE;
  if (!hasMore) source.at += 1;
  while (hasMore) {
    const key = takeString(source);
    takeByte(source, COLON);
    if (!entry(key)) return;
    hasMore = continues(source, CLOSE);
    await rest(source);
  }
  if (next(source) !== -1) throw wrongJson(source, 'something follows the end');
}
