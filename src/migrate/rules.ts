/**
 * What a finding means, the gravest first:
 * - `destructive`: data is gone afterwards, or may be;
 * - `failing`: PostgreSQL refuses the migration, or nothing can be said about it;
 * - `blocking`: reads or writes of a table wait, longer the more rows it has;
 * - `incompatible`: the release that is running while it is applied may meet errors;
 * - `advice`: works, and is regretted later.
 */
export type Level = 'destructive' | 'failing' | 'blocking' | 'incompatible' | 'advice';

export const LEVELS: readonly Level[] = ['destructive', 'failing', 'blocking', 'incompatible', 'advice'];

interface RuleText {
  readonly level: Level;
  /** How the same is reached without the harm. */
  readonly remedy: string;
}

const rule = (level: Level, remedy: string): RuleText => ({ level, remedy });

/** Every rule by name: its level and the way around it. */
export const RULES = {
  'drop-table': rule('destructive', 'Stop using the table in one release, drop it in a later one, after a backup.'),
  'drop-column': rule('destructive', 'Stop using the column in one release, drop it in a later one, after a backup.'),
  'drop-schema': rule('destructive', 'Empty the schema in migrations of its own first.'),
  'drop-database': rule('failing', 'A migration runs inside the database; drop a database by hand.'),
  truncate: rule('destructive', 'Delete by a condition, in batches, outside of a migration.'),
  'delete-all': rule('destructive', 'Give DELETE a condition, or do it outside of a migration, in batches.'),
  'drop-attribute': rule('destructive', 'Stop using the attribute in one release, drop it in a later one.'),
  'drop-sequence': rule('destructive', 'The next value is gone with it: note it down first.'),
  'drop-cascade': rule('destructive', 'Drop what depends on it by name, so that the migration says what is lost.'),
  'lossy-type-change': rule(
    'destructive',
    'Add a column of the new type, copy in batches, switch, drop the old one later.',
  ),
  'drop-materialized-view': rule('incompatible', 'Stop using the view in one release, drop it in a later one.'),
  unreadable: rule('failing', 'Correct the place that the message names; PostgreSQL 18 is the measure.'),
  'unreadable-code': rule(
    'failing',
    'Write the statements out; where they have to be put together, say so in the file with the allowing comment.',
  ),
  'concurrently-in-transaction': rule(
    'failing',
    'Put the CONCURRENTLY statement alone into a migration of its own: Prisma sends a file as one transaction.',
  ),
  'nested-transaction': rule('failing', 'Take BEGIN and COMMIT out of each other; one pair a file is enough.'),
  'uncommitted-transaction': rule('failing', 'End the transaction with COMMIT.'),
  'duplicate-assignment': rule('failing', 'Assign each column once.'),
  'type-change': rule('blocking', 'Add a column of the new type, copy in batches, switch, drop the old one later.'),
  'volatile-default': rule('blocking', 'Add the column without default, set the default, fill old rows in batches.'),
  'serial-column': rule('blocking', 'Add a plain column, fill it in batches, then attach sequence and constraint.'),
  'generated-column': rule('blocking', 'Add a plain column, fill it in batches, and keep it by a trigger.'),
  'generated-expression': rule('blocking', 'Add another column with the new expression and switch.'),
  'set-not-null': rule(
    'blocking',
    'Add CHECK (column IS NOT NULL) NOT VALID, validate it in a later migration, then SET NOT NULL.',
  ),
  'constraint-scan': rule('blocking', 'Add the constraint NOT VALID, and VALIDATE CONSTRAINT in a later migration.'),
  'foreign-key': rule('blocking', 'Add the foreign key NOT VALID, and VALIDATE CONSTRAINT in a later migration.'),
  'unique-constraint': rule(
    'blocking',
    'CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, then ADD CONSTRAINT … USING INDEX.',
  ),
  'index-blocks-writes': rule('blocking', 'CREATE INDEX CONCURRENTLY, alone in a migration of its own.'),
  'drop-index-blocks': rule('blocking', 'DROP INDEX CONCURRENTLY, alone in a migration of its own.'),
  'reindex-blocks': rule('blocking', 'REINDEX … CONCURRENTLY, alone in a migration of its own.'),
  'full-rewrite': rule('blocking', 'Use pg_repack, or do it outside of a release.'),
  'update-all': rule('blocking', 'Update in batches by key, outside of a migration.'),
  'detach-partition': rule('blocking', 'DETACH PARTITION … CONCURRENTLY, alone in a migration of its own.'),
  'refresh-blocks': rule('blocking', 'REFRESH MATERIALIZED VIEW CONCURRENTLY.'),
  'lock-table': rule('blocking', 'Take the lock as late as possible and let the transaction be short.'),
  'rename-table': rule('incompatible', 'Create the new name beside the old one (a view, a copy), switch, drop later.'),
  'rename-column': rule(
    'incompatible',
    'Keep the column and rename the field with @map, or add, copy, switch, drop later.',
  ),
  'rename-object': rule('incompatible', 'Look for uses of the old name in the running release first.'),
  'set-schema': rule('incompatible', 'The old name is gone at once: deploy a release that knows both first.'),
  'required-column': rule('failing', 'Add the column with a default, or without NOT NULL and fill it first.'),
  'write-restriction': rule(
    'incompatible',
    'Let the running release keep to the rule before the database asks for it.',
  ),
  'drop-object': rule('incompatible', 'Stop using it in one release, drop it in a later one.'),
  'drop-constraint': rule(
    'incompatible',
    'What the constraint promised no longer holds: see that nothing relies on it.',
  ),
  'drop-not-null': rule('incompatible', 'The running release reads the column as required: let it accept NULL first.'),
  'drop-default': rule('incompatible', 'The running release may insert without the column: let it give a value first.'),
  'set-default': rule('incompatible', 'Rows of the running release get the new value from now on.'),
  identity: rule('incompatible', 'Let the running release insert without the column, or with OVERRIDING, first.'),
  'drop-expression': rule('incompatible', 'New rows get no value any more: let the running release give one first.'),
  'enum-value': rule(
    'incompatible',
    'Prisma clients fail on a value they do not know: deploy one that knows it first.',
  ),
  'composite-attribute': rule('incompatible', 'Clients that read the whole value meet one more field.'),
  'replace-routine': rule('incompatible', 'Replace a view or function under a new name, and switch.'),
  'routine-options': rule('incompatible', 'The running release is under the new options from now on.'),
  settings: rule('incompatible', 'The setting changes for everything that uses it, not only for this project.'),
  extension: rule('incompatible', 'Read the notes of the extension, and try the update on a copy.'),
  trigger: rule('incompatible', 'What the trigger did is not done meanwhile.'),
  'replica-identity': rule('incompatible', 'Subscribers of the table may stop: see to them first.'),
  'row-security': rule('incompatible', 'Roles of the running release may see fewer rows: try it with its role.'),
  privileges: rule('incompatible', 'See that the role of the running release does not need it.'),
  inheritance: rule('incompatible', 'Queries of the parent no longer see these rows.'),
  'sequence-values': rule('incompatible', 'Values may come twice: look at the largest one first.'),
  'add-column': rule('advice', 'Old clients that read SELECT * meet one more column.'),
  'required-default': rule('advice', 'Leaving the column out is fine; whoever writes NULL into it is refused.'),
  'enum-order': rule('advice', 'Say BEFORE or AFTER, or the new value sorts last.'),
  'no-lock-timeout': rule(
    'advice',
    "Begin with SET lock_timeout = '5s': behind a statement that waits for its lock everybody else waits, too.",
  ),
  'no-statement-timeout': rule(
    'advice',
    'Begin with SET statement_timeout, so that a statement ends that takes longer than planned.',
  ),
  'narrow-integer': rule('advice', 'BigInt (bigint) costs 4 bytes a row; changing the type later rewrites the table.'),
  serial: rule('advice', 'GENERATED … AS IDENTITY does the same without a second object with rights of its own.'),
  'limited-text': rule('advice', 'text with a CHECK constraint can be changed later without a rewrite.'),
  'padded-text': rule('advice', 'char(n) is padded with spaces; text takes no more room.'),
  'local-time': rule('advice', '@db.Timestamptz keeps the moment; timestamp loses the zone.'),
  'long-name': rule('incompatible', 'PostgreSQL cuts names at 63 bytes: give a shorter one (map:).'),
  'index-rerun': rule(
    'advice',
    'IF NOT EXISTS, and drop an invalid index first: one that failed halfway stays behind.',
  ),
  'out-of-order': rule(
    'advice',
    'Rename its folder so that it sorts last: databases that exist apply it after newer ones.',
  ),
} as const satisfies Readonly<Record<string, RuleText>>;

export type RuleName = keyof typeof RULES;

/** The lock modes of a table, the weakest first (PostgreSQL manual, "Explicit Locking"). */
export const LOCKS = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;

export type Lock = (typeof LOCKS)[number];

export function strongest(locks: readonly (Lock | undefined)[]): Lock | undefined {
  return LOCKS.findLast((lock) => locks.includes(lock));
}

/** One thing that a statement does, worth a reader's attention. */
export interface Finding {
  readonly rule: RuleName;
  readonly level: Level;
  /** What happens, in one sentence with the names in it. */
  readonly message: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** What one statement does to tables that have rows. */
export interface StatementEffect {
  readonly line: number;
  readonly column: number;
  /** The statement, shortened. */
  readonly text: string;
  /** Table or other object that it is about; empty when none. */
  readonly on: string;
  /** Strongest lock on a table that is there already; undefined when it takes none. */
  readonly lock: Lock | undefined;
  /** The whole table is written anew. */
  readonly rewrites: boolean;
  /** Every row is read under the lock. */
  readonly scans: boolean;
  readonly findings: readonly Finding[];
}
