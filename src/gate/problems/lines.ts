/** Lines of a task's output, as parsers want them: bounded, without colours and other terminal control sequences. */
import { stripVTControlCharacters } from 'node:util';

/** What is examined of a line, in characters, before and after its control sequences are taken out. */
const rawLength = 32_768;
export const examinedLength = 4_096;

/**
 * Calls `visit` for each line, once for several empty ones in a row. A carriage return ends a line too: progress
 * displays write over theirs.
 */
export function eachLine(output: string, visitLine: (line: string) => void): void {
  let previous = '';
  function visit(line: string): void {
    if (line !== '' || previous !== '') visitLine(line);
    previous = line;
  }
  for (let start = 0; start < output.length; ) {
    const feed = output.indexOf('\n', start);
    const end = feed === -1 ? output.length : feed;
    const line = examined(output.slice(start, Math.min(end, start + rawLength)));
    if (line.includes('\r')) for (const part of line.split('\r')) visit(part);
    else visit(line);
    start = end + 1;
  }
}

function examined(raw: string): string {
  const plain = raw.includes('\u001b') || raw.includes('\u009b') ? stripVTControlCharacters(raw) : raw;
  const line = plain.endsWith('\r') ? plain.slice(0, -1) : plain;
  return line.length > examinedLength ? line.slice(0, examinedLength) : line;
}
