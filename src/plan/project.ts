import { ConfigurationError } from '../runtime/errors.ts';
import { inBatches } from './batches.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { lockfilesIn, packageManagerOf } from './package-manager.ts';
import { folderOf, isWithin, named, namedList, upwards } from './paths.ts';
import type { RepositoryFiles } from './repository-files.ts';
import type { Decision, NotChecked, PackageManagerName, PlannedPackageManager } from './types.ts';
import { declaredWorkspaces, type WorkspaceDeclaration } from './workspace-patterns.ts';

/** The packages that belong together, before anything is decided about them. */
export interface Project {
  /** The root's manifest. */
  readonly root: Manifest;
  /** The package of the working directory; the root itself, or one of the members. */
  readonly focus: Manifest;
  /** Members of the workspace without the root, sorted by folder; empty outside a workspace. */
  readonly members: readonly Manifest[];
  readonly packageManager: PlannedPackageManager;
  readonly decisions: readonly Decision[];
  readonly notChecked: readonly NotChecked[];
}

/** Most packages of one workspace. */
const MOST_PACKAGES = 10_000;

/**
 * Finds the project that the working directory belongs to: the nearest folder, from it upwards, that declares
 * workspaces and has it as a member, or is it; else the working directory alone.
 *
 * @param workingDirectory relative to the repository
 * @returns undefined when the working directory has no package.json
 * @throws ConfigurationError PIPE-PLAN-003 to 009
 */
export async function findProject(files: RepositoryFiles, workingDirectory: string): Promise<Project | undefined> {
  const focus = await readManifest(files, workingDirectory);
  if (focus === undefined) return undefined;
  const folders = upwards(workingDirectory);
  const above = await Promise.all(folders.slice(1).map((folder) => readManifest(files, folder)));
  const manifests = [focus, ...above.filter((manifest) => manifest !== undefined)];
  for (const [index, manifest] of manifests.entries()) {
    const { directory } = manifest;
    const packageManager = packageManagerOf(files, upwards(directory), manifests.slice(index));
    const declared = await declaredWorkspaces(files, manifest, packageManager.name);
    if (declared === undefined) continue;
    const members = await memberFolders(files, declared, packageManager.name);
    if (manifest !== focus && !members.has(workingDirectory)) continue;
    return workspaceOf(files, { root: manifest, focus, packageManager, declared, folders: members });
  }
  const packageManager = packageManagerOf(files, folders, manifests);
  const decisions = [managerDecision(files, focus, packageManager), ...ignoredWorkspaces(focus, packageManager.name)];
  return { root: focus, focus, members: [], packageManager, decisions, notChecked: [] };
}

/** Folders below the declaration that have a package.json and match, the root itself left out. */
async function memberFolders(
  files: RepositoryFiles,
  declared: WorkspaceDeclaration,
  packageManager: PackageManagerName,
): Promise<ReadonlySet<string>> {
  const candidates = files.paths.filter((path) => path.endsWith('/package.json')).map(folderOf);
  const members = new Set(candidates.filter((folder) => declared.patterns.matches(folder)));
  members.delete(declared.directory);
  if (members.size > MOST_PACKAGES) throw tooManyPackages(members.size);
  if (packageManager !== 'yarn') return members;
  // Yarn alone takes the workspaces of a member as its own (yarnpkg.com/features/workspaces, nested worktrees).
  for (const folder of members) {
    const manifest = await readManifest(files, folder);
    const nested = manifest === undefined ? undefined : await declaredWorkspaces(files, manifest, packageManager);
    for (const below of candidates) if (nested?.patterns.matches(below) === true) members.add(below);
    if (members.size > MOST_PACKAGES) throw tooManyPackages(members.size);
  }
  members.delete(declared.directory);
  return members;
}

interface FoundWorkspace {
  readonly root: Manifest;
  readonly focus: Manifest;
  readonly packageManager: PlannedPackageManager;
  readonly declared: WorkspaceDeclaration;
  readonly folders: ReadonlySet<string>;
}

async function workspaceOf(files: RepositoryFiles, found: FoundWorkspace): Promise<Project> {
  const { root, focus, packageManager, declared, folders } = found;
  const members = (await readAll(files, [...folders].sort())).map((member) =>
    member.directory === focus.directory ? focus : member,
  );
  refuseDuplicates([root, ...members]);
  const count = members.length === 1 ? '1 package' : `${members.length} packages`;
  const workspaces = {
    subject: 'workspaces',
    decision: `${count}: ${namedList(members.map(({ directory }) => directory))}`,
    reason: declared.source,
  };
  const inFocus = {
    subject: 'working directory',
    decision: named(focus.directory),
    reason: 'a package of the workspace',
  };
  return {
    root,
    focus,
    members,
    packageManager,
    decisions: [
      managerDecision(files, root, packageManager),
      workspaces,
      ...(focus.directory === root.directory ? [] : [inFocus]),
    ],
    notChecked: [...escapingPatterns(declared), ...nestedWorkspaces(members, packageManager.name)],
  };
}

async function readAll(files: RepositoryFiles, folders: readonly string[]): Promise<readonly Manifest[]> {
  const manifests = await inBatches(folders, (folder) => readManifest(files, folder));
  // One that git lists and that was deleted since is no member any more.
  return manifests.filter((manifest) => manifest !== undefined);
}

function refuseDuplicates(manifests: readonly Manifest[]): void {
  const folders = new Map<string, string>();
  const faults = manifests.flatMap(({ name, directory }) => {
    const other = name === undefined ? undefined : folders.get(name);
    if (name !== undefined && other === undefined) folders.set(name, directory);
    if (name === undefined || other === undefined) return [];
    return [
      {
        code: 'PIPE-PLAN-007' as const,
        what: `two packages of the workspace have the same name: ${named(name)}`,
        given: `${named(other)} and ${named(directory)}`,
        accepted: 'a name of its own for each package',
        remedy: 'rename one of them, or take its folder out of the workspace patterns',
        state: 'nothing was planned',
      },
    ];
  });
  if (faults.length > 0) throw new ConfigurationError(faults.slice(0, 10));
}

function tooManyPackages(count: number): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-PLAN-008',
    what: 'the workspace has too many packages',
    given: `${count} packages`,
    accepted: `at most ${MOST_PACKAGES}`,
    remedy: 'narrow the workspace patterns, or check one package with `working-directory`',
    state: 'nothing was planned',
  });
}

function managerDecision(files: RepositoryFiles, root: Manifest, manager: PlannedPackageManager): Decision {
  const version = manager.version === undefined ? '' : ` ${named(manager.version)}`;
  const lockfiles = lockfilesIn(files, root.directory);
  const several = lockfiles.length > 1 ? `; there are ${lockfiles.length} lockfiles: ${lockfiles.join(', ')}` : '';
  const reason = manager.source === 'default' ? 'the default: no packageManager field, no lockfile' : manager.source;
  return { subject: 'package manager', decision: `${manager.name}${version}`, reason: `${reason}${several}` };
}

function ignoredWorkspaces(manifest: Manifest, packageManager: PackageManagerName): readonly Decision[] {
  if (packageManager !== 'pnpm' || manifest.workspaces === undefined) return [];
  const decision = 'none: pnpm does not read `workspaces` of package.json';
  return [{ subject: 'workspaces', decision, reason: 'no `packages` in pnpm-workspace.yaml' }];
}

function escapingPatterns({ source, patterns }: WorkspaceDeclaration): readonly NotChecked[] {
  if (patterns.escaping.length === 0) return [];
  const reason = 'workspace patterns that lead out of the repository match nothing here';
  return [{ subject: `${source}: ${namedList(patterns.escaping)}`, reason }];
}

function nestedWorkspaces(members: readonly Manifest[], packageManager: PackageManagerName): readonly NotChecked[] {
  if (packageManager === 'yarn') return [];
  const nested = members.filter(({ workspaces }) => workspaces !== undefined).map(({ directory }) => directory);
  if (nested.length === 0) return [];
  const reason = `${packageManager} does not read the \`workspaces\` of a package that is a member itself`;
  return [{ subject: `workspaces in ${namedList(nested)}`, reason }];
}

/** Folders with a package.json in sight of the working directory that the project does not hold, sorted. */
export function otherPackages(files: RepositoryFiles, project: Project, workingDirectory: string): readonly string[] {
  const own = new Set([project.root, ...project.members].map(({ directory }) => directory));
  return files
    .under(workingDirectory)
    .filter((path) => path.endsWith('/package.json'))
    .map(folderOf)
    .filter((folder) => !own.has(folder) && isWithin(workingDirectory, folder));
}
