import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ConfigurationError } from '../runtime/errors.ts';
import { exists, readTextFile } from '../runtime/files.ts';
import type { Git } from './git.ts';

/** A migration: a folder with its SQL. */
export interface Migration {
  /** Name of its folder. */
  readonly name: string;
  /** Its SQL from the root of the repository, with `/`. */
  readonly file: string;
  /** Against the base. */
  readonly status: 'new' | 'unchanged' | 'edited' | 'removed';
}

/**
 * The migrations of a folder against a commit, in the order in which Prisma applies them. What is checked out counts,
 * also where it is not committed.
 *
 * @param commit the base; undefined: everything is new
 */
export async function listMigrations(
  git: Git,
  workspace: string,
  folder: string,
  commit: string | undefined,
): Promise<readonly Migration[]> {
  const root = rootOf(workspace, folder);
  const names = await migrationNames(folder);
  const file = (name: string) => fileOf(root, name);
  const changes = commit === undefined ? undefined : await changesSince(git, root, commit);
  const known = commit === undefined ? new Set<string>() : await filesAt(git, root, commit);
  const there = names.map((name): Migration => {
    const path = file(name);
    const status = !known.has(path) ? 'new' : changes?.has(path) === true ? 'edited' : 'unchanged';
    return { name, file: path, status };
  });
  const gone = [...known].flatMap((path): Migration[] => {
    const name = /([^/]+)\/migration\.sql$/.exec(path)?.[1];
    const isGone = name !== undefined && path === file(name) && !names.includes(name);
    return isGone ? [{ name, file: path, status: 'removed' }] : [];
  });
  return [...there, ...gone].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Names of the migrations in a folder, in the order in which Prisma applies them. */
export async function migrationNames(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const withSql = await Promise.all(folders.map((name) => exists(join(folder, name, 'migration.sql'))));
  return folders.filter((_, index) => withSql[index]).sort();
}

function rootOf(workspace: string, folder: string): string {
  return relative(workspace, folder).split(sep).join('/');
}

function fileOf(root: string, name: string): string {
  return `${root === '' ? '' : `${root}/`}${name}/migration.sql`;
}

async function filesAt(git: Git, root: string, commit: string): Promise<ReadonlySet<string>> {
  const listed = await git('ls-tree', '-r', '-z', '--name-only', commit, '--', root === '' ? '.' : root);
  return new Set((listed ?? '').split('\0').filter((path) => path.endsWith('/migration.sql')));
}

/** Files that differ from the commit, deleted ones among them. */
async function changesSince(git: Git, root: string, commit: string): Promise<ReadonlySet<string>> {
  const flags = ['--no-renames', '--no-ext-diff', '--no-textconv', '--name-only', '--relative', '-z'];
  const listed = await git('diff', ...flags, commit, '--', root === '' ? '.' : root);
  return new Set((listed ?? '').split('\0').filter((path) => path !== ''));
}

/** Longest SQL that is read, in bytes: more is data, which belongs in no migration. */
export const LARGEST_SQL = 4 * 1024 * 1024;

/**
 * The SQL of a migration, or why it can't be read.
 *
 * @returns `problem` for a file that is too large, no text, or not readable
 */
export async function readSql(
  workspace: string,
  { file }: Pick<Migration, 'file'>,
): Promise<{ readonly sql: string } | { readonly problem: string }> {
  try {
    return { sql: (await readTextFile(join(workspace, file), LARGEST_SQL, workspace)) ?? '' };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { problem: error.faults[0].what };
  }
}

/** The file of a migration by its name. */
export function migrationOf(workspace: string, folder: string, name: string): Pick<Migration, 'name' | 'file'> {
  return { name, file: fileOf(rootOf(workspace, folder), name) };
}
