import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { bySeverity, cut, type Finding, findingKey, type Severity } from './finding.ts';

/** The findings of one image or folder. */
export interface SarifTarget {
  readonly name: string;
  readonly findings: readonly Finding[];
}

export interface Sarif {
  readonly text: string;
  /** Findings that GitHub would not have taken; the least severe ones are left out. */
  readonly cut: number;
}

/** What GitHub takes (docs.github.com, "SARIF support for code scanning"). */
const MOST_RESULTS = 25_000;
const MOST_BYTES = 10 * 1024 * 1024;

/** Where a result has no file: GitHub wants a score to sort by (0.1 to 10). */
const SCORES: Readonly<Record<Severity, number>> = { CRITICAL: 9.5, HIGH: 8, MEDIUM: 5.5, LOW: 2, UNKNOWN: 1 };
const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  CRITICAL: 'error',
  HIGH: 'error',
  MEDIUM: 'warning',
  LOW: 'note',
  UNKNOWN: 'note',
};

/**
 * Findings as SARIF 2.1.0 (OASIS), one run with a category of its own for each target, within GitHub's limits: 25,000
 * results a run, 10 MB packed. What is cut is the least severe.
 *
 * @param category what tells these runs from those of other calls, the name of the artifact
 */
export function sarifOf(targets: readonly SarifTarget[], trivy: string, category: string): Sarif {
  const sorted = targets.map(({ name, findings }) => ({ name, findings: [...findings].sort(bySeverity) }));
  const total = sorted.reduce((sum, { findings }) => sum + findings.length, 0);
  let limit = Math.min(MOST_RESULTS, Math.max(0, ...sorted.map(({ findings }) => findings.length)));
  for (;;) {
    const kept = sorted.map(({ name, findings }) => ({ name, findings: findings.slice(0, limit) }));
    const runs = kept.map(({ name, findings }) => runOf(findings, trivy, `${category}/${segment(name)}/`));
    const document = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs };
    const text = JSON.stringify(document);
    const packed = packedSize(text);
    if (limit === 0 || packed <= MOST_BYTES) {
      return { text, cut: total - kept.reduce((sum, { findings }) => sum + findings.length, 0) };
    }
    limit = Math.floor(limit * 0.95 * (MOST_BYTES / packed));
  }
}

/** Bytes as GitHub counts them; a text that is short enough unpacked need not be packed to know. */
function packedSize(text: string): number {
  const bytes = Buffer.byteLength(text);
  return bytes <= MOST_BYTES ? bytes : gzipSync(text).length;
}

function runOf(findings: readonly Finding[], trivy: string, id: string) {
  const rules = new Map<string, number>();
  const first: Finding[] = [];
  for (const finding of findings) {
    if (rules.has(finding.id)) continue;
    rules.set(finding.id, rules.size);
    first.push(finding);
  }
  const seen = new Map<string, number>();
  return {
    automationDetails: { id },
    tool: {
      driver: { name: 'Trivy', informationUri: 'https://trivy.dev', version: trivy, rules: first.map(ruleOf) },
    },
    results: findings.map((finding) => {
      const key = findingKey(finding);
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      return resultOf(finding, rules.get(finding.id) ?? 0, count);
    }),
  };
}

function ruleOf({ id, kind, title, severity, url, score }: Finding) {
  const name = cut(title === '' ? id : title, 255);
  return {
    id: cut(id, 255),
    name: kind,
    shortDescription: { text: name },
    fullDescription: { text: name },
    help: { text: `${cut(id, 255)}: ${name}` },
    ...(url === undefined || !url.startsWith('https://') ? {} : { helpUri: url }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      'security-severity': (score === undefined || score < 0.1 ? SCORES[severity] : score).toFixed(1),
      tags: ['security', kind, severity],
    },
  };
}

function resultOf(finding: Finding, ruleIndex: number, count: number) {
  const { id, severity, line = 1, endLine = line } = finding;
  const region = { startLine: line, startColumn: 1, endLine: Math.max(line, endLine), endColumn: 1 };
  return {
    ruleId: cut(id, 255),
    ruleIndex,
    level: LEVELS[severity],
    message: { text: messageOf(finding) },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(finding), uriBaseId: '%SRCROOT%' }, region } }],
    partialFingerprints: { primaryLocationLineHash: `${fingerprint(finding)}:${count}` },
  };
}

function messageOf({
  id,
  title,
  severity,
  package: name,
  installed,
  fixed,
  platforms,
  layer,
  through,
}: Finding): string {
  const lines = [`${severity} ${id}: ${title}`];
  if (name !== undefined && name !== '') lines.push(`Package: ${name} ${installed ?? ''}`.trim());
  if (fixed !== undefined) lines.push(`Fixed in: ${fixed === '' ? 'no version yet' : fixed}`);
  if (through !== undefined) lines.push(`Through: ${through.join(', ')}`);
  if (layer !== undefined && layer.instruction !== '') lines.push(`Layer: ${layer.instruction}`);
  if (platforms.length > 0) lines.push(`Platforms: ${platforms.join(', ')}`);
  return cut(lines.join('\n'), 1_000);
}

/** Repository-relative for files of it; what is in an image lies under the image's name. */
function uriOf({ file, target, place }: Finding): string {
  return (file ?? `${target}/${place}`)
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .map(segment)
    .join('/');
}

function segment(text: string): string {
  // Half surrogates have no UTF-8; a path from a damaged archive may hold one.
  return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'));
}

function fingerprint(finding: Finding): string {
  return createHash('sha256').update(findingKey(finding)).digest('hex').slice(0, 16);
}
