import type { Manifest } from '../plan/manifest.ts';
import { inFolder } from '../plan/paths.ts';
import type { RepositoryFiles } from '../plan/repository-files.ts';
import type { Environment } from '../runtime/environment.ts';
import { shown } from '../runtime/errors.ts';
import { isMap } from '../runtime/yaml.ts';
import type { Dialect } from './dialect.ts';
import { lifecycleScripts, type TreeProject } from './tree-project.ts';
import { foreignPackage, localDependency } from './tree-sources.ts';
import { whyYarnUnsafe } from './tree-yarn.ts';

/**
 * Scripts of the project that change nothing but what is known here: patches of installed packages, which are part of
 * the key, and hooks of git, which no job needs.
 */
const KNOWN = new Set(['patch-package', 'husky', 'husky install', 'simple-git-hooks', 'lefthook install', 'true', ':']);

/** What an install is, beside the project's own files. */
export interface TreeInstall {
  readonly dialect: Dialect;
  /** Of project code. */
  readonly environment: Environment;
  /** The lockfile as text; asked where a package can come from elsewhere than package.json says. */
  readonly lockfile: () => Promise<string>;
}

/**
 * Why the installed tree of a project can't be put back later as if it had been installed then; undefined when it can.
 * What decides is whether everything that an install reads is part of the key (tree-key.ts), and whether all that it
 * writes is in the tree.
 *
 * @throws those of `lockfile` and of readTextFile
 */
export async function whyUnsafe(
  { files, folder, manifests }: TreeProject,
  { dialect, environment, lockfile }: TreeInstall,
): Promise<string | undefined> {
  for (const manifest of manifests) {
    const reason = whyManifestUnsafe(manifest, dialect);
    if (reason !== undefined) return reason;
  }
  const hook = ['.pnpmfile.cjs', '.pnpmfile.mjs', 'pnpmfile.js'].find((name) => files.has(inFolder(folder, name)));
  if (hook !== undefined) return `${hook} takes part in the install`;
  if (dialect !== 'yarn' && dialect !== 'bun') return undefined;
  const set = dialect === 'yarn' ? await whyYarnUnsafe(files, folder, environment) : await bunScanner(files, folder);
  if (set !== undefined) return set;
  const foreign = foreignPackage(dialect, await lockfile());
  return foreign === undefined ? undefined : `the lockfile has ${foreign}, not from a registry`;
}

function whyManifestUnsafe(manifest: Manifest, dialect: Dialect): string | undefined {
  const place = shown(inFolder(manifest.directory, 'package.json'), 200);
  // Yarn since 2 prepares nothing that it does not fetch from a repository.
  const runs = (name: string) => dialect !== 'yarn' || /^(?:pre|post)?install$/.test(name);
  const script = lifecycleScripts(manifest).find(([name, command]) => runs(name) && !isKnown(command));
  if (script !== undefined)
    return `${place} runs a script at every install (\`${script[0]}\`: ${shown(script[1], 100)})`;
  const local = localDependency(manifest.json);
  if (local !== undefined) return `${place} installs ${local}, not from a registry`;
  if (isMap(fieldsOf(manifest.json)['dependenciesMeta']) && JSON.stringify(manifest.json).includes('"injected":true'))
    return `${place} has copies of packages of the workspace installed (\`injected\`)`;
  return undefined;
}

/** A scanner of bun looks at packages when they are installed (bun.com/docs/install/security-scanner-api). */
async function bunScanner(files: RepositoryFiles, folder: string): Promise<string | undefined> {
  const path = inFolder(folder, 'bunfig.toml');
  const text = files.has(path) ? await files.read(path, 1024 * 1024) : undefined;
  return /^\s*(?:\[?install\.security|scanner\s*=)/m.test(text ?? '')
    ? 'bunfig.toml has packages scanned when they are installed'
    : undefined;
}

function fieldsOf(json: unknown): Readonly<Record<string, unknown>> {
  return isMap(json) ? json : {};
}

/** Each command of a line is known: `husky || true`, `is-ci || husky install`, `patch-package && husky`. */
function isKnown(command: string): boolean {
  const parts = command.split(/&&|\|\||;/).map((part) => part.trim().replace(/\s+/g, ' '));
  return parts.every(
    (part) => KNOWN.has(part) || /^(?:is-ci|patch-package (?:--error-on-fail|--patch-dir [\w./-]+))$/.test(part),
  );
}

/** The events whose runs deliver nothing: what they find is read by people, and by the merge queue. */
const CHECKING = new Set(['pull_request', 'merge_group']);

/**
 * Why a restored tree can't be used in this job; undefined when it can. Nothing outside a cache says what a tree should
 * hold: packages have hashes in the lockfile, installed files have none. So whoever can write caches of the base branch
 * could decide what runs. That is borne where a run only checks, and nowhere else: what is delivered is built from
 * packages that were checked against the lockfile.
 *
 * @param wish `auto`, or `always` by somebody who bears it everywhere
 */
export function whyNotHere(wish: 'auto' | 'always', environment: Environment, hasToken: boolean): string | undefined {
  if (hasToken) return 'this job has `npm-token`';
  if ((environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '') !== '') return 'this job can ask for identity tokens';
  const event = environment['GITHUB_EVENT_NAME'] ?? '';
  if (wish === 'always' || CHECKING.has(event)) return undefined;
  return 'only for pull requests and the merge queue: elsewhere every package is checked against the lockfile';
}
