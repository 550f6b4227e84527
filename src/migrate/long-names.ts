import type { Statement } from './parser.ts';
import { partsOf } from './syntax-tree.ts';

/** PostgreSQL keeps 63 bytes of a name (NAMEDATALEN, "Lexical Structure"). */
const LONGEST = 63;

/**
 * Names in a statement that PostgreSQL cuts. The parser has cut them already, so they are looked for in its text, as the
 * words that begin with a name of exactly that length.
 */
export function longNames({ node, text }: Statement): readonly string[] {
  if (!/[^\s".(),;]{60}/.test(text)) return [];
  const kept = new Set<string>();
  for (const part of partsOf(node)) {
    if (typeof part === 'string' && Buffer.byteLength(part) <= LONGEST && Buffer.byteLength(part) > LONGEST - 4)
      kept.add(part);
  }
  const cut = [...kept].filter((name) => {
    const start = text.indexOf(name);
    return start !== -1 && /[\p{L}\p{N}_$]/u.test(text.charAt(start + name.length));
  });
  return cut.map((name) => `${name}…`);
}
