import type { Units } from './file-units.ts';

/** Walks over the keys of units as numbers; the array is used again for the next. */
export function numbersOf(
  { keys, width, covered }: Units,
  visit: (numbers: readonly number[], index: number) => void,
): void {
  const numbers: number[] = [];
  let at = 0;
  for (let index = 0; index < covered.length; index += 1) {
    for (let number = 0; number < width; number += 1) {
      let [value, factor] = [0, 1];
      let byte = keys[at++] as number;
      for (; byte > 127; byte = keys[at++] as number) {
        value += (byte & 127) * factor;
        factor *= 128;
      }
      numbers[number] = value + byte * factor;
    }
    visit(numbers, index);
  }
}

/** Appends a number of a key, up to 32 bits: 7 bits a byte, lowest first, the eighth set on all but the last. */
export function putNumber(keys: number[], number: number): void {
  let rest = number;
  for (; rest > 127; rest = Math.floor(rest / 128)) keys.push((rest & 127) | 128);
  keys.push(rest);
}
