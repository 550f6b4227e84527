/** Whether a path below the folder, with `/` between its parts, is left out. */
export type Ignored = (path: string) => boolean;

interface Rule {
  readonly takesBack: boolean;
  readonly parts: readonly Part[];
}

/** One part of a pattern between slashes; `**` stands for any number of them. */
type Part = '**' | readonly Piece[];

/** `*`, or what one character has to be. */
type Piece = '*' | ((character: string) => boolean);

/** Patterns and characters of a pattern file that are read at most: it is the project's own. */
const MOST_RULES = 2_000;
const LONGEST_RULE = 512;

/**
 * Reads lines in the form of .gitignore (gitignore(5)): the last one that fits counts, `!` takes a path back in, a
 * slash anywhere but at the end anchors. As Vercel's own reader does, case is the same. What a folder's own parent
 * leaves out is out: the caller does not go into it. Matching takes time linear in pattern times path.
 */
export function readIgnore(lines: readonly string[]): Ignored {
  const rules = lines.slice(0, MOST_RULES).flatMap((line) => {
    const rule = ruleOf(line);
    return rule === undefined ? [] : [rule];
  });
  return (path) => {
    const parts = path.toLowerCase().split('/');
    let isOut = false;
    for (const rule of rules) if (isOut === rule.takesBack && matchesParts(rule.parts, parts)) isOut = !rule.takesBack;
    return isOut;
  };
}

function ruleOf(line: string): Rule | undefined {
  const text = line.replace(/\r$/, '').replace(/(?<!\\)[ \t]+$/, '');
  if (text === '' || text.startsWith('#') || text.length > LONGEST_RULE) return undefined;
  const takesBack = text.startsWith('!');
  const body = text.slice(takesBack ? 1 : 0).replace(/^\.\//, '/');
  const isAnchored = /\/(?!$)/.test(body);
  const parts = body.replace(/^\//, '').replace(/\/$/, '').toLowerCase().split('/').map(partOf);
  return { takesBack, parts: isAnchored ? parts : ['**', ...parts] };
}

function partOf(part: string): Part {
  if (part === '**') return '**';
  const pieces = part.match(/\\.|\*+|\[[!^]?\]?[^\]]*\]|./gsu) ?? [];
  return pieces.map(pieceOf);
}

function pieceOf(piece: string): Piece {
  if (piece.startsWith('*')) return '*';
  if (piece === '?') return () => true;
  // One that is not closed fits nothing.
  if (piece.startsWith('[')) return piece.length === 1 ? () => false : setOf(piece.slice(1, -1));
  const wanted = piece.length > 1 && piece.startsWith('\\') ? piece.slice(1) : piece;
  return (character) => character === wanted;
}

/** What stands between brackets: characters and ranges, all others with `!` or `^` before them. */
function setOf(text: string): (character: string) => boolean {
  const isNot = /^[!^]/.test(text);
  const ranges = [...text.slice(isNot ? 1 : 0).matchAll(/\\?(.)(?:-\\?(.))?/gsu)].map(([, from = '', to = from]) => {
    return { from, to };
  });
  return (character) => ranges.some(({ from, to }) => character >= from && character <= to) !== isNot;
}

function matchesParts(pattern: readonly Part[], path: readonly string[]): boolean {
  // Which lengths of the path the pattern so far can have taken.
  let reached = [true, ...path.map(() => false)];
  for (const [index, part] of pattern.entries()) {
    const next = reached.map(() => false);
    for (const [length, isReached] of reached.entries()) {
      if (part === '**') {
        // At the end it stands for what is inside, not for the folder itself.
        const needsOne = index === pattern.length - 1;
        const before = reached.slice(0, needsOne ? length : length + 1);
        next[length] = before.includes(true);
      } else if (isReached && length < path.length && matchesPart(part, path[length] ?? '')) {
        next[length + 1] = true;
      }
    }
    reached = next;
  }
  return reached.at(-1) === true;
}

function matchesPart(pattern: readonly Piece[], text: string): boolean {
  const characters = [...text];
  let reached = [true, ...characters.map(() => false)];
  for (const piece of pattern) {
    if (piece === '*') {
      const first = reached.indexOf(true);
      reached = reached.map((_, length) => first >= 0 && length >= first);
    } else {
      reached = reached.map((_, length) => {
        return length > 0 && reached[length - 1] === true && piece(characters[length - 1] ?? '');
      });
    }
  }
  return reached.at(-1) === true;
}

/** What Vercel never takes from a source folder, besides what `.vercelignore` names. */
export const ALWAYS_IGNORED: readonly string[] = [
  '.hg',
  '.git',
  '.gitmodules',
  '.svn',
  'CVS',
  '.cache',
  '.next',
  '.now',
  '.vercel',
  '.npmignore',
  '.dockerignore',
  '.gitignore',
  '.*.swp',
  '.DS_Store',
  '.wafpicke-*',
  '.lock-wscript',
  '.env.local',
  '.env.*.local',
  '.venv',
  '.yarn/cache',
  '.pnp*',
  'npm-debug.log',
  'config.gypi',
  'node_modules',
  '__pycache__',
  'venv',
];
