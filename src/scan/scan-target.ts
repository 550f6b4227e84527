import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readTextFile } from '../runtime/files.ts';
import type { Excepted, Finding } from './finding.ts';
import type { IgnoreFile } from './ignore-file.ts';
import type { Scanner } from './inputs.ts';
import { imagesOfLayout, layoutOfOne } from './layout.ts';
import { mergeExcepted, mergePlatforms } from './merge.ts';
import { choosePlatforms, type IndexEntry, imagesIn, isIndex } from './platforms.ts';
import { imageText, type Target } from './target.ts';
import { type LogLine, runTrivy, type Trivy } from './trivy.ts';
import { readTrivyReport, type TrivyReport } from './trivy-report.ts';

export interface ScanOptions {
  readonly scanners: readonly Scanner[];
  readonly skipDirs: readonly string[];
  readonly skipFiles: readonly string[];
  readonly ignoreFile: IgnoreFile | undefined;
  readonly platforms: readonly string[];
  /** Milliseconds for one scan. */
  readonly timeout: number;
  /** Absolute; has the vulnerability database. */
  readonly cacheDir: string;
  /** Absolute folder that receives the reports of Trivy, one file a platform. */
  readonly into: string;
  /** The manifest of an image in a registry. */
  readonly readManifest: (host: string, repository: string, digest: string) => Promise<unknown>;
}

/** What one platform of a target gave. */
export interface PlatformScan {
  readonly platform: string | undefined;
  readonly report: TrivyReport;
  /** Absolute path of Trivy's own report. */
  readonly file: string;
  /** Why nothing was looked at; undefined when it was. */
  readonly blind: string | undefined;
}

export interface TargetScan {
  readonly target: Target;
  /** As a report names it: with the digest of an image. */
  readonly reference: string;
  readonly platforms: readonly PlatformScan[];
  readonly findings: readonly Finding[];
  readonly excepted: readonly Excepted[];
}

/** A report of Trivy with every package of a large image has some tens of megabytes. */
const LARGEST_REPORT = 512 * 1024 * 1024;

/**
 * Scans a target once a platform, with every severity: what counts is decided afterwards.
 *
 * @param say receives what Trivy warns of
 * @throws ConfigurationError PIPE-SCAN-002, OutsideFault PIPE-SCAN-007, -008, -009
 */
export async function scanTarget(
  trivy: Trivy,
  target: Target,
  index: number,
  options: ScanOptions,
  say: (line: string) => void,
): Promise<TargetScan> {
  const reference =
    target.kind === 'image' ? imageText(target.image) : target.kind === 'path' ? target.place : target.name;
  const platforms: PlatformScan[] = [];
  for (const [number, entry] of (await platformsOf(target, options)).entries()) {
    const file = join(options.into, `trivy-${index + 1}-${number + 1}.json`);
    platforms.push(await scanPlatform(trivy, target, entry, file, options, say));
  }
  return {
    target,
    reference,
    platforms,
    findings: mergePlatforms(platforms.map(({ report }) => report.findings)),
    excepted: mergeExcepted(platforms.map(({ report }) => report.excepted)),
  };
}

/** The images to scan; undefined stands for the folder. */
async function platformsOf(target: Target, options: ScanOptions): Promise<readonly (IndexEntry | undefined)[]> {
  if (target.kind === 'path') return [undefined];
  if (target.kind === 'layout') {
    return choosePlatforms(await imagesOfLayout(target.folder), options.platforms, target.name);
  }
  const { host, repository, digest } = target.image;
  const read = (which: string) => options.readManifest(host, repository, which);
  const manifest = await read(digest);
  if (!isIndex(manifest)) return [{ digest, mediaType: '', size: 0, platform: undefined }];
  return choosePlatforms(await imagesIn(manifest, read), options.platforms, imageText(target.image));
}

async function scanPlatform(
  trivy: Trivy,
  target: Target,
  entry: IndexEntry | undefined,
  file: string,
  options: ScanOptions,
  say: (line: string) => void,
): Promise<PlatformScan> {
  const one = `${file}.layout`;
  try {
    const place = await placeArguments(target, entry, one);
    const platform = entry?.platform;
    const doing = `scan ${target.name}${platform === undefined ? '' : ` (${platform})`}`;
    const args = [...place.slice(0, 1), ...argumentsOf(options, file), ...place.slice(1)];
    const { log } = await runTrivy(trivy, args, { doing, code: 'PIPE-SCAN-007', timeout: options.timeout });
    for (const line of log) if (line.level === 'WARN') say(`${target.name}: ${line.text}`);
    const scanned = { target: target.name, platform, folder: target.kind === 'path' ? target.place : undefined };
    const report = readTrivyReport((await readTextFile(file, LARGEST_REPORT)) ?? '', scanned);
    return { platform: report.platform, report, file, blind: blindness(target, report, log, options.scanners) };
  } finally {
    await rm(one, { recursive: true, force: true });
  }
}

/** Trivy's command for a target, then the arguments that name it. Nothing in them is a credential. */
async function placeArguments(target: Target, entry: IndexEntry | undefined, one: string): Promise<readonly string[]> {
  if (target.kind === 'path' || entry === undefined) return ['fs', '--', target.kind === 'path' ? target.folder : '.'];
  if (target.kind === 'image') {
    return ['image', '--image-src', 'remote', '--', imageText({ ...target.image, digest: entry.digest })];
  }
  await layoutOfOne(target.folder, entry, one);
  return ['image', '--input', one];
}

function argumentsOf(options: ScanOptions, file: string): readonly string[] {
  const { scanners, skipDirs, skipFiles, ignoreFile, cacheDir, timeout } = options;
  return [
    '--scanners',
    scanners.join(','),
    '--format',
    'json',
    '--output',
    file,
    '--list-all-pkgs',
    '--show-suppressed',
    '--exit-code',
    '0',
    '--cache-dir',
    cacheDir,
    '--timeout',
    `${Math.ceil(timeout / 1_000)}s`,
    '--skip-db-update',
    '--offline-scan',
    '--skip-check-update',
    '--skip-version-check',
    '--disable-telemetry',
    '--no-progress',
    // One that can't be: without it Trivy takes .trivyignore of the folder it starts in.
    '--ignorefile',
    ignoreFile?.path ?? '/dev/null',
    ...skipDirs.flatMap((pattern) => ['--skip-dirs', pattern]),
    ...skipFiles.flatMap((pattern) => ['--skip-files', pattern]),
  ];
}

/** Why a scan for vulnerabilities saw nothing that could have any; Trivy itself calls that a clean result. */
function blindness(
  target: Target,
  report: TrivyReport,
  log: readonly LogLine[],
  scanners: readonly Scanner[],
): string | undefined {
  if (!scanners.includes('vuln')) return undefined;
  const system = report.system ?? 'an operating system that it does not know';
  if (log.some(({ text }) => /unsupported os/i.test(text))) return `Trivy has no vulnerabilities of ${system}`;
  // A release that is newer than Trivy: the database may have it all the same, and then something is usually found.
  const isStrange = log.some(({ text }) => /OS version is not on the EOL list/i.test(text));
  if (
    isStrange &&
    !report.findings.some(({ kind, place }) => kind === 'vulnerability' && system.startsWith(`${place} `))
  ) {
    return `Trivy does not know ${system}, and found nothing in it`;
  }
  if (report.packages.length > 0) return undefined;
  if (target.kind === 'path') return 'no packages were found in it (packages for development do not count)';
  return report.system === undefined
    ? 'neither an operating system nor a package was found in it'
    : `no package was found in it, although it has an operating system (${report.system})`;
}
