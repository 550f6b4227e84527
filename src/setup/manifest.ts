import { relative } from 'node:path';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import { isMap } from '../runtime/yaml.ts';

/** A package.json as far as it is read here; every value is foreign. */
export interface Manifest {
  /** Path from the repository's root, for messages. */
  readonly file: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A path for messages: from the repository's root. */
export function placeOf(workspace: string, path: string): string {
  return relative(workspace, path) || '.';
}

/**
 * @returns undefined when there is no such file
 * @throws ConfigurationError PIPE-SETUP-002 when it is not a JSON object, and those of readTextFile
 */
export async function readManifest(path: string, workspace: string): Promise<Manifest | undefined> {
  const text = await readTextFile(path);
  if (text === undefined) return undefined;
  const file = placeOf(workspace, path);
  return { file, fields: parseFields(text, file) };
}

function parseFields(text: string, file: string): Readonly<Record<string, unknown>> {
  let problem = 'it holds something else than an object';
  try {
    const value: unknown = JSON.parse(text);
    if (isMap(value)) return value;
  } catch (error) {
    problem = shown(error instanceof Error ? error.message : String(error), 200);
  }
  throw new ConfigurationError({
    code: 'PIPE-SETUP-002',
    what: `${shown(file, 200)} is not a JSON object: ${problem}`,
    accepted: 'a JSON object, as npm writes it',
    remedy: 'correct the file; a merge often leaves conflict marks in it',
    state: 'nothing was installed',
  });
}

/** The map under a key, or an empty one. */
export function mapAt(fields: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return isMap(value) ? value : {};
}

/** One entry of `devEngines.runtime` or `devEngines.packageManager` (npm documentation, package.json, devEngines). */
export interface DevEngine {
  readonly name: unknown;
  readonly version: unknown;
}

/** `devEngines` holds an object or a list of them. */
export function devEngines({ fields }: Manifest, kind: 'runtime' | 'packageManager'): readonly DevEngine[] {
  const value = mapAt(fields, 'devEngines')[kind];
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  return entries.filter(isMap).map((entry) => ({ name: entry['name'], version: entry['version'] }));
}
