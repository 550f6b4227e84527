import { setFlagsFromString } from 'node:v8';
import { isMap } from '../runtime/yaml.ts';
import type { Node } from './syntax-tree.ts';

/** One statement of a file. */
export interface Statement {
  /** Name of its node, such as `AlterTableStmt`. */
  readonly tag: string;
  readonly node: Node;
  /** The statement as it was written, without comments before it. */
  readonly text: string;
  /** Line and column of its first word, from 1; columns count UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** Line of a place in it, by the node's `location` (bytes from the start of the file); its first line without one. */
  readonly lineAt: (location: number | undefined) => number;
}

export type Parsed =
  | { readonly statements: readonly Statement[] }
  | { readonly problem: string; readonly line: number; readonly column: number };

export interface SqlParser {
  /** Parses SQL as PostgreSQL 18 does; what it does not accept comes back as the problem and its place. */
  readonly parse: (sql: string) => Promise<Parsed>;
  /** The tree of a DO statement's body (pl_funcs.c); undefined where it is no PL/pgSQL that can be read. */
  readonly parseBlock: (statement: string) => Promise<unknown>;
}

/**
 * PostgreSQL's own parser, compiled to WebAssembly (libpg-query). It is started at the first text, and anew after one
 * that exhausted its stack: what that left in its memory is not to be relied on.
 *
 * @param readWasm gives the bytes of libpg-query.wasm
 */
export function createParser(readWasm: () => Promise<Uint8Array>): SqlParser {
  let bytes: Promise<Uint8Array> | undefined;
  let started: ReturnType<typeof start> | undefined;
  const use = async <T>(work: (parser: Parser) => T, exhausted: T): Promise<T> => {
    bytes ??= readWasm();
    started ??= start(await bytes);
    const parser = await started;
    try {
      return work(parser);
    } catch (error) {
      if (!(error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError'))) throw error;
      started = undefined;
      return exhausted;
    }
  };
  return {
    parse: async (sql) => {
      // The parser takes a C string: what stands behind a NUL would be passed over.
      if (sql.includes('\0')) return { problem: 'a NUL character', ...placeIn(sql, sql.indexOf('\0')) };
      const exhausted = { problem: 'nested too deeply to be read', line: 1, column: 1 };
      return await use<Parsed>((parser) => parsedBy(parser, sql), exhausted);
    },
    parseBlock: (statement) => use<unknown>((parser) => blockParsedBy(parser, statement), undefined),
  };
}

type Parser = Awaited<ReturnType<typeof start>>;

/** What is used of the WebAssembly interface, which the library types of plain JavaScript leave out. */
interface Compiler {
  readonly compile: (bytes: Uint8Array) => Promise<object>;
  readonly Instance: new (module: object, imports: object) => object;
}

async function start(bytes: Uint8Array) {
  sparingly();
  const { default: startModule } = await import('libpg-query/wasm/libpg-query.js');
  const { WebAssembly: compiler } = globalThis as unknown as { readonly WebAssembly: Compiler };
  const compiled = await compiler.compile(bytes);
  // It asks for its own folder, though it is given the program; in a bundle of ES modules nothing has that name.
  const scope: { __dirname?: string } = globalThis;
  const isMissing = scope.__dirname === undefined;
  if (isMissing) scope.__dirname = '';
  try {
    return await startModule({
      instantiateWasm: (imports, receive) => receive(new compiler.Instance(compiled, imports)),
    });
  } finally {
    if (isMissing) delete scope.__dirname;
  }
}

/**
 * The grammar is one function of hundreds of kilobytes. Optimizing it takes V8 250 to 500 MB and longer than reading
 * thousands of statements does without; runners of small jobs have less. The flags count for modules that are compiled
 * from now on, and no other one in an action is WebAssembly that works for long.
 */
function sparingly(): void {
  for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag);
}

/** A result is three pointers: the tree as JSON, what went to standard error, and the error (pg_query.h). */
function parsedBy(parser: Parser, sql: string): Parsed {
  const size = parser.lengthBytesUTF8(sql) + 1;
  const query = parser._malloc(size);
  parser.stringToUTF8(sql, query, size);
  const result = parser._wasm_parse_query_raw(query);
  try {
    const error = parser.getValue(result + 8, 'i32');
    if (error !== 0) return problemOf(parser, error, sql);
    const tree: unknown = JSON.parse(parser.UTF8ToString(parser.getValue(result, 'i32')));
    const list: unknown = isMap(tree) ? tree['stmts'] : [];
    return { statements: statementsOf(Array.isArray(list) ? list.filter(isMap) : [], sql) };
  } finally {
    parser._free(query);
    parser._wasm_free_parse_result(result);
  }
}

/** The answer is the tree as JSON, or else the message of an error. */
function blockParsedBy(parser: Parser, statement: string): unknown {
  const size = parser.lengthBytesUTF8(statement) + 1;
  const query = parser._malloc(size);
  parser.stringToUTF8(statement, query, size);
  const result = parser._wasm_parse_plpgsql(query);
  try {
    const answer = parser.UTF8ToString(result);
    return answer.startsWith('{') ? JSON.parse(answer) : undefined;
  } finally {
    parser._free(query);
    parser._wasm_free_string(result);
  }
}

/** An error is message, function, file, line of the source and the place in characters from 1. */
function problemOf(parser: Parser, error: number, sql: string): Parsed {
  const place = parser.getValue(error + 16, 'i32');
  const characters = [...sql.slice(0, 2 * place)].slice(0, Math.max(0, place - 1)).join('');
  return { problem: parser.UTF8ToString(parser.getValue(error, 'i32')), ...placeIn(sql, characters.length) };
}

function statementsOf(raw: readonly Node[], sql: string): readonly Statement[] {
  const bytes = Buffer.from(sql, 'utf8');
  const lines = lineStarts(bytes);
  return raw.flatMap((entry): Statement[] => {
    const from = numberOf(entry['stmt_location']);
    const length = numberOf(entry['stmt_len']);
    const whole = bytes.subarray(from, length === 0 ? undefined : from + length).toString('utf8');
    const text = withoutLeadingComments(whole);
    const statement = entry['stmt'];
    const [tag] = isMap(statement) ? Object.keys(statement) : [];
    const node = tag === undefined || !isMap(statement) ? undefined : statement[tag];
    if (tag === undefined || !isMap(node)) return [];
    const start = from + Buffer.byteLength(whole.slice(0, whole.length - text.length));
    const line = lineOf(lines, start);
    const column = bytes.subarray(lines[line - 1] ?? 0, start).toString('utf8').length + 1;
    const lineAt = (location: number | undefined) => (location === undefined ? line : lineOf(lines, location));
    return [{ tag, node, text: text.trimEnd(), line, column, lineAt }];
  });
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** Where each line starts, in bytes. */
function lineStarts(bytes: Buffer): readonly number[] {
  const starts = [0];
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) starts.push(at + 1);
  return starts;
}

/** The line, from 1, that a byte is in. */
function lineOf(starts: readonly number[], byte: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= byte) low = middle + 1;
    else high = middle;
  }
  return low;
}

function withoutLeadingComments(text: string): string {
  let at = 0;
  for (let next = afterBlank(text, at); next > at; next = afterBlank(text, at)) at = next;
  return text.slice(at);
}

/** The place behind one blank, one line comment or one block comment; the same place where there is none. */
function afterBlank(text: string, at: number): number {
  if (text.startsWith('--', at)) {
    const end = text.indexOf('\n', at);
    return end === -1 ? text.length : end + 1;
  }
  if (text.startsWith('/*', at)) return afterBlockComment(text, at);
  return at < text.length && /[\s;]/.test(text.charAt(at)) ? at + 1 : at;
}

/** Block comments nest in SQL. */
function afterBlockComment(text: string, from: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}

function placeIn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: before.length - start + 1 };
}
