import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { contains, exists, readTextFile } from '../runtime/files.ts';
import { jsonMap } from '../runtime/json.ts';
import { isMap } from '../runtime/yaml.ts';

/** Where a project keeps its Prisma schema and migrations. */
export interface Layout {
  /** Absolute path of the schema's file or folder. */
  readonly schema: string;
  /** Absolute path of the folder of migrations; it may not be there yet. */
  readonly migrations: string;
  /** Prisma's name of the database's kind (`postgresql`, `mysql`…); undefined when nothing says it. */
  readonly provider: string | undefined;
  /** Whether prisma.config names a shadow database. */
  readonly namesShadow: boolean;
}

/** The file beside the migrations that says which kind of database they are for. */
export const LOCK_FILE = 'migration_lock.toml';

const CONFIGURATIONS = ['prisma.config', '.config/prisma'].flatMap((name) => {
  return ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((ending) => `${name}.${ending}`);
});

/** Where the CLI looks when nothing names the schema (prisma.io/docs, "Prisma schema location"). */
const USUAL = ['prisma/schema.prisma', 'schema.prisma', 'prisma/schema', 'prisma'];

/**
 * The schema and the migrations as the CLI would find them: from the input, prisma.config, `prisma.schema` of
 * package.json, or the usual places. prisma.config is a program: only what is written out in it is read.
 *
 * @param directory absolute path of the project
 * @param input the schema by the caller, absolute
 * @throws ConfigurationError PIPE-MIGRATE-001 there is no schema
 */
export async function findLayout(workspace: string, directory: string, input: string | undefined): Promise<Layout> {
  const configured = await readConfiguration(workspace, directory);
  const named = input ?? pathIn(workspace, directory, configured.schema ?? (await fromManifest(workspace, directory)));
  const schema = named ?? (await usualSchema(directory));
  const files = schema === undefined ? [] : await schemaFiles(schema);
  if (schema === undefined || files.length === 0) throw noSchema(workspace, directory, named);
  const source = await sourceFile(workspace, files);
  const migrations =
    pathIn(workspace, directory, configured.migrations) ??
    (await besideSchema(schema, source?.path ?? files[0] ?? schema));
  const provider = (await lockedProvider(workspace, migrations)) ?? source?.provider;
  return { schema, migrations, provider, namesShadow: configured.namesShadow };
}

interface Configured {
  readonly schema?: string | undefined;
  readonly migrations?: string | undefined;
  readonly namesShadow: boolean;
}

async function readConfiguration(workspace: string, directory: string): Promise<Configured> {
  for (const name of CONFIGURATIONS) {
    const text = await readTextFile(join(directory, name), undefined, workspace);
    if (text === undefined) continue;
    const migrations = /\bmigrations\s*:\s*\{([^{}]*)\}/.exec(text)?.[1] ?? '';
    const namesShadow = /\bshadowDatabaseUrl\b/.test(text);
    return { schema: writtenPath(text, 'schema'), migrations: writtenPath(migrations, 'path'), namesShadow };
  }
  return { namesShadow: false };
}

/** A path that stands behind a key: a text, or the texts of a `join` one after the other. */
function writtenPath(text: string, key: string): string | undefined {
  const value = new RegExp(`\\b${key}\\s*:\\s*((?:[\\w.]+\\([^()]{0,300}\\))|['"][^'"\\n]{1,300}['"])`).exec(text)?.[1];
  const parts = [...(value ?? '').matchAll(/['"]([^'"]+)['"]/g)].map(([, part = '']) => part);
  return parts.length === 0 ? undefined : parts.join('/');
}

async function fromManifest(workspace: string, directory: string): Promise<string | undefined> {
  const text = await readTextFile(join(directory, 'package.json'), undefined, workspace);
  // One that is damaged names no schema here; whoever runs a script of it says so.
  const prisma = jsonMap(text ?? '')?.['prisma'];
  const schema = isMap(prisma) ? prisma['schema'] : undefined;
  return typeof schema === 'string' ? schema : undefined;
}

function pathIn(workspace: string, directory: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const absolute = resolve(directory, path);
  return contains(workspace, absolute) ? absolute : undefined;
}

async function usualSchema(directory: string): Promise<string | undefined> {
  for (const path of USUAL) {
    const place = join(directory, path);
    if ((await schemaFiles(place)).length > 0) return place;
  }
  return undefined;
}

/** The files of a schema: itself, or every .prisma file in the folder and below it. */
async function schemaFiles(schema: string): Promise<readonly string[]> {
  if (schema.endsWith('.prisma')) return (await exists(schema)) ? [schema] : [];
  const entries = await readdir(schema, { recursive: true, withFileTypes: true }).catch(noEntries);
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.prisma'));
  return files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes(`${sep}node_modules${sep}`))
    .sort();
}

function noEntries(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
  throw error;
}

/** The file with the `datasource` block, and the provider in it. */
async function sourceFile(
  workspace: string,
  files: readonly string[],
): Promise<{ readonly path: string; readonly provider: string | undefined } | undefined> {
  for (const path of files) {
    const text = (await readTextFile(path, undefined, workspace)) ?? '';
    const block = /^[ \t]*datasource[ \t]+\w+[ \t]*\{([^}]*)\}/m.exec(text)?.[1];
    if (block !== undefined) return { path, provider: /^[ \t]*provider[ \t]*=[ \t]*"(\w+)"/m.exec(block)?.[1] };
  }
  return undefined;
}

/** The folder `migrations` beside the datasource, in the schema's folder, or beside that. */
async function besideSchema(schema: string, source: string): Promise<string> {
  const usual = join(dirname(source), 'migrations');
  for (const place of [usual, join(schema, 'migrations'), join(dirname(schema), 'migrations')]) {
    if (await exists(place)) return place;
  }
  return usual;
}

async function lockedProvider(workspace: string, migrations: string): Promise<string | undefined> {
  const text = await readTextFile(join(migrations, LOCK_FILE), undefined, workspace);
  return /^\s*provider\s*=\s*"(\w+)"/m.exec(text ?? '')?.[1];
}

function noSchema(workspace: string, directory: string, named: string | undefined): ConfigurationError {
  const place = relative(workspace, named ?? directory) || '.';
  return new ConfigurationError({
    code: 'PIPE-MIGRATE-001',
    what: `there is no Prisma schema ${named === undefined ? 'in' : 'at'} ${shown(place, 200)}`,
    given: named === undefined ? 'none of the usual places has one' : shown(basename(named)),
    accepted: 'a .prisma file, or a folder of them',
    example: '`schema: prisma/schema.prisma`',
    remedy: 'name it in `schema`, or the project in `working-directory`; without a database say `migrate: off`',
    state: 'nothing was run',
  });
}
