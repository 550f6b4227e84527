import { createHash } from 'node:crypto';
import type { WorkTree } from './work-tree.ts';

/** A task, as far as it decides what the task finds. */
export interface ReusableTask {
  readonly id: string;
  readonly kind: string;
  /** Folder it runs in, from the workspace's root. */
  readonly directory: string;
  readonly command: readonly string[];
  readonly path: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly needs: readonly string[];
}

/** A package of the workspace. */
export interface ReusablePackage {
  readonly directory: string;
  /** Folders of the packages that it depends on. */
  readonly dependsOn: readonly string[];
}

export interface KeyQuestion {
  readonly tree: WorkTree;
  readonly packages: readonly ReusablePackage[];
  /** Folder of the project's root. */
  readonly root: string;
  /** Operating system and image, architecture, Node, package manager: `name version` each. */
  readonly toolchain: readonly string[];
  /** The environment in which the tasks run. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Counts up when what a key is made of changes. */
const FORMAT = 1;

/**
 * Variables that differ in every run and say nothing that a check should depend on. All others count: a secret or a
 * setting that a job gives its tasks by `env:` is another environment.
 */
const OF_THE_RUN =
  /^(GITHUB_|RUNNER_|ACTIONS_|PIPELINES_|ACT$|INVOCATION_ID$|JOURNAL_STREAM$|SYSTEMD_EXEC_PID$|PWD$|OLDPWD$|SHLVL$|_$|HOSTNAME$|NODE_COMPILE_CACHE$)/;

/**
 * A key for each task that is the same when, and only when, everything that the task can see is: the files of its package
 * and of all that this depends on, every file outside of packages, ignored files, the command, the environment, the
 * toolchain, and the keys of the tasks that it needs. A task of the root sees every file.
 *
 * @returns SHA-256 in hexadecimal by task
 */
export function taskKeys(tasks: readonly ReusableTask[], question: KeyQuestion): ReadonlyMap<string, string> {
  const { tree } = question;
  const visible = visibleFiles(question);
  const shared = hashed([surroundingsKey(question), tree.ignored]);
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const keys = new Map<string, string>();
  // The gate has refused circles and needs that are not there.
  const keyOf = (task: ReusableTask): string => {
    const known = keys.get(task.id);
    if (known !== undefined) return known;
    const needed = task.needs.flatMap((id) => byId.get(id) ?? []).map(keyOf);
    const { id, kind, directory, command, path } = task;
    const own = Object.entries(task.environment).sort(([left], [right]) => (left < right ? -1 : 1));
    const key = hashed([shared, visible(directory), id, kind, directory, command, path, own, needed.sort()]);
    keys.set(id, key);
    return key;
  };
  for (const task of tasks) keyOf(task);
  return keys;
}

/** A hash of what all tasks of a job have in common, whatever the commit: the toolchain and the environment. */
export function surroundingsKey({ toolchain, environment, root }: Omit<KeyQuestion, 'tree'>): string {
  const declared = Object.entries(environment)
    .filter(([name]) => !OF_THE_RUN.test(name))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return hashed([FORMAT, root, toolchain, declared]);
}

/** A hash of the files that a task in a folder can see. */
function visibleFiles({ tree, packages, root }: KeyQuestion): (directory: string) => string {
  const members = packages.filter(({ directory }) => directory !== root && directory !== '.');
  const byFolder = new Map(members.map((one) => [one.directory, one]));
  const isInMember = (path: string) => {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (byFolder.has(path.slice(0, end))) return true;
    }
    return false;
  };
  let outside: string | undefined;
  return (directory) => {
    if (!byFolder.has(directory)) return tree.whole;
    outside ??= hashed(tree.files.filter(([path]) => !isInMember(path)));
    const seen = new Set([directory]);
    for (const folder of seen) {
      for (const below of byFolder.get(folder)?.dependsOn ?? []) seen.add(below);
    }
    // A package that depends on the root sees what the root sees.
    if ([...seen].some((folder) => !byFolder.has(folder))) return tree.whole;
    return hashed([outside, [...seen].sort().map((folder) => [folder, tree.folders.get(folder) ?? ''])]);
  };
}

function hashed(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
