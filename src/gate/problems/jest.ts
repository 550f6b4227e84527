/**
 * Jest's default and verbose reporters: `FAIL file`, then `  ● suite › test`, the error, a code frame, the stack.
 * Its github-actions reporter prints the same in groups, and commands that github-command.ts reads.
 */
import { addLine, testMessage } from './message.ts';
import { positiveInteger, trailingPosition } from './position.ts';
import type { Finding, Place, ProblemParser } from './problem.ts';
import { addFrame, isFrame, suffixes } from './stack.ts';

interface Failure {
  name: string;
  error: string[];
  /** Where a file could not be parsed: no frame tells. */
  syntax: Place[];
  places: Place[];
  part: 'error' | 'stack';
}

const group = '::group::Errors thrown in ';
const ends = ['Test Suites: ', 'Snapshot Summary', 'Summary of all failing tests', '::endgroup::', group];
/** With colours the word is a badge, with a space at both ends. */
const result = /^ ?(?:FAIL|PASS) +/;
/** Sections that look like a failure's and are none. */
const notes = ['Console', 'Validation', 'Deprecation', 'Cannot log after tests are done'];

export const jest: ProblemParser = {
  name: 'jest',
  begin(report) {
    let files: Place[] = [];
    let open: Failure | undefined;
    function flush(): void {
      if (open !== undefined && open.error.length > 0) report(toFinding(open, files));
      open = undefined;
    }
    return {
      line(text) {
        if (text.startsWith('  ● ')) {
          flush();
          open = readHeader(text.slice(4));
        } else if (result.test(text) || ends.some((end) => text.startsWith(end))) {
          flush();
          files = readFile(text);
        } else if (open !== undefined && (text === '' || text.startsWith(' '))) readBody(text, open);
      },
      end: flush,
    };
  },
};

/** `FAIL project file (5.1 s)`: the project's name may have spaces, and so may the file's. */
function readFile(text: string): Place[] {
  if (text.startsWith(group)) return [{ path: text.slice(group.length) }];
  if (!text.trimStart().startsWith('FAIL ')) return [];
  const file = text.replace(result, '').replace(/ \([\d.]{1,12} m?s\)$/, '');
  return suffixes(file).map((path) => ({ path }));
}

function readHeader(name: string): Failure | undefined {
  if (notes.some((note) => name.startsWith(note))) return undefined;
  return { name, error: [], syntax: [], places: [], part: 'error' };
}

function readBody(text: string, failure: Failure): void {
  if (isFrame(text)) {
    failure.part = 'stack';
    // Jest makes a path relative from its last parenthesis on: `/app/(group)../../a.js` is `/app/(group)/a.js`.
    addFrame(failure.places, text.replace(/\)(?:\.\.\/){1,40}/g, ')/'));
    return;
  }
  if (readSyntaxError(text, failure)) return;
  if (/^ {4,8}>? {0,8}\d{0,7} \|/.test(text)) failure.part = 'stack';
  if (failure.part === 'error') addLine(failure.error, text);
}

/** `    /path/a.js:3` before the source line, or `    SyntaxError: /path/a.js: Unexpected token (3:10)` from babel. */
function readSyntaxError(text: string, failure: Failure): boolean {
  const trimmed = text.trim();
  const absolute = trimmed.startsWith('/') && failure.syntax.length === 0 ? trailingPosition(trimmed) : undefined;
  if (absolute !== undefined) {
    failure.syntax.push(absolute);
    return true;
  }
  if (!trimmed.startsWith('SyntaxError: ')) return false;
  const [, line, column] = /\((\d{1,7}):(\d{1,7})\)$/.exec(trimmed) ?? [];
  const colon = trimmed.indexOf(': ', 'SyntaxError: '.length);
  if (line !== undefined && colon !== -1) {
    const path = trimmed.slice('SyntaxError: '.length, colon);
    failure.syntax.push({ path, line: positiveInteger(line), column: positiveInteger(column) });
  }
  // Jest's own explanation before it is a page long.
  failure.error = [trimmed];
  failure.part = 'stack';
  return true;
}

function toFinding({ name, error, syntax, places }: Failure, files: readonly Place[]): Finding {
  const all = [...syntax, ...places, ...files];
  return { tool: 'jest', kind: 'test', severity: 'error', places: all, message: testMessage(name, error) };
}
