import { describeFault, type PipelineError, type ProjectFailure, printable } from '../runtime/errors.ts';
import { code, details, type Markdown, markdown, paragraphs, table, text } from '../runtime/markdown.ts';
import type { MigrationPlan, PlannedMigration } from './plan.ts';
import { LEVELS, type Level, RULES, type StatementEffect, strongest } from './rules.ts';
import { isDestructive } from './verdict.ts';

const SIGNS: Readonly<Record<Level, string>> = {
  destructive: '🔴 destroys data',
  failing: '🔴 fails or unclear',
  blocking: '🟠 blocks',
  incompatible: '🟡 running release',
  advice: '⚪ advice',
};

/** Statements and findings that a summary shows for each migration. */
const MOST_STATEMENTS = 100;
const MOST_FINDINGS = 100;

/** What the log says, a line each. */
export function planLog(plan: MigrationPlan): readonly string[] {
  const lines = [`new migrations: ${plan.migrations.length} (compared with ${plan.reason})`];
  for (const migration of plan.migrations) {
    const lock = strongest(migration.statements.map((statement) => statement.lock)) ?? 'none on tables with rows';
    const counts = LEVELS.map(
      (level) => [level, migration.findings.filter((one) => one.level === level).length] as const,
    )
      .filter(([, count]) => count > 0)
      .map(([level, count]) => `${count} ${level}`);
    lines.push(printable(`${migration.name}: strongest lock ${lock}; ${counts.join(', ') || 'nothing to say'}`));
    for (const { level, message, line, rule } of migration.findings) {
      if (level !== 'advice') lines.push(printable(`  line ${line}: ${message} [${rule}, ${level}]`));
    }
    if (migration.allowance?.by === 'file')
      lines.push(printable(`  allowed by the file: ${migration.allowance.reason}`));
    if (migration.allowance?.by === 'input') lines.push('  allowed by `allow-destructive`');
  }
  for (const { message, isCertain } of plan.differences) {
    lines.push(printable(`schema and migrations: ${message}${isCertain ? '' : ' (may be meant so)'}`));
  }
  return [...lines, ...plan.notChecked.map((words) => printable(`not checked: ${words}`))];
}

/** The plan for people: a line each migration, then what each statement does, then what to do about it. */
export function planSummary(plan: MigrationPlan, failure: ProjectFailure | undefined): Markdown {
  const count = plan.migrations.length;
  const title = `${count === 1 ? '1 new migration' : `${count} new migrations`}${failure === undefined ? '' : ', red'}`;
  return paragraphs([
    markdown(`### ${text(title)}`),
    ...(failure?.faults ?? []).map((fault) => text(describeFault(fault))),
    count === 0
      ? markdown('')
      : table(
          ['migration', 'strongest lock', 'rewrites', 'gravest finding', 'allowed'].map(markdown),
          plan.migrations.map(row),
        ),
    ...plan.migrations.map(statementsOf),
    ...plan.migrations.map(findingsOf),
    ...plan.differences.map(({ message, isCertain }) => {
      return markdown(`- ${text(message)}${isCertain ? '' : ' (may be meant so)'}`);
    }),
    ...plan.notChecked.map((words) => markdown(`Not checked: ${text(words)}.`)),
  ]);
}

function row(migration: PlannedMigration): readonly Markdown[] {
  const { statements, findings, allowance } = migration;
  const [gravest] = sorted(findings);
  const rewritten = statements.filter(({ rewrites }) => rewrites).map(({ on }) => on);
  return [
    code(migration.name),
    text(strongest(statements.map(({ lock }) => lock)) ?? ''),
    rewritten.length === 0 ? markdown('') : code([...new Set(rewritten)].join(', ')),
    gravest === undefined ? markdown('') : markdown(`${SIGNS[gravest.level]}: ${text(gravest.message)}`),
    allowance === undefined ? markdown('') : text(allowance.by === 'input' ? 'by the caller' : allowance.reason),
  ];
}

function sorted<T extends { readonly level: Level }>(findings: readonly T[]): readonly T[] {
  return LEVELS.flatMap((level) => findings.filter((finding) => finding.level === level));
}

function statementsOf({ name, statements }: PlannedMigration): Markdown {
  if (statements.length === 0) return markdown('');
  const rows = statements.slice(0, MOST_STATEMENTS).map(statementRow);
  const more = statements.length - rows.length;
  const body = table(['line', 'statement', 'locks', 'rewrites', 'reads every row'].map(markdown), rows);
  const rest = more > 0 ? `\n${more === 1 ? 'One more statement is' : `${more} more statements are`} not shown.\n` : '';
  return details(markdown(`${code(name)}: what each statement does`), markdown(`${body}${rest}`));
}

function statementRow({ line, text: sql, on, lock, rewrites, scans }: StatementEffect): readonly Markdown[] {
  const locked = lock === undefined ? markdown('') : markdown(`${text(lock)} on ${code(on)}`);
  return [markdown(String(line)), code(sql), locked, markdown(rewrites ? 'yes' : ''), markdown(scans ? 'yes' : '')];
}

function findingsOf({ name, findings }: PlannedMigration): Markdown {
  if (findings.length === 0) return markdown('');
  const shownFindings = sorted(findings).slice(0, MOST_FINDINGS);
  const rows = shownFindings.map(({ level, rule, message, line }) => [
    markdown(SIGNS[level]),
    markdown(String(line)),
    text(message),
    text(RULES[rule].remedy),
    code(rule),
  ]);
  const body = table(['level', 'line', 'what happens', 'the way around', 'rule'].map(markdown), rows);
  return details(
    markdown(`${code(name)}: ${findings.length === 1 ? 'a finding' : `${findings.length} findings`} and what to do`),
    body,
  );
}

/** Bytes of the output that later jobs read. */
const LARGEST_OUTPUT = 16 * 1024;

/** What `report` shows: each new migration with its lock and gravest finding; those that have no room are counted. */
export function reportedMigrations(plan: MigrationPlan): unknown {
  const migrations = plan.migrations.map((migration) => {
    const [gravest] = sorted(migration.findings);
    return {
      name: migration.name,
      lock: strongest(migration.statements.map(({ lock }) => lock)) ?? null,
      rewrites: migration.statements.some(({ rewrites }) => rewrites),
      destructive: isDestructive(migration),
      allowed: migration.allowance !== undefined,
      gravest:
        gravest === undefined
          ? null
          : { level: gravest.level, rule: gravest.rule, message: gravest.message.slice(0, 300), line: gravest.line },
    };
  });
  let kept = migrations.length;
  const written = () => ({ migrations: migrations.slice(0, kept), leftOut: migrations.length - kept });
  while (kept > 0 && Buffer.byteLength(JSON.stringify(written())) > LARGEST_OUTPUT) kept = Math.floor(kept / 2);
  return written();
}

/** What a red `apply` says: what happened, the state of the database, what to do; and what was applied before. */
export function applySummary(failure: PipelineError, applied: readonly string[]): Markdown {
  return paragraphs([
    markdown('### Migration failed'),
    ...failure.faults.map((fault) => text(describeFault(fault))),
    applied.length === 0 ? markdown('') : markdown(`Applied before: ${applied.map((name) => code(name)).join(', ')}.`),
  ]);
}

/** What this run has given the database, for the output (`appliedSince`); what has no room is counted. */
export function reportedNames(
  { applied, before }: { readonly applied: readonly string[]; readonly before: string | undefined },
  destructive: ReadonlySet<string>,
): unknown {
  let kept = applied.length;
  const written = () => ({
    after: before ?? null,
    migrations: applied.slice(0, kept).map((name) => ({ name, destructive: destructive.has(name) })),
    leftOut: applied.length - kept,
  });
  while (kept > 0 && Buffer.byteLength(JSON.stringify(written())) > LARGEST_OUTPUT) kept = Math.floor(kept / 2);
  return written();
}
