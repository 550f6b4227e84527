import type { Draft } from './draft.ts';
import type { RuleName } from './rules.ts';
import { isSet, listAt, type Node, namesAt, qualified, textAt } from './syntax-tree.ts';

const WORDS: Readonly<Record<string, string>> = {
  OBJECT_ACCESS_METHOD: 'access method',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_FOREIGN_TABLE: 'foreign table',
  OBJECT_FDW: 'foreign data wrapper',
};

/** What is lost with an object of a kind; other kinds are only missed. */
const RULE_OF: Readonly<Record<string, RuleName>> = {
  OBJECT_TABLE: 'drop-table',
  OBJECT_SCHEMA: 'drop-schema',
  OBJECT_SEQUENCE: 'drop-sequence',
  OBJECT_MATVIEW: 'drop-materialized-view',
  OBJECT_EXTENSION: 'extension',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_POLICY: 'row-security',
};

/** DROP of anything but databases and roles. */
export function dropStatement(draft: Draft, node: Node): void {
  const kind = textAt(node, 'removeType');
  const words = WORDS[kind] ?? kind.slice('OBJECT_'.length).toLowerCase();
  for (const { tag, node: object } of listAt(node, 'objects')) {
    const names = tag === 'String' ? [textAt(object, 'sval')] : namesAt(object, FIELD_OF[tag] ?? 'items');
    if (kind === 'OBJECT_INDEX') dropIndex(draft, qualified(names), isSet(node, 'concurrent'));
    else if (!(kind === 'OBJECT_TABLE' && draft.isNew(qualified(names)))) dropOne(draft, kind, words, names);
  }
  if (textAt(node, 'behavior') === 'DROP_CASCADE') {
    draft.find('drop-cascade', `whatever depends on the ${words} is dropped with it`);
  }
}

const FIELD_OF: Readonly<Record<string, string>> = { TypeName: 'names', ObjectWithArgs: 'objname' };

function dropOne(draft: Draft, kind: string, words: string, names: readonly string[]): void {
  const name = qualified(names);
  const isOfTable = kind === 'OBJECT_TRIGGER' || kind === 'OBJECT_POLICY' || kind === 'OBJECT_RULE';
  const table = isOfTable ? qualified(names.slice(0, -1)) : name;
  if (isOfTable || TABLE_LIKE.has(kind)) draft.touch(table, { lock: 'ACCESS EXCLUSIVE' });
  if (isOfTable && draft.isNew(table)) return;
  const rule = RULE_OF[kind] ?? 'drop-object';
  const lost = rule === 'drop-table' || rule === 'drop-schema' ? ' and everything in it' : '';
  draft.find(rule, `the ${words} ${isOfTable ? `${names.at(-1) ?? ''} of ${table}` : name}${lost} is gone`);
}

const TABLE_LIKE: ReadonlySet<string> = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_FOREIGN_TABLE',
]);

function dropIndex(draft: Draft, index: string, concurrently: boolean): void {
  const table = draft.catalogue.keys.get(index)?.table ?? index;
  if (draft.isNew(table)) return;
  draft.touch(table, { lock: concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE' });
  draft.find('drop-object', `the index ${index} is gone, and queries that used it are slower`);
  if (!concurrently) draft.find('drop-index-blocks', `reads and writes of the table of ${index} wait`);
}
