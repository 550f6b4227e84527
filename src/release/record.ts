import { mkdir, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { artifactName } from '../github/artifact-name.ts';
import { runIdentityOf } from '../github/run.ts';
import type { Environment } from '../runtime/environment.ts';
import { isMap } from '../runtime/yaml.ts';
import { parseReference, type ReleaseReference, referenceText } from './reference.ts';
import type { Release, Serving } from './target.ts';

/** What a release leaves for later ones: which commit served in which environment, and what was verified. */
export interface ReleaseRecord {
  readonly schema: 1;
  /** The pipeline workflow, `node-service`; empty where none was named. */
  readonly workflow: string;
  /** From the repository's root, `.` for itself. */
  readonly workingDirectory: string;
  readonly service: string;
  readonly environment: string;
  /** 40 or 64 hexadecimal digits; empty when the release carries none. */
  readonly commit: string;
  /** Of the image, `sha256:…`; empty where there is none. */
  readonly digest: string;
  readonly release: string;
  readonly url: string;
  readonly lastMigration: string;
  /** What was verified: `health`, or `nothing` where it is off. */
  readonly verifiedBy: 'health' | 'nothing';
  /** It was verified and got no traffic: a later release moves it. Left out where it serves. */
  readonly held?: true;
  /** The one environment that the build is good for. Left out where it is good for all. */
  readonly builtFor?: string;
  /** When it had all the traffic, or was held, ISO 8601. */
  readonly at: string;
  /** Page of the run; empty outside of GitHub. */
  readonly run: string;
}

/** Largest record in bytes. */
export const LARGEST_RECORD = 16 * 1024;

/** Name of the file in the artifact. */
export const RECORD_FILE = 'release.json';

/** What the inputs of an action say of a release. */
export interface Recorded {
  readonly workflow?: string | undefined;
  /** From the repository's root, or absolute, as a target has it. */
  readonly workingDirectory: string;
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly digest?: string | undefined;
  readonly builtFor?: string | undefined;
  readonly commit?: string | undefined;
  readonly lastMigration?: string | undefined;
}

/** Where the record comes from and goes to. */
export interface RecordPlaces {
  readonly workspace: string;
  readonly temp: string;
  readonly environment: Environment;
}

/**
 * Records that a release has all the traffic, or that it is held.
 *
 * @param serving what serves; undefined: the release is held, and its own address counts
 * @param isVerified whether its health was looked at
 * @returns path of the file, and the artifact's name
 */
export async function recordRelease(
  release: Release,
  serving: Pick<Serving, 'url'> | undefined,
  given: Recorded,
  isVerified: boolean,
  { workspace, temp, environment }: RecordPlaces,
): Promise<{ readonly record: string; readonly artifact: string }> {
  const { workingDirectory: folder } = given;
  const fromRoot = isAbsolute(folder) ? relative(workspace, folder).split(sep).join('/') || '.' : folder;
  const record: ReleaseRecord = {
    schema: 1,
    workflow: given.workflow ?? '',
    workingDirectory: fromRoot,
    service: given.service ?? '',
    environment: given.environment ?? '',
    commit: given.commit ?? release.mark.commit,
    digest: given.digest ?? '',
    release: referenceText(release.reference),
    url: serving === undefined ? release.url : serving.url,
    lastMigration: given.lastMigration ?? release.mark.lastMigration,
    verifiedBy: isVerified ? 'health' : 'nothing',
    ...(serving === undefined ? { held: true } : {}),
    ...(given.builtFor === undefined ? {} : { builtFor: given.builtFor }),
    at: new Date().toISOString(),
    run: runIdentityOf(environment).page ?? '',
  };
  return await writeRecord(record, temp);
}

/** Writes the record into a folder of its own under `temp`. @returns its path and the artifact's name */
async function writeRecord(
  record: ReleaseRecord,
  temp: string,
): Promise<{ readonly record: string; readonly artifact: string }> {
  const folder = join(temp, 'pipelines-release');
  await mkdir(folder, { recursive: true });
  const path = join(folder, RECORD_FILE);
  await writeFile(path, `${JSON.stringify(record, undefined, 2)}\n`);
  return { record: path, artifact: recordName(record) };
}

/** Name of the artifact that carries the record of a service in an environment. */
export function recordName(
  key: Pick<ReleaseRecord, 'workflow' | 'workingDirectory' | 'service' | 'environment'>,
): string {
  const { workflow, workingDirectory, service, environment } = key;
  return artifactName('release', { workflow, folder: workingDirectory, service: `${service} ${environment}`.trim() });
}

const TEXTS = {
  workflow: /^[^\p{Cc}]{0,256}$/u,
  workingDirectory: /^[^\p{Cc}]{1,512}$/u,
  service: /^[^\p{Cc}]{0,256}$/u,
  environment: /^[^\p{Cc}]{0,256}$/u,
  commit: /^(?:[0-9a-f]{40}|[0-9a-f]{64}|)$/,
  digest: /^(?:sha256:[0-9a-f]{64}|)$/,
  release: /^[\x21-\x7e]{1,1000}$/,
  url: /^(?:https?:\/\/[\x21-\x7e]{1,2040}|)$/,
  lastMigration: /^[^\p{Cc}]{0,256}$/u,
  verifiedBy: /^(?:health|nothing)$/,
  at: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/,
  run: /^(?:https:\/\/[\x21-\x7e]{1,1000}|)$/,
} as const satisfies Readonly<Record<Exclude<keyof ReleaseRecord, 'schema' | 'held' | 'builtFor'>, RegExp>>;

/**
 * Reads a record of another run: foreign text, every field checked.
 *
 * @returns one sentence that says what is wrong with it
 */
export function readRecord(content: Buffer): ReleaseRecord | string {
  if (content.length > LARGEST_RECORD) return `it has ${content.length} bytes`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(content.toString('utf8'));
  } catch {
    return 'it is not JSON';
  }
  if (!isMap(parsed) || parsed['schema'] !== 1) return 'it is of another schema';
  const { held, builtFor } = parsed;
  if (held !== undefined && held !== true) return 'its field `held` is of another form';
  const isName = builtFor === undefined || (typeof builtFor === 'string' && TEXTS.environment.test(builtFor));
  if (!isName) return 'its field `builtFor` is of another form';
  const fields: Record<string, unknown> = {
    schema: 1,
    ...(held === undefined ? {} : { held }),
    ...(builtFor === undefined ? {} : { builtFor }),
  };
  for (const [name, form] of Object.entries(TEXTS)) {
    const value = parsed[name];
    if (typeof value !== 'string' || !form.test(value)) return `its field \`${name}\` is missing or of another form`;
    fields[name] = value;
  }
  const record = fields as unknown as ReleaseRecord;
  return referenceOf(record.release) === undefined ? 'its field `release` is no release reference' : record;
}

function referenceOf(text: string): ReleaseReference | undefined {
  try {
    const reference = parseReference(text);
    return referenceText(reference) === text ? reference : undefined;
  } catch {
    // The caller says so.
    return undefined;
  }
}
