import { code, details, link, type Markdown, markdown, paragraphs, table, text } from '../runtime/markdown.ts';
import type { Base } from './base.ts';
import type { Comparison } from './compare.ts';
import { type Figures, type Gate, pointsText } from './gates.ts';
import type { PackageCoverage } from './packages.ts';
import type { PartialLine } from './partial.ts';
import { missed, type Patch, type Range } from './patch.ts';
import { grouped, percentText, pointsLost, shareText } from './percent.ts';
import { type Count, METRICS } from './types.ts';

/** Everything that is told. */
export interface Told {
  readonly figures: Figures;
  readonly gates: readonly Gate[];
  readonly base: Base;
  readonly comparison: Comparison | undefined;
  readonly packages: readonly PackageCoverage[];
}

/** Rows of a list that are shown; the rest is counted. */
const MOST_ROWS = 50;

/** Ranges of lines that are shown for a file. */
const MOST_RANGES = 10;

/** The figures as one table, open when a gate failed, else folded. */
export function coverageSummary(told: Told): Markdown {
  const { figures, gates, comparison, packages } = told;
  const failed = gates.filter(({ state }) => state === 'failed');
  const { lines } = figures.coverage.totals;
  const share = lines === undefined ? '' : `: ${percentText(lines)} of the lines`;
  const verdict =
    failed.length === 0
      ? `Coverage${share}`
      : `Coverage${share}, ${grouped(failed.length)} of ${grouped(gates.length)} gates failed`;
  const body = paragraphs([
    totals(told),
    gates.length === 0 ? markdown('') : gateTable(gates),
    'value' in figures.patch ? patchPart(figures.patch.value) : markdown(''),
    comparison === undefined ? markdown('') : worsePart(comparison),
    packages.length < 2 ? markdown('') : packagePart(packages),
    text(
      figures.coverage.reports
        .map(({ path, format }) => `${path} (${format})`)
        .slice(0, MOST_ROWS)
        .join(', '),
    ),
  ]);
  if (failed.length === 0) return details(text(verdict), body);
  return paragraphs([markdown(`### ${text(verdict)}`), ...failed.map(faultLine), body]);
}

function faultLine({ fault, name }: Gate): Markdown {
  return markdown(`- ${text(fault === undefined ? name : fault.what)}`);
}

function totals({ figures, base }: Told): Markdown {
  const { coverage, patch, drop } = figures;
  const before = base.kind === 'known' ? base.record.totals : {};
  const rows = METRICS.flatMap((metric) => {
    const count = coverage.totals[metric];
    return count === undefined ? [] : [[text(metric), text(shareText(count)), text(change(before[metric], count))]];
  });
  const changed = 'value' in patch ? shareText(patch.value.count) : `not measured: ${patch.reason}`;
  const all = [...rows, [text('changed lines'), text(changed), text('')]];
  const unknown = 'reason' in drop ? text(`No comparison with the base: ${drop.reason}.`) : markdown('');
  const source = base.kind === 'known' ? markdown(`The base is ${link(base.source, base.page)}.`) : unknown;
  return paragraphs([table(['', 'covered', 'change'].map(markdown), all), source]);
}

function change(before: Count | undefined, now: Count): string {
  if (before === undefined || before.total === 0 || now.total === 0) return '';
  return pointsText(pointsLost(before, now));
}

const SIGNS: Readonly<Record<Gate['state'], string>> = {
  passed: '✅ passed',
  failed: '❌ failed',
  'not-measured': '➖ not measured',
};

function gateTable(gates: readonly Gate[]): Markdown {
  const rows = gates.map(({ name, state, measured, limit }) => [
    code(name),
    markdown(SIGNS[state]),
    text(measured),
    text(limit),
  ]);
  return table(['gate', 'result', 'measured', 'limit'].map(markdown), rows);
}

function patchPart({ files, generated, unknown }: Patch): Markdown {
  const missing = files.filter(({ uncovered, partial }) => uncovered.length + partial.length > 0);
  const rows = missing
    .slice(0, MOST_ROWS)
    .map(({ path, count, uncovered, partial }) => [
      code(path),
      text(shareText(count)),
      text(rangesText(uncovered)),
      text(linesText(partial)),
    ]);
  const headers = ['changed file', 'changed lines covered', 'not covered', 'covered in part'].map(markdown);
  return paragraphs([
    rows.length === 0 ? markdown('') : table(headers, rows),
    more(missing.length - MOST_ROWS),
    named('Generated, not counted', generated),
    named('Changed, and not in the coverage (tests, or files that no test loads)', unknown),
  ]);
}

function linesText(lines: readonly PartialLine[]): string {
  return rangesText(lines.map(({ line }) => ({ first: line, last: line, lines: 1 })));
}

function rangesText(ranges: readonly Range[]): string {
  const shownRanges = ranges
    .slice(0, MOST_RANGES)
    .map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
  const rest = ranges.length - MOST_RANGES;
  return `${shownRanges.join(', ')}${rest > 0 ? ` and ${grouped(rest)} more` : ''}`;
}

function worsePart({ worse, unmeasured }: Comparison): Markdown {
  const rows = worse
    .slice(0, MOST_ROWS)
    .map(({ path, metric, before, now }) => [
      code(path),
      text(metric),
      text(shareText(before)),
      text(shareText(now)),
      text(grouped(missed(now) - missed(before))),
    ]);
  const headers = ['file that got worse', 'of', 'base', 'now', 'more missed'].map(markdown);
  return paragraphs([
    rows.length === 0 ? markdown('') : table(headers, rows),
    more(worse.length - MOST_ROWS),
    named('Measured on the base and not any more', unmeasured),
  ]);
}

function packagePart(packages: readonly PackageCoverage[]): Markdown {
  const share = (count: Count | undefined) => text(count === undefined ? '' : percentText(count));
  const rows = packages
    .slice(0, MOST_ROWS)
    .map(({ name, files, totals: own }) => [
      code(name),
      text(grouped(files)),
      ...METRICS.map((metric) => share(own[metric])),
    ]);
  const headers = ['package', 'files', ...METRICS].map((name) => text(name));
  return paragraphs([table(headers, rows), more(packages.length - MOST_ROWS)]);
}

function more(count: number): Markdown {
  return text(count > 0 ? `And ${grouped(count)} more.` : '');
}

function named(title: string, paths: readonly string[]): Markdown {
  if (paths.length === 0) return markdown('');
  const rest = paths.length - MOST_RANGES;
  const list = paths
    .slice(0, MOST_RANGES)
    .map((path) => code(path))
    .join(', ');
  return markdown(`${text(title)}: ${list}${rest > 0 ? ` and ${grouped(rest)} more` : ''}.`);
}
