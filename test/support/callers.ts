import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../tools/install/root.ts';

/** What a project has of its own, beside what a file of examples/callers says. */
export interface Own {
  /** Lines of `with:`, which is the last block of the file's last job; given where the file has none. */
  readonly given?: readonly string[];
  /** Lines of that job behind it, such as `secrets:`. */
  readonly behind?: readonly string[];
}

/** A file of examples/callers as somebody has copied it, with lines of their own. */
export async function callerFile(name: string, { given = [], behind = [] }: Own = {}): Promise<string> {
  const text = await readFile(join(root, 'examples/callers', name), 'utf8');
  const isBegun = /^ {4}with:$/m.test(text.slice(text.lastIndexOf('    uses:')));
  const start = given.length === 0 || isBegun ? [] : ['    with:'];
  const lines = [...start, ...given.map((line) => `      ${line}`), ...behind.map((line) => `    ${line}`)];
  return `${[text.trimEnd(), ...lines].join('\n')}\n`;
}
