import type { Catalogue, Column, Key, Table } from './catalogue.ts';
import { columnDefinition } from './column-definition.ts';
import type { Statement } from './parser.ts';
import {
  isSet,
  listAt,
  type Node,
  namesAt,
  nodeAt,
  qualified,
  tableOf,
  taggedAt,
  textAt,
  typeOf,
} from './syntax-tree.ts';

/**
 * Follows a statement in the catalogue.
 *
 * @param isNew whether its migration is new: tables that it creates have no rows yet
 * @param migration named where what the statement does can't be read
 */
export function replay(catalogue: Catalogue, { tag, node }: Statement, isNew: boolean, migration: string): void {
  const follow = FOLLOWED[tag];
  if (follow !== undefined) follow(catalogue, node, isNew);
  else if (UNCLEAR.has(tag)) catalogue.unclear.push(migration);
}

/** Statements that can do anything to tables. */
const UNCLEAR: ReadonlySet<string> = new Set(['DoStmt', 'CallStmt', 'ExecuteStmt', 'CreateTableAsStmt']);

type Follow = (catalogue: Catalogue, node: Node, isNew: boolean) => void;

const FOLLOWED: Readonly<Record<string, Follow>> = {
  CreateStmt: createTable,
  CreateEnumStmt: (catalogue, node) => {
    catalogue.enums.set(qualified(namesAt(node, 'typeName')), namesAt(node, 'vals'));
  },
  AlterEnumStmt: alterEnum,
  AlterTableStmt: alterTable,
  IndexStmt: (catalogue, node) => {
    const columns = listAt(node, 'indexParams').map(({ node: part }) => textAt(part, 'name'));
    // A partial index, or one of expressions, is not what a schema's @@index says.
    if (columns.includes('') || taggedAt(node, 'whereClause').tag !== '') return;
    const table = tableOf(nodeAt(node, 'relation'));
    catalogue.keys.set(textAt(node, 'idxname') || keyName(table, columns, 'idx'), {
      kind: isSet(node, 'unique') ? 'unique index' : 'index',
      table,
      columns,
    });
  },
  RenameStmt: rename,
  DropStmt: drop,
};

function createTable(catalogue: Catalogue, node: Node, isNew: boolean): void {
  const name = tableOf(nodeAt(node, 'relation'));
  if (isSet(node, 'if_not_exists') && catalogue.tables.has(name)) return;
  const table: Table = { columns: new Map(), isNew };
  catalogue.tables.set(name, table);
  for (const { tag, node: element } of listAt(node, 'tableElts')) {
    if (tag === 'ColumnDef') addColumn(catalogue, name, element);
    else if (tag === 'Constraint') addConstraint(catalogue, name, element);
  }
}

function addColumn(catalogue: Catalogue, table: string, node: Node): void {
  const { name, type, isRequired, constraints } = columnDefinition(node);
  catalogue.tables.get(table)?.columns.set(name, { type, isRequired });
  for (const constraint of constraints) addConstraint(catalogue, table, constraint, [name]);
}

function addConstraint(catalogue: Catalogue, table: string, node: Node, ofColumn: readonly string[] = []): void {
  const kind = textAt(node, 'contype');
  const name = textAt(node, 'conname');
  const keys = namesAt(node, 'keys');
  const columns = keys.length > 0 ? keys : ofColumn;
  if (kind === 'CONSTR_PRIMARY') {
    catalogue.keys.set(`${table} ${name || `${table}_pkey`}`, { kind: 'primary key', table, columns });
    for (const column of columns) change(catalogue, table, column, { isRequired: true });
  } else if (kind === 'CONSTR_UNIQUE') {
    catalogue.keys.set(name || keyName(table, columns, 'key'), { kind: 'unique index', table, columns });
  } else if (kind === 'CONSTR_FOREIGN') {
    const own = namesAt(node, 'fk_attrs');
    const from = own.length > 0 ? own : ofColumn;
    const target = tableOf(nodeAt(node, 'pktable'));
    catalogue.keys.set(`${table} ${name || keyName(table, from, 'fkey')}`, {
      kind: 'foreign key',
      table,
      columns: from,
      target,
    });
  }
}

function keyName(table: string, columns: readonly string[], ending: string): string {
  return [table, ...columns, ending].join('_');
}

function change(catalogue: Catalogue, table: string, name: string, to: Partial<Column>): void {
  const columns = catalogue.tables.get(table)?.columns;
  const column = columns?.get(name);
  if (column !== undefined) columns?.set(name, { ...column, ...to });
}

function alterEnum(catalogue: Catalogue, node: Node): void {
  const name = qualified(namesAt(node, 'typeName'));
  const labels = catalogue.enums.get(name);
  const [added, old] = [textAt(node, 'newVal'), textAt(node, 'oldVal')];
  if (labels === undefined || labels.includes(added)) return;
  catalogue.enums.set(name, old === '' ? [...labels, added] : labels.map((label) => (label === old ? added : label)));
}

function alterTable(catalogue: Catalogue, node: Node): void {
  const table = tableOf(nodeAt(node, 'relation'));
  for (const { node: command } of listAt(node, 'cmds')) {
    const name = textAt(command, 'name');
    const definition = taggedAt(command, 'def').node;
    switch (textAt(command, 'subtype')) {
      case 'AT_AddColumn':
        addColumn(catalogue, table, definition);
        break;
      case 'AT_DropColumn':
        catalogue.tables.get(table)?.columns.delete(name);
        dropKeys(catalogue, (key) => key.table === table && key.columns.includes(name));
        break;
      case 'AT_AlterColumnType':
        change(catalogue, table, name, { type: typeOf(nodeAt(definition, 'typeName')) });
        break;
      case 'AT_SetNotNull':
        change(catalogue, table, name, { isRequired: true });
        break;
      case 'AT_DropNotNull':
        change(catalogue, table, name, { isRequired: false });
        break;
      case 'AT_AddConstraint':
        addConstraint(catalogue, table, definition);
        break;
      case 'AT_DropConstraint':
        if (!catalogue.keys.delete(`${table} ${name}`)) catalogue.keys.delete(name);
        break;
    }
  }
}

function dropKeys(catalogue: Catalogue, isGone: (key: Key) => boolean): void {
  for (const [name, key] of catalogue.keys) if (isGone(key)) catalogue.keys.delete(name);
}

function rename(catalogue: Catalogue, node: Node): void {
  const to = textAt(node, 'newname');
  const kind = textAt(node, 'renameType');
  const table = tableOf(nodeAt(node, 'relation'));
  if (kind === 'OBJECT_TABLE') renameTable(catalogue, table, inSchemaOf(table, to));
  else if (kind === 'OBJECT_COLUMN') renameColumn(catalogue, table, textAt(node, 'subname'), to);
  else if (kind === 'OBJECT_INDEX') moveKey(catalogue, table, to);
  else if (kind === 'OBJECT_TABCONSTRAINT') {
    const from = textAt(node, 'subname');
    moveKey(catalogue, `${table} ${from}`, `${table} ${to}`);
    moveKey(catalogue, from, to);
  } else if (kind === 'OBJECT_TYPE') renameType(catalogue, node, to);
}

function inSchemaOf(name: string, to: string): string {
  return name.includes('.') ? `${name.slice(0, name.indexOf('.'))}.${to}` : to;
}

function moveKey(catalogue: Catalogue, from: string, to: string): void {
  const key = catalogue.keys.get(from);
  if (key === undefined) return;
  catalogue.keys.delete(from);
  catalogue.keys.set(to, key);
}

function renameTable(catalogue: Catalogue, from: string, to: string): void {
  const table = catalogue.tables.get(from);
  if (table === undefined) return;
  catalogue.tables.delete(from);
  catalogue.tables.set(to, table);
  for (const [name, key] of [...catalogue.keys]) {
    const renamed = { ...key, table: key.table === from ? to : key.table };
    const moved = key.target === from ? { ...renamed, target: to } : renamed;
    const isOwn = name.startsWith(`${from} `);
    if (isOwn) catalogue.keys.delete(name);
    catalogue.keys.set(isOwn ? `${to}${name.slice(from.length)}` : name, moved);
  }
}

function renameColumn(catalogue: Catalogue, table: string, from: string, to: string): void {
  const columns = catalogue.tables.get(table)?.columns;
  const column = columns?.get(from);
  if (column === undefined) return;
  columns?.delete(from);
  columns?.set(to, column);
  for (const [name, key] of catalogue.keys) {
    if (key.table !== table) continue;
    catalogue.keys.set(name, { ...key, columns: key.columns.map((part) => (part === from ? to : part)) });
  }
}

/** Columns keep their type, under its new name. */
function renameType(catalogue: Catalogue, node: Node, to: string): void {
  const from = qualified(namesAt(taggedAt(node, 'object').node, 'items'));
  const labels = catalogue.enums.get(from);
  if (labels === undefined) return;
  const name = inSchemaOf(from, to);
  catalogue.enums.delete(from);
  catalogue.enums.set(name, labels);
  for (const { columns } of catalogue.tables.values()) {
    for (const [column, definition] of columns) {
      const array = definition.type === `${from}[]` ? '[]' : '';
      if (definition.type === `${from}${array}`) columns.set(column, { ...definition, type: `${name}${array}` });
    }
  }
}

function drop(catalogue: Catalogue, node: Node): void {
  const kind = textAt(node, 'removeType');
  for (const { tag, node: object } of listAt(node, 'objects')) {
    const name = qualified(namesAt(object, tag === 'TypeName' ? 'names' : 'items'));
    if (kind === 'OBJECT_TABLE') {
      catalogue.tables.delete(name);
      dropKeys(catalogue, (key) => key.table === name || key.target === name);
    } else if (kind === 'OBJECT_TYPE') catalogue.enums.delete(name);
    else if (kind === 'OBJECT_INDEX') catalogue.keys.delete(name);
    else if (kind === 'OBJECT_SCHEMA') {
      const schema = `${textAt(object, 'sval')}.`;
      for (const table of [...catalogue.tables.keys()]) if (table.startsWith(schema)) catalogue.tables.delete(table);
    }
  }
}
