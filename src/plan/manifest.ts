import { ConfigurationError, shown } from '../runtime/errors.ts';
import { fieldOf, type Position, parseJson, textsOf } from './json.ts';
import { inFolder, named } from './paths.ts';
import type { RepositoryFiles } from './repository-files.ts';

/** What a package.json says, as far as it is planned from (docs.npmjs.com/cli/configuring-npm/package-json). */
export interface Manifest {
  /** Folder of the package, relative to the repository. */
  readonly directory: string;
  /** Undefined where it has none, which is allowed for a package that is not published. */
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly scripts: ReadonlyMap<string, string>;
  /** Names to version specifications of all four kinds; the kind that is installed first wins. */
  readonly dependencies: ReadonlyMap<string, string>;
  /** The names in `dependencies` alone: what the package needs when it runs. */
  readonly runtimeDependencies: ReadonlySet<string>;
  /** Patterns of `workspaces`; undefined where there is no such field. */
  readonly workspaces: readonly string[] | undefined;
  readonly packageManager: string | undefined;
  /** `devEngines.packageManager`: the first one that is named. */
  readonly devEngine: { readonly name: string; readonly version: string | undefined } | undefined;
  /** The whole file, for what only one tool reads. */
  readonly json: unknown;
}

const FORMAT = 'https://docs.npmjs.com/cli/configuring-npm/package-json';

/** npm's limit for a name, scope included. */
const LONGEST_NAME = 214;

/**
 * Reads package.json in a folder of the repository.
 *
 * @returns undefined when there is none
 * @throws ConfigurationError PIPE-PLAN-003 not JSON, PIPE-PLAN-004 not of the form,
 *   PIPE-FILE-001 to 003 not readable, or a link that leads out
 */
export async function readManifest(files: RepositoryFiles, directory: string): Promise<Manifest | undefined> {
  const path = inFolder(directory, 'package.json');
  const text = await files.read(path);
  if (text === undefined) return undefined;
  const parsed = parseJson(text);
  if ('fault' in parsed) throw notJson(path, parsed.fault);
  return manifestOf(directory, parsed.value);
}

/** @throws ConfigurationError PIPE-PLAN-004 */
export function manifestOf(directory: string, json: unknown): Manifest {
  const path = inFolder(directory, 'package.json');
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw badField(path, '', json, 'an object');
  const text = (name: string) => optionalText(path, json, name);
  const name = text('name');
  if (name !== undefined && (name.length > LONGEST_NAME || !isOneLine(name))) {
    throw badField(
      path,
      'name',
      name,
      `a name of at most ${LONGEST_NAME} characters, none of them a control character`,
    );
  }
  // Of a name that is in several, the last wins: npm installs an optional dependency's version before an ordinary one's.
  const kinds = ['peerDependencies', 'devDependencies', 'dependencies', 'optionalDependencies'];
  const dependencies = kinds.flatMap((kind) => [...textsOf(fieldOf(json, kind))]);
  return {
    directory,
    name: name === '' ? undefined : name,
    version: text('version'),
    scripts: scriptsOf(path, fieldOf(json, 'scripts')),
    dependencies: new Map(dependencies),
    runtimeDependencies: new Set(textsOf(fieldOf(json, 'dependencies')).keys()),
    workspaces: workspacesOf(path, fieldOf(json, 'workspaces')),
    packageManager: text('packageManager'),
    devEngine: devEngineOf(fieldOf(fieldOf(json, 'devEngines'), 'packageManager')),
    json,
  };
}

function isOneLine(text: string): boolean {
  return !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text);
}

function optionalText(path: string, json: unknown, name: string): string | undefined {
  const value = fieldOf(json, name);
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  throw badField(path, name, value, 'a text');
}

function scriptsOf(path: string, value: unknown): ReadonlyMap<string, string> {
  if (value === undefined || value === null) return new Map();
  if (typeof value !== 'object' || Array.isArray(value)) throw badField(path, 'scripts', value, 'an object of texts');
  return textsOf(value);
}

/** `workspaces` is a list of patterns, or (Yarn) an object with such a list in `packages`. */
function workspacesOf(path: string, value: unknown): readonly string[] | undefined {
  const list = Array.isArray(value) ? value : fieldOf(value, 'packages');
  if (value === undefined || value === null) return undefined;
  if (list === undefined && typeof value === 'object') return [];
  if (Array.isArray(list) && list.every((pattern) => typeof pattern === 'string')) return list;
  throw badField(path, 'workspaces', value, 'a list of patterns such as ["packages/*"]');
}

function devEngineOf(value: unknown): Manifest['devEngine'] {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const name = fieldOf(first, 'name');
  const version = fieldOf(first, 'version');
  if (typeof name !== 'string') return undefined;
  return { name, version: typeof version === 'string' ? version : undefined };
}

/** A file that should be JSON and is not. */
export function notJson(path: string, { line, column }: Position): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-PLAN-003',
    what: `${named(path)} is not valid JSON at line ${line}, column ${column}`,
    accepted: path.endsWith('package.json') ? 'JSON without comments and trailing commas' : 'JSON, comments allowed',
    remedy: `correct ${named(path)}:${line}:${column}`,
    state: 'nothing was planned',
  });
}

function badField(path: string, field: string, value: unknown, accepted: string): ConfigurationError {
  const subject = field === '' ? named(path) : `\`${field}\` in ${named(path)}`;
  const given = typeof value === 'string' || typeof value !== 'object' ? shown(value) : kindOf(value);
  return new ConfigurationError({
    code: 'PIPE-PLAN-004',
    what: `${subject} is not as the format wants it (${FORMAT})`,
    given,
    accepted,
    remedy: `correct ${named(path)}`,
    state: 'nothing was planned',
  });
}

function kindOf(value: object | null): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
}
