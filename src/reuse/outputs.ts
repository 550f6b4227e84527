import { lstat, mkdir, readdir, realpath, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ReusableTask } from './task-keys.ts';

/** What test runners and coverage tools write. */
const OF_TESTS =
  /(^|\/)(coverage|\.nyc_output|test-results|playwright-report|blob-report|junit[^/]*\.xml|lcov\.info|cobertura[^/]*\.xml)(\/|$)/;

/** Caches of tools, which nobody else reads. */
const OF_CACHES =
  /(^|\/)(\.turbo|\.cache|\.nx|\.eslintcache|\.stylelintcache|\.prettiercache|[^/]*\.tsbuildinfo)(\/|$)/;

/** What may hold a secret is never kept. */
const SECRET = /(^|\/)(\.env(\.[^/]*)?|\.npmrc|\.netrc|[^/]*\.(pem|key|p12|pfx))\/?$/i;

/**
 * Which of the paths that git ignores are the output of which task: what tests write by its usual names, everything else
 * in a package's folder is its build's.
 *
 * @param paths from the workspace's root, folders with a slash at the end
 * @param earlier those that were there before the tasks: files stay what they are, a folder may have changed inside
 * @param folders of packages, `.` for the root
 * @returns paths by task, and one that can't be told to be a task's own; undefined when there is none
 */
export function outputsOf(
  tasks: readonly ReusableTask[],
  paths: readonly string[],
  { earlier, folders }: { readonly earlier: readonly string[]; readonly folders: readonly string[] },
): { readonly byTask: ReadonlyMap<string, readonly string[]>; readonly stray: string | undefined } {
  const byTask = new Map<string, string[]>();
  let stray: string | undefined;
  const known = new Set(earlier);
  for (const path of paths) {
    if (known.has(path) && !path.endsWith('/')) continue;
    if (known.has(path) || SECRET.test(path)) {
      if (!OF_CACHES.test(path)) stray ??= path;
      continue;
    }
    const folder = ownerOf(path, folders);
    const isOfTests = OF_TESTS.test(path);
    const writers = tasks.filter(({ kind, directory }) => directory === folder && (kind === 'build') !== isOfTests);
    // Of tasks that check only, none is known to write.
    const writer = writers.find(({ kind }) => kind === (isOfTests ? 'test' : 'build')) ?? byRoot(tasks, isOfTests);
    if (writer !== undefined) byTask.set(writer.id, [...(byTask.get(writer.id) ?? []), path.replace(/\/$/, '')]);
    else if (!OF_CACHES.test(path)) stray ??= path;
  }
  return { byTask, stray };
}

/** The root's task writes where no package has one of its own. */
function byRoot(tasks: readonly ReusableTask[], isOfTests: boolean): ReusableTask | undefined {
  if (isOfTests) return tasks.find(({ kind, directory }) => directory === '.' && kind === 'test');
  // With builds of packages beside it nobody knows which of them wrote into the root.
  const builds = tasks.filter(({ kind }) => kind === 'build');
  return builds.length === 1 && builds[0]?.directory === '.' ? builds[0] : undefined;
}

function ownerOf(path: string, folders: readonly string[]): string {
  const around = folders.filter((folder) => folder !== '.' && path.startsWith(`${folder}/`));
  return around.reduce((nearest, folder) => (folder.length > nearest.length ? folder : nearest), '') || '.';
}

/**
 * Moves what a task had written to its place, instead of what is there.
 *
 * @param staging absolute folder in which it was unpacked, on the file system of the workspace
 * @throws Error when something is missing, or would lead out of the workspace through a link
 */
export async function putBack(staging: string, workspace: string, paths: readonly string[]): Promise<void> {
  const [source, root] = [await realpath(staging), await realpath(workspace)];
  for (const path of paths) {
    const [from, to] = [join(source, path), join(root, path)];
    const found = await lstat(from);
    await mkdir(dirname(to), { recursive: true });
    const isOwn = (await realpath(dirname(from))) === dirname(from) && (await realpath(dirname(to))) === dirname(to);
    if (!isOwn || !(found.isFile() || found.isDirectory()))
      throw new Error(`${path} is no file and no folder of its own`);
  }
  for (const path of paths) {
    const to = join(root, path);
    await rm(to, { recursive: true, force: true });
    await rename(join(source, path), to);
    await touch(to);
  }
}

/** Gives files the time of now, as if they had just been written: who reads them asks whether they are of this job. */
async function touch(path: string): Promise<void> {
  const found = await lstat(path);
  const now = new Date();
  if (found.isFile()) await utimes(path, now, now);
  if (!found.isDirectory()) return;
  for (const name of await readdir(path)) await touch(join(path, name));
}
