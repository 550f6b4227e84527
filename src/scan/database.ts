import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OutsideFault, PipelineError, shown } from '../runtime/errors.ts';
import { exists, readTextFile } from '../runtime/files.ts';
import { durationText } from '../runtime/kinds.ts';
import { isMap } from '../runtime/yaml.ts';
import { runTrivy, type Trivy } from './trivy.ts';

/** The vulnerability database of a scan. */
export interface Database {
  /** When it was built, milliseconds since 1970. */
  readonly builtAt: number;
  readonly origin: 'cache' | 'download';
  /** Where it was downloaded from. */
  readonly repository?: string;
  /** Why it is not the newest, where it is not. */
  readonly warning?: string;
}

export interface DatabaseWish {
  /** Absolute path of Trivy's cache folder; the database is in its folder `db`. */
  readonly cacheDir: string;
  readonly repositories: readonly string[];
  /** Milliseconds. */
  readonly maxAge: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** One try at one repository, in milliseconds: the database is 80 MB. */
const DOWNLOAD_WITHIN = 300_000;

/** How often one repository is asked: Trivy itself tries a request three times. */
const TRIES = 2;

/**
 * Sees to it that there is a database: the cached one while it says that no newer one is due, else the first repository
 * that answers, else the cached one while it is not older than `maxAge`.
 *
 * @throws OutsideFault PIPE-SCAN-006 when there is none that may be used
 */
export async function provideDatabase(trivy: Trivy, wish: DatabaseWish): Promise<Database> {
  const started = performance.now();
  const { cacheDir, repositories, maxAge, now } = wish;
  const cached = await readMetadata(cacheDir);
  const isYoung = cached !== undefined && now - cached.builtAt <= maxAge;
  if (isYoung && now < cached.nextUpdate) return { builtAt: cached.builtAt, origin: 'cache' };
  const failures: string[] = [];
  for (const repository of repositories) {
    const outcome = await download(trivy, cacheDir, repository);
    if ('reason' in outcome) {
      failures.push(`${repository}: ${outcome.reason}`);
      continue;
    }
    if (now - outcome.builtAt <= maxAge) return { builtAt: outcome.builtAt, origin: 'download', repository };
    failures.push(`${repository}: its database is of ${dateOf(outcome.builtAt)}, older than ${durationText(maxAge)}`);
  }
  if (isYoung) {
    const which = `the cached one of ${dateOf(cached.builtAt)} (${ageOf(cached.builtAt, now)}) is used`;
    const warning = `No repository of the vulnerability database answered; ${which}. ${failures.join('; ')}`;
    return { builtAt: cached.builtAt, origin: 'cache', warning };
  }
  throw unavailable(cached?.builtAt, failures, wish, performance.now() - started);
}

function unavailable(
  cachedAt: number | undefined,
  failures: readonly string[],
  { repositories, maxAge }: DatabaseWish,
  elapsed: number,
): OutsideFault {
  const cached =
    cachedAt === undefined
      ? 'there is none in the cache'
      : `the one in the cache is of ${dateOf(cachedAt)}, older than ${durationText(maxAge)}`;
  return new OutsideFault(
    {
      code: 'PIPE-SCAN-006',
      what: `there is no vulnerability database to scan with: no repository gave one, and ${cached}`,
      given: shown(failures.join('; '), 1_200),
      accepted: 'a repository that answers (`db-repositories`), or a cached database within `db-max-age`',
      remedy: 'run it again later; a mirror of your own may stand first in `db-repositories`',
      state: 'nothing was scanned',
    },
    { service: 'the repositories of the vulnerability database', tries: repositories.length, elapsed },
  );
}

/**
 * Downloads beside the database and moves it in whole: Trivy removes the old one's date before it asks for a new one.
 */
async function download(
  trivy: Trivy,
  cacheDir: string,
  repository: string,
): Promise<{ readonly builtAt: number } | { readonly reason: string }> {
  const staging = join(cacheDir, 'incoming');
  try {
    await rm(staging, { recursive: true, force: true });
    await mkdir(staging, { recursive: true });
    const args = ['image', '--download-db-only', '--db-repository', repository, '--cache-dir', staging, ...QUIET];
    const fault = await failureOf(() =>
      runTrivy(trivy, args, { doing: 'download the database', code: 'PIPE-SCAN-006', timeout: DOWNLOAD_WITHIN }),
    );
    if (fault !== undefined) return { reason: fault };
    const metadata = await readMetadata(staging);
    if (metadata === undefined) return { reason: 'what it gave is no database' };
    const folder = join(cacheDir, 'db');
    await rm(folder, { recursive: true, force: true });
    await rename(join(staging, 'db'), folder);
    return { builtAt: metadata.builtAt };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

const QUIET = ['--no-progress', '--skip-version-check', '--disable-telemetry'];

/** Why it failed each time; undefined when it worked. What no second try changes is tried once. */
async function failureOf(attempt: () => Promise<unknown>): Promise<string | undefined> {
  for (let count = 1; ; count += 1) {
    try {
      await attempt();
      return undefined;
    } catch (error) {
      if (!(error instanceof PipelineError) || error.kind !== 'outside') throw error;
      const reason = reasonOf(error);
      const isFinal = /MANIFEST_UNKNOWN|NAME_UNKNOWN|UNAUTHORIZED|DENIED|no such host/.test(reason);
      if (isFinal || count >= TRIES) return reason;
    }
  }
}

/** What Trivy said, without the chain of its own functions before it. */
function reasonOf(error: PipelineError): string {
  const said = error.cause instanceof Error ? error.cause.message : error.faults[0].what;
  const core = said.replace(/^.*(?:errors? occurred: \* |failed to download artifact from \S+: )/, '');
  return shown(core.trim(), 300).slice(1, -1).replaceAll('\\"', '"');
}

interface Metadata {
  readonly builtAt: number;
  readonly nextUpdate: number;
}

/** What the database says of itself; undefined when it is not there or not whole. */
async function readMetadata(cacheDir: string): Promise<Metadata | undefined> {
  const folder = join(cacheDir, 'db');
  const text = await readTextFile(join(folder, 'metadata.json'), 65_536);
  if (text === undefined || !(await exists(join(folder, 'trivy.db')))) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // A file that was cut off: the same as none.
    return undefined;
  }
  const builtAt = isMap(parsed) ? Date.parse(String(parsed['UpdatedAt'])) : Number.NaN;
  const nextUpdate = isMap(parsed) ? Date.parse(String(parsed['NextUpdate'])) : Number.NaN;
  return Number.isNaN(builtAt) || Number.isNaN(nextUpdate) ? undefined : { builtAt, nextUpdate };
}

/** How old a database is, in whole hours. */
export function ageOf(builtAt: number, now: number): string {
  const hours = Math.floor((now - builtAt) / 3_600_000);
  return hours < 1 ? 'less than an hour old' : `${durationText(hours * 3_600_000)} old`;
}

/** A date as `2026-11-21`. */
export function dateOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
