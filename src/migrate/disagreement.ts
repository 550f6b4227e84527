import { type Catalogue, emptyCatalogue, keyText, type Table } from './catalogue.ts';
import type { SqlParser } from './parser.ts';
import { replay } from './replay.ts';

/** One thing in which schema and migrations differ, as a sentence. */
export interface Difference {
  readonly message: string;
  /**
   * Whether it counts: a table, column, type or key that the schema has and no migration makes. What only migrations
   * have may be written by hand on purpose.
   */
  readonly isCertain: boolean;
}

/**
 * What the schema has and the migrations do not build, and the other way round.
 *
 * @param schema the SQL that builds the schema from nothing
 * @param built what the migrations have built
 * @returns undefined when the SQL can't be read
 */
export async function differences(
  parser: SqlParser,
  schema: string,
  built: Catalogue,
): Promise<readonly Difference[] | undefined> {
  const parsed = await parser.parse(schema);
  if ('problem' in parsed) return undefined;
  const wanted = emptyCatalogue();
  for (const statement of parsed.statements) replay(wanted, statement, false, 'schema');
  // Where a block of code has run, a table may be other than it was read.
  const isSure = built.unclear.length === 0;
  return [...tables(wanted, built), ...enums(wanted, built), ...keys(wanted, built)].map((difference) => {
    return { ...difference, isCertain: difference.isCertain && isSure };
  });
}

function tables(wanted: Catalogue, built: Catalogue): readonly Difference[] {
  const missing = [...wanted.tables].flatMap(([name, table]) => {
    const other = built.tables.get(name);
    if (other === undefined) return [certain(`no migration creates the table ${name}`)];
    return columns(name, table, other);
  });
  const extra = [...built.tables.keys()].filter((name) => !wanted.tables.has(name) && name !== '_prisma_migrations');
  return [...missing, ...extra.map((name) => possible(`the schema has no table ${name}`))];
}

function columns(name: string, wanted: Table, built: Table): readonly Difference[] {
  const missing = [...wanted.columns].flatMap(([column, { type, isRequired }]): Difference[] => {
    const other = built.columns.get(column);
    const place = `${name}.${column}`;
    if (other === undefined) return [certain(`no migration adds the column ${place}`)];
    const found: Difference[] = [];
    if (other.type !== type)
      found.push(certain(`${place} is ${type} in the schema and ${other.type} in the migrations`));
    if (other.isRequired !== isRequired) {
      const words = (required: boolean) => (required ? 'required' : 'optional');
      found.push(
        certain(`${place} is ${words(isRequired)} in the schema and ${words(other.isRequired)} in the migrations`),
      );
    }
    return found;
  });
  const extra = [...built.columns].filter(([column]) => !wanted.columns.has(column));
  const left = extra.map(([column, { isRequired }]) => {
    const message = `the schema has no column ${name}.${column}`;
    // A column that the client does not know and that wants a value breaks every insert.
    return isRequired ? certain(message) : possible(message);
  });
  return [...missing, ...left];
}

function enums(wanted: Catalogue, built: Catalogue): readonly Difference[] {
  return [...wanted.enums].flatMap(([name, labels]): Difference[] => {
    const other = built.enums.get(name);
    if (other === undefined) return [certain(`no migration creates the enum ${name}`)];
    const missing = labels.filter((label) => !other.includes(label));
    const extra = other.filter((label) => !labels.includes(label));
    return [
      ...missing.map((label) => certain(`no migration adds the value ${label} to ${name}`)),
      ...extra.map((label) => possible(`the schema has no value ${label} of ${name}`)),
    ];
  });
}

function keys(wanted: Catalogue, built: Catalogue): readonly Difference[] {
  const there = new Set([...built.keys.values()].map(keyText));
  return [...wanted.keys.values()]
    .map(keyText)
    .filter((key) => !there.has(key))
    .map((key) => certain(`no migration creates the ${key}`));
}

const certain = (message: string): Difference => ({ message, isCertain: true });
const possible = (message: string): Difference => ({ message, isCertain: false });
