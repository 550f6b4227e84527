import { posix } from 'node:path';
import { type Manifest, readManifest } from './manifest.ts';
import { folderOf, inFolder, isWithin, upwards } from './paths.ts';
import type { Project } from './project.ts';
import type { RepositoryFiles } from './repository-files.ts';

/** To what a path belongs. */
export type Owner =
  | { readonly kind: 'package'; readonly directories: readonly string[] }
  /** In no package at all. */
  | { readonly kind: 'outside' }
  /** In a project of its own. */
  | { readonly kind: 'other' };

/**
 * Whose a path is: the nearest package of the project that it lies in, and packages that name its folder with `file:`,
 * `link:` or `portal:`. The root of a workspace owns nothing by folder; the only package of a project owns its folder.
 */
export async function ownership(files: RepositoryFiles, project: Project): Promise<(path: string) => Owner> {
  const { root, members } = project;
  const folders = new Set(members.map(({ directory }) => directory));
  if (members.length === 0) folders.add(root.directory);
  const links = await linkedFolders(files, project);
  // A folder with a package.json that is no package of ours is another project, unless it lies inside this workspace
  // without a lockfile of its own: then the root's scripts may use it.
  const isOther = (folder: string) =>
    files.has(inFolder(folder, 'package.json')) &&
    !isWithin(folder, root.directory) &&
    (!isWithin(root.directory, folder) || hasLockfile(files, folder));
  const known = new Map<string, Owner>();
  const ownerOf = (folder: string): Owner => {
    const above = upwards(folder);
    const own = above.find((candidate) => folders.has(candidate));
    const linked = above.flatMap((candidate) => links.get(candidate) ?? []);
    const directories = [...(own === undefined ? [] : [own]), ...linked];
    if (directories.length > 0) return { kind: 'package', directories: [...new Set(directories)] };
    return { kind: above.some(isOther) ? 'other' : 'outside' };
  };
  return (path) => {
    const folder = folderOf(path);
    const found = known.get(folder) ?? ownerOf(folder);
    known.set(folder, found);
    return found;
  };
}

const LOCKFILE = /^(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?)$/;

function hasLockfile(files: RepositoryFiles, folder: string): boolean {
  return files.under(folder).some((path) => folderOf(path) === folder && LOCKFILE.test(posix.basename(path)));
}

/** Folders outside the project that its packages depend on by path, also through each other, to those packages. */
async function linkedFolders(
  files: RepositoryFiles,
  project: Project,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const own = new Set([project.root, ...project.members].map(({ directory }) => directory));
  const links = new Map<string, string[]>();
  for (const manifest of [project.root, ...project.members]) {
    const open: Manifest[] = [manifest];
    const seen = new Set<string>();
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const folder of pathDependencies(next)) {
        if (own.has(folder) || seen.has(folder)) continue;
        seen.add(folder);
        links.set(folder, [...(links.get(folder) ?? []), manifest.directory]);
        const linked = await readManifest(files, folder);
        if (linked !== undefined) open.push(linked);
      }
    }
  }
  return links;
}

function pathDependencies({ directory, dependencies }: Manifest): readonly string[] {
  return [...dependencies.values()].flatMap((specification) => {
    const path = /^(?:file|link|portal):(.{1,4096})$/s.exec(specification.trim())?.[1];
    if (path === undefined) return [];
    const folder = posix.join(directory, path.replace(/^\/\//, '')).replace(/\/$/, '');
    return folder === '..' || folder.startsWith('../') || folder === '.' ? [] : [folder];
  });
}
