import type { PackageFacts } from './facts.ts';
import { inFolder, upwards } from './paths.ts';
import type { ProgramCall } from './programs.ts';
import type { PackageManagerName, PlannedTask, TaskKind } from './types.ts';

/** A task before its order is known, with what the order is found from. */
export interface Draft extends Omit<PlannedTask, 'needs' | 'id' | 'package'> {
  /** Last part of the id: the kind, or a name of its own where a package has two tasks of a kind. */
  readonly label: string;
  readonly facts: PackageFacts;
  /** Every program that it starts. */
  readonly calls: readonly ProgramCall[];
  /** Every script of the package that takes part. */
  readonly scripts: ReadonlySet<string>;
  /** Whether it corrects files of the project while it runs. */
  readonly corrects: boolean;
  /** Whether it writes nothing outside node_modules. */
  readonly writesInstalledOnly: boolean;
  /** Whether the task of the root stands for all packages of the workspace. */
  readonly coversWorkspace: boolean;
}

/** How a script is started: the package manager's own way, the script's command unchanged. */
export function scriptCommand(
  packageManager: PackageManagerName,
  script: string,
  extra: readonly string[] = [],
): readonly [string, ...string[]] {
  const separator = extra.length > 0 && packageManager === 'npm' ? ['--'] : [];
  return [packageManager, 'run', script, ...separator, ...extra];
}

/**
 * How an installed program is started: by its name, found in the folders of {@link programFolders}. That is what
 * `npm run` does, without the 0.2 to 0.5 s of a package manager, and nothing can be downloaded. Yarn finds programs
 * itself, as it may keep them in archives.
 */
export function toolCommand(
  packageManager: PackageManagerName,
  argv: readonly [string, ...string[]],
): readonly [string, ...string[]] {
  return packageManager === 'yarn' && argv[0] !== 'node' ? ['yarn', 'run', ...argv] : argv;
}

/** The folders of installed programs that a package can use, nearest first. */
export function programFolders(packageManager: PackageManagerName, directory: string): readonly string[] {
  if (packageManager === 'yarn') return [];
  return upwards(directory).map((folder) => inFolder(folder, 'node_modules/.bin'));
}

/** A command as one types it: words that a shell would take apart stand in quotes. */
export function displayed(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

/** The tasks of each package, by its folder. */
export function byPackage(drafts: readonly Draft[]): ReadonlyMap<string, readonly Draft[]> {
  const groups = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const group = groups.get(draft.directory);
    if (group === undefined) groups.set(draft.directory, [draft]);
    else group.push(draft);
  }
  return groups;
}

/** Tasks of a kind that a package has. */
export function ofKind(drafts: readonly Draft[], kind: TaskKind): readonly Draft[] {
  return drafts.filter((draft) => draft.kind === kind);
}
