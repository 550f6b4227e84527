/**
 * Vitest's text reporters (default, verbose, dot: one format for failures): ` FAIL  file > suite > test`, the error,
 * a difference, frames ` ❯ fn file:1:2`, a line of `⎯`. Its tap reporters are read by tap.ts, its github-actions
 * reporter by github-command.ts.
 */
import { addLine, testMessage } from './message.ts';
import { trailingPosition } from './position.ts';
import type { Finding, Place, ProblemParser } from './problem.ts';
import { addFrame, addPlaces, isFrame, suffixes } from './stack.ts';

interface Failure {
  name: string;
  error: string[];
  places: Place[];
  /** The file that the header names, for errors without a frame. */
  files: Place[];
  sawFrame: boolean;
}

const rule = '⎯⎯';
/** What follows a header that was jest's, which looks the same with colours. */
const jestMark = '  ● ';

export const vitest: ProblemParser = {
  name: 'vitest',
  begin(report) {
    let open: Failure | undefined;
    function flush(): void {
      if (open !== undefined && open.error.length > 0) report(toFinding(open));
      open = undefined;
    }
    return {
      line(text) {
        if (text.startsWith(' FAIL  ')) {
          const next = readHeader(text.slice(' FAIL  '.length));
          // Several headers before one error: tests that failed for the same reason.
          if (open !== undefined && open.error.length === 0) next.name = `${open.name}\n${next.name}`;
          else flush();
          open = next;
        } else if (text.startsWith(rule)) {
          flush();
          open = readDivider(text);
        } else if (text.startsWith(jestMark)) open = undefined;
        else if (open !== undefined) readBody(text, open);
      },
      end: flush,
    };
  },
};

/** `file > suite > test`, `file [ file ]`, each after the project's name where there are projects. */
function readHeader(text: string): Failure {
  const test = text.startsWith('|') ? text.slice(text.indexOf('| ') + 2) : text.trimStart();
  const end = [test.indexOf(' > '), test.indexOf(' [ ')].filter((index) => index !== -1);
  const file = end.length === 0 ? test : test.slice(0, Math.min(...end));
  const name = test.startsWith(' > ', file.length) ? test.slice(file.length + 3) : '';
  return { name, error: [], places: [], files: suffixes(file).map((path) => ({ path: path.trim() })), sawFrame: false };
}

/** `⎯⎯ Uncaught Exception ⎯⎯` and its like open an error outside of tests, named as in the command for it; other dividers only close one. */
function readDivider(text: string): Failure | undefined {
  const name = text.replaceAll('⎯', '').trim();
  if (!/^(?:Uncaught|Unhandled|Typecheck)\b/.test(name) || name.endsWith('Errors')) return undefined;
  return { name: 'Unhandled error', error: [], places: [], files: [], sawFrame: false };
}

function readBody(text: string, failure: Failure): void {
  if (isFrame(text)) {
    failure.sawFrame = true;
    addFrame(failure.places, text);
    return;
  }
  addPlaces(failure.places, readNamedPlaces(text));
  if (!failure.sawFrame) addLine(failure.error, text);
}

/** Where a transform failed, and the file in which an unhandled error arose. */
function readNamedPlaces(text: string): Place[] {
  const frame = text.indexOf('╭─[ ');
  if (frame !== -1 && text.endsWith(' ]')) return [trailingPosition(text.slice(frame + 4, -2)) ?? []].flat();
  const start = 'This error originated in "';
  const origin = text.startsWith(start) ? text.indexOf('" test file') : -1;
  if (origin !== -1) return [{ path: text.slice(start.length, origin) }];
  if (!text.startsWith('  File: ')) return [];
  const place = trailingPosition(text.slice(8)) ?? { path: text.slice(8) };
  // Absolute, or from vitest's root with a slash before it.
  return [place, { ...place, path: `.${place.path}` }];
}

function toFinding({ name, error, places, files }: Failure): Finding {
  return {
    tool: 'vitest',
    kind: 'test',
    severity: 'error',
    places: [...places, ...files],
    message: testMessage(name, error),
  };
}
