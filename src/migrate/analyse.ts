import type { Catalogue } from './catalogue.ts';
import { readBlock } from './code-blocks.ts';
import { draftOf } from './draft.ts';
import { longNames } from './long-names.ts';
import { STATEMENTS } from './other-statements.ts';
import type { Parsed, SqlParser, Statement } from './parser.ts';
import { replay } from './replay.ts';
import { type Finding, type Lock, RULES, type RuleName, type StatementEffect } from './rules.ts';
import { isSet, listAt, nodeAt, taggedAt, textAt } from './syntax-tree.ts';

/** What a migration does. */
export interface Analysis {
  readonly statements: readonly StatementEffect[];
  /** Of the statements and of the file as a whole, in the order of lines. */
  readonly findings: readonly Finding[];
}

/** Characters of a statement that are shown. */
const SHOWN = 160;

/**
 * What the statements of a migration do to a database that is in use, and follows them in the catalogue.
 *
 * @param name the migration's name
 */
export async function analyse(parser: SqlParser, sql: string, catalogue: Catalogue, name: string): Promise<Analysis> {
  const parsed = await parser.parse(sql);
  if ('problem' in parsed) {
    catalogue.unclear.push(name);
    const { problem, line, column } = parsed;
    return { statements: [], findings: [found('unreadable', `it can't be read: ${problem}`, line, column)] };
  }
  const { statements } = parsed;
  const effects: StatementEffect[] = [];
  for (const statement of statements) {
    effects.push(await effectOf(parser, statement, catalogue));
    replay(catalogue, statement, true, name);
  }
  const ofFile = [
    ...transactionFindings(statements),
    ...outsideFindings(statements),
    ...timeoutFindings(statements, effects),
  ];
  const all = [...effects.flatMap(({ findings }) => findings), ...ofFile];
  return { statements: effects, findings: all.sort((a, b) => a.line - b.line) };
}

/** Follows a migration that is on the base already. */
export async function follow(parser: SqlParser, sql: string, catalogue: Catalogue, name: string): Promise<void> {
  const parsed = await parser.parse(sql);
  if ('problem' in parsed) catalogue.unclear.push(name);
  else for (const statement of parsed.statements) replay(catalogue, statement, false, name);
}

async function effectOf(parser: SqlParser, statement: Statement, catalogue: Catalogue): Promise<StatementEffect> {
  const draft = draftOf(statement, catalogue);
  STATEMENTS[statement.tag]?.(draft, statement.node);
  for (const { node } of listAt(nodeAt(statement.node, 'withClause'), 'ctes')) {
    const { tag, node: query } = taggedAt(node, 'ctequery');
    STATEMENTS[tag]?.(draft, query);
  }
  for (const long of longNames(statement)) draft.find('long-name', `the name ${long} is longer than 63 bytes`);
  const inner = statement.tag === 'DoStmt' ? await readBlock(parser, statement) : [];
  for (const part of inner) {
    if (part === 'unreadable') draft.find('unreadable-code', 'what the block executes is put together when it runs');
    else STATEMENTS[part.tag]?.(draft, part.node);
  }
  const text = statement.text.length > SHOWN ? `${statement.text.slice(0, SHOWN)}…` : statement.text;
  const { line, column } = statement;
  return { line, column, text, ...draft.state(), findings: draft.findings };
}

function found(rule: RuleName, message: string, line: number, column: number): Finding {
  return { rule, level: RULES[rule].level, message, line, column };
}

const at = (rule: RuleName, message: string, { line, column }: Statement) => found(rule, message, line, column);

/** BEGIN and COMMIT that do not match. */
function transactionFindings(statements: readonly Statement[]): readonly Finding[] {
  const findings: Finding[] = [];
  let begun: Statement | undefined;
  for (const statement of statements.filter(({ tag }) => tag === 'TransactionStmt')) {
    const kind = textAt(statement.node, 'kind');
    if (BEGINS.has(kind)) {
      if (begun !== undefined)
        findings.push(at('nested-transaction', 'a transaction begins within another', statement));
      begun = statement;
    } else if (ENDS.has(kind)) {
      if (begun === undefined)
        findings.push(at('nested-transaction', 'a transaction ends that was not begun', statement));
      begun = undefined;
    }
  }
  if (begun === undefined) return findings;
  return [...findings, at('uncommitted-transaction', 'the transaction is never ended, so nothing of it stays', begun)];
}

const BEGINS: ReadonlySet<string> = new Set(['TRANS_STMT_BEGIN', 'TRANS_STMT_START']);
const ENDS: ReadonlySet<string> = new Set(['TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK']);

/** What PostgreSQL runs outside of transactions only, beside other statements: several sent together are one. */
function outsideFindings(statements: readonly Statement[]): readonly Finding[] {
  if (statements.length < 2) return [];
  const message = 'PostgreSQL refuses it beside other statements of one file';
  return statements.filter(isOutsideOnly).map((statement) => at('concurrently-in-transaction', message, statement));
}

/**
 * Whether a file would break out of a transaction around it. One pair of BEGIN and COMMIT around the whole file does
 * not: its COMMIT is that of the transaction.
 *
 * @returns true, too, where it can't be read
 */
export function commitsItself(parsed: Parsed): boolean {
  if ('problem' in parsed) return true;
  const { statements } = parsed;
  const isPair = isPlain(statements[0], 'TRANS_STMT_BEGIN') && isPlain(statements.at(-1), 'TRANS_STMT_COMMIT');
  return (isPair ? statements.slice(1, -1) : statements).some((statement) => {
    const kind = statement.tag === 'TransactionStmt' ? textAt(statement.node, 'kind') : '';
    return BEGINS.has(kind) || ENDS.has(kind) || kind.startsWith('TRANS_STMT_PREPARE') || isOutsideOnly(statement);
  });
}

function isPlain(statement: Statement | undefined, kind: string): boolean {
  if (statement?.tag !== 'TransactionStmt') return false;
  const { node } = statement;
  return textAt(node, 'kind') === kind && listAt(node, 'options').length === 0 && !isSet(node, 'chain');
}

/** Whether PostgreSQL refuses a statement inside a transaction. */
function isOutsideOnly({ tag, node }: Statement): boolean {
  switch (tag) {
    case 'IndexStmt':
    case 'DropStmt':
      return isSet(node, 'concurrent');
    case 'ReindexStmt':
      return listAt(node, 'params').some(({ node: option }) => textAt(option, 'defname') === 'concurrently');
    case 'VacuumStmt':
      return isSet(node, 'is_vacuumcmd');
    case 'AlterTableStmt':
      return listAt(node, 'cmds').some(({ node: command }) => isSet(taggedAt(command, 'def').node, 'concurrent'));
    case 'AlterSystemStmt':
    case 'CreatedbStmt':
    case 'DropdbStmt':
      return true;
    default:
      return false;
  }
}

const HEAVY: readonly (Lock | undefined)[] = ['SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'];

/** Statements that are slow or wait for locks without locking a table that is known by name. */
const WAITING: ReadonlySet<string> = new Set([
  ...['AlterEnumStmt', 'AlterDomainStmt', 'CreateDomainStmt', 'AlterDatabaseSetStmt', 'AlterExtensionStmt'],
  ...['AlterFunctionStmt', 'AlterRoleSetStmt', 'AlterSeqStmt', 'AlterSystemStmt', 'AlterTableStmt', 'DropStmt'],
  ...['DropdbStmt', 'RenameStmt', 'AlterObjectSchemaStmt', 'TruncateStmt', 'ReindexStmt', 'VacuumStmt', 'IndexStmt'],
]);

function timeoutFindings(statements: readonly Statement[], effects: readonly StatementEffect[]): readonly Finding[] {
  const first = statements.findIndex(({ tag }, index) => {
    const effect = effects[index];
    return HEAVY.includes(effect?.lock) || (WAITING.has(tag) && effect !== undefined && effect.findings.length > 0);
  });
  const statement = statements[first];
  if (statement === undefined) return [];
  const settings = statements
    .slice(0, first)
    .filter(({ tag }) => tag === 'VariableSetStmt')
    .map(({ node }) => textAt(node, 'name'));
  return (['lock', 'statement'] as const)
    .filter((kind) => !settings.includes(`${kind}_timeout`))
    .map((kind) => at(`no-${kind}-timeout`, `${kind}_timeout is not set before it`, statement));
}
