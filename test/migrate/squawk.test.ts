import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { analyse } from '../../src/migrate/analyse.ts';
import { emptyCatalogue } from '../../src/migrate/catalogue.ts';
import type { RuleName } from '../../src/migrate/rules.ts';
import { root } from '../../tools/install/root.ts';
import { installSquawk } from '../../tools/migrate/install.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { parser } from './project.ts';
import { migrationOfRule } from './rule-migrations.ts';

/** What squawk finds and we do not, with the reason; docs/migrate.md has the same table. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'require-table-schema': 'Prisma writes names without a schema where there is one; the connection decides it',
  'prefer-robust-stmts':
    'Prisma sends a file as one transaction: what fails leaves nothing; a CONCURRENTLY that is alone is told about',
  'require-timeout-settings':
    'the old name of require-lock-timeout and require-statement-timeout, which squawk reports',
  'unused-ignore': "it is about squawk's own comments",
};

/** Our rule for each of squawk's; any of several is enough. */
const OURS: Readonly<Record<string, readonly RuleName[]>> = {
  'adding-field-with-default': ['volatile-default', 'generated-column'],
  'adding-foreign-key-constraint': ['foreign-key'],
  'adding-not-nullable-field': ['set-not-null'],
  'adding-required-field': ['required-column'],
  'adding-serial-primary-key-field': ['serial-column'],
  'ban-add-column': ['add-column'],
  'ban-add-composite-attribute': ['composite-attribute'],
  'ban-add-enum-value': ['enum-value'],
  'ban-alter-database-options': ['settings'],
  'ban-alter-domain-with-add-constraint': ['constraint-scan'],
  'ban-alter-extension': ['extension'],
  'ban-alter-function-options': ['routine-options'],
  'ban-alter-generated-expression': ['generated-expression'],
  'ban-alter-identity': ['identity'],
  'ban-alter-policy-condition': ['row-security'],
  'ban-alter-policy-roles': ['row-security'],
  'ban-alter-role-options': ['settings'],
  'ban-alter-row-level-security': ['row-security'],
  'ban-alter-sequence-values': ['sequence-values'],
  'ban-alter-system-options': ['settings'],
  'ban-alter-view-options': ['routine-options'],
  'ban-char-field': ['padded-text'],
  'ban-concurrent-index-creation-in-transaction': ['concurrently-in-transaction'],
  'ban-create-domain-with-constraint': ['constraint-scan'],
  'ban-create-policy': ['row-security'],
  'ban-detach-inheritance': ['inheritance'],
  'ban-disable-trigger': ['trigger'],
  'ban-drop-column': ['drop-column'],
  'ban-drop-constraint': ['drop-constraint'],
  'ban-drop-database': ['drop-database'],
  'ban-drop-default': ['drop-default'],
  'ban-drop-domain': ['drop-object'],
  'ban-drop-extension': ['extension'],
  'ban-drop-function': ['drop-object'],
  'ban-drop-generated-expression': ['drop-expression'],
  'ban-drop-index': ['drop-object'],
  'ban-drop-not-null': ['drop-not-null'],
  'ban-drop-policy': ['row-security'],
  'ban-drop-schema': ['drop-schema'],
  'ban-drop-sequence': ['drop-sequence'],
  'ban-drop-table': ['drop-table'],
  'ban-drop-trigger': ['trigger'],
  'ban-drop-type': ['drop-object'],
  'ban-drop-view': ['drop-object'],
  'ban-duplicate-column-assignments': ['duplicate-assignment'],
  'ban-new-write-restriction': ['write-restriction', 'required-default'],
  'ban-replace-view-function': ['replace-routine'],
  'ban-replica-identity': ['replica-identity'],
  'ban-revoke': ['privileges'],
  'ban-set-default': ['set-default'],
  'ban-set-schema': ['set-schema'],
  'ban-truncate-cascade': ['drop-cascade'],
  'ban-uncommitted-transaction': ['uncommitted-transaction'],
  'changing-column-type': ['type-change', 'lossy-type-change'],
  'constraint-missing-not-valid': ['constraint-scan', 'foreign-key', 'unique-constraint'],
  'disallowed-unique-constraint': ['unique-constraint'],
  'identifier-too-long': ['long-name'],
  'prefer-bigint-over-int': ['narrow-integer'],
  'prefer-bigint-over-smallint': ['narrow-integer'],
  'prefer-identity': ['serial'],
  'prefer-repack': ['full-rewrite'],
  'prefer-text-field': ['limited-text'],
  'prefer-timestamp-tz': ['local-time'],
  'renaming-column': ['rename-column'],
  'renaming-object': ['rename-object'],
  'renaming-table': ['rename-table'],
  'require-concurrent-index-creation': ['index-blocks-writes'],
  'require-concurrent-index-deletion': ['drop-index-blocks'],
  'require-concurrent-partition-detach': ['detach-partition'],
  'require-concurrent-reindex': ['reindex-blocks'],
  'require-enum-value-ordering': ['enum-order'],
  'require-lock-timeout': ['no-lock-timeout'],
  'require-statement-timeout': ['no-statement-timeout'],
  'transaction-nesting': ['nested-transaction'],
};

const RULES = Object.keys(migrationOfRule);

/** What squawk finds in a file, every rule switched on that can be. */
async function squawkFinds(squawk: string, file: string): Promise<readonly string[]> {
  const included = RULES.filter((rule) => rule !== 'unused-ignore').map((rule) => `--include=${rule}`);
  const args = [...included, '--pg-version=19', '--reporter=json', file];
  const output = await new Promise<string>((resolve, reject) => {
    execFile(squawk, args, { encoding: 'utf8' }, (error, stdout) => {
      // 1 is its answer that it found something.
      if (error !== null && error.code !== 1) reject(error);
      else resolve(stdout);
    });
  });
  return (JSON.parse(output) as { rule_name: string }[]).map(({ rule_name }) => rule_name);
}

it('finds at least what squawk finds, in one migration for each of its rules, with at most ten differences', async () => {
  const squawk = await installSquawk();
  const folder = await temporaryFolder();
  const notSeen: string[] = [];
  for (const [rule, sql] of Object.entries(migrationOfRule)) {
    const file = join(folder, `${rule}.sql`);
    await writeFile(file, `${sql}\n`);
    const found = await squawkFinds(squawk, file);
    if (!(rule in DIFFERENCES)) expect(found, `${rule}: squawk itself has to find it`).toContain(rule);
    const { findings } = await analyse(parser, sql, emptyCatalogue(), rule);
    const ours = findings.map((finding) => finding.rule);
    for (const theirs of found.filter((name) => !(name in DIFFERENCES))) {
      if (!(OURS[theirs] ?? []).some((name) => ours.includes(name))) notSeen.push(`${rule}: ${theirs}`);
    }
  }
  expect(notSeen).toEqual([]);
  expect(Object.keys(DIFFERENCES).length).toBeLessThanOrEqual(10);
  expect([...Object.keys(OURS), ...Object.keys(DIFFERENCES)].sort()).toEqual([...RULES].sort());
});

it('tells each difference from squawk in its page', async () => {
  const page = await readFile(join(root, 'docs/migrate.md'), 'utf8');
  for (const [rule, reason] of Object.entries(DIFFERENCES)) expect(page).toContain(`| \`${rule}\` | ${reason} |`);
});
