import { listAt, type Node, namesAt, nodeAt, partsOf, type Tagged, taggedAt, textAt, typeOf } from './syntax-tree.ts';

const SERIAL: Readonly<Record<string, string>> = {
  serial: 'int4',
  serial4: 'int4',
  bigserial: 'int8',
  serial8: 'int8',
  smallserial: 'int2',
  serial2: 'int2',
};

/** A column as CREATE TABLE and ADD COLUMN write it. */
export interface ColumnDefinition {
  readonly name: string;
  /** The type of its values: `int4` for `serial`. */
  readonly type: string;
  readonly isSerial: boolean;
  /** NOT NULL, also where a primary key, an identity or a serial implies it. */
  readonly isRequired: boolean;
  readonly default: Tagged | undefined;
  readonly isGenerated: boolean;
  readonly isIdentity: boolean;
  /** Its CHECK, UNIQUE, PRIMARY KEY and REFERENCES. */
  readonly constraints: readonly Node[];
  readonly location: number | undefined;
}

export function columnDefinition(node: Node): ColumnDefinition {
  const all = listAt(node, 'constraints').map((constraint) => constraint.node);
  const has = (kind: string) => all.some((constraint) => textAt(constraint, 'contype') === kind);
  const written = typeOf(nodeAt(node, 'typeName'));
  const serial = SERIAL[written];
  const defaulted = all.find((constraint) => textAt(constraint, 'contype') === 'CONSTR_DEFAULT');
  const isIdentity = has('CONSTR_IDENTITY');
  const { location } = node;
  return {
    name: textAt(node, 'colname'),
    type: serial ?? written,
    isSerial: serial !== undefined,
    isRequired: has('CONSTR_NOTNULL') || has('CONSTR_PRIMARY') || isIdentity || serial !== undefined,
    default: defaulted === undefined ? undefined : taggedAt(defaulted, 'raw_expr'),
    isGenerated: has('CONSTR_GENERATED'),
    isIdentity,
    constraints: all.filter((constraint) => CHECKED.has(textAt(constraint, 'contype'))),
    location: typeof location === 'number' ? location : undefined,
  };
}

const CHECKED: ReadonlySet<string> = new Set(['CONSTR_CHECK', 'CONSTR_UNIQUE', 'CONSTR_PRIMARY', 'CONSTR_FOREIGN']);

/** Functions of PostgreSQL whose value stays the same within a statement (pg_proc.provolatile `s` or `i`), often defaults. */
const STABLE: ReadonlySet<string> = new Set([
  ...[
    'now',
    'transaction_timestamp',
    'statement_timestamp',
    'current_setting',
    'to_timestamp',
    'timezone',
    'lower',
    'upper',
  ],
  ...['concat', 'md5', 'make_date', 'make_interval', 'make_timestamp', 'make_timestamptz', 'jsonb_build_object'],
  ...['json_build_object', 'jsonb_build_array', 'date_trunc', 'to_char', 'coalesce', 'abs', 'round'],
]);

/** Whether a default may differ from row to row, so that PostgreSQL has to write every row when the column is added. */
export function isVolatile(expression: Tagged): boolean {
  for (const part of partsOf(expression.node)) if (isVolatileCall(part)) return true;
  return expression.tag === 'FuncCall' && isVolatileCall({ FuncCall: expression.node });
}

function isVolatileCall(part: Node | string): boolean {
  if (typeof part === 'string' || part['FuncCall'] === undefined) return false;
  return !STABLE.has(namesAt(nodeAt(part, 'FuncCall'), 'funcname').at(-1) ?? '');
}
