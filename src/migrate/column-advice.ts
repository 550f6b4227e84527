import { columnDefinition } from './column-definition.ts';
import type { Draft } from './draft.ts';
import { type Node, nodeAt, typeOf } from './syntax-tree.ts';

/** What is regretted later about a column's type. */
export function columnAdvice(draft: Draft, table: string, node: Node): void {
  const { name, type, isSerial, location } = columnDefinition(node);
  const column = `${table}.${name}`;
  if (isSerial) draft.find('serial', `${column} is ${typeOf(nodeAt(node, 'typeName'))}`, location);
  if (type === 'int4' || type === 'int2') {
    const most = type === 'int4' ? '2,147,483,647' : '32,767';
    draft.find('narrow-integer', `${column} holds numbers up to ${most}`, location);
  }
  if (/^varchar\(/.test(type)) draft.find('limited-text', `${column} is ${type}`, location);
  if (/^(bpchar|char)\b/.test(type)) draft.find('padded-text', `${column} is padded with spaces`, location);
  if (/^timestamp\b/.test(type)) draft.find('local-time', `${column} holds a time without its zone`, location);
}
