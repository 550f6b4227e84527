import { join } from 'node:path/posix';
import { OutsideFault, shown } from '../runtime/errors.ts';
import { isMap } from '../runtime/yaml.ts';
import { type Excepted, type Finding, type Layer, packageKey, SEVERITIES, type Severity } from './finding.ts';
import { layersOf } from './layers.ts';
import { platformOf } from './platforms.ts';
import { throughOf } from './through.ts';

/** What Trivy's JSON report of one scan says (schema 2, https://trivy.dev). */
export interface TrivyReport {
  readonly findings: readonly Finding[];
  readonly excepted: readonly Excepted[];
  /** Keys of all packages, vulnerable or not. */
  readonly packages: readonly string[];
  /** `linux/amd64`, as the index or the image itself says; undefined for a folder. */
  readonly platform: string | undefined;
  /** `debian 12.5`; undefined when no operating system was found. */
  readonly system: string | undefined;
  /** The distribution no longer repairs this release. */
  readonly isEndOfLife: boolean;
}

export interface Scanned {
  /** Name of the image or folder. */
  readonly target: string;
  /** `linux/amd64`; undefined for a folder. */
  readonly platform: string | undefined;
  /** Path of a scanned folder from the root of the repository, `.` for the root; undefined for an image. */
  readonly folder: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** @throws OutsideFault PIPE-SCAN-009 when it is not a report as the pinned version writes it */
export function readTrivyReport(text: string, asked: Scanned): TrivyReport {
  const report = parsed(text);
  const metadata = mapAt(report, 'Metadata');
  const isImage = asked.folder === undefined;
  const platform = asked.platform ?? (isImage ? platformOf(metadata['ImageConfig']) : undefined);
  const scanned = { ...asked, platform };
  const layers = layersOf(metadata['ImageConfig']);
  const results = listAt(report, 'Results').map((result) => readResult(result, scanned, layers));
  const system = mapAt(metadata, 'OS');
  const family = textAt(system, 'Family');
  return {
    findings: results.flatMap(({ findings }) => findings),
    excepted: results.flatMap(({ excepted }) => excepted),
    packages: results.flatMap(({ packages }) => packages),
    platform,
    // `none`: packages of a system without a file that says which.
    system: family === '' || family === 'none' ? undefined : `${family} ${textAt(system, 'Name')}`.trim(),
    isEndOfLife: system['EOSL'] === true,
  };
}

function parsed(text: string): Fields {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch (error) {
    throw unreadable(`no JSON but ${shown(text, 60)}`, error);
  }
  if (isMap(report) && report['SchemaVersion'] === 2 && typeof report['ArtifactName'] === 'string') return report;
  throw unreadable(isMap(report) ? `the schema ${shown(report['SchemaVersion'])}` : 'no object');
}

function unreadable(found: string, cause?: unknown): OutsideFault {
  return new OutsideFault(
    {
      code: 'PIPE-SCAN-009',
      what: `the report of Trivy is not one of schema 2: ${found}`,
      remedy: 'use the version that `trivy-version` has by default',
      state: 'nothing is known of the target',
    },
    { service: 'Trivy', tries: 1, elapsed: 0 },
    { cause },
  );
}

type Result = Pick<TrivyReport, 'findings' | 'excepted' | 'packages'>;

/** What all findings of one result have in common. */
interface Common {
  readonly scanned: Scanned;
  readonly layers: ReadonlyMap<string, Layer>;
  readonly place: string;
  readonly through: (packageId: string) => readonly string[];
  /** Line of each package in its lockfile, by its id. */
  readonly lines: ReadonlyMap<string, number>;
}

function readResult(result: Fields, scanned: Scanned, layers: ReadonlyMap<string, Layer>): Result {
  const target = textAt(result, 'Target');
  const packages = listAt(result, 'Packages');
  // The target of an image's packages has the image's name in it: what kind of packages they are is the stabler place.
  const isPackages = /^(os|lang)-pkgs$/.test(textAt(result, 'Class'));
  const kindOfPackages = textAt(result, 'Type') || target;
  const place = scanned.folder === undefined && isPackages ? kindOfPackages : placeIn(scanned, target);
  const common: Common = { scanned, layers, place, through: throughOf(packages), lines: linesOf(packages) };
  const modified = listAt(result, 'ExperimentalModifiedFindings').flatMap((entry) => {
    const reader = READERS[textAt(entry, 'Type')];
    if (reader === undefined) return [];
    return [{ finding: reader(mapAt(entry, 'Finding'), common), statement: textAt(entry, 'Statement') }];
  });
  return {
    findings: [
      ...listAt(result, 'Vulnerabilities').map((entry) => vulnerability(entry, common)),
      ...listAt(result, 'Secrets').map((entry) => secret(entry, common)),
      ...listAt(result, 'Misconfigurations').map((entry) => misconfiguration(entry, common)),
      ...listAt(result, 'Licenses').map((entry) => license(entry, common)),
    ],
    excepted: modified,
    packages: packages.map((entry) => packageKey(place, textAt(entry, 'Name'), versionOf(entry))),
  };
}

const READERS: Readonly<Record<string, (entry: Fields, common: Common) => Finding>> = {
  vulnerability,
  secret,
  misconfiguration,
  license,
};

/** Trivy names paths from the scanned folder; readers and GitHub want them from the root of the repository. */
function placeIn({ folder }: Scanned, target: string): string {
  return folder === undefined ? target : join(folder, target);
}

function vulnerability(entry: Fields, common: Common): Finding {
  const { place, scanned } = common;
  const path = textAt(entry, 'PkgPath');
  const fixed = textAt(entry, 'FixedVersion');
  const score = scoreOf(mapAt(entry, 'CVSS'));
  const through = common.through(textAt(entry, 'PkgID'));
  const line = common.lines.get(textAt(entry, 'PkgID')) ?? 1;
  return {
    ...shared(entry, common),
    kind: 'vulnerability',
    id: textAt(entry, 'VulnerabilityID'),
    package: textAt(entry, 'PkgName'),
    installed: textAt(entry, 'InstalledVersion'),
    fixed,
    ...(scanned.folder === undefined ? {} : { file: path === '' ? place : placeIn(scanned, path), line }),
    ...(through.length === 0 ? {} : { through }),
    ...(score === undefined ? {} : { score }),
  };
}

function secret(entry: Fields, common: Common): Finding {
  return { ...shared(entry, common), kind: 'secret', id: textAt(entry, 'RuleID'), ...placeOf(entry, common) };
}

function misconfiguration(entry: Fields, common: Common): Finding {
  const cause = mapAt(entry, 'CauseMetadata');
  return {
    ...shared(entry, common),
    kind: 'misconfiguration',
    id: textAt(entry, 'ID'),
    title: textAt(entry, 'Message') || textAt(entry, 'Title'),
    ...placeOf(cause, common),
  };
}

function license(entry: Fields, common: Common): Finding {
  const { scanned } = common;
  const name = textAt(entry, 'Name');
  const file = textAt(entry, 'FilePath');
  return {
    ...shared(entry, common),
    kind: 'license',
    id: name,
    title: `${textAt(entry, 'Category')} license ${name}`,
    package: textAt(entry, 'PkgName'),
    ...(scanned.folder === undefined || file === '' ? {} : { file: placeIn(scanned, file), line: 1 }),
  };
}

function shared(entry: Fields, { scanned, layers, place }: Common): Omit<Finding, 'kind' | 'id'> {
  const url = textAt(entry, 'PrimaryURL') || textAt(entry, 'Link');
  const layer = layers.get(textAt(mapAt(entry, 'Layer'), 'DiffID'));
  return {
    title: textAt(entry, 'Title'),
    severity: severityOf(textAt(entry, 'Severity')),
    target: scanned.target,
    platforms: scanned.platform === undefined ? [] : [scanned.platform],
    place,
    ...(url === '' ? {} : { url }),
    ...(layer === undefined ? {} : { layer }),
  };
}

function linesOf(packages: readonly Fields[]): ReadonlyMap<string, number> {
  return new Map(
    packages.flatMap((entry) => {
      const line = lineAt(listAt(entry, 'Locations')[0] ?? {}, 'StartLine');
      return line === undefined ? [] : [[textAt(entry, 'ID'), line] as const];
    }),
  );
}

function placeOf(entry: Fields, { scanned, place }: Common): Pick<Finding, 'file' | 'line' | 'endLine'> {
  const [line, endLine] = [lineAt(entry, 'StartLine'), lineAt(entry, 'EndLine')];
  return {
    ...(scanned.folder === undefined ? {} : { file: place }),
    ...(line === undefined ? {} : { line }),
    ...(endLine === undefined ? {} : { endLine }),
  };
}

/** A version as Debian and RPM write it from its parts: `1:2.3-4`. */
function versionOf(entry: Fields): string {
  const epoch = typeof entry['Epoch'] === 'number' && entry['Epoch'] > 0 ? `${entry['Epoch']}:` : '';
  const release = textAt(entry, 'Release');
  return `${epoch}${textAt(entry, 'Version')}${release === '' ? '' : `-${release}`}`;
}

/** The highest of the scores that vendors give. */
function scoreOf(vendors: Fields): number | undefined {
  const scores = Object.values(vendors).flatMap((vendor) => {
    const fields = isMap(vendor) ? vendor : {};
    const score = fields['V40Score'] ?? fields['V3Score'];
    return typeof score === 'number' && score >= 0 && score <= 10 ? [score] : [];
  });
  return scores.length === 0 ? undefined : Math.max(...scores);
}

function severityOf(text: string): Severity {
  return SEVERITIES.find((severity) => severity === text) ?? 'UNKNOWN';
}

function lineAt(fields: Fields, key: string): number | undefined {
  const value = fields[key];
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}

function textAt(fields: Fields, key: string): string {
  const value = fields[key];
  return typeof value === 'string' ? value : '';
}

function mapAt(fields: Fields, key: string): Fields {
  const value = fields[key];
  return isMap(value) ? value : {};
}

function listAt(fields: Fields, key: string): readonly Fields[] {
  const value = fields[key];
  return Array.isArray(value) ? value.filter(isMap) : [];
}
