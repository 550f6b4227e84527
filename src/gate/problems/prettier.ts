/** Prettier's `--check`: `[warn] file` for each file that differs, `[error] file: SyntaxError: … (1:2)`. */
import { toMessage } from './message.ts';
import { positiveInteger } from './position.ts';
import type { Finding, ProblemParser } from './problem.ts';

export const prettier: ProblemParser = {
  name: 'prettier',
  begin(report) {
    return {
      line(text) {
        const finding = readWarning(text) ?? readError(text);
        if (finding !== undefined) report(finding);
      },
      end() {},
    };
  },
};

/** An error, though prettier marks it as a warning: the check fails by it. Other warnings name no file. */
function readWarning(text: string): Finding | undefined {
  if (!text.startsWith('[warn] ')) return undefined;
  return {
    tool: 'prettier',
    kind: 'format',
    severity: 'error',
    places: [{ path: text.slice('[warn] '.length) }],
    message: 'Not formatted as prettier would. Run prettier with --write on it.',
  };
}

function readError(text: string): Finding | undefined {
  const start = text.startsWith('[error] ') ? text.search(/: \w{0,40}Error: /) : -1;
  if (start === -1) return undefined;
  const [, line, column] = /\((\d{1,7}):(\d{1,7})\)$/.exec(text) ?? [];
  return {
    tool: 'prettier',
    kind: 'compile',
    severity: 'error',
    places: [
      { path: text.slice('[error] '.length, start), line: positiveInteger(line), column: positiveInteger(column) },
    ],
    message: toMessage([text.slice(start + 2)]),
  };
}
