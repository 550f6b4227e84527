/**
 * Many small arrays in few large ones. A report of 100,000 files has a million arrays of a few bytes: a typed array
 * with memory of its own costs the heap more than what it holds. A slab lives as long as one array in it.
 */
const SIZE = 1024 * 1024;

let bytes = new Uint8Array(0);
let usedBytes = 0;
let numbers = new Uint32Array(0);
let usedNumbers = 0;

/** A copy of the first `length` bytes that is kept. */
export function keepBytes(from: Uint8Array, length: number): Uint8Array {
  if (length > SIZE / 8) return Uint8Array.from(from.subarray(0, length));
  if (usedBytes + length > bytes.length) {
    bytes = new Uint8Array(SIZE);
    usedBytes = 0;
  }
  const kept = bytes.subarray(usedBytes, usedBytes + length);
  usedBytes += length;
  copy(from, kept, length);
  return kept;
}

/** A copy of the first `length` numbers that is kept. */
export function keepNumbers(from: Uint32Array, length: number): Uint32Array {
  if (length > SIZE / 32) return from.slice(0, length);
  if (usedNumbers + length > numbers.length) {
    numbers = new Uint32Array(SIZE / 4);
    usedNumbers = 0;
  }
  const kept = numbers.subarray(usedNumbers, usedNumbers + length);
  usedNumbers += length;
  copy(from, kept, length);
  return kept;
}

/** For short arrays a loop is quicker than a call out of the engine. */
function copy(from: Uint8Array | Uint32Array, to: Uint8Array | Uint32Array, length: number): void {
  if (length > 64) to.set(from.subarray(0, length));
  else for (let index = 0; index < length; index += 1) to[index] = from[index] as number;
}
