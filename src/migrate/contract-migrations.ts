import { join } from 'node:path';
import { exists } from '../runtime/files.ts';
import { isMap } from '../runtime/yaml.ts';
import { entriesOf, type MigrationForm, type ReadSql } from './migrations.ts';

/** Where Prisma 8 keeps the migrations of an application; those of extensions come with their packages. */
const FOLDER = 'migrations/app';

/**
 * Prisma 8's form: a folder for each, whose ops.json has the statements; migration.ts beside it writes that file and is
 * not run when migrations are applied.
 */
export const CONTRACT_FORM: MigrationForm = {
  nameOf: (path) => /^([^/]+)\/ops\.json$/.exec(path)?.[1],
  pathOf: (name) => `${name}/ops.json`,
  compare: (one, other) => (one < other ? -1 : 1),
  list: async (folder) => {
    const folders = (await entriesOf(folder)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const isMigration = await Promise.all(folders.map((name) => exists(join(folder, name, 'ops.json'))));
    return folders.filter((_, index) => isMigration[index]).sort();
  },
  sqlIn: statementsIn,
};

/** The folder of Prisma 8's migrations in a project; undefined where it has none. */
export async function contractFolder(directory: string): Promise<string | undefined> {
  const folder = join(directory, FOLDER);
  return (await CONTRACT_FORM.list(folder)).length > 0 ? folder : undefined;
}

/** The statements of an ops.json as SQL; each stands on the line that it has in the file where that can be kept. */
function statementsIn(text: string): ReadSql {
  let operations: unknown;
  try {
    operations = JSON.parse(text);
  } catch {
    return { problem: 'it is no JSON' };
  }
  if (!Array.isArray(operations)) return { problem: 'it is no list of operations' };
  const statements = operations.flatMap((operation: unknown) => {
    const execute = isMap(operation) ? operation['execute'] : undefined;
    const steps: readonly unknown[] = Array.isArray(execute) ? execute : [];
    return steps.map((step) => (isMap(step) && typeof step['sql'] === 'string' ? step['sql'] : undefined));
  });
  const known = statements.filter((sql) => sql !== undefined);
  if (known.length < statements.length) return { problem: 'an operation has no SQL' };
  const lines = placed(text);
  const found = lines.filter((line) => line !== '');
  const isSame = found.length === known.length && found.every((sql, index) => sql === ended(known[index] ?? ''));
  return { sql: (isSame ? lines : known.map(ended)).join('\n') };
}

/** The statement of an operation in an ops.json; undefined where there is none of that id. */
export function statementOf(text: string, id: string): string | undefined {
  let operations: unknown;
  try {
    operations = JSON.parse(text);
  } catch {
    return undefined;
  }
  const list: readonly unknown[] = Array.isArray(operations) ? operations : [];
  const operation = list.find((one) => isMap(one) && one['id'] === id);
  const execute = isMap(operation) ? operation['execute'] : undefined;
  const [step] = Array.isArray(execute) ? (execute as readonly unknown[]) : [];
  return isMap(step) && typeof step['sql'] === 'string' ? step['sql'].slice(0, 200) : undefined;
}

/** The file with nothing but the statements that it executes, line by line. */
function placed(text: string): readonly string[] {
  let isExecuted = false;
  return text.split('\n').map((line) => {
    const [, list] = /^\s*"(precheck|execute|postcheck)": \[/.exec(line) ?? [];
    if (list !== undefined) isExecuted = list === 'execute';
    const [, sql] = /^\s*"sql": ("(?:[^"\\]|\\.)*"),?\s*$/.exec(line) ?? [];
    return isExecuted && sql !== undefined ? ended(JSON.parse(sql) as string) : '';
  });
}

/** On one line: a comment to the end of a line would take the rest with it, and is left as it is. */
function ended(sql: string): string {
  const line = sql.includes('--') ? sql : sql.replaceAll(/\s*\n\s*/g, ' ');
  return `${line.trim().replace(/;$/, '')};`;
}
