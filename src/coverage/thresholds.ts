import { posix } from 'node:path';
import { either, record, shape } from '../runtime/collections.ts';
import { ConfigurationError, type Fault, nearest, shown } from '../runtime/errors.ts';
import { percentage, type ValueOf } from '../runtime/kinds.ts';
import { sumOf } from './percent.ts';
import { type Counts, type Coverage, type FileCoverage, METRICS, type Metric } from './types.ts';

const minimum = percentage({ example: '80' });

/** The input `thresholds`: a minimum for lines, or one for each metric that is named. */
export const thresholdsKind = record(
  either(
    [
      minimum,
      shape(
        { lines: minimum, branches: minimum, functions: minimum, statements: minimum },
        { example: '{lines: 90, branches: 75}' },
      ),
    ],
    {
      example: '90',
    },
  ),
  {
    example: 'src/**: 80\nsrc/payments/**: {lines: 95, branches: 90}',
    accepted:
      'a YAML map from glob, seen from the working directory, to a minimum for lines or to a map of `lines`, ' +
      '`branches`, `functions`, `statements`',
    names: /^[^!\u0000-\u001f][^\u0000-\u001f]{0,511}$/,
    max: 200,
  },
);

export type Thresholds = ValueOf<typeof thresholdsKind>;

/** What one entry governs: the files that it matches and no later entry does. */
export interface Group {
  readonly glob: string;
  readonly minimums: Readonly<Partial<Record<Metric, number>>>;
  readonly files: readonly FileCoverage[];
  /** Sums over its files. */
  readonly totals: Counts;
}

/**
 * Which files each entry governs. As in Vitest and Codecov, the files of an entry are compared as one group: a file of
 * its own is a glob that matches it alone. The last entry that matches a file has it.
 *
 * @param folder working directory from the repository's root, `.` for the root: globs are seen from there
 * @throws ConfigurationError PIPE-COVERAGE-032 for each glob that matches no file of the coverage
 */
export async function groupsOf(thresholds: Thresholds, coverage: Coverage, folder: string): Promise<readonly Group[]> {
  const { default: picomatch } = await import('picomatch');
  const entries = [...thresholds].map(([glob, wish]) => {
    return {
      glob,
      minimums: typeof wish === 'number' ? { lines: wish } : wish,
      matches: picomatch(posix.normalize(glob), { dot: true }),
      files: [] as FileCoverage[],
      hasMatched: false,
    };
  });
  for (const file of coverage.files.values()) {
    const seen = seenFrom(folder, file.path);
    const matching = entries.filter(({ matches }) => matches(seen));
    for (const entry of matching) entry.hasMatched = true;
    matching.at(-1)?.files.push(file);
  }
  const faults = entries
    .filter(({ hasMatched }) => !hasMatched)
    .map(({ glob }) => matchesNothing(glob, coverage, folder));
  if (faults.length > 0) throw new ConfigurationError(faults);
  return entries.map(({ glob, minimums, files }) => ({ glob, minimums, files, totals: totalsOf(files) }));
}

function seenFrom(folder: string, path: string): string {
  return folder === '.' ? path : posix.relative(folder, path);
}

/** Sums over files; a metric that none of them measured is left out. */
export function totalsOf(files: readonly FileCoverage[]): Counts {
  const totals = METRICS.flatMap((metric) => {
    const counts = files.flatMap(({ counts: own }) => own[metric] ?? []);
    return counts.length === 0 ? [] : [[metric, sumOf(counts)] as const];
  });
  return Object.fromEntries(totals);
}

function matchesNothing(glob: string, coverage: Coverage, folder: string): Fault {
  const seen = [...coverage.files.keys()].map((path) => seenFrom(folder, path));
  const folders = new Set(seen.map((path) => `${posix.dirname(path)}/**`));
  const [first = ''] = seen;
  return {
    code: 'PIPE-COVERAGE-032',
    what: `a glob of \`thresholds\` matches none of the ${coverage.files.size} files of the coverage`,
    given: shown(glob, 200),
    accepted: 'a glob, seen from the working directory, that matches a file of the coverage',
    example: `\`${nearest(glob, folders) ?? `${posix.dirname(first)}/**`}: 80\``,
    remedy: 'correct it or take it out: a threshold that nothing stands behind guards nothing',
    state: 'nothing was compared with it',
  };
}
