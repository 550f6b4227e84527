/**
 * Node's test runner, spec reporter: the section of failing tests, `test at file:1:2`, `✖ name (1.2ms)`, the error with
 * its stack, indented. Files that end before their tests run are told by the crash printed before. TAP: tap.ts.
 */
import { type Crash, createCrashReader } from './crash.ts';
import { addLine, testMessage } from './message.ts';
import { trailingPosition } from './position.ts';
import type { Finding, Place, ProblemParser } from './problem.ts';
import { addFrame, isFrame } from './stack.ts';

interface Failure {
  at: Place;
  name?: string;
  error: string[];
  places: Place[];
  sawFrame: boolean;
}

const mostCrashes = 100;
const mark = '✖ ';
const start = 'test at ';

export const nodeTest: ProblemParser = {
  name: 'node:test',
  begin(report) {
    const crashReader = createCrashReader();
    const crashes = new Map<string, Crash>();
    let open: Failure | undefined;
    function flush(): void {
      if (open?.name !== undefined) report(toFinding(open.name, open, crashes.get(open.name)));
      open = undefined;
    }
    function readTree(text: string): void {
      crashReader.line(text);
      const crash = text.startsWith(mark) ? crashReader.take() : undefined;
      if (crash !== undefined && crashes.size < mostCrashes) crashes.set(testName(text), crash);
    }
    return {
      line(text) {
        const at = text.startsWith(start) ? trailingPosition(text.slice(start.length)) : undefined;
        if (at !== undefined) {
          flush();
          open = { at, error: [], places: [], sawFrame: false };
        } else if (open === undefined) readTree(text);
        else readBody(text, open);
      },
      end() {
        flush();
        // A program of the project that was no test: a build script, a server that a test started.
        const crash = crashReader.take();
        if (crash !== undefined) report({ tool: 'node', kind: 'test', severity: 'error', ...crash });
      },
    };
  },
};

/** `✖ name (1.2ms)`, without the directive that may follow. */
function testName(text: string): string {
  const name = text.slice(mark.length);
  const duration = name.lastIndexOf(' (');
  return duration === -1 || !name.includes('ms)', duration) ? name : name.slice(0, duration);
}

function readBody(text: string, failure: Failure): void {
  if (failure.name === undefined) {
    if (text.startsWith(mark)) failure.name = testName(text);
  } else if (isFrame(text)) {
    failure.sawFrame = true;
    addFrame(failure.places, text);
  } else if (!failure.sawFrame && text.startsWith('  ')) addLine(failure.error, text);
}

function toFinding(name: string, failure: Failure, crash: Crash | undefined): Finding {
  const error = failure.error.map((line) => line.replace(/^( {2})'(.*)'$/, '$1$2'));
  if (failure.error[0]?.trim() === "'test failed'") return fileFinding(failure.at, crash);
  return {
    tool: 'node:test',
    kind: 'test',
    severity: 'error',
    places: [...failure.places, failure.at],
    message: testMessage(name, error),
  };
}

/** A file whose process failed: what it crashed with, else only that it failed. The runner's line 1 is no line. */
export function fileFinding(at: Place, crash: Crash | undefined): Finding {
  const places = [...(crash?.places ?? []), { path: at.path }];
  return {
    tool: 'node:test',
    kind: 'test',
    severity: 'error',
    places,
    message: crash?.message ?? 'The test file failed.',
  };
}
