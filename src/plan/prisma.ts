import { fieldOf } from './json.ts';
import type { Manifest } from './manifest.ts';
import { folderOf, inFolder } from './paths.ts';
import type { RepositoryFiles } from './repository-files.ts';

/** A Prisma schema of a package. */
export interface PrismaSchema {
  /** File, or folder of a schema in several files, relative to the package. */
  readonly path: string;
  /** Whether the CLI finds it by itself (prisma.io/docs/orm/reference/prisma-schema-reference, locations). */
  readonly isFound: boolean;
  /** Whether the client is written outside node_modules: some generator has an `output`. */
  readonly writesSource: boolean;
}

const CONFIG = /^(\.config\/prisma|prisma\.config)\.[cm]?[jt]s$/;

const LARGEST_SCHEMA = 2 * 1024 * 1024;

/**
 * The schema that `prisma generate` uses in a package: from `prisma.schema` in package.json, else prisma.config.ts, else
 * prisma/schema.prisma, schema.prisma or the folder prisma/schema.
 *
 * @param own files of the package, relative to it
 */
export async function prismaSchemaOf(
  files: RepositoryFiles,
  manifest: Manifest,
  own: readonly string[],
): Promise<PrismaSchema | undefined> {
  const schemas = own.filter((path) => path.endsWith('.prisma'));
  if (schemas.length === 0) return undefined;
  const config = own.find((path) => CONFIG.test(path));
  const configured = config === undefined ? undefined : await fromConfig(files, inFolder(manifest.directory, config));
  const declared = fieldOf(fieldOf(manifest.json, 'prisma'), 'schema');
  const named = typeof declared === 'string' ? declared : configured;
  const path = named === undefined ? defaultSchema(schemas) : schemaAt(named, schemas);
  // A configuration that can't be read to the end leads the CLI all the same.
  if (path === undefined) return config === undefined ? undefined : { path: config, isFound: true, writesSource: true };
  const parts = schemas.filter((schema) => schema === path || schema.startsWith(`${path}/`));
  const texts = await Promise.all(
    parts.slice(0, 100).map((part) => files.read(inFolder(manifest.directory, part), LARGEST_SCHEMA)),
  );
  const isFound = named !== undefined || ['prisma/schema.prisma', 'schema.prisma', 'prisma/schema'].includes(path);
  return { path, isFound, writesSource: texts.some((text) => /^\s*output\s*=/m.test(text ?? '')) };
}

async function fromConfig(files: RepositoryFiles, path: string): Promise<string | undefined> {
  const text = (await files.read(path, LARGEST_SCHEMA)) ?? '';
  // Configuration is a program; only texts that stand there, alone or as parts of a join, can be read.
  const value = /\bschema\s*:\s*((?:[\w.]+\([^()]{0,300}\))|['"][^'"\n]{1,300}['"])/.exec(text)?.[1];
  const parts = [...(value ?? '').matchAll(/['"]([^'"]+)['"]/g)].map(([, part = '']) => part);
  return parts.length === 0 ? undefined : parts.join('/');
}

function schemaAt(named: string, schemas: readonly string[]): string | undefined {
  const wanted = inFolder('.', named).replace(/\/$/, '');
  return schemas.some((path) => path === wanted || path.startsWith(`${wanted}/`)) ? wanted : defaultSchema(schemas);
}

function defaultSchema(schemas: readonly string[]): string | undefined {
  const usual = ['prisma/schema.prisma', 'schema.prisma'].find((path) => schemas.includes(path));
  if (usual !== undefined) return usual;
  if (schemas.some((path) => path.startsWith('prisma/schema/'))) return 'prisma/schema';
  const [first] = schemas;
  return schemas.length === 1 && first !== undefined ? first : undefined;
}

/** Schemas among paths of the repository: files, or the folder where there are several in one. */
export function prismaSchemasIn(paths: readonly string[]): readonly string[] {
  const schemas = paths.filter((path) => path.endsWith('.prisma'));
  const counts = new Map<string, number>();
  for (const path of schemas) counts.set(folderOf(path), (counts.get(folderOf(path)) ?? 0) + 1);
  return [...new Set(schemas.map((path) => ((counts.get(folderOf(path)) ?? 0) > 1 ? folderOf(path) : path)))].sort();
}
