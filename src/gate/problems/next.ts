/**
 * `next build` and `next lint`: `./app/page.tsx:3:7` and the error in the next line; webpack's errors name the line in
 * a frame `,-[/path/app/page.tsx:3:1]`; the linter's records `3:7  Error: message  rule` stand under `./app/page.tsx`.
 */
import { addLine, toMessage } from './message.ts';
import { positiveInteger, trailingPosition } from './position.ts';
import type { Finding, Kind, Place, ProblemParser, Severity } from './problem.ts';

interface Block {
  place: Place;
  exact: Place[];
  error: string[];
  lines: number;
}

/** A frame follows its message closely. */
const mostLines = 8;

export const next: ProblemParser = {
  name: 'next',
  begin(report) {
    let open: Block | undefined;
    let severity: Severity = 'error';
    // Paths alone on a line are anything's output: only what Next.js prints after its name is read as its own.
    let isNext = false;
    function flush(): void {
      if (open !== undefined && open.error.length > 0) report(toFinding(open, severity));
      open = undefined;
    }
    return {
      line(text) {
        isNext ||= saysNext(text);
        const outcome = isNext ? readOutcome(text) : undefined;
        if (outcome !== undefined) {
          flush();
          severity = outcome;
        } else if (text.startsWith('./')) {
          flush();
          open = { place: trailingPosition(text) ?? { path: text }, exact: [], error: [], lines: 0 };
        } else if (open !== undefined) {
          const finding = readLint(text, open.place.path);
          if (finding !== undefined) report(finding);
          else if (!isNext || !readBody(text, open)) flush();
        }
      },
      end: flush,
    };
  },
};

function saysNext(text: string): boolean {
  return (
    text.includes('Next.js ') || ['Failed to compile', '> next ', '$ next '].some((start) => text.startsWith(start))
  );
}

/** Warnings are printed in the form of errors; the line above them says which they are. */
function readOutcome(text: string): Severity | undefined {
  if (/^(?:Failed to compile|> Build error occurred|Error: Turbopack build failed)/.test(text)) return 'error';
  const isWarning = /^ ?(?:⚠ )?(?:Compiled with|Turbopack build encountered \d{1,6}) warnings?\b/.test(text);
  return isWarning ? 'warning' : undefined;
}

/** False where the block is over: nothing said in the line after the path, or enough read. */
function readBody(text: string, block: Block): boolean {
  block.lines += 1;
  if (block.lines === 1) {
    if (text.trim() === '' || /^\d{1,7}:\d{1,7}\s/.test(text)) return false;
    addLine(block.error, text.replace(/^(?:Error|Type error): +(?:[x×] )?/, ''));
  }
  const frame = text.indexOf('-[');
  if (frame !== -1 && text.endsWith(']')) {
    const exact = trailingPosition(text.slice(frame + 2, -1));
    if (exact !== undefined) block.exact.push({ path: exact.path, line: exact.line });
  }
  return block.lines < mostLines;
}

function readLint(text: string, path: string): Finding | undefined {
  const found = /^(\d{1,7}):(\d{1,7}) {2}(Error|Warning): (\S.*)$/s.exec(text);
  if (found === null) return undefined;
  const [, line, column, level, rest = ''] = found;
  const gap = rest.lastIndexOf('  ');
  const place = { path, line: positiveInteger(line), column: positiveInteger(column) };
  const finding = toProblem(
    'lint',
    level === 'Error' ? 'error' : 'warning',
    [place],
    gap === -1 ? rest : rest.slice(0, gap),
  );
  return gap === -1 ? finding : { ...finding, rule: rest.slice(gap + 2) };
}

function toFinding({ place, exact, error }: Block, severity: Severity): Finding {
  return toProblem('compile', severity, place.line === undefined ? [...exact, place] : [place], toMessage(error));
}

function toProblem(kind: Kind, severity: Severity, places: Place[], message: string): Finding {
  return { tool: 'next', kind, severity, places, message: toMessage([message]) };
}
