/** Lines of a task's output, as parsers want them: bounded, without colours and other terminal control sequences. */
import { stripVTControlCharacters } from 'node:util';

/** What is examined of a line, in characters, before and after its control sequences are taken out. */
const rawLength = 32_768;
export const examinedLength = 4_096;

/**
 * Operating system commands such as hyperlinks, ended or not. Node's own function, from version 22 on, takes time that
 * grows with the square of the length for those that nothing ends.
 */
const systemCommand = /\u001b\](?:[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c))?/g;

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
    const raw = output.slice(start, Math.min(end, start + rawLength));
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.includes('\r')) for (const part of line.split('\r')) visit(examined(part));
    else visit(examined(line));
    start = end + 1;
  }
}

function examined(raw: string): string {
  const isPlain = !raw.includes('\u001b') && !raw.includes('\u009b');
  const line = isPlain ? raw : stripVTControlCharacters(raw.replace(systemCommand, ''));
  return line.length > examinedLength ? line.slice(0, examinedLength) : line;
}
