import { posix } from 'node:path';

/** How the package manager reads its list of patterns. */
export interface PatternRules {
  /**
   * npm: a pattern takes back an earlier one with `!` that it matches, and a leading slash means nothing
   * (@npmcli/map-workspaces). For the others `!` takes out wherever it stands.
   */
  readonly takesBack: boolean;
}

export type Patterns =
  | {
      /** Whether a folder, relative to the repository, is a member. */
      readonly matches: (folder: string) => boolean;
      /** Patterns that lead out of the repository; they match nothing. */
      readonly escaping: readonly string[];
    }
  | { readonly problem: string };

const MOST_PATTERNS = 500;
const LONGEST_PATTERN = 512;
/** All patterns together, after `{a,b}` is written out. */
const MOST_ALTERNATIVES = 2_000;

/**
 * Reads workspace patterns: `*` and `?` inside one part of a path, `**` for any number of parts, `[a-z]`, `{a,b}`, `!`
 * before a pattern that takes out. As in npm and pnpm, wildcards do not match a leading dot, and a pattern may go up
 * with `..` as long as it stays in the repository. Matching takes time linear in pattern times path: a pattern from
 * outside can't make it explode.
 *
 * @param base folder that holds the list, relative to the repository
 * @returns what they match, or one sentence that says which pattern is not acceptable and why
 */
export function readPatterns(patterns: readonly string[], base: string, rules: PatternRules): Patterns {
  if (patterns.length > MOST_PATTERNS) return { problem: `${patterns.length} patterns, ${MOST_PATTERNS} at most` };
  let lines: readonly Line[] = [];
  const escaping: string[] = [];
  for (const pattern of patterns) {
    const taken = /^!+/.exec(pattern)?.[0].length ?? 0;
    const written = alternatives(pattern.slice(taken), MOST_ALTERNATIVES - lines.length);
    if (typeof written === 'string') return { problem: written };
    for (const alternative of written) {
      const path = pathOf(rules.takesBack ? alternative.replace(/^\/+/, '') : alternative, base);
      if (path === undefined) escaping.push(pattern);
      else lines = withPattern(lines, path, taken % 2 === 1, rules);
    }
  }
  return { matches: (folder) => isMember(lines, folder === '.' ? [] : folder.split('/')), escaping };
}

interface Line {
  readonly takesOut: boolean;
  readonly parts: readonly Part[];
}

/** One part of a path between slashes; `**` stands for any number of them. */
type Part = '**' | readonly Piece[];

type Piece = '*' | '?' | { readonly character: string } | { readonly set: string; readonly isNot: boolean };

function withPattern(
  lines: readonly Line[],
  path: readonly string[],
  takesOut: boolean,
  rules: PatternRules,
): readonly Line[] {
  const takesBack = rules.takesBack && !takesOut;
  const kept = takesBack ? lines.filter((line) => !line.takesOut || !matchesParts(line.parts, path)) : lines;
  return [...kept, { takesOut, parts: partsOf(path) }];
}

function isMember(lines: readonly Line[], folder: readonly string[]): boolean {
  const isTaken = lines.some(({ takesOut, parts }) => takesOut && matchesParts(parts, folder));
  return !isTaken && lines.some(({ takesOut, parts }) => !takesOut && matchesParts(parts, folder));
}

/** A pattern with `{a,b}` written out, or a sentence that says why it can't be. */
function alternatives(pattern: string, room: number): readonly string[] | string {
  if (pattern.length > LONGEST_PATTERN) return `a pattern of ${pattern.length} characters, ${LONGEST_PATTERN} at most`;
  if (/[\u0000-\u001f\u007f\\]/.test(pattern)) return 'a pattern with a control character or a backslash';
  if (/[@!+?*]\(/.test(pattern)) return 'a pattern with an extended group such as @(a|b); `{a,b}` says the same';
  let written = [pattern];
  for (;;) {
    const open = written.findIndex((candidate) => /\{[^{}]*\}/.test(candidate));
    if (open === -1) return written;
    const candidate = written[open] ?? '';
    const group = /\{([^{}]*)\}/.exec(candidate);
    const choices = (group?.[1] ?? '').split(',');
    if (written.length + choices.length > room) return `patterns with more than ${MOST_ALTERNATIVES} alternatives`;
    const [before, after] = [
      candidate.slice(0, group?.index),
      candidate.slice((group?.index ?? 0) + (group?.[0].length ?? 0)),
    ];
    written = written.toSpliced(open, 1, ...choices.map((choice) => `${before}${choice}${after}`));
  }
}

/** A pattern as a path from the repository on, or undefined when it leads out. */
function pathOf(pattern: string, base: string): readonly string[] | undefined {
  if (pattern.startsWith('/')) return undefined;
  const path = posix.normalize(posix.join(base, pattern)).replace(/\/$/, '');
  if (path === '..' || path.startsWith('../')) return undefined;
  return path === '.' ? [] : path.split('/');
}

function partsOf(path: readonly string[]): readonly Part[] {
  const parts = path.map((name): Part => (name === '**' ? '**' : piecesOf(name)));
  return parts.filter((part, index) => part !== '**' || parts[index - 1] !== '**');
}

function piecesOf(name: string): readonly Piece[] {
  return [...name.matchAll(/(\*+)|(\?)|\[([!^]?)([^\]]+)\]|([\s\S])/g)].map(
    ([, stars, one, not, set, character]): Piece => {
      if (stars !== undefined) return '*';
      if (one !== undefined) return '?';
      return set === undefined ? { character: character ?? '' } : { set, isNot: not !== '' };
    },
  );
}

/** Dynamic programming over both: `reached[i]` says whether the pattern up to here can match the first i parts. */
function matchesParts(pattern: readonly Part[], path: readonly string[]): boolean {
  let reached = [true, ...path.map(() => false)];
  for (const part of pattern) {
    const next = path.map(() => false);
    if (part === '**') {
      let open = false;
      reached = [...reached.keys()].map((index) => {
        const isHidden = index > 0 && (path[index - 1] ?? '').startsWith('.');
        open = (open && !isHidden) || reached[index] === true;
        return open;
      });
      continue;
    }
    for (const [index, name] of path.entries()) next[index] = reached[index] === true && matchesName(part, name);
    reached = [false, ...next];
  }
  return reached.at(-1) === true;
}

/** Wildcards by going back to the last `*` only, which is enough and linear in pattern times name. */
function matchesName(pieces: readonly Piece[], name: string): boolean {
  const first = pieces[0];
  if (name.startsWith('.') && !(typeof first === 'object' && 'character' in first && first.character === '.'))
    return false;
  let [piece, index, star, resume] = [0, 0, -1, 0];
  while (index < name.length) {
    const current = pieces[piece];
    if (current === '*') {
      [star, resume] = [piece, index];
      piece += 1;
    } else if (current !== undefined && matchesCharacter(current, name.charAt(index))) {
      piece += 1;
      index += 1;
    } else if (star !== -1) {
      resume += 1;
      [piece, index] = [star + 1, resume];
    } else return false;
  }
  return pieces.slice(piece).every((rest) => rest === '*');
}

function matchesCharacter(piece: Exclude<Piece, '*'>, character: string): boolean {
  if (piece === '?') return true;
  if ('character' in piece) return piece.character === character;
  for (let index = 0; index < piece.set.length; index += 1) {
    const from = piece.set.charAt(index);
    const isRange = piece.set.charAt(index + 1) === '-' && index + 2 < piece.set.length;
    const to = isRange ? piece.set.charAt(index + 2) : from;
    if (character >= from && character <= to) return !piece.isNot;
    if (isRange) index += 2;
  }
  return piece.isNot;
}
