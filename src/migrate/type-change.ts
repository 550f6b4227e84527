/** What becomes of a column's values when its type changes. */
export type TypeChange = 'no-rewrite' | 'lossless' | 'lossy';

/** Each type with those that hold all its values. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  int2: ['int4', 'int8', 'numeric', 'float4', 'float8'],
  int4: ['int8', 'numeric', 'float8'],
  int8: ['numeric'],
  float4: ['float8'],
  date: ['timestamp', 'timestamptz'],
  timestamp: ['timestamptz'],
  timestamptz: ['timestamp'],
  json: ['jsonb'],
  cidr: ['inet'],
};

/** Types that take what nearly every other one holds. */
const TAKES_ALL = ['text', 'varchar'];

/**
 * What `ALTER COLUMN … TYPE` does to values (PostgreSQL manual, "ALTER TABLE", notes).
 *
 * @param from undefined when no migration says it: then a type that takes everything is lossless
 * @param isEnum whether a type is an enum: a cast by text fails on an unknown label and loses nothing
 */
export function typeChange(from: string | undefined, to: string, isEnum: (type: string) => boolean): TypeChange {
  const target = parts(to);
  if (isEnum(to)) return 'lossless';
  if (from === undefined) {
    return [...TAKES_ALL, 'int8', 'numeric', 'float8', 'jsonb'].includes(target.name) && target.sizes.length === 0
      ? 'lossless'
      : 'lossy';
  }
  const source = parts(from);
  if (from === to) return 'no-rewrite';
  if (isText(source.name) && isText(target.name) && source.array === target.array) {
    return fits(source.sizes[0], target.sizes[0]) ? 'no-rewrite' : 'lossy';
  }
  if (source.array !== target.array) return 'lossy';
  if (source.name === target.name) return sameName(source, target);
  if (TAKES_ALL.includes(target.name)) return target.sizes.length === 0 ? 'lossless' : 'lossy';
  const isWider = WIDER[source.name]?.includes(target.name) === true;
  return isWider && (target.sizes.length === 0 || !/^num/.test(target.name)) ? 'lossless' : 'lossy';
}

interface Parts {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly array: boolean;
}

function parts(type: string): Parts {
  const [, name = type, sizes = '', array = ''] = /^([^([]+)(?:\(([\d,-]*)\))?(\[\])?$/.exec(type) ?? [];
  return { name, sizes: sizes === '' ? [] : sizes.split(',').map(Number), array: array !== '' };
}

function isText(name: string): boolean {
  return TAKES_ALL.includes(name);
}

/** A limit that is left out takes everything. */
function fits(from: number | undefined, to: number | undefined): boolean {
  return to === undefined || (from !== undefined && from <= to);
}

/** numeric(10,2) to numeric(12,2) needs no rewrite; less room or other decimals do, and may not fit. */
function sameName(source: Parts, target: Parts): TypeChange {
  const [precision, scale = 0] = source.sizes;
  const [newPrecision, newScale = 0] = target.sizes;
  if (newPrecision === undefined) return 'no-rewrite';
  if (precision === undefined) return 'lossy';
  if (source.name !== 'numeric') return precision <= newPrecision ? 'no-rewrite' : 'lossy';
  if (scale === newScale && precision <= newPrecision) return 'no-rewrite';
  return newScale >= scale && newPrecision - newScale >= precision - scale ? 'lossless' : 'lossy';
}
