/**
 * ESLint's formatters: stylish (the default), and compact and unix, which are packages since version 9.
 * Formats: lib/cli-engine/formatters/stylish.js, eslint-formatter-compact, eslint-formatter-unix.
 */
import { toMessage } from './message.ts';
import { positiveInteger, trailingPosition } from './position.ts';
import type { Finding, Place, ProblemParser, Severity } from './problem.ts';

export const eslint: ProblemParser = {
  name: 'eslint',
  begin(report) {
    let file = '';
    return {
      line(text) {
        if (text.startsWith('  ')) {
          const finding = file === '' ? undefined : readStylish(text, file);
          if (finding !== undefined) report(finding);
          return;
        }
        if (text !== '') file = text;
        const finding = readCompact(text) ?? readUnix(text);
        if (finding !== undefined) report(finding);
      },
      end() {},
    };
  },
};

/** `  1:7  error  'x' is defined but never used  no-unused-vars`, under a line with the file's path. */
function readStylish(text: string, path: string): Finding | undefined {
  const found = /^(\d{1,7}):(\d{1,7}) {2,}(error|warning) {2,}(\S.*)$/s.exec(text.trim());
  if (found === null) return undefined;
  const [, line, column, severity, rest = ''] = found;
  const gap = rest.lastIndexOf('  ');
  const rule = gap === -1 ? '' : rest.slice(gap + 2);
  const isRule = /^[\w@][\w@./-]*$/.test(rule);
  const place = { path, line: positiveInteger(line), column: positiveInteger(column) };
  return finding(
    place,
    severity === 'error' ? 'error' : 'warning',
    isRule ? rest.slice(0, gap) : rest,
    isRule ? rule : undefined,
  );
}

/** `a.js: line 1, col 7, Error - 'x' is defined but never used. (no-unused-vars)` */
function readCompact(text: string): Finding | undefined {
  const start = text.indexOf(': line ');
  const found = start < 1 ? null : /^: line (\d{1,7}), col (\d{1,7}), (Error|Warning) - (.*)$/s.exec(text.slice(start));
  if (found === null) return undefined;
  const [, line, column, severity, rest = ''] = found;
  const bracket = rest.endsWith(')') ? rest.lastIndexOf(' (') : -1;
  const place = { path: text.slice(0, start), line: positiveInteger(line), column: positiveInteger(column) };
  return finding(
    place,
    severity === 'Error' ? 'error' : 'warning',
    bracket === -1 ? rest : rest.slice(0, bracket),
    bracket === -1 ? undefined : rest.slice(bracket + 2, -1),
  );
}

/** `a.js:1:7: 'x' is defined but never used. [Error/no-unused-vars]` */
function readUnix(text: string): Finding | undefined {
  const bracket = text.endsWith(']') ? text.lastIndexOf(' [') : -1;
  const found = bracket === -1 ? null : /^(Error|Warning)(?:\/(.+))?$/s.exec(text.slice(bracket + 2, -1));
  const colon = text.indexOf(': ');
  const place = found === null || colon === -1 ? undefined : trailingPosition(text.slice(0, colon));
  if (place?.column === undefined || found === null) return undefined;
  return finding(place, found[1] === 'Error' ? 'error' : 'warning', text.slice(colon + 2, bracket), found[2]);
}

function finding(place: Place, severity: Severity, text: string, rule: string | undefined): Finding {
  const message = toMessage([text]);
  const kind = message.startsWith('Parsing error') ? 'compile' : 'lint';
  return { tool: 'eslint', kind, severity, places: [place], rule, message };
}
