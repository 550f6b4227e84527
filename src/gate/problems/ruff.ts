/**
 * Ruff's output formats full (the default) and concise, and `ruff format --check`. Its github format is read by
 * github-command.ts.
 */
import { toMessage } from './message.ts';
import { leadingPosition, trailingPosition } from './position.ts';
import type { Finding, Kind, Place, ProblemParser } from './problem.ts';

interface Header {
  rule: string;
  message: string;
}

export const ruff: ProblemParser = {
  name: 'ruff',
  begin(report) {
    let header: Header | undefined;
    return {
      line(text) {
        const arrow =
          header !== undefined && text.trimStart().startsWith('--> ') ? text.trimStart().slice(4) : undefined;
        const place = arrow === undefined ? undefined : trailingPosition(arrow);
        if (place !== undefined && header !== undefined) report(toFinding(place, header));
        header = readHeader(text);
        const finding = header === undefined ? (readConcise(text) ?? readFormat(text)) : undefined;
        if (finding !== undefined) report(finding);
      },
      end() {},
    };
  },
};

/** `F401 [*] message`, `invalid-syntax: message`, `unformatted: message`. */
function readHeader(text: string): Header | undefined {
  const code =
    /^([A-Z]{1,6}\d{1,4}) (?:\[\*\] )?(\S.*)$/s.exec(text) ??
    /^(invalid-syntax|unformatted|io-error): (\S.*)$/s.exec(text);
  return code === null ? undefined : { rule: code[1] ?? '', message: code[2] ?? '' };
}

/** `a.py:1:8: F401 [*] message`, also the first line of a full report before version 0.12. */
function readConcise(text: string): Finding | undefined {
  const found = text.includes(': ') ? leadingPosition(text) : undefined;
  if (found?.place.column === undefined || found.place.path.startsWith(' ')) return undefined;
  const header = readHeader(found.rest);
  return header === undefined ? undefined : toFinding(found.place, header);
}

/** `Would reformat: a.py`; `error: Failed to parse a.py:1:7: message`. */
function readFormat(text: string): Finding | undefined {
  if (text.startsWith('Would reformat: ')) {
    return toFinding(
      { path: text.slice('Would reformat: '.length) },
      { rule: 'unformatted', message: 'File would be reformatted' },
    );
  }
  const start = 'error: Failed to parse ';
  const found = text.startsWith(start) ? leadingPosition(text.slice(start.length)) : undefined;
  return found === undefined ? undefined : toFinding(found.place, { rule: 'invalid-syntax', message: found.rest });
}

function toFinding(place: Place, { rule, message }: Header): Finding {
  return { tool: 'ruff', kind: kindOf(rule), severity: 'error', places: [place], rule, message: toMessage([message]) };
}

/** What a ruff rule finds; E999 was the code of syntax errors before `invalid-syntax`. */
export function kindOf(rule: string): Kind {
  if (rule === 'invalid-syntax' || rule === 'E999') return 'compile';
  return rule === 'unformatted' ? 'format' : 'lint';
}
