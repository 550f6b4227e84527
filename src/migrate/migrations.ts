import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ConfigurationError } from '../runtime/errors.ts';
import { exists, readTextFile } from '../runtime/files.ts';
import type { Git } from './git.ts';

/** How a tool keeps migrations in a folder. */
export interface MigrationForm {
  /** The migration that a path from that folder, with `/`, is the file of; undefined where it is none. */
  readonly nameOf: (path: string) => string | undefined;
  readonly pathOf: (name: string) => string;
  /** Negative where the first is applied before the second. */
  readonly compare: (one: string, other: string) => number;
  /** Names of the migrations in a folder, in the order in which they are applied; none without the folder. */
  readonly list: (folder: string) => Promise<readonly string[]>;
  /** The SQL in a migration's file, where that is no SQL itself. */
  readonly sqlIn?: (text: string) => ReadSql;
}

/** SQL, or why it can't be read. */
export type ReadSql = { readonly sql: string } | { readonly problem: string };

/** Whether what a migration does can be read: it is SQL, or has it inside. */
export function isReadable({ file }: Pick<Migration, 'file'>, form: MigrationForm): boolean {
  return file.endsWith('.sql') || form.sqlIn !== undefined;
}

/** Prisma's: a folder for each, with its SQL. */
export const PRISMA_FORM: MigrationForm = {
  nameOf: (path) => /^([^/]+)\/migration\.sql$/.exec(path)?.[1],
  pathOf: (name) => `${name}/migration.sql`,
  compare: (one, other) => (one < other ? -1 : 1),
  list: prismaNames,
};

/** A migration: one file that is applied once. */
export interface Migration {
  /** Name of its folder with Prisma, of its file otherwise. */
  readonly name: string;
  /** Its file from the root of the repository, with `/`. */
  readonly file: string;
  /** Against the base. */
  readonly status: 'new' | 'unchanged' | 'edited' | 'removed';
}

/**
 * The migrations of a folder against a commit, in the order in which they are applied. What is checked out counts, also
 * where it is not committed.
 *
 * @param commit the base; undefined: everything is new
 */
export async function listMigrations(
  git: Git,
  workspace: string,
  folder: string,
  commit: string | undefined,
  form: MigrationForm,
): Promise<readonly Migration[]> {
  const root = rootOf(workspace, folder);
  const names = new Set(await form.list(folder));
  const changes = commit === undefined ? undefined : await changesSince(git, root, commit);
  const known = commit === undefined ? new Set<string>() : await filesAt(git, root, commit);
  const there = [...names].map((name): Migration => {
    const file = `${prefixOf(root)}${form.pathOf(name)}`;
    const status = !known.has(file) ? 'new' : changes?.has(file) === true ? 'edited' : 'unchanged';
    return { name, file, status };
  });
  const gone = [...known].flatMap((file): Migration[] => {
    const name = form.nameOf(file.slice(prefixOf(root).length));
    return name === undefined || names.has(name) ? [] : [{ name, file, status: 'removed' }];
  });
  return [...there, ...gone].sort((a, b) => form.compare(a.name, b.name));
}

async function prismaNames(folder: string): Promise<readonly string[]> {
  const folders = (await entriesOf(folder)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const withSql = await Promise.all(folders.map((name) => exists(join(folder, name, 'migration.sql'))));
  return folders.filter((_, index) => withSql[index]).sort();
}

/** What is in a folder; nothing when it is not there. */
export async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  return await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}

function rootOf(workspace: string, folder: string): string {
  return relative(workspace, folder).split(sep).join('/');
}

function prefixOf(root: string): string {
  return root === '' ? '' : `${root}/`;
}

async function filesAt(git: Git, root: string, commit: string): Promise<ReadonlySet<string>> {
  const listed = await git('ls-tree', '-r', '-z', '--name-only', commit, '--', root === '' ? '.' : root);
  return new Set((listed ?? '').split('\0').filter((path) => path !== ''));
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
  { sqlIn }: MigrationForm,
): Promise<ReadSql> {
  try {
    const text = (await readTextFile(join(workspace, file), LARGEST_SQL, workspace)) ?? '';
    return sqlIn === undefined ? { sql: text } : sqlIn(text);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { problem: error.faults[0].what };
  }
}

/** The file of a migration by its name. */
export function migrationOf(
  workspace: string,
  folder: string,
  name: string,
  form: MigrationForm,
): Pick<Migration, 'name' | 'file'> {
  return { name, file: `${prefixOf(rootOf(workspace, folder))}${form.pathOf(name)}` };
}
