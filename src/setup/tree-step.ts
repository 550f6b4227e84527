import { randomUUID } from 'node:crypto';
import { join, posix, relative } from 'node:path';
import { type CacheAccess, whyOff } from '../cache/access.ts';
import type { Environment } from '../runtime/environment.ts';
import { PipelineError, printable } from '../runtime/errors.ts';
import { seconds } from './cache-step.ts';
import { dialectOf } from './dialect.ts';
import { lockfileText } from './lockfile-text.ts';
import type { Lockfile } from './lockfiles.ts';
import type { ManagerInstallation } from './manager-source.ts';
import type { CacheMessage } from './store-cache.ts';
import { restoreTree, saveTree, type TreePlace, takeSnapshot } from './tree-cache.ts';
import { treeKey } from './tree-key.ts';
import { treeProject } from './tree-project.ts';
import { whyNotHere, whyUnsafe } from './tree-safety.ts';
import { differences, look, type Seen, type Watched } from './tree-watch.ts';
import { YARN_STATE } from './tree-yarn.ts';

export interface TreeWish {
  /** The input `warm-install`. */
  readonly wish: 'auto' | 'always' | 'never';
  readonly workspace: string;
  readonly lockfile: Lockfile;
  readonly manager: ManagerInstallation;
  /** The exact version, without `v`. */
  readonly node: string;
  readonly args: readonly string[];
  /** Whether there is a token for private packages. */
  readonly hasToken: boolean;
  /** Of project code. */
  readonly environment: Environment;
}

/** What came of the tree before the install. */
export interface TreeStart {
  /** Whether the tree is there, so that no install is needed. */
  readonly isRestored: boolean;
  readonly message: CacheMessage;
  /** What to keep after a green install; undefined where nothing is kept. */
  readonly keep: TreeKeep | undefined;
}

/** What is compared and kept after the install. */
export interface TreeKeep {
  readonly key: string;
  readonly place: TreePlace;
  readonly watched: Watched;
  readonly before: Seen;
}

/** What `post` saves. */
export interface KeptTree {
  readonly key: string;
  readonly folder: string;
}

/** Puts the installed tree back where that is safe, and says why where it is not. Nothing that happens here fails a run. */
export async function startTree(wanted: TreeWish, access: CacheAccess): Promise<TreeStart> {
  try {
    return await start(wanted, access);
  } catch (error) {
    access.signal.throwIfAborted();
    const reason = error instanceof PipelineError ? error.faults[0].what : String(error);
    return without(printable(reason).slice(0, 300));
  }
}

async function start(wanted: TreeWish, access: CacheAccess): Promise<TreeStart> {
  const { wish, workspace, lockfile, manager, node, args, hasToken, environment } = wanted;
  const { signal } = access;
  if (wish === 'never') return without('switched off');
  const noRestore = whyOff(access.environment, 'restore');
  const noSave = whyOff(access.environment, 'save');
  if (noRestore !== undefined && noSave !== undefined) return without(noRestore);
  if (process.platform !== 'linux') return without('on Linux only');
  const project = await treeProject(workspace, lockfile, environment, signal);
  if (project === undefined) return without('the lockfile has no package.json beside it');
  const dialect = dialectOf(manager);
  const text = () =>
    lockfileText(lockfile, { program: join(manager.folder, manager.name), environment, temp: access.temp, signal });
  const unsafe = await whyUnsafe(project, { dialect, environment, lockfile: text });
  if (unsafe !== undefined) return without(`not safe here, ${unsafe}`);
  const folders = project.manifests.map(({ directory }) => {
    return posix.join(relative(project.folder, directory), 'node_modules');
  });
  const files = dialect === 'yarn' ? YARN_STATE : [];
  const place: TreePlace = { root: lockfile.folder, folders, files, depth: project.folder };
  const { platform, arch } = process;
  const key = await treeKey(project, lockfile, { node, manager, args, platform, arch, environment, workspace, signal });
  const home = environment['HOME'];
  const kept = files.map((file) => join(lockfile.folder, file));
  const watched: Watched = { workspace, home, own: [access.temp, ...stores(environment), ...kept] };
  const notHere = noRestore ?? whyNotHere(wish, access.environment, hasToken);
  const restored = notHere === undefined ? await restoreTree(place, key, access) : undefined;
  if (restored?.kind === 'hit') {
    const { files, bytes, duration } = restored;
    const size = `${files} files, ${(bytes / 1e6).toFixed(1)} MB packed`;
    return {
      isRestored: true,
      keep: undefined,
      message: info(`restored in ${seconds(duration)} (${size}), nothing to install`),
    };
  }
  // A tree that was installed with a token is nobody else's.
  const before = noSave === undefined && !hasToken ? look(watched) : undefined;
  const keep = before === undefined ? undefined : { key, place, watched, before };
  if (restored?.kind === 'fault') {
    const text = `The installed tree was not restored: ${restored.reason}. The install goes on as usual.`;
    return { isRestored: false, keep, message: { level: 'notice', text } };
  }
  const reason = restored?.kind === 'off' ? restored.reason : (notHere ?? 'no entry of this very install yet');
  return { isRestored: false, keep, message: info(reason) };
}

function without(reason: string): TreeStart {
  return { isRestored: false, keep: undefined, message: info(`off, ${reason}`) };
}

function info(text: string): CacheMessage {
  return { level: 'info', text: `installed tree: ${text}` };
}

/** Stores of package managers by the variables that name them: they are meant to grow. */
function stores(environment: Environment): readonly string[] {
  const names = [
    'npm_config_cache',
    'YARN_CACHE_FOLDER',
    'PNPM_HOME',
    'npm_config_store_dir',
    'BUN_INSTALL_CACHE_DIR',
    'RUNNER_TOOL_CACHE',
  ];
  return names.flatMap((name) => environment[name] ?? []);
}

/**
 * Keeps the tree as the install left it, for `post` to save; unless the install wrote something else, too, which no
 * restored tree would bring along.
 */
export async function keepTree(
  { key, place, watched, before }: TreeKeep,
  store: string | undefined,
  access: CacheAccess,
): Promise<{ readonly kept: KeptTree | undefined; readonly message: CacheMessage | undefined }> {
  const own = { ...watched, own: [...watched.own, ...(store === undefined ? [] : [store])] };
  const after = look(own);
  if (after === undefined) return { kept: undefined, message: undefined };
  const written = differences(before, after, own, 5);
  if (written.length > 0) {
    const text = `not kept, the install also wrote ${written.join(', ')}`;
    return { kept: undefined, message: info(text) };
  }
  const folder = join(access.temp, `pipelines-tree-${randomUUID()}`);
  const snapshot = await takeSnapshot(place, folder, access);
  if ('reason' in snapshot) return { kept: undefined, message: info(`not kept, ${snapshot.reason}`) };
  return { kept: { key, folder }, message: undefined };
}

/** Saves what was kept, and says what came of it. */
export async function saveKept({ key, folder }: KeptTree, access: CacheAccess): Promise<CacheMessage> {
  const saved = await saveTree(folder, key, access);
  if (saved.kind === 'saved') return info(`saved in ${seconds(saved.duration)}, ${(saved.bytes / 1e6).toFixed(1)} MB`);
  if (saved.kind === 'off') return info(`not saved, ${saved.reason}`);
  return { level: 'notice', text: `The installed tree was not saved: ${saved.reason}. Nothing else is affected.` };
}
