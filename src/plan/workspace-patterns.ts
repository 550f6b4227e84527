import { ConfigurationError, shown } from '../runtime/errors.ts';
import type { Manifest } from './manifest.ts';
import { inFolder, named } from './paths.ts';
import { type Patterns, readPatterns } from './patterns.ts';
import type { RepositoryFiles } from './repository-files.ts';
import type { PackageManagerName } from './types.ts';

/** A list of workspace patterns and the file that holds it. */
export interface WorkspaceDeclaration {
  /** Folder of the workspace's root. */
  readonly directory: string;
  readonly source: string;
  readonly patterns: Exclude<Patterns, { problem: string }>;
}

const LARGEST_WORKSPACE_FILE = 1024 * 1024;

/**
 * The workspaces that a folder declares: `packages` in pnpm-workspace.yaml (pnpm.io/pnpm-workspace_yaml), or
 * `workspaces` in package.json for the other package managers. A pnpm-workspace.yaml without `packages` holds settings
 * only.
 *
 * @throws ConfigurationError PIPE-PLAN-005 pnpm-workspace.yaml is not of its form, PIPE-PLAN-006 a pattern is not usable
 */
export async function declaredWorkspaces(
  files: RepositoryFiles,
  manifest: Manifest,
  packageManager: PackageManagerName,
): Promise<WorkspaceDeclaration | undefined> {
  const { directory } = manifest;
  const yaml = inFolder(directory, 'pnpm-workspace.yaml');
  const usesPnpm = packageManager === 'pnpm';
  const list = usesPnpm ? await pnpmPackages(files, yaml) : manifest.workspaces;
  if (list === undefined) return undefined;
  const source = usesPnpm ? 'pnpm-workspace.yaml' : 'package.json';
  const patterns = readPatterns(list, directory, { takesBack: packageManager === 'npm' });
  if ('problem' in patterns) throw badPatterns(inFolder(directory, source), patterns.problem);
  return { directory, source, patterns };
}

async function pnpmPackages(files: RepositoryFiles, path: string): Promise<readonly string[] | undefined> {
  const text = await files.read(path, LARGEST_WORKSPACE_FILE);
  if (text === undefined) return undefined;
  const read = await packagesIn(text);
  if ('packages' in read) return read.packages;
  throw new ConfigurationError({
    code: 'PIPE-PLAN-005',
    what: `${named(path)} is not as pnpm wants it (https://pnpm.io/pnpm-workspace_yaml)`,
    given: shown(read.problem, 160),
    accepted: 'a YAML map whose `packages` is a list of patterns',
    example: "`packages: ['apps/*', 'packages/*']`",
    state: 'nothing was planned',
  });
}

type ReadPackages = { readonly packages: readonly string[] | undefined } | { readonly problem: string };

async function packagesIn(text: string): Promise<ReadPackages> {
  // Not the runtime's reader: it refuses aliases, which catalogs of real projects use. Only `packages` is resolved here.
  const { isAlias, isMap, isScalar, isSeq, parseDocument } = await import('yaml');
  try {
    const document = parseDocument(text, { logLevel: 'silent' });
    const [fault] = document.errors;
    if (fault !== undefined) return { problem: fault.message.split('\n', 1)[0] ?? fault.message };
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.value === null)) return { packages: undefined };
    if (!isMap(contents)) return { problem: 'it is not a map' };
    const found: unknown = contents.get('packages', true);
    if (found === undefined || (isScalar(found) && found.value === null)) return { packages: undefined };
    const list = isAlias(found) ? found.resolve(document) : found;
    const packages = isSeq(list) ? list.items.map((item) => (isScalar(item) ? item.value : undefined)) : [undefined];
    if (packages.every((pattern) => typeof pattern === 'string')) return { packages };
    return { problem: '`packages` is not a list of texts' };
  } catch (error) {
    // Nesting that overflows the parser's stack is a RangeError.
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function badPatterns(path: string, problem: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-PLAN-006',
    what: `the workspace patterns in ${named(path)} can't be used`,
    given: problem,
    accepted: 'patterns with *, **, ?, [a-z], {a,b} and a leading !, each of at most 512 characters',
    example: '`packages/*`',
    state: 'nothing was planned',
  });
}
