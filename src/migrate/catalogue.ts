/** What migrations have built so far, as far as reading them tells. */
export interface Catalogue {
  readonly tables: Map<string, Table>;
  /** Labels of each enum. */
  readonly enums: Map<string, readonly string[]>;
  /** Indexes and constraints by name; the name is of one table for constraints and of the database for indexes. */
  readonly keys: Map<string, Key>;
  /** Statements whose effect can't be read (DO blocks, dynamic SQL), by migration. */
  readonly unclear: string[];
}

export interface Table {
  /** By name, in the order of creation. */
  readonly columns: Map<string, Column>;
  /** Created by a migration that is new, so it has no rows when the next statement comes. */
  readonly isNew: boolean;
}

export interface Column {
  readonly type: string;
  readonly isRequired: boolean;
}

/** An index, unique constraint or foreign key. */
export interface Key {
  readonly kind: 'primary key' | 'unique index' | 'index' | 'foreign key';
  readonly table: string;
  readonly columns: readonly string[];
  /** Table that a foreign key points at. */
  readonly target?: string;
}

export function emptyCatalogue(): Catalogue {
  return { tables: new Map(), enums: new Map(), keys: new Map(), unclear: [] };
}

/** A key as text that is equal for equal keys whatever their names: `unique index users(email)`. */
export function keyText({ kind, table, columns, target }: Key): string {
  return `${kind} ${table}(${columns.join(', ')})${target === undefined ? '' : ` → ${target}`}`;
}
