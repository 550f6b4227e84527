import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import type { HttpClient } from '../runtime/http.ts';
import { capture } from '../runtime/process.ts';
import { findProgram } from '../setup/programs.ts';
import { addTool, isCached, type ToolCache, toolFolder } from '../setup/tool-cache.ts';
import { archiveOf, isPoisoned, knownVersions, type TrivyArchive } from './trivy-releases.ts';

export interface TrivySearch {
  /** Without `v`. */
  readonly version: string;
  readonly environment: Environment;
  readonly cache: ToolCache;
  readonly http: HttpClient;
  /** Address that has `v0.70.0/trivy_0.70.0_Linux-64bit.tar.gz`, without a slash at the end. */
  readonly mirror: string;
  readonly platform: NodeJS.Platform;
  /** The archive that a checksum is kept of; replaced in tests. */
  readonly archive?: (version: string, platform: string, arch: string) => TrivyArchive | undefined;
  readonly temp: string;
  readonly signal: AbortSignal;
}

export interface TrivyInstallation {
  readonly program: string;
  readonly origin: 'tool cache' | 'runner' | 'download';
}

/** Largest archive accepted in bytes: four times a current one. */
const LARGEST_ARCHIVE = 256 * 1024 * 1024;

/**
 * Trivy at one version: from the tool cache, from PATH when it is that version, else downloaded and checked against the
 * checksum that this bundle keeps.
 *
 * @throws ConfigurationError PIPE-SCAN-003 no checksum is kept of the version, PIPE-SCAN-005 it does not start
 * @throws OutsideFault PIPE-SCAN-004 it can't be downloaded, or is not the file of the checksum
 */
export async function provideTrivy(search: TrivySearch): Promise<TrivyInstallation> {
  const { version, cache, environment } = search;
  if (isPoisoned(version)) throw unknown(search, 'that release carried somebody else’s program (March 2026)');
  if (await isCached(cache, 'trivy', version)) {
    return { program: join(toolFolder(cache, 'trivy', version), 'trivy'), origin: 'tool cache' };
  }
  const own = await findProgram('trivy', environment);
  if (own !== undefined && (await versionOf(own, search)) === version) return { program: own, origin: 'runner' };
  const archive = (search.archive ?? archiveOf)(version, search.platform, cache.arch);
  if (archive === undefined) {
    throw unknown(search, `this bundle keeps no checksum of it for ${search.platform} on ${cache.arch}`);
  }
  const folder = await addTool(cache, 'trivy', version, (staging) => fill(staging, archive, search));
  return { program: join(folder, 'trivy'), origin: 'download' };
}

function unknown({ version }: TrivySearch, reason: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SCAN-003',
    what: `Trivy ${shown(version)} is not used: ${reason}`,
    accepted: `${knownVersions().join(', ')}, or a version that is in the tool cache or on PATH`,
    example: '`trivy-version: 0.70.0`, which is the default',
    state: 'nothing was scanned',
  });
}

async function versionOf(program: string, { environment, temp, signal }: TrivySearch): Promise<string | undefined> {
  try {
    const options = { cwd: temp, env: environment, signal, timeout: 30_000 };
    const { stdout, exitCode } = await capture(program, ['--version'], options);
    return exitCode === 0 ? /^Version: v?(\d+\.\d+\.\d+)\s*$/m.exec(stdout)?.[1] : undefined;
  } catch (error) {
    // What can't be started is no Trivy of the version: it is looked for elsewhere.
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

async function fill(staging: string, archive: TrivyArchive, search: TrivySearch): Promise<void> {
  const { http, mirror, version, environment, signal } = search;
  const file = `${staging}.tar.gz`;
  try {
    const url = `${mirror}/v${version}/${archive.name}`;
    await http.download({ url, signal }, file, { sha256: archive.sha256, limit: LARGEST_ARCHIVE });
    const args = ['-xzf', file, '-C', staging, '--no-same-owner', 'trivy'];
    const { exitCode, stderr } = await capture('tar', args, { cwd: staging, env: environment, signal });
    if (exitCode !== 0) throw notStarted(version, stderr.trim().split('\n').at(-1) ?? '', "can't be unpacked");
    const program = join(staging, 'trivy');
    await chmod(program, 0o755);
    const found = await versionOf(program, search);
    if (found !== version) throw notStarted(version, found ?? 'nothing', 'does not start on this runner');
  } finally {
    await rm(file, { force: true });
  }
}

function notStarted(version: string, given: string, what: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SCAN-005',
    what: `Trivy ${version} was downloaded and ${what}`,
    given: shown(given, 200),
    accepted: 'a runner that this build of Trivy runs on',
    remedy: 'see whether the disk is full; otherwise put Trivy of that version on PATH',
    state: 'nothing was left in the tool cache, nothing was scanned',
  });
}
