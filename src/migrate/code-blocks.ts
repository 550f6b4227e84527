import type { SqlParser, Statement } from './parser.ts';
import { listAt, type Node, nodeAt, partsOf, taggedAt, textAt } from './syntax-tree.ts';

/** A statement of a block, or that a part of it can't be read. */
export type BlockPart = Statement | 'unreadable';

/**
 * The SQL in the body of a DO block. EXECUTE runs a text that may exist only when it runs; one that is written out is
 * read like any other.
 */
export async function readBlock({ parse, parseBlock }: SqlParser, block: Statement): Promise<readonly BlockPart[]> {
  const language = listAt(block.node, 'args').find(({ node }) => textAt(node, 'defname') === 'language');
  const name = language === undefined ? 'plpgsql' : textAt(taggedAt(language.node, 'arg').node, 'sval');
  const tree = name === 'plpgsql' ? await parseBlock(block.text) : undefined;
  if (tree === undefined) return ['unreadable'];
  const parts: BlockPart[] = [];
  for (const { query, isDynamic } of queriesIn(tree)) {
    const sql = isDynamic ? await constantOf(parse, query) : query;
    const parsed = sql === undefined ? undefined : await parse(sql);
    if (parsed === undefined || 'problem' in parsed) parts.push('unreadable');
    else parts.push(...parsed.statements.map((statement) => ({ ...statement, lineAt: () => block.line })));
  }
  return parts;
}

interface Query {
  readonly query: string;
  readonly isDynamic: boolean;
}

/** Queries of the statements that execute SQL, at any depth. */
function queriesIn(tree: unknown): readonly Query[] {
  const queries: Query[] = [];
  for (const node of partsOf(tree)) {
    if (typeof node === 'string') continue;
    const own = queryOf(nodeAt(node, 'PLpgSQL_stmt_execsql'), 'sqlstmt');
    const dynamic = DYNAMIC.map((tag) => queryOf(nodeAt(node, tag), 'query')).find((query) => query !== '') ?? '';
    if (own !== '') queries.push({ query: own, isDynamic: false });
    if (dynamic !== '') queries.push({ query: dynamic, isDynamic: true });
  }
  return queries.reverse();
}

const DYNAMIC = ['PLpgSQL_stmt_dynexecute', 'PLpgSQL_stmt_dynfors'] as const;

function queryOf(statement: Node, field: string): string {
  return textAt(nodeAt(nodeAt(statement, field), 'PLpgSQL_expr'), 'query');
}

/** The text that an expression is, when it is one that is written out. */
async function constantOf(parse: SqlParser['parse'], expression: string): Promise<string | undefined> {
  const parsed = await parse(`SELECT ${expression}`);
  if ('problem' in parsed || parsed.statements.length !== 1) return undefined;
  const [target] = listAt(parsed.statements[0]?.node ?? {}, 'targetList');
  const value = taggedAt(target?.node ?? {}, 'val');
  return value.tag === 'A_Const' ? textAt(nodeAt(value.node, 'sval'), 'sval') || undefined : undefined;
}
