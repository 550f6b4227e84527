import { relative } from 'node:path';
import type { Manifest } from '../plan/manifest.ts';
import { findProject } from '../plan/project.ts';
import { listFiles, type RepositoryFiles } from '../plan/repository-files.ts';
import type { Environment } from '../runtime/environment.ts';
import { isMap } from '../runtime/yaml.ts';
import type { Lockfile } from './lockfiles.ts';

/** What an install is made from, as far as it is in the repository. */
export interface TreeProject {
  readonly files: RepositoryFiles;
  /** Folder of the lockfile, relative to the repository; `.` for its root. */
  readonly folder: string;
  readonly root: Manifest;
  /** The root and the packages of the workspace. */
  readonly manifests: readonly Manifest[];
}

/**
 * Reads the packages that a lockfile is for.
 *
 * @returns undefined where there is no package.json beside it
 * @throws those of the plan's findProject
 */
export async function treeProject(
  workspace: string,
  lockfile: Lockfile,
  environment: Environment,
  signal: AbortSignal,
): Promise<TreeProject | undefined> {
  const files = await listFiles(workspace, { environment, signal });
  const folder = relative(workspace, lockfile.folder) || '.';
  const project = await findProject(files, folder);
  if (project === undefined || project.root.directory !== folder) return undefined;
  return { files, folder, root: project.root, manifests: [project.root, ...project.members] };
}

/** Scripts that an install runs (docs.npmjs.com/cli/using-npm/scripts, "Life Cycle Operation Order"). */
export const LIFECYCLE: readonly string[] = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
];

/** The scripts of a package that an install runs: name and command. */
export function lifecycleScripts({ json }: Manifest): readonly (readonly [string, string])[] {
  const scripts = isMap(json) && isMap(json['scripts']) ? json['scripts'] : {};
  return LIFECYCLE.flatMap((name): [string, string][] => {
    const command = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
    return typeof command === 'string' ? [[name, command]] : [];
  });
}
