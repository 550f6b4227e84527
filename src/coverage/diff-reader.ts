import { createHash } from 'node:crypto';

/** A place where lines were replaced; a side without lines stands behind its line `start`. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
}

/** One file of a diff, as it stands there. */
export interface DiffFile {
  /** Undefined when it is new. */
  readonly before: string | undefined;
  /** Undefined when it is gone. */
  readonly after: string | undefined;
  readonly added: readonly AddedLine[];
  readonly hunks: readonly Hunk[];
}

/** A line that was added: its number from 1, and a number for its text. */
export interface AddedLine {
  readonly line: number;
  readonly text: number;
}

export interface ReadDiff {
  readonly files: readonly DiffFile[];
  /** Numbers for the texts of all removed lines in their order, {@link NO_LINE} between those that did not stand together. */
  readonly removed: readonly number[];
  /** For each text how many letters and digits it holds. */
  readonly weights: readonly number[];
}

export const NO_LINE = -1;

/** Longest text that is kept to compare it; of a longer one its hash. */
const LONGEST = 200;

interface Open {
  before: string | undefined;
  after: string | undefined;
  readonly added: AddedLine[];
  readonly hunks: Hunk[];
}

/**
 * Reads git's unified diff without context while it comes: `diff --git`, `rename from`, `---`, `+++`, `@@`
 * (git-diff(1), "Generating patch text with -p"). How many lines a hunk has is said in its header, so that no content
 * can pose as a header.
 */
export function createDiffReader(): { readonly push: (chunk: Buffer) => void; readonly end: () => ReadDiff } {
  const files: DiffFile[] = [];
  const removed: number[] = [];
  const weights: number[] = [];
  const texts = new Map<string, number>();
  let open: Open | undefined;
  let left = { old: 0, new: 0, line: 0 };
  let parts: Buffer[] = [];

  const textOf = (content: Buffer): number => {
    // A line end of Windows is no part of the text.
    const bytes = content.at(-1) === 0x0d ? content.subarray(0, -1) : content;
    const isLong = bytes.length > LONGEST;
    // No line holds a line end: a hash can't be taken for a text.
    const key = isLong ? `\n${createHash('sha256').update(bytes).digest('base64')}` : bytes.toString('latin1');
    const known = texts.get(key);
    if (known !== undefined) return known;
    texts.set(key, weights.length);
    weights.push(isLong ? LONGEST : key.replace(/[^A-Za-z0-9\u0080-\u00ff]/g, '').length);
    return weights.length - 1;
  };

  const takeContent = (line: Buffer): void => {
    const sign = line[0];
    if (sign === 0x2d) {
      removed.push(textOf(line.subarray(1)));
      left.old -= 1;
    } else if (sign === 0x2b) {
      open?.added.push({ line: left.line, text: textOf(line.subarray(1)) });
      left.line += 1;
      left.new -= 1;
    }
    // The rest is the remark that a file ends without a line end.
  };

  const takeHeader = (line: string): void => {
    if (line.startsWith('diff --git ')) {
      open = { before: undefined, after: undefined, added: [], hunks: [] };
      files.push(open);
    } else if (open === undefined) return;
    else if (line.startsWith('rename from ')) open.before = unquoted(line.slice('rename from '.length));
    else if (line.startsWith('rename to ')) open.after = unquoted(line.slice('rename to '.length));
    else if (line.startsWith('--- ')) open.before = sideOf(line.slice(4));
    else if (line.startsWith('+++ ')) open.after = sideOf(line.slice(4));
    else {
      const hunk = hunkOf(line);
      if (hunk === undefined) return;
      open.hunks.push(hunk);
      left = { old: hunk.oldCount, new: hunk.newCount, line: hunk.newStart };
      removed.push(NO_LINE);
    }
  };

  const take = (line: Buffer): void => {
    if (left.old > 0 || left.new > 0) takeContent(line);
    else takeHeader(line.toString('utf8'));
  };

  return {
    push: (chunk) => {
      let start = 0;
      for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
        const piece = chunk.subarray(start, end);
        take(parts.length === 0 ? piece : Buffer.concat([...parts, piece]));
        parts = [];
        start = end + 1;
      }
      if (start < chunk.length) parts.push(chunk.subarray(start));
    },
    end: () => {
      if (parts.length > 0) take(Buffer.concat(parts));
      parts = [];
      return { files, removed, weights };
    },
  };
}

function hunkOf(line: string): Hunk | undefined {
  const found = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
  if (found === null) return undefined;
  const [, oldStart, oldCount = '1', newStart, newCount = '1'] = found;
  return {
    oldStart: Number(oldStart),
    oldCount: Number(oldCount),
    newStart: Number(newStart),
    newCount: Number(newCount),
  };
}

/** `a/src/x.ts`, `"b/src/\303\244.ts"`, `/dev/null`; a name with a space has a tab behind it. */
function sideOf(name: string): string | undefined {
  const path = unquoted(name);
  return path === '/dev/null' ? undefined : path.slice(2);
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ a: '\u0007', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' },
};

/** A path as git writes it: quoted as in C, its bytes in octal, where it holds more than plain characters. */
function unquoted(name: string): string {
  if (!name.startsWith('"')) return name.replace(/\t$/, '');
  const inner = name.replace(/\t$/, '').slice(1, -1);
  const bytes = inner.replace(/\\(?:([0-7]{3})|(.))/g, (_, octal: string | undefined, letter: string) =>
    octal === undefined ? (ESCAPES[letter] ?? letter) : String.fromCharCode(Number.parseInt(octal, 8)),
  );
  // With core.quotePath every byte beyond ASCII stands in octal, so each character is one byte.
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
