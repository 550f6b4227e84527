/** What a task checks or makes, in the order in which a reader expects them. */
export const TASK_KINDS = ['generate', 'format', 'lint', 'typecheck', 'test', 'build'] as const;

export type TaskKind = (typeof TASK_KINDS)[number];

/** The package managers that are recognised. */
export type PackageManagerName = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** Which package manager the project uses, and what said so. */
export interface PlannedPackageManager {
  readonly name: PackageManagerName;
  /** The version or range that the project asks for, as it is written there; left out when it names none. */
  readonly version?: string;
  /** What decided: `packageManager`, `devEngines`, the name of a lockfile, `pnpm-workspace.yaml`, or `default`. */
  readonly source: string;
  /** Whether the pipelines can check projects of this package manager. */
  readonly supported: boolean;
}

/** One package of the project. Every folder and path of a plan is relative to the repository, with `/`, `.` for it. */
export interface PlannedPackage {
  /** Its name in package.json; its folder when it has none. */
  readonly name: string;
  readonly directory: string;
  /** Folders of the packages of this workspace that it names in one of its kinds of dependencies, sorted. */
  readonly dependsOn: readonly string[];
  /** False for a package that is only here because one that is checked depends on it: generated and built, no more. */
  readonly checked: boolean;
}

/** A test runner that can be told which files to run. */
export interface TestRunner {
  readonly program: 'vitest' | 'jest' | 'node';
  /** What starts it: `yarn run`, or nothing. */
  readonly starter: readonly string[];
  /** Its own words, the program first: `vitest run --coverage`. */
  readonly argv: readonly [string, ...string[]];
  /** Variables that its script sets for it. */
  readonly environment: Readonly<Record<string, string>>;
  /** As {@link PlannedTask.path}. */
  readonly path: readonly string[];
}

/** One command to run. */
export interface PlannedTask {
  /**
   * Unique in the plan. The package of the working directory has plain names (`lint`), every other one its folder from
   * the project's root before a colon (`packages/api:lint`). The last part is the kind, or `prisma-generate`.
   */
  readonly id: string;
  readonly kind: TaskKind;
  /** Name of its package. */
  readonly package: string;
  /** Where it runs: the folder of its package, relative to the repository. */
  readonly directory: string;
  /** Program and arguments, for no shell. */
  readonly command: readonly [string, ...string[]];
  /** The command as a person would type it in that folder. */
  readonly display: string;
  /**
   * Folders of installed programs, nearest first, relative to the repository: the runner puts them before PATH, as
   * `npm run` does. Empty for a script, whose package manager does so itself. They need not exist.
   */
  readonly path: readonly string[];
  /** Variables that the root script set before it handed over to the packages (`CI=1 turbo run lint`). */
  readonly environment: Readonly<Record<string, string>>;
  /** Name of the script in package.json; left out when there is none. */
  readonly script?: string;
  /** The file that it comes from, relative to its package: `package.json`, `tsconfig.json`, `prisma/schema.prisma`. */
  readonly source: string;
  /** Why, as a short phrase that stands in brackets behind the command. */
  readonly reason: string;
  /** Set for tests whose files can be divided among machines: the command is this runner and nothing else. */
  readonly runner?: TestRunner;
  /** Ids of the tasks that have to pass before this one starts, sorted. Together they have no cycle. */
  readonly needs: readonly string[];
}

/** What else is in the repository. Paths relative to the repository, sorted; at most 100 of each. */
export interface Found {
  readonly dockerfiles: readonly string[];
  readonly composeFiles: readonly string[];
  /** Schema files, or the folder of a schema in several files. */
  readonly prismaSchemas: readonly string[];
  readonly firebase: readonly string[];
  readonly vercel: readonly string[];
  readonly playwright: readonly string[];
  /** Files that make a Python project: pyproject.toml, requirements.txt, setup.py, … */
  readonly python: readonly string[];
  /** Files that make a project of another language: go.mod, Cargo.toml, … */
  readonly other: readonly { readonly language: string; readonly files: readonly string[] }[];
}

/** One decision, shown as one line: `subject: decision (reason)`. Plain text; commands stand between backticks. */
export interface Decision {
  readonly subject: string;
  readonly decision: string;
  /** Empty when the decision says it all. */
  readonly reason: string;
}

/** Something that is there and that no task of this plan checks. */
export interface NotChecked {
  readonly subject: string;
  readonly reason: string;
}

/** What the pipeline will do with a repository and why. */
export interface Plan {
  readonly version: 1;
  /** Folder that was asked for. */
  readonly workingDirectory: string;
  /** Folder of the project's root: the workspace's that the working directory belongs to, else the same. */
  readonly root: string;
  /** Null when there is no package.json. */
  readonly packageManager: PlannedPackageManager | null;
  /** Sorted by folder; the root first. */
  readonly packages: readonly PlannedPackage[];
  /** In an order that can be run one by one: a task comes after those that it needs. */
  readonly tasks: readonly PlannedTask[];
  readonly found: Found;
  readonly decisions: readonly Decision[];
  readonly notChecked: readonly NotChecked[];
}
