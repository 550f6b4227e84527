/** Whether a path below the folder, with `/` between its parts, is left out. */
export type Ignored = (path: string) => boolean;

interface Rule {
  readonly takesBack: boolean;
  readonly pattern: RegExp;
}

/** Patterns and characters of a pattern file that are read at most: it is the project's own. */
const MOST_RULES = 2_000;
const LONGEST_RULE = 512;

/**
 * Reads lines in the form of .gitignore (gitignore(5)): the last one that fits counts, `!` takes a path back in, a
 * slash anywhere but at the end anchors. As Vercel's own reader does, case is the same. What a folder's own parent
 * leaves out is out: the caller does not go into it.
 */
export function readIgnore(lines: readonly string[]): Ignored {
  const rules = lines.slice(0, MOST_RULES).flatMap((line) => {
    const rule = ruleOf(line);
    return rule === undefined ? [] : [rule];
  });
  return (path) => {
    let isOut = false;
    for (const { takesBack, pattern } of rules) if (isOut === takesBack && pattern.test(path)) isOut = !takesBack;
    return isOut;
  };
}

function ruleOf(line: string): Rule | undefined {
  const text = line.replace(/\r$/, '').replace(/(?<!\\)\s+$/, '');
  if (text === '' || text.startsWith('#') || text.length > LONGEST_RULE) return undefined;
  const takesBack = text.startsWith('!');
  const body = text
    .slice(takesBack ? 1 : 0)
    .replace(/^\\(?=[!#])/, '')
    .replace(/^\.\//, '/');
  const isAnchored = /\/(?!$)/.test(body);
  const parts = body.replace(/^\//, '').replace(/\/$/, '').split('/');
  const written = parts.map((part, index) => partOf(part, index === parts.length - 1)).join('');
  return { takesBack, pattern: new RegExp(`^${isAnchored ? '' : '(?:.*/)?'}${written}$`, 'i') };
}

/** One part of a pattern as a regular expression, with the slash after it. */
function partOf(part: string, isLast: boolean): string {
  if (part === '**') return isLast ? '.+' : '(?:.*/)?';
  // Stars in a row mean one: written as they are, they would make matching explode.
  const pieces = part.replace(/\*+/g, '*').match(/\\.|\[[!^]?\]?[^\]]*\]|./gs) ?? [];
  return `${pieces.map(pieceOf).join('')}${isLast ? '' : '/'}`;
}

function pieceOf(piece: string): string {
  if (piece === '*') return '[^/]*';
  if (piece === '?') return '[^/]';
  if (piece.startsWith('[') && piece.length > 1) {
    const inside = piece.slice(1, -1).replace(/^!/, '^').replace(/[\\[]/g, '\\$&');
    return isClass(`[${inside}]`) ? `(?!/)[${inside}]` : escaped(piece);
  }
  return escaped(piece.replace(/^\\(?=.)/, ''));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function isClass(text: string): boolean {
  try {
    return new RegExp(text).source !== '';
  } catch {
    // A range that is none, such as `[z-a]`: it is read letter by letter.
    return false;
  }
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
