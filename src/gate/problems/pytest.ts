/**
 * pytest: the sections FAILURES and ERRORS with `--tb` auto, long, short, line and native, else the summary's
 * `FAILED file::test - error`. The deepest frame of the last exception comes last, so places are taken in reverse.
 * Format: _pytest/_code/code.py, _pytest/terminal.py.
 */
import { addLine, testMessage } from './message.ts';
import { leadingPosition, positiveInteger } from './position.ts';
import type { Finding, Place, ProblemParser } from './problem.ts';

interface Failure {
  name: string;
  error: string[];
  places: Place[];
  /** After the traceback comes what the test printed, which can look like anything. */
  isOver?: boolean;
}

type Section = 'none' | 'failures' | 'summary';

const mostFrames = 200;
const mostNames = 5_000;
const chained = ['The above exception was the direct cause', 'During handling of the above exception'];

export const pytest: ProblemParser = {
  name: 'pytest',
  begin(report) {
    let section: Section = 'none';
    let open: Failure | undefined;
    const located = new Set<string>();
    let hasLineStyle = false;
    function flush(): void {
      if (open !== undefined && open.places.length > 0) {
        if (located.size < mostNames) located.add(shortName(open.name));
        report(toFinding(open));
      }
      open = undefined;
    }
    function readFailures(text: string): void {
      const name = readTitle(text);
      if (name !== undefined) {
        flush();
        open = { name, error: [], places: collectedFile(name) };
      } else if (open === undefined) {
        const finding = readLineStyle(text);
        if (finding === undefined) return;
        hasLineStyle = true;
        report(finding);
      } else readBody(text, open);
    }
    return {
      line(text) {
        const next = text.startsWith('=') ? readSection(text) : undefined;
        if (next !== undefined) {
          flush();
          section = next;
        } else if (section === 'failures') readFailures(text);
        else if (section === 'summary') {
          // With --tb=line failures have been read with their lines, though without their names.
          const finding = hasLineStyle && text.startsWith('FAILED ') ? undefined : readSummary(text, located);
          if (finding !== undefined) report(finding);
        }
      },
      end: flush,
    };
  },
};

/** `==== FAILURES ====`: any other section ends these. */
function readSection(text: string): Section | undefined {
  const title = /^=+ (.*?) =+$/s.exec(text.slice(0, 400))?.[1];
  if (title === undefined) return undefined;
  if (title === 'FAILURES' || title === 'ERRORS') return 'failures';
  return title === 'short test summary info' ? 'summary' : 'none';
}

/** `____ TestThings.test_one[a] ____`; a line of `_ _ _` between two frames is no title. */
function readTitle(text: string): string | undefined {
  if (!text.startsWith('_') || !text.endsWith('_')) return undefined;
  const words = text.split(' ');
  if (words.length < 3 || words.every((word) => /^_+$/.test(word))) return undefined;
  return words.slice(1, -1).join(' ');
}

function collectedFile(name: string): Place[] {
  return name.startsWith('ERROR collecting ') ? [{ path: name.slice('ERROR collecting '.length) }] : [];
}

function readBody(text: string, failure: Failure): void {
  if (text.startsWith('-') && / Captured .* -+$/.test(text.slice(0, 400))) failure.isOver = true;
  if (failure.isOver === true) return;
  if (text.startsWith('E  ')) addLine(failure.error, text.slice(4));
  else if (chained.some((start) => text.startsWith(start))) failure.error = [];
  else if (/^[\w.]{0,200}(?:Error|Exception|Exit|Interrupt|Warning|Failed)\b(?:: |$)/.test(text))
    failure.error = [text];
  const place = readFrame(text);
  if (place === undefined) return;
  if (failure.places.length >= mostFrames) failure.places.splice(1, 1);
  failure.places.push(place);
}

/** `a.py:3: in test_one`, `a.py:3: AssertionError`, `  File "a.py", line 3, in test_one`, `E     File "a.py", line 3`. */
function readFrame(text: string): Place | undefined {
  const native = /^(?:E )? {0,8}File "([^"]{1,2000})", line (\d{1,7})/.exec(text);
  if (native?.[1] !== undefined) return { path: native[1], line: positiveInteger(native[2]) };
  if (text.startsWith(' ') || text.startsWith('>') || text.startsWith('E ')) return undefined;
  const found = leadingPosition(text);
  return found?.place.column === undefined ? found?.place : undefined;
}

/** `--tb=line`: `/path/a.py:3: AssertionError: message`, without a title. */
function readLineStyle(text: string): Finding | undefined {
  const found = text.startsWith('/') ? leadingPosition(text) : undefined;
  if (found?.place.line === undefined) return undefined;
  return toFinding({ name: '', error: [found.rest], places: [found.place] });
}

/** `FAILED a.py::TestThings::test_one - message`, unless that test's failure has been read with its line. */
function readSummary(text: string, located: ReadonlySet<string>): Finding | undefined {
  const found = /^(?:FAILED|ERROR) (.+)$/s.exec(text)?.[1];
  if (found === undefined) return undefined;
  const dash = found.indexOf(' - ');
  const id = dash === -1 ? found : found.slice(0, dash);
  const [path = '', ...names] = id.split('::');
  const name = names.join('.');
  if (located.has(name === '' ? path : name)) return undefined;
  const error = dash === -1 ? 'failed' : found.slice(dash + 3);
  return toFinding({ name, error: [error], places: [{ path }] });
}

/** A title without what it says of the phase: `ERROR at setup of test_one`, `ERROR collecting a.py`. */
function shortName(title: string): string {
  return title.replace(/^ERROR (?:at (?:setup|teardown) of|collecting) /, '');
}

function toFinding({ name, error, places }: Failure): Finding {
  return {
    tool: 'pytest',
    kind: 'test',
    severity: 'error',
    places: places.toReversed(),
    message: testMessage(name, error),
  };
}
