/**
 * TypeScript's compiler, plain (`a.ts(1,2): error TS2322: …`) and pretty (`a.ts:1:2 - error TS2322: …`), from
 * `tsc`, `tsc -b`, `next build`, ts-jest. Format: formatDiagnostic and formatDiagnosticsWithColorAndContext.
 */
import { addLine, toMessage } from './message.ts';
import { positiveInteger, trailingPosition } from './position.ts';
import type { Finding, Place, ProblemParser, Severity } from './problem.ts';

interface Diagnostic {
  place: Place;
  severity: Severity;
  rule: string;
  message: string[];
}

export const tsc: ProblemParser = {
  name: 'tsc',
  begin(report) {
    let open: Diagnostic | undefined;
    function flush(): void {
      if (open !== undefined) report(toFinding(open));
      open = undefined;
    }
    return {
      line(text) {
        const next = text.includes(' TS') ? readDiagnostic(text) : undefined;
        // Chains of reasons follow, indented by two spaces a level; pretty output ends them with a blank line.
        if (next === undefined && open !== undefined && text.startsWith('  ') && text.trim() !== '') {
          addLine(open.message, text);
          return;
        }
        flush();
        open = next;
      },
      end: flush,
    };
  },
};

function toFinding({ place, severity, rule, message }: Diagnostic): Finding {
  return { tool: 'tsc', kind: 'compile', severity, places: [place], rule, message: toMessage(message) };
}

function readDiagnostic(text: string): Diagnostic | undefined {
  for (const severity of ['error', 'warning'] as const) {
    const plain = text.indexOf(`): ${severity} TS`);
    if (plain !== -1)
      return diagnostic(plainPlace(text.slice(0, plain)), severity, text.slice(plain + severity.length + 4));
    const pretty = text.indexOf(` - ${severity} TS`);
    if (pretty !== -1) {
      return diagnostic(
        trailingPosition(text.slice(0, pretty).trim()),
        severity,
        text.slice(pretty + severity.length + 4),
      );
    }
  }
  return undefined;
}

function plainPlace(text: string): Place | undefined {
  const bracket = text.lastIndexOf('(');
  const [line, column, ...more] = text.slice(bracket + 1).split(',', 3);
  const path = text.slice(0, Math.max(bracket, 0)).trim();
  if (path === '' || more.length > 0 || positiveInteger(line) === undefined) return undefined;
  return { path, line: positiveInteger(line), column: positiveInteger(column) };
}

function diagnostic(place: Place | undefined, severity: Severity, rest: string): Diagnostic | undefined {
  const found = /^(TS\d{1,6}): (.*)$/s.exec(rest);
  if (place?.line === undefined || found === null) return undefined;
  const [, rule = '', message = ''] = found;
  return { place, severity, rule, message: [message] };
}
