import { inFolder } from '../plan/paths.ts';
import type { Environment } from '../runtime/environment.ts';
import { shown } from '../runtime/errors.ts';
import { isMap } from '../runtime/yaml.ts';
import type { Dialect } from './dialect.ts';
import { mapAt } from './manifest.ts';
import { lifecycleScripts, type TreeProject } from './tree-project.ts';

/** The package managers whose installed tree is worth keeping, with the reason why not for the others. */
const NOT_WORTH: Readonly<Partial<Record<Dialect, string>>> = {
  yarn: "Yarn keeps its install state outside node_modules, or needs no tree (Plug'n'Play)",
  bun: 'bun installs faster than a tree is restored',
};

/**
 * Scripts of the project that change nothing but what is known here: patches of installed packages, which are part of
 * the key, and hooks of git, which no job needs.
 */
const KNOWN = new Set(['patch-package', 'husky', 'husky install', 'simple-git-hooks', 'lefthook install', 'true', ':']);

const DEPENDENCIES = ['dependencies', 'devDependencies', 'optionalDependencies'];

/**
 * Why the installed tree of a project can't be put back later as if it had been installed then; undefined when it can.
 * What decides is whether everything that an install reads is part of the key (tree-key.ts), and whether all that it
 * writes is in the tree.
 */
export function whyUnsafe(dialect: Dialect, { files, folder, manifests }: TreeProject): string | undefined {
  const notWorth = NOT_WORTH[dialect];
  if (notWorth !== undefined) return notWorth;
  for (const manifest of manifests) {
    const place = shown(inFolder(manifest.directory, 'package.json'), 200);
    for (const [name, command] of lifecycleScripts(manifest)) {
      if (!isKnown(command)) return `${place} runs a script at every install (\`${name}\`: ${shown(command, 100)})`;
    }
    const local = DEPENDENCIES.flatMap((kind) => Object.entries(mapAt(fieldsOf(manifest.json), kind))).find(
      ([, range]) =>
        typeof range === 'string' &&
        /^(?:file|portal|git|git\+\w+|github|gitlab|bitbucket):|^[\w-]+\/[\w.-]+(?:#|$)/.test(range),
    );
    if (local !== undefined)
      return `${place} installs ${shown(local[0])} from ${shown(local[1], 100)}, not from a registry`;
    if (isMap(fieldsOf(manifest.json)['dependenciesMeta']) && JSON.stringify(manifest.json).includes('"injected":true'))
      return `${place} has copies of packages of the workspace installed (\`injected\`)`;
  }
  const hook = ['.pnpmfile.cjs', '.pnpmfile.mjs', 'pnpmfile.js'].find((name) => files.has(inFolder(folder, name)));
  return hook === undefined ? undefined : `${hook} takes part in the install`;
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
