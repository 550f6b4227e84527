/**
 * mypy: `a.py:1: error: message  [code]`, with column and end where asked for; with --pretty messages wrap, and the
 * source follows, indented. Notes are left out.
 */
import { toMessage } from './message.ts';
import { leadingPosition } from './position.ts';
import type { Finding, Place, ProblemParser, Severity } from './problem.ts';

interface Diagnostic {
  place: Place;
  severity: Severity;
  text: string;
  /** Lines that may still belong to a wrapped message. */
  more: string[];
}

const mostWrapped = 8;

export const mypy: ProblemParser = {
  name: 'mypy',
  begin(report) {
    let open: Diagnostic | undefined;
    function flush(text?: string): void {
      if (open !== undefined) report(toFinding(open, text ?? open.text));
      open = undefined;
    }
    return {
      line(text) {
        const next = text.includes(': ') ? readDiagnostic(text) : undefined;
        if (next !== undefined) {
          flush();
          open = next;
          if (codeOf(next.text) !== undefined) flush();
        } else if (open !== undefined) {
          if (text === '' || text.startsWith('    ') || isNote(text) || open.more.length >= mostWrapped) return flush();
          open.more.push(text);
          const whole = [open.text.trimEnd(), ...open.more].join(' ');
          if (codeOf(whole) !== undefined) flush(whole);
        }
      },
      end: () => flush(),
    };
  },
};

function readDiagnostic(text: string): Diagnostic | undefined {
  const found = leadingPosition(text);
  if (found === undefined || !/\.(?:pyi?|ipynb)$/.test(found.place.path)) return undefined;
  const level = /^(error|warning): /.exec(found.rest);
  if (level === null) return undefined;
  const severity = level[1] === 'error' ? 'error' : 'warning';
  return { place: found.place, severity, text: found.rest.slice(level[0].length), more: [] };
}

function isNote(text: string): boolean {
  return leadingPosition(text)?.rest.startsWith('note: ') ?? false;
}

function codeOf(text: string): string | undefined {
  const bracket = text.endsWith(']') ? text.lastIndexOf(' [') : -1;
  const code = bracket === -1 ? '' : text.slice(bracket + 2, -1);
  return /^[a-z][a-z0-9-]*$/.test(code) ? code : undefined;
}

function toFinding({ place, severity }: Diagnostic, text: string): Finding {
  const rule = codeOf(text);
  const message = rule === undefined ? text : text.slice(0, text.lastIndexOf(' ['));
  return { tool: 'mypy', kind: 'compile', severity, places: [place], rule, message: toMessage([message]) };
}
