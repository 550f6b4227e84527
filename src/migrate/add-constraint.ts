import type { Draft } from './draft.ts';
import { isSet, type Node, namesAt, nodeAt, numberAt, tableOf, textAt } from './syntax-tree.ts';

/**
 * A constraint that is added to a table that is there already.
 *
 * @param ofColumn the column, where the constraint stands behind one
 */
export function addConstraint(draft: Draft, table: string, node: Node, ofColumn: readonly string[] = []): void {
  const kind = textAt(node, 'contype');
  const location = numberAt(node, 'location');
  const name = textAt(node, 'conname');
  const isChecked = !isSet(node, 'skip_validation');
  if (kind === 'CONSTR_FOREIGN') {
    foreignKey(draft, table, node);
    return;
  }
  if (draft.isNew(table)) return;
  const keys = namesAt(node, 'keys');
  const columns = (keys.length > 0 ? keys : ofColumn).join(', ');
  switch (kind) {
    case 'CONSTR_CHECK':
    case 'CONSTR_NOTNULL':
      draft.touch(table, { lock: 'ACCESS EXCLUSIVE', scans: isChecked });
      draft.find('write-restriction', `${table}: the constraint ${name} refuses rows from now on`, location);
      if (isChecked) {
        draft.find(
          'constraint-scan',
          `${table}: every row is read under the lock for the constraint ${name}`,
          location,
        );
      }
      break;
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
    case 'CONSTR_EXCLUSION':
      draft.touch(table, { lock: 'ACCESS EXCLUSIVE', scans: textAt(node, 'indexname') === '' });
      draft.find('write-restriction', `${table}(${columns}) has to be unique from now on`, location);
      if (textAt(node, 'indexname') === '') {
        const words = `${table}(${columns}): the index is built under the lock, and fails on a value that is there twice`;
        draft.find('unique-constraint', words, location);
      }
      break;
    default:
      draft.touch(table, { lock: 'ACCESS EXCLUSIVE' });
  }
}

/** Both tables are locked: rows of one are compared with the other's, and both get triggers. */
function foreignKey(draft: Draft, table: string, node: Node): void {
  const target = tableOf(nodeAt(node, 'pktable'));
  const location = numberAt(node, 'location');
  const isChecked = !isSet(node, 'skip_validation');
  draft.touch(table, { lock: 'SHARE ROW EXCLUSIVE', scans: isChecked });
  draft.touch(target, { lock: 'SHARE ROW EXCLUSIVE' });
  if (draft.isNew(table)) return;
  draft.find('write-restriction', `${table} refuses rows without a partner in ${target} from now on`, location);
  if (isChecked) {
    draft.find(
      'foreign-key',
      `writes to ${table} and ${target} wait while every row of ${table} is compared`,
      location,
    );
  }
}
