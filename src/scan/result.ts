import { cut } from './finding.ts';
import type { Exception } from './ignore-file.ts';
import type { Judgement } from './judge.ts';
import type { Upgrade } from './upgrades.ts';

/** The findings of one scan step as a report shows them: the output `result`. */
export interface ScanResult {
  readonly passed: boolean;
  /** One sentence each: why it did not pass. */
  readonly reasons: readonly string[];
  readonly counts: Readonly<Record<'critical' | 'high' | 'medium' | 'low', number>>;
  readonly new: number;
  readonly targets: readonly {
    readonly name: string;
    readonly reference: string;
    readonly platforms: readonly string[];
    readonly system: string;
    readonly packages: number;
  }[];
  readonly baseline: string;
  readonly trivy: string;
  /** Day of the vulnerability database. */
  readonly database: string;
  /** What fails first, then debt, then what the baseline knows; as many as there is room for. */
  readonly rows: readonly ResultRow[];
  /** Rows that are left out. */
  readonly more: number;
  readonly upgrades: readonly (Omit<Upgrade, 'to'> & { readonly to?: string | undefined })[];
  readonly exceptions: readonly UsedException[];
}

/** One line of the table; every text is foreign. */
export interface ResultRow {
  readonly verdict: Exclude<Judgement['verdict'], 'passes'>;
  readonly severity: string;
  readonly id: string;
  readonly title: string;
  readonly target: string;
  readonly place: string;
  readonly package?: string | undefined;
  readonly installed?: string | undefined;
  readonly fixed?: string | undefined;
  readonly from?: string | undefined;
  readonly url?: string | undefined;
  readonly since?: string | undefined;
}

/** An exception that took findings out. */
export interface UsedException extends Pick<Exception, 'id' | 'statement'> {
  /** File and line. */
  readonly place: string;
  readonly expiry?: string | undefined;
  readonly findings: number;
}

/** Room for the whole in UTF-8 bytes: what `report` reads of all jobs stays under 64 KiB. */
const LIMIT = 32 * 1024;

const ORDER = ['fails', 'debt', 'published', 'known'] as const;

/** The rows of what is not simply below the gate, the most important first. */
export function rowsOf(judgements: readonly Judgement[]): readonly ResultRow[] {
  return ORDER.flatMap((verdict) =>
    judgements.filter((judgement) => judgement.verdict === verdict).map((judgement) => rowOf(judgement, verdict)),
  );
}

function rowOf({ finding, since }: Judgement, verdict: ResultRow['verdict']): ResultRow {
  const { severity, id, title, target, place, file, line, url } = finding;
  const position = file === undefined || line === undefined || finding.kind === 'vulnerability' ? '' : `:${line}`;
  return {
    verdict,
    severity,
    id: cut(id, 80),
    title: cut(title, 120),
    target: cut(target, 80),
    place: cut(`${place}${position}`, 160),
    package: finding.package === undefined ? undefined : cut(finding.package, 100),
    installed: finding.installed === undefined ? undefined : cut(finding.installed, 60),
    fixed: finding.fixed === undefined ? undefined : cut(finding.fixed, 100),
    from: cut(originOf(finding), 200),
    url: url === undefined || url.length > 200 ? undefined : url,
    since,
  };
}

/** Where something comes from: the layer and its instruction, the dependencies above, the platforms. */
function originOf({ layer, through, platforms, place }: Judgement['finding']): string {
  const parts: string[] = [];
  if (layer !== undefined) {
    const whose = layer.isBase ? 'base image' : 'layer';
    const instruction = layer.instruction === '' ? '' : `: ${layer.instruction}`;
    parts.push(`${whose} ${layer.number} of ${layer.of}${instruction}`);
  } else parts.push(place);
  if (through !== undefined) parts.push(`through ${through.slice(0, 3).join(', ')}${through.length > 3 ? ' …' : ''}`);
  if (platforms.length > 1) parts.push(`on ${platforms.join(', ')}`);
  else if (platforms[0] !== undefined) parts.push(`on ${platforms[0]}`);
  return parts.join('; ');
}

/** A result that fits into the output: rows from the end are left out and counted. */
export function fitting(result: Omit<ScanResult, 'more'>): ScanResult {
  const exceptions = result.exceptions.slice(0, 50);
  const reasons = result.reasons.slice(0, 20).map((reason) => cut(reason, 600));
  const bare = { ...result, exceptions, reasons, rows: [], more: result.rows.length };
  let room = LIMIT - sizeOf(bare);
  const rows: ResultRow[] = [];
  for (const row of result.rows) {
    room -= sizeOf(row) + 1;
    if (room < 0) break;
    rows.push(row);
  }
  return { ...bare, rows, more: result.rows.length - rows.length };
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
