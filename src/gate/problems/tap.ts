/**
 * TAP version 13 and 14 with the YAML blocks of Node's test runner and of vitest's tap reporters: `not ok 1 - name`,
 * then `location`, `error` and `stack` (Node) or `error` and `at` (vitest) between `---` and `...`.
 */
import { type Crash, createCrashReader } from './crash.ts';
import { addLine, testMessage } from './message.ts';
import { fileFinding } from './node-test.ts';
import { trailingPosition } from './position.ts';
import type { Finding, Place, ProblemParser } from './problem.ts';
import { addFrame } from './stack.ts';

type Fields = Map<string, string[]>;

interface Failure {
  name: string;
  /** The file whose tests these are, where the format groups by file: vitest's does. */
  file: Place[];
  fields: Fields | undefined;
  /** The field whose indented block is being read, and the indentation of the fields. */
  field: string;
  indent: number;
}

export const tap: ProblemParser = {
  name: 'tap',
  begin(report) {
    const crashReader = createCrashReader();
    let open: Failure | undefined;
    let file: Place[] = [];
    function flush(): void {
      const finding = open?.fields === undefined ? undefined : toFinding(open, open.fields, crashReader);
      if (finding !== undefined) report(finding);
      open = undefined;
    }
    function readYaml(text: string, failure: Failure): void {
      const trimmed = text.trim();
      if (trimmed === '...') flush();
      else if (trimmed === '---') {
        flush();
        open = { ...failure, fields: new Map(), field: '', indent: text.length - text.trimStart().length };
      } else if (failure.fields !== undefined) readField(text, failure.fields, failure);
      else flush();
    }
    return {
      line(text) {
        if (text.startsWith('# ')) crashReader.line(unescaped(text.slice(2)));
        const name = readName(text);
        if (name !== undefined) {
          flush();
          if (text.startsWith('not ok ')) file = [{ path: name }];
          open = { name, file, fields: undefined, field: '', indent: 0 };
        } else if (open !== undefined) readYaml(text, open);
      },
      end: flush,
    };
  },
};

/** The name of a test that is `not ok`; undefined for all other lines and for tests marked TODO or SKIP. */
function readName(text: string): string | undefined {
  const found = text.includes('not ok ') ? /^\s{0,400}not ok \d{1,9}(?: - )?(.*)$/s.exec(text) : null;
  if (found === null) return undefined;
  const [name = '', directive = ''] = (found[1] ?? '').split(/(?<!\\)# /, 2);
  return /^(?:todo|skip)\b/i.test(directive) ? undefined : unescaped(name.trim());
}

function unescaped(text: string): string {
  return text.replace(/\\([#\\])/g, '$1');
}

function readField(text: string, fields: Fields, failure: Failure): void {
  const indent = text.length - text.trimStart().length;
  const field = indent === failure.indent ? /^(\w{1,40}):(?: (.*))?$/s.exec(text.trim()) : null;
  if (field === null) {
    const lines = fields.get(failure.field);
    if (lines !== undefined && lines.length < 60) lines.push(text);
    return;
  }
  const [, name = '', value = ''] = field;
  failure.field = name;
  fields.set(name, /^(?:[|>]-?)?$/.test(value) ? [] : [unquoted(value)]);
}

function unquoted(value: string): string {
  if (value.length > 1 && value.startsWith("'") && value.endsWith("'")) return value.slice(1, -1).replaceAll("''", "'");
  if (value.length > 1 && value.startsWith('"') && value.endsWith('"'))
    return value.slice(1, -1).replace(/\\(["\\])/g, '$1');
  return value;
}

function toFinding(
  { name, file }: Failure,
  fields: Fields,
  crashes: { take(): Crash | undefined },
): Finding | undefined {
  if (fields.get('failureType')?.[0] === 'subtestsFailed') return undefined;
  const at = [fields.get('location'), fields.get('at')].flatMap((lines) => trailingPosition(lines?.[0] ?? '') ?? []);
  const error = readError(fields.get('error') ?? []);
  if (at[0] !== undefined && error[0] === 'test failed') return fileFinding(at[0], crashes.take());
  const places: Place[] = [];
  for (const frame of fields.get('stack') ?? []) addFrame(places, frame);
  return {
    tool: toolOf(fields),
    kind: 'test',
    severity: 'error',
    places: [...places, ...at, ...file],
    message: testMessage(name, error),
  };
}

/** Node writes the message itself; vitest `name: "…"` and `message: "…"`, indented. */
function readError(lines: readonly string[]): string[] {
  const start = lines.findIndex((line) => line.trimStart().startsWith('message: "'));
  const message =
    start === -1 ? lines : unquoted(lines.slice(start).join('\n').trim().slice('message: '.length)).split('\n');
  const error: string[] = [];
  for (const line of message) addLine(error, line);
  return error;
}

function toolOf(fields: Fields): string {
  return fields.has('location') ? 'node:test' : 'vitest';
}
