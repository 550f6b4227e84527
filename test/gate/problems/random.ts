/** Random names and numbers from a seed. `PROBLEM_SEED=123 npx vitest run test/gate/problems` repeats a run. */

export interface Random {
  /** From `least` to `most`, both included. */
  integer(least: number, most: number): number;
  pick<T>(items: readonly T[]): T;
  identifier(): string;
  /**
   * A relative path of up to three folders, with spaces, brackets, accents and other scripts, never the same twice,
   * without one character where that is given.
   */
  path(extension: string, without?: string): string;
  /** Some words, also such as look like other tools' output. */
  words(): string;
}

export const seed = Number(process.env['PROBLEM_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const letters = 'abcdefghijklmnopqrstuvwxyz';
const oddNames = [
  '[id]',
  '[...slug]',
  '(group)',
  '@slot',
  'a b',
  'né',
  '日本',
  'Ünï',
  'x+y',
  'a,b',
  "it's",
  'a=b',
  'v1.2',
];
const phrases = [
  'adds',
  'two',
  'numbers',
  'a > b',
  'a › b',
  '(1,2)',
  'file.ts:3:4',
  'error',
  '100%',
  '#7',
  "isn't",
  'né',
  '日本',
];

/** A generator for one test: the same for the same seed and name. */
export function random(name: string): Random {
  let state = [...name].reduce(
    (sum, character) => (Math.imul(sum, 31) + (character.codePointAt(0) ?? 0)) | 0,
    seed | 0,
  );
  let made = 0;
  /** Mulberry32: 32 bits of state, good enough for names. */
  function fraction(): number {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const bits = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }
  function integer(least: number, most: number): number {
    return least + Math.floor(fraction() * (most - least + 1));
  }
  function pick<T>(items: readonly T[]): T {
    const item = items[integer(0, items.length - 1)];
    if (item === undefined) throw new Error('There is nothing to pick from.');
    return item;
  }
  function identifier(): string {
    made += 1;
    return Array.from({ length: integer(2, 8) }, () => pick([...letters])).join('') + made;
  }
  return {
    integer,
    pick,
    identifier,
    path(extension, without) {
      const names = oddNames.filter((name) => without === undefined || !name.includes(without));
      const folders = Array.from({ length: integer(0, 3) }, () => pick([...names, identifier()]));
      return [...folders, `${pick(names)} ${identifier()}${extension}`].join('/');
    },
    words: () => Array.from({ length: integer(1, 4) }, () => pick(phrases)).join(' '),
  };
}
