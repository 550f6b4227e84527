/** Positions in the forms that compilers and linters share: `path:line`, `path:line:column`. All linear in the text. */
import type { Place } from './problem.ts';

const digits = '0123456789';
const longestNumber = 7;

/** A line or column as written; undefined for 0 and for what no file has. */
export function positiveInteger(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,7}$/.test(text)) return undefined;
  const value = Number(text);
  return value > 0 ? value : undefined;
}

/** Splits `path:line` or `path:line:column` at the end of a text; undefined when there is no position. */
export function trailingPosition(text: string): Place | undefined {
  const last = trailingNumber(text);
  if (last === undefined) return undefined;
  const before = trailingNumber(last.rest);
  const place =
    before === undefined
      ? { path: last.rest, line: last.value, column: undefined }
      : { path: before.rest, line: before.value, column: last.value };
  return place.path === '' ? undefined : place;
}

function trailingNumber(text: string): { rest: string; value: number | undefined } | undefined {
  let start = text.length;
  while (start > 0 && text.length - start <= longestNumber && digits.includes(text.charAt(start - 1))) start -= 1;
  if (start === text.length || start < 2 || text.charAt(start - 1) !== ':') return undefined;
  const number = text.slice(start);
  return number.length > longestNumber ? undefined : { rest: text.slice(0, start - 1), value: positiveInteger(number) };
}

const leading = /:(\d{1,7})(?::(\d{1,7}))?(?::(\d{1,7}):(\d{1,7}))?:(?: |$)/;

/** Splits `path:line: rest`, `path:line:column: rest` and `path:line:column:endLine:endColumn: rest`. */
export function leadingPosition(text: string): { place: Place; rest: string } | undefined {
  const found = leading.exec(text);
  if (found === null || found.index === 0) return undefined;
  const [whole, line, column, endLine, endColumn] = found;
  return {
    place: {
      path: text.slice(0, found.index),
      line: positiveInteger(line),
      column: positiveInteger(column),
      endLine: positiveInteger(endLine),
      endColumn: positiveInteger(endColumn),
    },
    rest: text.slice(found.index + whole.length),
  };
}
