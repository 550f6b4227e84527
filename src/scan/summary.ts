import { code, details, link, type Markdown, markdown, paragraphs, table, text } from '../runtime/markdown.ts';
import type { ResultRow, ScanResult } from './result.ts';

const SIGNS: Readonly<Record<ResultRow['verdict'], string>> = {
  fails: '❌ fails',
  debt: '🕰️ debt',
  published: '🔎 published since',
  known: '☑️ known',
};

/**
 * A scan as `report` and a red step show it: the verdict, what to upgrade first, the table, the debt with its age, the
 * exceptions with their expiry.
 *
 * @param today `2026-11-21`, from which ages are counted
 */
export function scanSummary(result: ScanResult, today: string): Markdown {
  const { rows } = result;
  const failing = rows.filter(({ verdict }) => verdict === 'fails');
  const others = rows.filter(({ verdict }) => verdict !== 'fails');
  const title = result.passed ? 'Scan passed' : 'Scan failed';
  return paragraphs([
    markdown(`### ${title}`),
    ...result.reasons.map((reason) => text(reason)),
    failing.length === 0 ? markdown('') : findings(failing, today),
    result.more === 0 ? markdown('') : text(`${result.more} more are in the result file and in SARIF.`),
    upgrades(result),
    others.length === 0
      ? markdown('')
      : details(markdown(`${others.length} that do not fail`), findings(others, today)),
    exceptions(result),
    facts(result),
  ]);
}

function findings(rows: readonly ResultRow[], today: string): Markdown {
  const headers = ['severity', 'what', 'package', 'installed', 'fixed in', 'where it comes from', 'verdict'];
  const lines = rows.map((row) => [
    text(row.severity),
    markdown(`${row.url === undefined ? code(row.id) : link(row.id, row.url)} ${text(row.title)}`),
    row.package === undefined || row.package === '' ? markdown('') : code(row.package),
    row.installed === undefined ? markdown('') : code(row.installed),
    row.fixed === undefined || row.fixed === '' ? markdown('') : code(row.fixed),
    markdown(`${code(row.place)} ${row.from === undefined || row.from === row.place ? '' : text(row.from)}`),
    markdown(`${SIGNS[row.verdict]}${row.since === undefined ? '' : ` ${text(ageOf(row.since, today))}`}`),
  ]);
  return table(headers.map(markdown), lines);
}

/** `since 2026-11-01 (20 days)`. */
export function ageOf(since: string, today: string): string {
  const days = Math.max(0, Math.round((Date.parse(today) - Date.parse(since)) / 86_400_000));
  return Number.isNaN(days) ? `since ${since}` : `since ${since} (${days === 1 ? '1 day' : `${days} days`})`;
}

function upgrades({ upgrades: list }: ScanResult): Markdown {
  const [first, ...rest] = list;
  if (first === undefined) return markdown('');
  const lines = [`**First:** ${upgradeText(first)}`, ...rest.map((upgrade) => upgradeText(upgrade))];
  return markdown(lines.map((line) => `- ${line}`).join('\n'));
}

function upgradeText({ what, to, where, removes }: ScanResult['upgrades'][number]): string {
  const count = removes === 1 ? 'removes 1 finding' : `removes ${removes} findings`;
  if (to === undefined) return `a newer ${text(what)} for ${code(where)} ${count} at most`;
  return `${code(what)} to ${code(to)} in ${code(where)} ${count}`;
}

function exceptions({ exceptions: used }: ScanResult): Markdown {
  if (used.length === 0) return markdown('');
  const rows = used.map(({ id, place, expiry, statement, findings: count }) => [
    code(id),
    code(place),
    text(expiry ?? 'never'),
    text(String(count)),
    text(statement.slice(0, 200)),
  ]);
  const headers = ['exception', 'where', 'expires', 'findings', 'reason'].map(markdown);
  return details(
    markdown(`${used.length === 1 ? '1 exception' : `${used.length} exceptions`} used`),
    table(headers, rows),
  );
}

function facts({ targets, baseline, trivy, database, counts }: ScanResult): Markdown {
  const rows = targets.map(({ name, reference, platforms, system, packages }) => [
    code(name),
    code(reference),
    text(platforms.join(', ')),
    text(system),
    text(String(packages)),
  ]);
  const amounts = `${counts.critical} critical, ${counts.high} high, ${counts.medium} medium, ${counts.low} low`;
  return paragraphs([
    table(['target', 'reference', 'platforms', 'system', 'packages'].map(markdown), rows),
    text(`${amounts}; ${baseline}; Trivy ${trivy}, database of ${database}.`),
  ]);
}
