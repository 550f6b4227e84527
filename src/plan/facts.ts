import { inBatches } from './batches.ts';
import { fieldOf } from './json.ts';
import type { Manifest } from './manifest.ts';
import { folderOf, inFolder, upwards } from './paths.ts';
import type { Project } from './project.ts';
import type { RepositoryFiles } from './repository-files.ts';
import { readTsconfig, type Tsconfig } from './tsconfig.ts';

/** What is known of a package when its tasks are chosen. */
export interface PackageFacts {
  readonly manifest: Manifest;
  readonly directory: string;
  /** Files of the package alone, relative to it, sorted: not those of packages in folders below it. */
  readonly files: readonly string[];
  readonly tsconfig: Tsconfig | undefined;
  /** Path of the ESLint configuration that applies, relative to the repository: its own, else the nearest above. */
  readonly eslintConfig: string | undefined;
  /** Whether that configuration may ask for types or resolve imports, so that linting reads what dependencies build. */
  readonly lintsWithTypes: boolean;
  /** The dependency's version as the package, or else the project's root, asks for it. */
  readonly dependency: (name: string) => { readonly version: string; readonly isOwn: boolean } | undefined;
}

const ESLINT_CONFIG = /^(eslint\.config\.[cm]?[jt]s|\.eslintrc(\.(js|cjs|mjs|json|yaml|yml))?)$/;

/** Words of an ESLint configuration that uses types or looks up imported files. */
const TYPED_LINT =
  /projectService|parserOptions|tsconfigRootDir|TypeChecked|type-checked|requiring-type-checking|import\/(no-unresolved|recommended|errors)|import-x|flatConfigs|airbnb|neostandard|eslint-plugin-n\b/;

const LARGEST_CONFIG = 256 * 1024;

/** Collects the facts of every package; files are read once. */
export async function gatherFacts(
  files: RepositoryFiles,
  project: Project,
): Promise<ReadonlyMap<string, PackageFacts>> {
  const manifests = [project.root, ...project.members.filter((member) => member !== project.root)];
  const owned = ownedFiles(files, manifests);
  const typed = new Map<string, Promise<string>>();
  const configText = (path: string) => {
    const known = typed.get(path) ?? readConfig(files, path);
    typed.set(path, known);
    return known;
  };
  const facts = await inBatches(manifests, async (manifest): Promise<PackageFacts> => {
    const { directory } = manifest;
    const eslintConfig = eslintConfigOf(files, manifest, project.root.directory);
    const text = eslintConfig === undefined ? '' : await configText(eslintConfig);
    return {
      manifest,
      directory,
      files: owned.get(directory) ?? [],
      tsconfig: await readTsconfig(files, inFolder(directory, 'tsconfig.json')),
      eslintConfig,
      lintsWithTypes: TYPED_LINT.test(text) || importsMember(text, manifest, project),
      dependency: (name) => {
        const version = manifest.dependencies.get(name);
        if (version !== undefined) return { version, isOwn: true };
        const shared = project.root.dependencies.get(name);
        return shared === undefined ? undefined : { version: shared, isOwn: false };
      },
    };
  });
  return new Map(facts.map((found) => [found.directory, found]));
}

/** Every file under the package in whose folder, or nearest above, it lies. */
function ownedFiles(files: RepositoryFiles, manifests: readonly Manifest[]): ReadonlyMap<string, string[]> {
  const owned = new Map(manifests.map(({ directory }) => [directory, [] as string[]]));
  const owners = new Map<string, string | undefined>();
  const ownerOf = (folder: string): string | undefined => {
    if (owners.has(folder)) return owners.get(folder);
    const owner = owned.has(folder) ? folder : folder === '.' ? undefined : ownerOf(folderOf(folder));
    owners.set(folder, owner);
    return owner;
  };
  for (const path of files.paths) {
    const owner = ownerOf(folderOf(path));
    if (owner !== undefined) owned.get(owner)?.push(owner === '.' ? path : path.slice(owner.length + 1));
  }
  return owned;
}

function eslintConfigOf(files: RepositoryFiles, manifest: Manifest, root: string): string | undefined {
  if (fieldOf(manifest.json, 'eslintConfig') !== undefined) return inFolder(manifest.directory, 'package.json');
  const folders = upwards(manifest.directory);
  for (const folder of folders.slice(0, folders.indexOf(root) + 1)) {
    const found = ESLINT_NAMES.map((name) => inFolder(folder, name)).find((path) => files.has(path));
    if (found !== undefined) return found;
  }
  return undefined;
}

const ESLINT_NAMES = [
  ...['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((extension) => `eslint.config.${extension}`),
  ...['.js', '.cjs', '.mjs', '.json', '.yaml', '.yml', ''].map((extension) => `.eslintrc${extension}`),
];

async function readConfig(files: RepositoryFiles, path: string): Promise<string> {
  return (await files.read(path, LARGEST_CONFIG)) ?? '';
}

/** A configuration that comes from a package of the workspace may do anything. */
function importsMember(text: string, manifest: Manifest, project: Project): boolean {
  if (text === '' || project.members.length === 0) return false;
  const imported = [...text.matchAll(/['"]((?:@[\w.-]+\/)?[\w.-]+)(?:\/[^'"]*)?['"]/g)].map(([, name]) => name ?? '');
  const members = memberNames(project);
  return imported.some((name) => members.has(name) && name !== manifest.name);
}

const namesOfProject = new WeakMap<Project, ReadonlySet<string>>();

function memberNames(project: Project): ReadonlySet<string> {
  const known =
    namesOfProject.get(project) ?? new Set(project.members.flatMap(({ name }) => (name === undefined ? [] : [name])));
  namesOfProject.set(project, known);
  return known;
}

/** Whether the package's own folder holds an ESLint configuration. */
export function hasOwnEslintConfig({ files, manifest }: PackageFacts): boolean {
  return files.some((path) => ESLINT_CONFIG.test(path)) || fieldOf(manifest.json, 'eslintConfig') !== undefined;
}

const TEST_FILE = /(^|\/)(__tests__\/.+|[^/]+[._-](test|spec))\.[cm]?[jt]sx?$/;

/** What `node --test` looks for by itself (nodejs.org/api/test.html), without TypeScript. */
const NODE_TEST_FILE = /(^|\/)(test\/.+|test|test-[^/]+|[^/]+[._-]test)\.[cm]?js$/;

export function testFilesOf({ files }: PackageFacts): readonly string[] {
  return files.filter(
    (path) => TEST_FILE.test(path) || /^(.*\/)?(tests?|__tests__|spec)\/.*\.[cm]?[jt]sx?$/.test(path),
  );
}

export function hasTestFiles({ files }: PackageFacts): boolean {
  return files.some((path) => TEST_FILE.test(path));
}

export function hasNodeTestFiles({ files }: PackageFacts): boolean {
  return files.some((path) => NODE_TEST_FILE.test(path));
}
