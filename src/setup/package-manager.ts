import { join } from 'node:path';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { type Lockfile, type ManagerName, nearestLockfiles } from './lockfiles.ts';
import { devEngines, type Manifest, mapAt, readManifest } from './manifest.ts';
import { loadSemver } from './semver.ts';
import { type YarnRelease, yarnRelease } from './yarn-release.ts';

/** A hash as `packageManager` carries it behind `+`. */
export interface StatedHash {
  readonly algorithm: 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
  readonly hex: string;
}

/** Which package manager is asked for, and by what. */
export interface ManagerRequest {
  readonly name: ManagerName;
  /** A semver range or an exact version; undefined when none is asked for. */
  readonly version: string | undefined;
  readonly hash: StatedHash | undefined;
  /** As said in the log. */
  readonly source: string;
}

/** The project that an install is for. */
export interface Project {
  readonly request: ManagerRequest;
  /** Undefined where no install is wanted and there is none. */
  readonly lockfile: Lockfile | undefined;
  /** Absolute path: the lockfile's folder, else that of the nearest package.json. */
  readonly folder: string;
  /** The package.json files from the working directory upwards, nearest first. */
  readonly manifests: readonly Manifest[];
  /** The release of Yarn that the project brings along, where it does. */
  readonly release: YarnRelease | undefined;
}

export interface ProjectSearch {
  readonly workspace: string;
  /** From the working directory up to the workspace, nearest first. */
  readonly folders: readonly string[];
  /** The input `package-manager`. */
  readonly input: string | undefined;
  /** Whether an install follows, which needs a lockfile. */
  readonly installs: boolean;
}

const ACCEPTED = '`npm`, `pnpm`, `yarn` or `bun`, with a version where it matters';
const EXAMPLE = '"packageManager": "pnpm@10.34.9"';

/**
 * The project's package manager: the input, else `packageManager`, else `devEngines.packageManager` of the nearest
 * package.json that has one, else the nearest lockfile.
 *
 * @throws ConfigurationError PIPE-SETUP-010 a value that is not acceptable, PIPE-SETUP-012 two lockfiles,
 * PIPE-SETUP-013 none, PIPE-SETUP-014 one of another manager, PIPE-SETUP-016 no package.json, PIPE-SETUP-011 a release
 * of Yarn that is named and not there
 */
export async function findProject(search: ProjectSearch): Promise<Project> {
  const { workspace, folders, input, installs } = search;
  const read = await Promise.all(folders.map((folder) => readManifest(join(folder, 'package.json'), workspace)));
  const manifests = read.filter((manifest) => manifest !== undefined);
  if (installs && manifests.length === 0) throw noManifest();
  const lockfiles = await nearestLockfiles(workspace, folders);
  const byInput = input === undefined ? undefined : await parseSpec(input, 'the input `package-manager`', true);
  const byManifest = await statedIn(manifests, lockfiles);
  const request = byInput === undefined ? byManifest : completed(byInput, byManifest);
  const lockfile = chooseLockfile(lockfiles, request, byInput !== undefined, installs);
  const nearest = folders.find((_, index) => read[index] !== undefined) ?? folders[0] ?? workspace;
  const folder = lockfile?.folder ?? nearest;
  const chosen = request ?? requestOfLockfile(lockfile);
  const release = chosen.name === 'yarn' && byInput === undefined ? await yarnRelease(workspace, folder) : undefined;
  return { request: chosen, lockfile, folder, manifests, release };
}

/** The input may name the manager alone; the project's own version then stays. */
function completed(input: ManagerRequest, stated: ManagerRequest | undefined): ManagerRequest {
  if (input.version !== undefined || stated?.name !== input.name) return input;
  return { ...stated, source: `${input.source} and ${stated.source}` };
}

function requestOfLockfile(lockfile: Lockfile | undefined): ManagerRequest {
  const source = lockfile?.place ?? 'nothing asks for another';
  return { name: lockfile?.manager ?? 'npm', version: undefined, hash: undefined, source };
}

async function statedIn(
  manifests: readonly Manifest[],
  lockfiles: readonly Lockfile[],
): Promise<ManagerRequest | undefined> {
  for (const manifest of manifests) {
    const field = manifest.fields['packageManager'];
    if (field !== undefined) {
      return parseSpec(
        typeof field === 'string' ? field : JSON.stringify(field),
        `${manifest.file} (packageManager)`,
        false,
      );
    }
    const engines = devEngines(manifest, 'packageManager');
    // Of several that may be used, the one whose lockfile is there.
    const engine = engines.find(({ name }) => lockfiles.some(({ manager }) => manager === name)) ?? engines[0];
    if (engine === undefined) continue;
    const source = `${manifest.file} (devEngines.packageManager)`;
    const version = engine.version === undefined ? '' : `@${String(engine.version)}`;
    return parseSpec(`${String(engine.name)}${version}`, source, true);
  }
  return undefined;
}

const DIGITS: Readonly<Record<StatedHash['algorithm'], number>> = {
  sha1: 40,
  sha224: 56,
  sha256: 64,
  sha384: 96,
  sha512: 128,
};

/** `name`, `name@version`, `name@version+sha512.<hex>` (nodejs/corepack, README, "packageManager"). */
async function parseSpec(text: string, source: string, mayRange: boolean): Promise<ManagerRequest> {
  const refuse = () => refusedSpec(text, source, mayRange);
  const parts = /^(npm|pnpm|yarn|bun)(?:@([^+]{1,200})(?:\+(sha\d{1,3})\.([0-9a-f]{40,128}))?)?$/.exec(text);
  const [, name, version, algorithm, hex] = parts ?? [];
  if (name === undefined || !isManager(name)) throw refuse();
  const { valid, validRange } = await loadSemver();
  if (version === undefined) {
    if (!mayRange) throw refuse();
    return { name, version: undefined, hash: undefined, source };
  }
  const exact = valid(version);
  const range = mayRange && algorithm === undefined ? validRange(version) : null;
  if (exact === null && range === null) throw refuse();
  if (algorithm === undefined || hex === undefined)
    return { name, version: exact ?? range ?? '*', hash: undefined, source };
  if (!isAlgorithm(algorithm) || hex.length !== DIGITS[algorithm]) throw refuse();
  return { name, version: exact ?? undefined, hash: { algorithm, hex }, source };
}

function isManager(name: string): name is ManagerName {
  return ['npm', 'pnpm', 'yarn', 'bun'].includes(name);
}

function isAlgorithm(name: string): name is StatedHash['algorithm'] {
  return Object.hasOwn(DIGITS, name);
}

function refusedSpec(text: string, source: string, mayRange: boolean): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SETUP-010',
    what: `${shown(source, 200)} does not name a package manager`,
    given: shown(text),
    accepted: mayRange ? ACCEPTED : 'the name, `@`, an exact version, and optionally `+sha512.` with its hash',
    example: EXAMPLE,
    state: 'nothing was installed',
  });
}

function chooseLockfile(
  lockfiles: readonly Lockfile[],
  request: ManagerRequest | undefined,
  isChosenByInput: boolean,
  installs: boolean,
): Lockfile | undefined {
  const [first, second] = lockfiles;
  if (first === undefined) {
    if (installs) throw noLockfile(request?.name ?? 'npm');
    return undefined;
  }
  const own = lockfiles.find(({ manager }) => manager === request?.name);
  // Which of two is true is not for a pipeline to guess; only the caller's own word decides it.
  if (second !== undefined && (!isChosenByInput || own === undefined)) throw twoLockfiles(lockfiles);
  if (request === undefined) return first;
  if (own === undefined && installs) throw otherLockfile(first, request);
  return own;
}

function noManifest(): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SETUP-016',
    what: 'there is no package.json in the working directory or above it',
    accepted: 'a folder with a package.json, in the input `working-directory`',
    example: 'working-directory: apps/api',
    remedy: 'correct `working-directory`, or say `install: false`',
    state: 'nothing was installed',
  });
}

const WRITES_LOCKFILE: Readonly<Record<ManagerName, string>> = {
  npm: 'npm install --package-lock-only',
  pnpm: 'pnpm install --lockfile-only',
  yarn: 'yarn install',
  bun: 'bun install --lockfile-only',
};

function noLockfile(name: ManagerName): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SETUP-013',
    what: 'the project has no lockfile, so every run could install something else',
    accepted:
      'package-lock.json, npm-shrinkwrap.json, pnpm-lock.yaml, yarn.lock, bun.lock or bun.lockb in the working directory or above it',
    remedy: `run \`${WRITES_LOCKFILE[name]}\` and commit the lockfile (and look for it in .gitignore)`,
    state: 'nothing was installed',
  });
}

function twoLockfiles(lockfiles: readonly Lockfile[]): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SETUP-012',
    what: 'the project has lockfiles of several package managers',
    given: lockfiles.map(({ place }) => shown(place, 200)).join(' and '),
    accepted: 'one lockfile',
    remedy: 'delete the one that nobody updates; until then the input `package-manager` says which one counts',
    state: 'nothing was installed',
  });
}

function otherLockfile(lockfile: Lockfile, { name, source }: ManagerRequest): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SETUP-014',
    what: `${shown(source, 200)} asks for ${name}, but the lockfile is ${lockfile.manager}'s`,
    given: shown(lockfile.place, 200),
    accepted: `a lockfile of ${name} in that folder`,
    remedy: `let ${name} write its lockfile and delete the other, or correct ${shown(source, 200)}`,
    state: 'nothing was installed',
  });
}

/**
 * The versions that a project without `packageManager` still asks for, first one first: `volta`, then `engines`.
 *
 * @returns undefined when it asks for none that semver understands
 */
export async function lesserRequest(
  name: ManagerName,
  manifests: readonly Manifest[],
): Promise<{ readonly version: string; readonly source: string } | undefined> {
  const { validRange } = await loadSemver();
  for (const field of ['volta', 'engines']) {
    for (const { file, fields } of manifests) {
      const value = mapAt(fields, field)[name];
      const range = typeof value === 'string' && value.length <= 256 ? validRange(value) : null;
      if (range !== null) return { version: range, source: `${file} (${field}.${name})` };
    }
  }
  return undefined;
}
