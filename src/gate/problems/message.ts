/** Messages of problems: bounded, without control characters, trimmed of the tool's indentation. */

export const longestMessage = 1_000;
const mostLines = 20;

/** Lines of a message while they are being read: keeps the first `mostLines`, drops leading blank ones. */
export function addLine(lines: string[], text: string): void {
  if (lines.length >= mostLines || (lines.length === 0 && text.trim() === '')) return;
  lines.push(text);
}

/** One message from its lines: common indentation and surrounding blank lines removed, cut to `longestMessage`. */
export function toMessage(lines: readonly string[]): string {
  const clean = lines.slice(0, mostLines).map((line) => line.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ''));
  const indents = clean.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents, longestMessage);
  const text = clean
    .map((line) => line.slice(indent).trimEnd())
    .join('\n')
    .trim();
  return text.length <= longestMessage ? text : `${text.slice(0, longestMessage - 1)}…`;
}

/** The message of a failed test: its name, then the error's first lines. */
export function testMessage(name: string, error: readonly string[]): string {
  return toMessage([name, toMessage(error)].filter((part) => part !== '').flatMap((part) => part.split('\n')));
}
