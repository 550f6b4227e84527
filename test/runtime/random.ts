/** Random numbers that are the same in every run: a failing case can be met again (mulberry32). */
export interface Random {
  /** A whole number from 0 up to and without `below`. */
  readonly integer: (below: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  /** A text of up to `longest` characters out of `alphabet`. */
  readonly text: (alphabet: string, longest: number) => string;
}

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const integer = (below: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
  const pick = <T>(from: readonly T[]) => {
    const found = from[integer(from.length)];
    if (found === undefined) throw new TypeError('nothing to pick from');
    return found;
  };
  return {
    integer,
    pick,
    text: (alphabet, longest) => {
      const characters = [...alphabet];
      return Array.from({ length: integer(longest + 1) }, () => pick(characters)).join('');
    },
  };
}
