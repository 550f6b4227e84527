/** The first index from 0 that is right, where all behind it are; `length` when none is. */
export function firstOf(length: number, isRight: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isRight(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
