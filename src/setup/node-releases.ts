import { ConfigurationError, shown } from '../runtime/errors.ts';
import type { HttpClient } from '../runtime/http.ts';
import { isMap } from '../runtime/yaml.ts';
import { fetchFrom, type Site, unexpectedAnswer } from './answers.ts';
import { type NodeRequest, rangeOfCodename } from './node-request.ts';
import { loadSemver } from './semver.ts';

/** A release in the index of Node's distribution site (nodejs.org/dist/index.json). */
export interface NodeRelease {
  /** Without `v`. */
  readonly version: string;
  /** Code name of its line with long-term support, lower case; undefined for others. */
  readonly codename: string | undefined;
  /** What it was built for: `linux-x64`, `osx-arm64-tar`. */
  readonly builds: readonly string[];
}

/** Largest index accepted in bytes; the real one has a third of a megabyte. */
const LARGEST_INDEX = 16 * 1024 * 1024;

/**
 * Every release, newest first.
 *
 * @param mirror address that has `index.json`, without a slash at the end
 * @throws OutsideFault PIPE-SETUP-004 when the site does not answer or answers something else
 */
export async function fetchReleases(
  http: HttpClient,
  mirror: string,
  signal: AbortSignal,
): Promise<readonly NodeRelease[]> {
  const { rcompare } = await loadSemver();
  const body = await fetchFile(http, `${mirror}/index.json`, signal, LARGEST_INDEX);
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw unexpectedAnswer(siteOf(mirror), 'its index.json is not JSON', error);
  }
  const releases = (Array.isArray(parsed) ? parsed : []).flatMap(readRelease);
  if (releases.length === 0) throw unexpectedAnswer(siteOf(mirror), 'its index.json lists no releases');
  return releases.sort((a, b) => rcompare(a.version, b.version));
}

function readRelease(entry: unknown): NodeRelease[] {
  if (!isMap(entry)) return [];
  const version = typeof entry['version'] === 'string' ? /^v(\d{1,4}\.\d{1,4}\.\d{1,4})$/.exec(entry['version']) : null;
  if (version?.[1] === undefined) return [];
  const codename = typeof entry['lts'] === 'string' ? entry['lts'].toLowerCase() : undefined;
  const files: readonly unknown[] = Array.isArray(entry['files']) ? entry['files'] : [];
  return [{ version: version[1], codename, builds: files.filter((file) => typeof file === 'string') }];
}

/**
 * One file of the distribution site.
 *
 * @throws OutsideFault PIPE-SETUP-004 when there is no answer with status 200
 */
export async function fetchFile(http: HttpClient, url: string, signal: AbortSignal, limit: number): Promise<Buffer> {
  const fetched = await fetchFrom(http, siteOf(url), { url, signal, limit });
  if ('fault' in fetched) throw fetched.fault;
  return fetched.body;
}

function siteOf(url: string): Site {
  return {
    service: `Node's distribution site at ${new URL(url).host}`,
    code: 'PIPE-SETUP-004',
    remedy: 'run the job again; if it stays, check the version and the input `node-mirror`',
  };
}

/**
 * A request as a semver range. Aliases that need the list of releases fetch it: an unknown code name, `lts/*`, `latest`.
 *
 * @param releases fetches the list, at most once
 * @throws ConfigurationError PIPE-SETUP-003 when no line has that code name or position
 */
export async function rangeOf(
  request: Exclude<NodeRequest, { kind: 'runner' }>,
  releases: () => Promise<readonly NodeRelease[]>,
): Promise<string> {
  if (request.kind === 'range') return request.range;
  const codename = 'codename' in request ? request.codename : undefined;
  const known = codename === undefined ? undefined : rangeOfCodename(codename);
  if (known !== undefined) return known;
  const all = await releases();
  if (request.kind === 'latest') return all[0]?.version ?? '*';
  const lines = [
    ...new Set(all.filter((release) => release.codename !== undefined).map((release) => majorOf(release))),
  ];
  const line =
    'codename' in request
      ? all.filter((release) => release.codename === codename).map((release) => majorOf(release))[0]
      : lines[request.back];
  if (line !== undefined) return `${line}.x`;
  throw noSuch(
    `the line \`${codename === undefined ? `lts/-${'back' in request ? request.back : 0}` : `lts/${codename}`}\``,
  );
}

function majorOf({ version }: NodeRelease): string {
  return version.slice(0, version.indexOf('.'));
}

/**
 * The release to download for a range: the newest with long-term support, else the newest of all, among those built for
 * the platform.
 *
 * @throws ConfigurationError PIPE-SETUP-003 when there is none
 */
export async function chooseRelease(
  releases: readonly NodeRelease[],
  range: string,
  build: string,
): Promise<NodeRelease> {
  const { satisfies } = await loadSemver();
  const fitting = releases.filter(({ version }) => satisfies(version, range));
  const built = fitting.filter(({ builds }) => builds.includes(build));
  const chosen = built.find(({ codename }) => codename !== undefined) ?? built[0];
  if (chosen !== undefined) return chosen;
  throw noSuch(
    fitting.length === 0
      ? `a release of Node in the range ${shown(range)}`
      : `a build for ${build} of the releases in the range ${shown(range)}`,
  );
}

function noSuch(what: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SETUP-003',
    what: `Node's distribution site does not list ${what}`,
    accepted: 'a version, line or code name that nodejs.org/dist/index.json lists for this platform',
    example: '24',
    remedy: 'correct the file that the log names, or give the input `node-version`',
    state: 'nothing was installed',
  });
}
