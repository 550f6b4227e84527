import type { Document, LineCounter, YAMLError } from 'yaml';
import { printable } from './errors.ts';

/** Deepest nesting accepted in YAML from outside. */
const MAX_DEPTH = 32;

/** Nesting at which the parser itself is not asked any more: it would run out of stack. */
const MAX_NESTED = 128;

/** What a text from outside says, or why it is not acceptable. */
export type ParsedYaml =
  | { readonly value: unknown }
  | {
      /** One sentence; it may quote a few characters of the text. */
      readonly problem: string;
      /** The same without a character of the text: what a message about a credential may say. */
      readonly place: string;
    };

/**
 * One YAML 1.2 document from outside, as plain data. Anchors with aliases are refused (they are how small documents
 * become huge ones), so are custom tags, directives, duplicate keys, keys that are not text and deep nesting. A number
 * that is not written the way it is read stays text: `20.10` is a version and not 20.1.
 */
export async function parseYaml(text: string): Promise<ParsedYaml> {
  const yaml = await import('yaml');
  const refused = (problem: string, place = 'it is not acceptable YAML'): ParsedYaml => ({ problem, place });
  const tooDeep = `it nests deeper than ${MAX_DEPTH} levels`;
  if (nests(text, yaml.Lexer)) return refused(tooDeep, tooDeep);
  const lines = new yaml.LineCounter();
  try {
    const document = yaml.parseDocument(text, {
      // The parser compares each key with each other one, which takes minutes for a hostile map; see `look`.
      uniqueKeys: false,
      stringKeys: true,
      version: '1.2',
      prettyErrors: false,
      lineCounter: lines,
      // 'silent' would also keep quiet about a second document.
      logLevel: 'error',
    });
    const [fault] = [...document.errors, ...document.warnings];
    if (fault !== undefined) return refusedAt(fault, lines);
    if (document.directives?.yaml.explicit === true) {
      return refused('it uses a %YAML directive, which is not accepted', 'it uses a %YAML directive');
    }
    const found = look(document, yaml, lines);
    if (found !== undefined) return refused(found, found);
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    return isDeeper(value, MAX_DEPTH) ? refused(tooDeep, tooDeep) : { value };
  } catch (error) {
    return refused(`it is not valid YAML: ${oneLine(error instanceof Error ? error.message : String(error))}`);
  }
}

function refusedAt(fault: YAMLError, lines: LineCounter): ParsedYaml {
  if (fault.code === 'MULTIPLE_DOCS') {
    return { problem: 'it holds more than one document', place: 'it holds more than one document' };
  }
  const at = positionOf(fault.pos[0], lines);
  return { problem: `it is not valid YAML: ${oneLine(fault.message)} (${at})`, place: `it is not valid YAML (${at})` };
}

/** A message of the parser on one line; it may quote the text, so it is cut. */
function oneLine(message: string): string {
  const [line = ''] = message.split('\n', 1);
  return printable(line.length > 100 ? `${line.slice(0, 100)}…` : line).replace(/[:.]\s*$/, '');
}

function positionOf(offset: number, lines: LineCounter): string {
  const { line, col } = lines.linePos(offset);
  return `line ${line}, column ${col}`;
}

/** Looks through a parsed document: refuses aliases and keys given twice, keeps numbers as they are written. */
function look(document: Document.Parsed, yaml: typeof import('yaml'), lines: LineCounter): string | undefined {
  let found: string | undefined;
  yaml.visit(document, {
    Alias: () => {
      found = 'it uses YAML aliases (*name), which are not accepted';
      return yaml.visit.BREAK;
    },
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        const name = yaml.isScalar(key) ? key.value : key;
        if (seen.has(name)) {
          const range = yaml.isNode(key) ? key.range : undefined;
          found = `it holds a key twice (${positionOf(range?.[0] ?? 0, lines)})`;
          return yaml.visit.BREAK;
        }
        seen.add(name);
      }
      return undefined;
    },
    Scalar: (_, node) => {
      if (typeof node.value === 'number' && node.source !== undefined && String(node.value) !== node.source) {
        node.value = node.source;
      }
    },
  });
  return found;
}

/** Whether a text nests so deep that parsing it would overflow the stack; linear in its length. */
function nests(text: string, Lexer: typeof import('yaml').Lexer): boolean {
  if (new RegExp(`^[ \\t]*(?:[-?:][ \\t]+){${MAX_NESTED}}`, 'm').test(text)) return true;
  if ((text.match(/[[{]/g) ?? []).length <= MAX_NESTED) return false;
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > MAX_NESTED) return true;
  }
  return false;
}

/** Whether a value lies more than `limit` levels deep. */
function isDeeper(value: unknown, limit: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= limit; depth += 1) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return level.length > 0;
}

/** Whether a parsed value is a map with text keys. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
