import { isMap } from '../runtime/yaml.ts';

/** A node of PostgreSQL's parse tree as libpg-query writes it (src/include/nodes/parsenodes.h); absent fields are zero. */
export type Node = Readonly<Record<string, unknown>>;

const NOTHING: Node = {};

/** The node under a field, without its tag; empty when there is none. */
export function nodeAt(node: Node, field: string): Node {
  const value = node[field];
  return isMap(value) ? value : NOTHING;
}

export function textAt(node: Node, field: string): string {
  const value = node[field];
  return typeof value === 'string' ? value : '';
}

/** A number, or undefined where the parser left it out (which it does for 0, too). */
export function numberAt(node: Node, field: string): number | undefined {
  const value = node[field];
  return typeof value === 'number' ? value : undefined;
}

export function isSet(node: Node, field: string): boolean {
  return node[field] === true;
}

/** A node with its tag: `{"ColumnDef": {…}}`. */
export interface Tagged {
  readonly tag: string;
  readonly node: Node;
}

function taggedOf(value: unknown): Tagged {
  const [tag] = isMap(value) ? Object.keys(value) : [];
  return tag === undefined || !isMap(value) ? { tag: '', node: NOTHING } : { tag, node: nodeAt(value, tag) };
}

export function taggedAt(node: Node, field: string): Tagged {
  return taggedOf(node[field]);
}

export function listAt(node: Node, field: string): readonly Tagged[] {
  const value = node[field];
  return Array.isArray(value) ? value.map(taggedOf) : [];
}

/** The texts of a list of `String` nodes: a qualified name. */
export function namesAt(node: Node, field: string): readonly string[] {
  return listAt(node, field)
    .filter(({ tag }) => tag === 'String')
    .map(({ node: name }) => textAt(name, 'sval'));
}

/** A qualified name as one text; `public` is where unqualified names are, so it is left out. */
export function qualified(names: readonly string[]): string {
  return names.slice(names[0] === 'public' ? 1 : 0).join('.');
}

/** The table of a RangeVar. */
export function tableOf(range: Node): string {
  return qualified([textAt(range, 'schemaname'), textAt(range, 'relname')].filter((name) => name !== ''));
}

/** A type as PostgreSQL's catalogue calls it, with its modifiers: `int8`, `varchar(100)`, `Role`, `text[]`. */
export function typeOf(typeName: Node): string {
  const names = namesAt(typeName, 'names').filter((name) => name !== 'pg_catalog');
  const modifiers = listAt(typeName, 'typmods').map(({ node }) => numberAt(nodeAt(node, 'ival'), 'ival') ?? 0);
  const array = listAt(typeName, 'arrayBounds').length > 0 ? '[]' : '';
  return `${qualified(names)}${modifiers.length === 0 ? '' : `(${modifiers.join(',')})`}${array}`;
}

/** Every node and text in a tree, at any depth; without recursion, because trees of hostile texts are deep. */
export function* partsOf(tree: unknown): Generator<Node | string> {
  const waiting: unknown[] = [tree];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) for (const item of next) waiting.push(item);
    else if (typeof next === 'string') yield next;
    else if (isMap(next)) {
      yield next;
      for (const value of Object.values(next)) waiting.push(value);
    }
  }
}
