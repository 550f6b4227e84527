import type { Parsed, SqlParser, Statement } from './parser.ts';

/** Characters of a statement that are shown. */
const SHOWN = 200;

/**
 * The statement that a failure is about: the one in whose line Prisma's excerpt ends, else the only one that has a name
 * which the failure quotes, else the only one of the file.
 *
 * @param logs what Prisma noted of the failure
 * @returns line and statement, or undefined where several could be meant
 */
export async function failedStatement(parser: SqlParser, sql: string, logs: string): Promise<string | undefined> {
  const parsed = await parser.parse(sql);
  if ('problem' in parsed) return undefined;
  const { statements } = parsed;
  const found =
    byExcerpt(statements, logs) ?? byName(statements, logs) ?? (statements.length === 1 ? statements[0] : undefined);
  return found === undefined ? undefined : inWords(found);
}

/** A statement of a file by its place, from 0; undefined where there is none, or the file can't be read. */
export function shownStatement(parsed: Parsed, index: number): string | undefined {
  const found = 'problem' in parsed ? undefined : parsed.statements[index];
  return found === undefined ? undefined : inWords(found);
}

function inWords({ line, text }: Statement): string {
  return `line ${line}: ${text.slice(0, SHOWN)}`;
}

/** `Position:` and lines with their numbers, the last one being where it stopped. */
function byExcerpt(statements: readonly Statement[], logs: string): Statement | undefined {
  const plain = logs.replace(/\u001b\[[0-9;]*m/g, '');
  const [, excerpt = ''] = /\bPosition:\s*\n([\s\S]*?)(?:\n\s*\n|$)/.exec(plain) ?? [];
  const number = /^\s*(\d+)(?=[^\n]*\s*$)/m.exec(excerpt.trimEnd().split('\n').at(-1) ?? '')?.[1];
  return number === undefined ? undefined : statements.findLast(({ line }) => line <= Number(number));
}

function byName(statements: readonly Statement[], logs: string): Statement | undefined {
  const names = [...logs.matchAll(/["'`]([\w$. -]{2,63})["'`]|(?:table|column|type|relation): (\w{2,63})/g)];
  for (const [, quoted = '', named = quoted] of names) {
    const meant = statements.filter(({ text }) => text.includes(named));
    if (meant.length === 1) return meant[0];
  }
  return undefined;
}
