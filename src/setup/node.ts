import { dirname } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import type { HttpClient } from '../runtime/http.ts';
import { capture } from '../runtime/process.ts';
import { downloadNode } from './node-download.ts';
import { chooseRelease, fetchReleases, type NodeRelease, rangeOf } from './node-releases.ts';
import type { NodeRequest } from './node-request.ts';
import type { ReleaseKey } from './openpgp-keys.ts';
import { findProgram } from './programs.ts';
import { loadSemver } from './semver.ts';
import { cachedVersions, type ToolCache, toolFolder } from './tool-cache.ts';

/** A Node that is there, and where it came from. */
export interface NodeInstallation {
  /** Without `v`. */
  readonly version: string;
  /** Absolute path of the folder that has the program. */
  readonly folder: string;
  readonly origin: 'runner' | 'tool cache' | 'download';
  /** Who signed what was downloaded. */
  readonly signer?: string;
}

export interface NodeSearch {
  readonly environment: Environment;
  readonly cache: ToolCache;
  readonly http: HttpClient;
  readonly mirror: string;
  /** The keys that sign releases, loaded when something is downloaded. */
  readonly keys: () => Promise<readonly ReleaseKey[]>;
  /** `linux`, `darwin`. */
  readonly platform: NodeJS.Platform;
  /** Absolute folder for short-lived files, outside the project. */
  readonly temp: string;
  readonly signal: AbortSignal;
}

/**
 * A Node for a request: the runner's own on PATH where it satisfies, else the newest in the tool cache that does, else
 * a download.
 *
 * @throws ConfigurationError PIPE-SETUP-003 no such release, PIPE-SETUP-008 no Node on PATH where that was asked for,
 * and those of downloadNode
 */
export async function provideNode(request: NodeRequest, search: NodeSearch): Promise<NodeInstallation> {
  const own = await nodeOnPath(search);
  if (request.kind === 'runner') {
    if (own !== undefined) return own;
    throw new ConfigurationError({
      code: 'PIPE-SETUP-008',
      what: 'the version is `system`, and the runner has no Node on PATH',
      accepted: 'a runner with Node on PATH, or a version',
      example: '24',
      state: 'nothing was installed',
    });
  }
  const releases = once(() => fetchReleases(search.http, search.mirror, search.signal));
  const range = await rangeOf(request, releases);
  const { satisfies, maxSatisfying } = await loadSemver();
  if (own !== undefined && satisfies(own.version, range)) return own;
  const cached = maxSatisfying([...(await cachedVersions(search.cache, 'node'))], range);
  if (cached !== null) {
    return { version: cached, folder: binOf(toolFolder(search.cache, 'node', cached)), origin: 'tool cache' };
  }
  const { version } = await chooseRelease(await releases(), range, buildOf(search));
  const downloaded = await downloadNode({
    ...search,
    keys: await search.keys(),
    version,
    build: archiveBuildOf(search),
  });
  return { version, folder: binOf(downloaded.folder), origin: 'download', signer: downloaded.signer };
}

function once(fetch: () => Promise<readonly NodeRelease[]>): () => Promise<readonly NodeRelease[]> {
  let fetched: Promise<readonly NodeRelease[]> | undefined;
  return () => {
    fetched ??= fetch();
    return fetched;
  };
}

function binOf(folder: string): string {
  return `${folder}/bin`;
}

/** Node on PATH by what it says itself; undefined when there is none that starts. */
export async function nodeOnPath({
  environment,
  temp,
  signal,
}: Pick<NodeSearch, 'environment' | 'temp' | 'signal'>): Promise<NodeInstallation | undefined> {
  const program = await findProgram('node', environment);
  if (program === undefined) return undefined;
  const { stdout } = await capture(program, ['--version'], { cwd: temp, env: environment, signal, timeout: 30_000 });
  const version = /^v(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/.exec(stdout.trim())?.[1];
  return version === undefined ? undefined : { version, folder: dirname(program), origin: 'runner' };
}

/** The platform as archives are named for it. */
function archiveBuildOf({ platform, cache }: NodeSearch): string {
  const archs: Readonly<Record<string, string>> = { arm: 'armv7l', ppc64: 'ppc64le' };
  return `${platform}-${archs[cache.arch] ?? cache.arch}`;
}

/** The platform as the index lists it: macOS has another name there. */
function buildOf(search: NodeSearch): string {
  const build = archiveBuildOf(search);
  return search.platform === 'darwin' ? `${build.replace('darwin', 'osx')}-tar` : build;
}

/**
 * What a version that decided leaves behind: other statements that it does not satisfy.
 *
 * @returns a sentence for each
 */
export async function disagreements(
  version: string,
  others: readonly { readonly source: string; readonly text: string; readonly request: NodeRequest | undefined }[],
): Promise<readonly string[]> {
  const { satisfies } = await loadSemver();
  return others.flatMap(({ source, text, request }) => {
    if (request?.kind !== 'range' || satisfies(version, request.range)) return [];
    return [`${source} asks for ${shown(text)}, which Node ${version} is not`];
  });
}
