import { addConstraint } from './add-constraint.ts';
import { columnAdvice } from './column-advice.ts';
import { columnDefinition, isVolatile } from './column-definition.ts';
import type { Draft } from './draft.ts';
import type { Lock, RuleName } from './rules.ts';
import { isSet, listAt, type Node, nodeAt, numberAt, tableOf, taggedAt, textAt, typeOf } from './syntax-tree.ts';
import { typeChange } from './type-change.ts';

/** ALTER TABLE, also in the forms for views, indexes, sequences and composite types, which share its node. */
export function alterTable(draft: Draft, node: Node): void {
  const table = tableOf(nodeAt(node, 'relation'));
  const kind = textAt(node, 'objtype');
  for (const { node: command } of listAt(node, 'cmds')) {
    if (kind === 'OBJECT_TYPE') alterComposite(draft, table, command);
    else if (kind === 'OBJECT_VIEW' || kind === 'OBJECT_MATVIEW') {
      draft.find('routine-options', `options of the view ${table} change`);
      draft.touch(table, { lock: 'ACCESS EXCLUSIVE' });
    } else alterOne(draft, table, command);
  }
}

function alterComposite(draft: Draft, type: string, command: Node): void {
  const name = textAt(command, 'name') || textAt(taggedAt(command, 'def').node, 'colname');
  switch (textAt(command, 'subtype')) {
    case 'AT_DropColumn':
      draft.find('drop-attribute', `the attribute ${name} of ${type} and its values are gone`);
      break;
    case 'AT_AlterColumnType':
      draft.find('lossy-type-change', `the attribute ${name} of ${type} changes its type`);
      break;
    default:
      draft.find('composite-attribute', `${type} has another attribute, ${name}`);
  }
}

type Command = (draft: Draft, table: string, command: Node) => void;

function alterOne(draft: Draft, table: string, command: Node): void {
  const subtype = textAt(command, 'subtype').slice('AT_'.length);
  const detailed = DETAILED[subtype];
  if (detailed !== undefined) {
    detailed(draft, table, command);
    return;
  }
  const [lock, rule, what] = SIMPLE[subtype] ?? (['ACCESS EXCLUSIVE'] as const);
  draft.touch(table, { lock });
  if (rule === undefined || draft.isNew(table)) return;
  const name = textAt(command, 'name');
  draft.find(rule, `${name === '' ? table : `${table}.${name}`}: ${what ?? ''}`);
}

/** Lock, rule and words for what needs no look inside; commands that are not here take ACCESS EXCLUSIVE. */
const SIMPLE: Readonly<Record<string, readonly [Lock, RuleName?, string?]>> = {
  SetStatistics: ['SHARE UPDATE EXCLUSIVE'],
  SetOptions: ['SHARE UPDATE EXCLUSIVE'],
  ResetOptions: ['SHARE UPDATE EXCLUSIVE'],
  SetRelOptions: ['SHARE UPDATE EXCLUSIVE'],
  ResetRelOptions: ['SHARE UPDATE EXCLUSIVE'],
  ClusterOn: ['SHARE UPDATE EXCLUSIVE'],
  DropCluster: ['SHARE UPDATE EXCLUSIVE'],
  DropNotNull: ['ACCESS EXCLUSIVE', 'drop-not-null', 'accepts NULL from now on'],
  DropExpression: ['ACCESS EXCLUSIVE', 'drop-expression', 'is no longer generated'],
  AddIdentity: ['ACCESS EXCLUSIVE', 'identity', 'becomes an identity column'],
  SetIdentity: ['ACCESS EXCLUSIVE', 'identity', 'its identity changes'],
  DropIdentity: ['ACCESS EXCLUSIVE', 'identity', 'is no longer an identity column'],
  DropConstraint: ['ACCESS EXCLUSIVE', 'drop-constraint', 'the constraint is gone'],
  AlterConstraint: ['ACCESS EXCLUSIVE', 'write-restriction', 'a constraint changes when or whether it holds'],
  DropInherit: ['ACCESS EXCLUSIVE', 'inheritance', 'no longer inherits'],
  AddInherit: ['ACCESS EXCLUSIVE', 'inheritance', 'inherits from another table'],
  ReplicaIdentity: ['ACCESS EXCLUSIVE', 'replica-identity', 'its replica identity changes'],
  EnableRowSecurity: ['ACCESS EXCLUSIVE', 'row-security', 'row security is on'],
  DisableRowSecurity: ['ACCESS EXCLUSIVE', 'row-security', 'row security is off'],
  ForceRowSecurity: ['ACCESS EXCLUSIVE', 'row-security', 'row security holds for the owner, too'],
  NoForceRowSecurity: ['ACCESS EXCLUSIVE', 'row-security', 'row security no longer holds for the owner'],
  EnableTrig: ['SHARE ROW EXCLUSIVE', 'trigger', 'the trigger is on'],
  EnableAlwaysTrig: ['SHARE ROW EXCLUSIVE', 'trigger', 'the trigger is on'],
  EnableReplicaTrig: ['SHARE ROW EXCLUSIVE', 'trigger', 'the trigger is on for replication only'],
  EnableTrigAll: ['SHARE ROW EXCLUSIVE', 'trigger', 'all triggers are on'],
  EnableTrigUser: ['SHARE ROW EXCLUSIVE', 'trigger', 'its triggers are on'],
  DisableTrig: ['SHARE ROW EXCLUSIVE', 'trigger', 'the trigger is off'],
  DisableTrigAll: ['SHARE ROW EXCLUSIVE', 'trigger', 'all triggers are off'],
  DisableTrigUser: ['SHARE ROW EXCLUSIVE', 'trigger', 'its triggers are off'],
};

const DETAILED: Readonly<Record<string, Command>> = {
  AddColumn: addColumn,
  DropColumn: (draft, table, command) => {
    const name = textAt(command, 'name');
    draft.touch(table, { lock: 'ACCESS EXCLUSIVE' });
    if (!draft.isNew(table)) draft.find('drop-column', `${table}.${name} and its values are gone`);
    if (textAt(command, 'behavior') === 'DROP_CASCADE') {
      draft.find('drop-cascade', `whatever depends on ${table}.${name} is dropped with it`);
    }
  },
  AlterColumnType: alterType,
  ColumnDefault: (draft, table, command) => {
    draft.touch(table, { lock: 'ACCESS EXCLUSIVE' });
    if (draft.isNew(table)) return;
    const column = `${table}.${textAt(command, 'name')}`;
    if (taggedAt(command, 'def').tag === '') draft.find('drop-default', `${column} has no default any more`);
    else draft.find('set-default', `${column} has another default`);
  },
  SetNotNull: (draft, table, command) => {
    const name = textAt(command, 'name');
    draft.touch(table, { lock: 'ACCESS EXCLUSIVE', scans: true });
    if (draft.isNew(table)) return;
    draft.find('set-not-null', `${table}.${name}: every row is read under the lock, and one with NULL makes it fail`);
    draft.find('write-restriction', `${table}.${name} no longer accepts NULL`);
  },
  AddConstraint: (draft, table, command) => {
    addConstraint(draft, table, taggedAt(command, 'def').node);
  },
  ValidateConstraint: (draft, table) => {
    draft.touch(table, { lock: 'SHARE UPDATE EXCLUSIVE', scans: true });
  },
  SetExpression: (draft, table, command) => {
    draft.touch(table, { lock: 'ACCESS EXCLUSIVE', rewrites: true });
    if (draft.isNew(table)) return;
    const column = `${table}.${textAt(command, 'name')}`;
    draft.find('generated-expression', `${column} has another expression, so ${table} is written anew under the lock`);
  },
  SetTableSpace: rewritten('moves to another tablespace'),
  SetLogged: rewritten('becomes logged'),
  SetUnLogged: rewritten('becomes unlogged: it is emptied by a crash'),
  SetAccessMethod: rewritten('changes its access method'),
  AttachPartition: (draft, table, command) => {
    draft.touch(table, { lock: 'SHARE UPDATE EXCLUSIVE' });
    const partition = tableOf(nodeAt(taggedAt(command, 'def').node, 'name'));
    draft.touch(partition, { lock: 'ACCESS EXCLUSIVE', scans: true });
  },
  DetachPartition: (draft, table, command) => {
    const partition = taggedAt(command, 'def').node;
    const name = tableOf(nodeAt(partition, 'name'));
    draft.find('inheritance', `queries of ${table} no longer see the rows of ${name}`);
    if (isSet(partition, 'concurrent')) {
      draft.touch(table, { lock: 'SHARE UPDATE EXCLUSIVE' });
      return;
    }
    draft.touch(table, { lock: 'ACCESS EXCLUSIVE' });
    draft.find('detach-partition', `reads and writes of ${table} wait while ${name} is detached`);
  },
};

function rewritten(what: string): Command {
  return (draft, table) => {
    draft.touch(table, { lock: 'ACCESS EXCLUSIVE', rewrites: true });
    if (!draft.isNew(table)) draft.find('full-rewrite', `${table} ${what}, so it is written anew under the lock`);
  };
}

function addColumn(draft: Draft, table: string, command: Node): void {
  const column = columnDefinition(taggedAt(command, 'def').node);
  const name = `${table}.${column.name}`;
  columnAdvice(draft, table, taggedAt(command, 'def').node);
  if (draft.isNew(table)) return;
  const { location } = column;
  const volatile = column.default !== undefined && isVolatile(column.default);
  const rewrites = volatile || column.isGenerated || column.isSerial || column.isIdentity;
  draft.touch(table, { lock: 'ACCESS EXCLUSIVE', rewrites, scans: column.constraints.length > 0 });
  draft.find('add-column', `${name} is added`, location);
  if (column.isSerial || column.isIdentity) {
    draft.find(
      'serial-column',
      `${name} gets a number in every row, so ${table} is written anew under the lock`,
      location,
    );
  } else if (column.isGenerated) {
    draft.find(
      'generated-column',
      `${name} is computed for every row, so ${table} is written anew under the lock`,
      location,
    );
  } else if (volatile) {
    draft.find(
      'volatile-default',
      `the default of ${name} may differ from row to row, so ${table} is written anew`,
      location,
    );
  } else if (column.isRequired && column.default === undefined) {
    draft.find('required-column', `${name} is NOT NULL without a default: it fails when ${table} has a row`, location);
  }
  // Whoever does not know the column leaves it out, and gets what it gives by itself.
  const fillsItself = column.default !== undefined || column.isSerial || column.isIdentity || column.isGenerated;
  if (column.isRequired) {
    draft.find(fillsItself ? 'required-default' : 'write-restriction', `${name} does not accept NULL`, location);
  }
  for (const constraint of column.constraints) addConstraint(draft, table, constraint, [column.name]);
}

function alterType(draft: Draft, table: string, command: Node): void {
  const name = textAt(command, 'name');
  const definition = taggedAt(command, 'def').node;
  const to = typeOf(nodeAt(definition, 'typeName'));
  const from = draft.catalogue.tables.get(table)?.columns.get(name)?.type;
  const change = typeChange(from, to, (type) => draft.catalogue.enums.has(type));
  const location = numberAt(definition, 'location');
  if (draft.isNew(table)) return;
  draft.touch(table, { lock: 'ACCESS EXCLUSIVE', rewrites: change !== 'no-rewrite' });
  const words = `${table}.${name} changes from ${from ?? 'its type'} to ${to}`;
  if (change === 'lossy') {
    draft.find('lossy-type-change', `${words}: values that do not fit are lost or make it fail`, location);
  }
  const cost =
    change === 'no-rewrite' ? 'without writing the table anew' : `so ${table} is written anew under the lock`;
  draft.find('type-change', `${words}, ${cost}`, location);
}
