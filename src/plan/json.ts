/** A place in a text, both counted from 1; the column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type ParsedJson = { readonly value: unknown } | { readonly fault: Position };

/** JSON (RFC 8259), as plain data. Keys such as `__proto__` become own properties. */
export function parseJson(text: string): ParsedJson {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // The engine's message has a position for some faults only, so the place is found by a look of our own.
    return { fault: positionOf(text, faultOffset(text)) };
  }
}

/** JSON with comments and trailing commas, as in tsconfig.json, biome.json and turbo.json. */
export function parseJsonWithComments(text: string): ParsedJson {
  return parseJson(withoutComments(text));
}

/** The same text, as long as before, with a space for each character of a comment or of a trailing comma. */
function withoutComments(text: string): string {
  const blank = (part: string) => part.replace(/[^\n]/g, ' ');
  const plain = text.replace(/"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (part) =>
    part.startsWith('"') ? part : blank(part),
  );
  return plain.replace(/"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|,(?=\s*[}\]])/g, (part) => (part === ',' ? ' ' : part));
}

const TOKEN =
  /[ \t\r\n]*(?:(?<mark>[{}[\]:,])|(?<text>"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*")|(?<plain>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing';

/** Offset of the first character that can't be JSON; the length of a text that only ends too early. */
function faultOffset(text: string): number {
  const open: string[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  while (expected !== 'nothing') {
    TOKEN.lastIndex = offset;
    const token = TOKEN.exec(text)?.groups;
    const next: Expected | undefined = token === undefined ? undefined : after(expected, token, open);
    if (next === undefined) break;
    expected = next;
    offset = TOKEN.lastIndex;
  }
  return offset + (/^[ \t\r\n]*/.exec(text.slice(offset))?.[0].length ?? 0);
}

/** What may follow a token, or undefined when the token itself is out of place. Keeps track of open brackets. */
function after(
  expected: Expected,
  { mark, text }: Readonly<Record<string, string | undefined>>,
  open: string[],
): Expected | undefined {
  const isObject = open.at(-1) === '{';
  if (expected.endsWith('end') && mark === (isObject ? '}' : ']')) {
    open.pop();
    return valueEnded(open);
  }
  switch (expected) {
    case 'colon':
      return mark === ':' ? 'value' : undefined;
    case 'comma or end':
      return mark === ',' ? (isObject ? 'key' : 'value') : undefined;
    case 'key':
    case 'key or end':
      return text === undefined ? undefined : 'colon';
    default:
      return mark === undefined ? valueEnded(open) : opened(mark, open);
  }
}

function opened(mark: string, open: string[]): Expected | undefined {
  if (mark !== '{' && mark !== '[') return undefined;
  open.push(mark);
  return mark === '{' ? 'key or end' : 'value or end';
}

function valueEnded(open: readonly string[]): Expected {
  return open.length === 0 ? 'nothing' : 'comma or end';
}

function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: (before.match(/\n/g) ?? []).length + 1, column: offset - lineStart + 1 };
}

/** A field of parsed data; undefined where the value is no object or has no such field of its own. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** The fields of an object whose values are texts. */
export function textsOf(value: unknown): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map();
  return new Map(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
