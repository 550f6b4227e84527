import { alterTable } from './alter-table.ts';
import { columnAdvice } from './column-advice.ts';
import type { Draft } from './draft.ts';
import { dropStatement } from './drop-statement.ts';
import { LOCKS, type RuleName } from './rules.ts';
import {
  isSet,
  listAt,
  type Node,
  namesAt,
  nodeAt,
  numberAt,
  qualified,
  tableOf,
  taggedAt,
  textAt,
} from './syntax-tree.ts';

type Look = (draft: Draft, node: Node) => void;

const only = (rule: RuleName, message: (node: Node) => string): Look => {
  return (draft, node) => draft.find(rule, message(node));
};

/** What each kind of statement does, by the name of its node; kinds that are not here do nothing that is looked at. */
export const STATEMENTS: Readonly<Record<string, Look>> = {
  AlterTableStmt: alterTable,
  DropStmt: dropStatement,
  CreateStmt: createTable,
  IndexStmt: createIndex,
  RenameStmt: rename,
  DropdbStmt: only('drop-database', (node) => `the database ${textAt(node, 'dbname')} is gone`),
  TruncateStmt: (draft, node) => {
    for (const { node: relation } of listAt(node, 'relations')) {
      const table = tableOf(relation);
      draft.touch(table, { lock: 'ACCESS EXCLUSIVE' });
      if (!draft.isNew(table)) draft.find('truncate', `every row of ${table} is gone`);
    }
    if (textAt(node, 'behavior') === 'DROP_CASCADE') {
      draft.find('drop-cascade', 'tables that point at it by a foreign key are emptied, too');
    }
  },
  DeleteStmt: (draft, node) => {
    const table = tableOf(nodeAt(node, 'relation'));
    draft.touch(table, { lock: 'ROW EXCLUSIVE' });
    if (taggedAt(node, 'whereClause').tag === '' && !draft.isNew(table)) {
      draft.find('delete-all', `every row of ${table} is deleted`);
    }
  },
  UpdateStmt: update,
  InsertStmt: (draft, node) => draft.touch(tableOf(nodeAt(node, 'relation')), { lock: 'ROW EXCLUSIVE' }),
  MergeStmt: (draft, node) => draft.touch(tableOf(nodeAt(node, 'relation')), { lock: 'ROW EXCLUSIVE' }),
  LockStmt: (draft, node) => {
    const lock = LOCKS[(numberAt(node, 'mode') ?? 8) - 1] ?? 'ACCESS EXCLUSIVE';
    for (const { node: relation } of listAt(node, 'relations')) {
      draft.touch(tableOf(relation), { lock });
      draft.find('lock-table', `${tableOf(relation)} is locked until the migration ends`);
    }
  },
  ReindexStmt: (draft, node) => {
    const name = textAt(node, 'name') || tableOf(nodeAt(node, 'relation'));
    const concurrently = hasOption(node, 'params', 'concurrently');
    draft.touch(name, { lock: concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE', scans: true });
    if (!concurrently)
      draft.find('reindex-blocks', `writes to the table of ${name} wait, and reads that use the index`);
  },
  VacuumStmt: (draft, node) => {
    const isFull = hasOption(node, 'options', 'full');
    const names = listAt(node, 'rels').map(({ node: one }) => tableOf(nodeAt(one, 'relation')));
    for (const name of names) {
      draft.touch(name, { lock: isFull ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE', rewrites: isFull });
    }
    const tables = names.length === 0 ? 'every table' : names.join(', ');
    if (isFull) draft.find('full-rewrite', `VACUUM FULL writes ${tables} anew under the lock`);
  },
  ClusterStmt: (draft, node) => {
    const table = tableOf(nodeAt(node, 'relation'));
    draft.touch(table, { lock: 'ACCESS EXCLUSIVE', rewrites: true });
    draft.find('full-rewrite', `CLUSTER writes ${table} anew under the lock`);
  },
  RefreshMatViewStmt: (draft, node) => {
    const view = tableOf(nodeAt(node, 'relation'));
    const concurrently = isSet(node, 'concurrent');
    draft.touch(view, { lock: concurrently ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE', rewrites: true });
    if (!concurrently) draft.find('refresh-blocks', `reads of ${view} wait until it is computed`);
  },
  AlterObjectSchemaStmt: (draft, node) => {
    const table = tableOf(nodeAt(node, 'relation'));
    const name = table || qualified(namesAt(taggedAt(node, 'object').node, 'items'));
    if (table !== '') draft.touch(table, { lock: 'ACCESS EXCLUSIVE' });
    draft.find('set-schema', `${name} moves to the schema ${textAt(node, 'newschema')}`);
  },
  AlterEnumStmt: (draft, node) => {
    const type = qualified(namesAt(node, 'typeName'));
    const [added, old] = [textAt(node, 'newVal'), textAt(node, 'oldVal')];
    if (old !== '') {
      draft.find('rename-object', `the value ${old} of ${type} is called ${added} from now on`);
      return;
    }
    draft.find('enum-value', `${type} has a new value, ${added}`);
    if (textAt(node, 'newValNeighbor') === '') draft.find('enum-order', `${added} sorts after all values of ${type}`);
  },
  AlterDomainStmt: (draft, node) => {
    const domain = qualified(namesAt(node, 'typeName'));
    const subtype = textAt(node, 'subtype');
    if (subtype === 'C' || subtype === 'O') {
      draft.find('write-restriction', `the domain ${domain} refuses values from now on`);
      draft.find('constraint-scan', `every column of the domain ${domain} is read under a lock`);
    } else if (subtype === 'T') draft.find('set-default', `the domain ${domain} has another default`);
    else draft.find('drop-constraint', `the domain ${domain} accepts more than before`);
  },
  CreateDomainStmt: (draft, node) => {
    if (listAt(node, 'constraints').length === 0) return;
    const domain = qualified(namesAt(node, 'domainname'));
    draft.find('constraint-scan', `the domain ${domain} has a constraint: to change it later reads every column of it`);
  },
  AlterExtensionStmt: only('extension', (node) => `the extension ${textAt(node, 'extname')} changes its version`),
  AlterExtensionContentsStmt: only(
    'extension',
    (node) => `the extension ${textAt(node, 'extname')} changes what it holds`,
  ),
  AlterFunctionStmt: only('routine-options', (node) => {
    return `options of the function ${qualified(namesAt(nodeAt(node, 'func'), 'objname'))} change`;
  }),
  CreateFunctionStmt: (draft, node) => {
    if (isSet(node, 'replace')) {
      draft.find(
        'replace-routine',
        `the function ${qualified(namesAt(node, 'funcname'))} is replaced for everybody at once`,
      );
    }
  },
  ViewStmt: (draft, node) => {
    const view = tableOf(nodeAt(node, 'view'));
    if (!isSet(node, 'replace')) return;
    draft.touch(view, { lock: 'ACCESS EXCLUSIVE' });
    draft.find('replace-routine', `the view ${view} is replaced for everybody at once`);
  },
  AlterDatabaseSetStmt: only('settings', (node) => `the database ${textAt(node, 'dbname')} has another setting`),
  AlterDatabaseStmt: only('settings', (node) => `the database ${textAt(node, 'dbname')} has another option`),
  AlterSystemStmt: only('settings', () => 'the whole server has another setting'),
  AlterRoleSetStmt: only(
    'settings',
    (node) => `the role ${textAt(nodeAt(node, 'role'), 'rolename')} has another setting`,
  ),
  AlterRoleStmt: only('settings', (node) => `the role ${textAt(nodeAt(node, 'role'), 'rolename')} has another option`),
  DropRoleStmt: only('drop-object', () => 'a role is gone'),
  DropOwnedStmt: only('drop-cascade', () => 'everything that a role owns is dropped'),
  AlterSeqStmt: only(
    'sequence-values',
    (node) => `the sequence ${tableOf(nodeAt(node, 'sequence'))} gives other values`,
  ),
  CreatePolicyStmt: rowSecurity('is added'),
  AlterPolicyStmt: rowSecurity('changes'),
  GrantStmt: (draft, node) => {
    if (!isSet(node, 'is_grant')) draft.find('privileges', 'a role loses rights');
  },
  GrantRoleStmt: (draft, node) => {
    if (!isSet(node, 'is_grant')) draft.find('privileges', 'a role loses its membership in another');
  },
  CreateTrigStmt: (draft, node) => {
    const table = tableOf(nodeAt(node, 'relation'));
    draft.touch(table, { lock: 'SHARE ROW EXCLUSIVE' });
    if (!draft.isNew(table))
      draft.find('trigger', `the trigger ${textAt(node, 'trigname')} acts on ${table} from now on`);
  },
  RuleStmt: (draft, node) => {
    draft.touch(tableOf(nodeAt(node, 'relation')), { lock: 'ACCESS EXCLUSIVE' });
  },
};

function rowSecurity(what: string): Look {
  return (draft, node) => {
    const table = tableOf(nodeAt(node, 'table'));
    draft.touch(table, { lock: 'ACCESS EXCLUSIVE' });
    if (!draft.isNew(table))
      draft.find('row-security', `the policy ${textAt(node, 'policy_name')} of ${table} ${what}`);
  };
}

function hasOption(node: Node, field: string, name: string): boolean {
  return listAt(node, field).some(({ node: option }) => textAt(option, 'defname') === name);
}

function createTable(draft: Draft, node: Node): void {
  const table = tableOf(nodeAt(node, 'relation'));
  for (const { node: parent } of listAt(node, 'inhRelations'))
    draft.touch(tableOf(parent), { lock: 'ACCESS EXCLUSIVE' });
  for (const { tag, node: element } of listAt(node, 'tableElts')) {
    if (tag === 'ColumnDef') {
      columnAdvice(draft, table, element);
      for (const { node: constraint } of listAt(element, 'constraints')) lockTarget(draft, constraint);
    } else if (tag === 'Constraint') lockTarget(draft, element);
  }
}

/** The table itself is new; the one that its foreign key points at is not. */
function lockTarget(draft: Draft, constraint: Node): void {
  if (textAt(constraint, 'contype') !== 'CONSTR_FOREIGN') return;
  draft.touch(tableOf(nodeAt(constraint, 'pktable')), { lock: 'SHARE ROW EXCLUSIVE' });
}

function createIndex(draft: Draft, node: Node): void {
  const table = tableOf(nodeAt(node, 'relation'));
  const name = textAt(node, 'idxname');
  const concurrently = isSet(node, 'concurrent');
  draft.touch(table, { lock: concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE', scans: true });
  if (draft.isNew(table)) return;
  if (isSet(node, 'unique')) {
    draft.find(
      'write-restriction',
      `${name}: values of ${table} have to be unique, and one that is there twice makes it fail`,
    );
  }
  if (!concurrently) draft.find('index-blocks-writes', `writes to ${table} wait while ${name} is built`);
  else if (!isSet(node, 'if_not_exists')) draft.find('index-rerun', `${name} stays behind invalid when it fails`);
}

function update(draft: Draft, node: Node): void {
  const table = tableOf(nodeAt(node, 'relation'));
  draft.touch(table, { lock: 'ROW EXCLUSIVE' });
  if (draft.isNew(table)) return;
  const names = listAt(node, 'targetList').map(({ node: target }) => textAt(target, 'name'));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) draft.find('duplicate-assignment', `${table}.${twice} is assigned twice`);
  if (taggedAt(node, 'whereClause').tag === '') {
    draft.find('update-all', `every row of ${table} is written and locked until the migration ends`);
  }
}

function rename(draft: Draft, node: Node): void {
  const kind = textAt(node, 'renameType');
  const table = tableOf(nodeAt(node, 'relation'));
  const to = textAt(node, 'newname');
  const from = textAt(node, 'subname');
  if (table !== '')
    draft.touch(table, { lock: kind === 'OBJECT_INDEX' ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE' });
  if (draft.isNew(table)) return;
  if (kind === 'OBJECT_TABLE') draft.find('rename-table', `${table} is called ${to} from now on`);
  else if (kind === 'OBJECT_COLUMN') draft.find('rename-column', `${table}.${from} is called ${to} from now on`);
  else {
    const object = [table, from].filter((name) => name !== '').join('.');
    const name = object || qualified(namesAt(taggedAt(node, 'object').node, 'items')) || 'an object';
    draft.find('rename-object', `${name} is called ${to} from now on`);
  }
}
