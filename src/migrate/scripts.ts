import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import { entriesOf, LARGEST_SQL, type MigrationForm } from './migrations.ts';

/** A file that begins with a number: `0001_users.sql`, `20260101-users.mjs`. */
const NUMBERED = /^(\d{1,20})(?!\d)[^/]*\.\w+$/;

/** What lies beside migrations and is none: ways back, tests, declarations. */
const BESIDE = /\.(down|undo|rollback|test|spec)\.\w+$|[._-](down|undo|rollback)\.\w+$|\.d\.[cm]?ts$|\.(map|md|txt)$/i;

/** Where scripts are looked for when nothing names their folder. */
const USUAL = ['scripts/migrations', 'migrations'];

/** Numbered files in a folder, each of which is applied once, in the order of their numbers. */
export const SCRIPT_FORM: MigrationForm = {
  nameOf: (path) => (NUMBERED.test(path) && !BESIDE.test(path) ? path : undefined),
  pathOf: (name) => name,
  compare: compareScripts,
  list: async (folder) => {
    const files = (await entriesOf(folder)).filter((entry) => entry.isFile()).map(({ name }) => name);
    return files.filter((name) => SCRIPT_FORM.nameOf(name) !== undefined).sort(compareScripts);
  },
};

/** By number, whatever its zeros (`2` before `010`), then by name. */
function compareScripts(one: string, other: string): number {
  const [first, second] = [numberOf(one), numberOf(other)];
  if (first.length !== second.length) return first.length - second.length;
  if (first !== second) return first < second ? -1 : 1;
  return one < other ? -1 : 1;
}

/** The number of a script without leading zeros. */
function numberOf(name: string): string {
  return (NUMBERED.exec(name)?.[1] ?? '').replace(/^0+(?=\d)/, '');
}

/** Whether a script is SQL, which is applied here; others are programs of the project. */
export function isSql(name: string): boolean {
  return /\.sql$/i.test(name);
}

/**
 * The folder of the scripts, absolute.
 *
 * @param input the folder by the caller, absolute
 * @throws ConfigurationError PIPE-MIGRATE-037 there is none with a numbered file
 */
export async function findScripts(workspace: string, directory: string, input: string | undefined): Promise<string> {
  const folders = input === undefined ? USUAL.map((path) => join(directory, path)) : [input];
  for (const folder of folders) {
    if ((await SCRIPT_FORM.list(folder)).length > 0) return folder;
  }
  throw new ConfigurationError({
    code: 'PIPE-MIGRATE-037',
    what: `there are no numbered files in ${folders.map((folder) => shown(relative(workspace, folder) || '.', 200)).join(' or ')}`,
    accepted: 'a folder with files whose names begin with a number, such as `0001_users.sql`',
    example: '`scripts: scripts/migrations`',
    state: 'nothing was run',
  });
}

/** A script as it is now. */
export interface Script {
  readonly name: string;
  readonly text: string;
  /** SHA-256 of its text in hexadecimal; line ends of Windows count as others. */
  readonly checksum: string;
}

/** @throws ConfigurationError PIPE-FILE-001 to 003 it can't be read */
export async function readScript(workspace: string, folder: string, name: string): Promise<Script> {
  const text = (await readTextFile(join(folder, name), LARGEST_SQL, workspace)) ?? '';
  const checksum = createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
  return { name, text, checksum };
}

/** Scripts that are not what was applied under their names. */
export function editedOf(
  scripts: readonly Script[],
  records: readonly Pick<Script, 'name' | 'checksum'>[],
): readonly Script[] {
  const checksums = new Map(records.map(({ name, checksum }) => [name, checksum]));
  return scripts.filter(({ name, checksum }) => checksums.has(name) && checksums.get(name) !== checksum);
}

/** The name with the highest number; undefined without any. */
export function newestOf(names: readonly string[]): string | undefined {
  return [...names].sort(compareScripts).at(-1);
}
