import { type AddedLine, NO_LINE } from './diff-reader.ts';

/** Letters and digits that a block has to hold to be told from chance; git's `--color-moved=blocks` asks for as many. */
const LEAST_WEIGHT = 20;

/** Lines with letters or digits that a block has to hold: one line alone is as often written again as moved. */
const LEAST_LINES = 2;

/** Places that are compared with for each line; beyond it is a line that stands everywhere. */
const MOST_PLACES = 64;

/**
 * Finds which added lines were only moved: a run of added lines that stood together before, in the same order, word for
 * word (line ends apart), in any file of the same diff, with at least two lines and twenty letters or digits. A removed
 * line is taken once: of a block that now stands in two places one is moved and one is new. Takes time linear in the
 * number of lines.
 *
 * @param files the added lines of each file
 * @param removed see {@link ReadDiff.removed}
 * @param weights letters and digits of each text
 * @returns for each file the numbers of its moved lines
 */
export function movedLines(
  files: readonly (readonly AddedLine[])[],
  removed: readonly number[],
  weights: readonly number[],
): readonly ReadonlySet<number>[] {
  const places = placesOf(removed, files);
  const taken = new Uint8Array(removed.length);
  return files.map((added) => {
    const moved = new Set<number>();
    let index = 0;
    while (index < added.length) {
      const block = isWord(added[index], weights) ? longest(added, index, removed, places, taken) : NOTHING;
      const size = accepted(added, index, block.length, weights) ? block.length : 0;
      for (let offset = 0; offset < size; offset += 1) {
        moved.add(added[index + offset]?.line ?? 0);
        taken[block.place + offset] = 1;
      }
      if (size > 0) takeBefore(added, index, block.place, removed, taken, moved);
      index += Math.max(1, size);
    }
    return moved;
  });
}

interface Block {
  /** Index of its first line in the removed ones. */
  readonly place: number;
  readonly length: number;
}

const NOTHING: Block = { place: 0, length: 0 };

/** Where each text that was also added stands among the removed lines. */
function placesOf(
  removed: readonly number[],
  files: readonly (readonly AddedLine[])[],
): ReadonlyMap<number, readonly number[]> {
  const wanted = new Set(files.flatMap((added) => added.map(({ text }) => text)));
  const places = new Map<number, number[]>();
  for (const [place, text] of removed.entries()) {
    if (!wanted.has(text)) continue;
    const known = places.get(text);
    if (known === undefined) places.set(text, [place]);
    else known.push(place);
  }
  return places;
}

function isWord(line: AddedLine | undefined, weights: readonly number[]): boolean {
  return line !== undefined && (weights[line.text] ?? 0) > 0;
}

/** The longest run of added lines from `index` on that stands among the removed ones and was not taken yet. */
function longest(
  added: readonly AddedLine[],
  index: number,
  removed: readonly number[],
  places: ReadonlyMap<number, readonly number[]>,
  taken: Uint8Array,
): Block {
  let best = NOTHING;
  let looked = 0;
  for (const place of places.get(added[index]?.text ?? NO_LINE) ?? []) {
    if (taken[place] === 1) continue;
    looked += 1;
    if (looked > MOST_PLACES) break;
    let length = 1;
    while (stands(added, index + length, removed, place + length, taken)) length += 1;
    if (length > best.length) best = { place, length };
  }
  return best;
}

/** Whether an added line stands at that place, right behind the added line before it. */
function stands(
  added: readonly AddedLine[],
  index: number,
  removed: readonly number[],
  place: number,
  taken: Uint8Array,
): boolean {
  const line = added[index];
  const isNext = line !== undefined && line.line === (added[index - 1]?.line ?? 0) + 1;
  return isNext && line.text === removed[place] && taken[place] === 0;
}

function accepted(added: readonly AddedLine[], index: number, length: number, weights: readonly number[]): boolean {
  let [weight, lines] = [0, 0];
  for (let offset = 0; offset < length; offset += 1) {
    const own = weights[added[index + offset]?.text ?? 0] ?? 0;
    weight += own;
    lines += own > 0 ? 1 : 0;
    if (weight >= LEAST_WEIGHT && lines >= LEAST_LINES) return true;
  }
  return false;
}

/** The brackets and empty lines in front of a moved block came along with it. */
function takeBefore(
  added: readonly AddedLine[],
  index: number,
  place: number,
  removed: readonly number[],
  taken: Uint8Array,
  moved: Set<number>,
): void {
  for (let back = 1; back <= Math.min(index, place); back += 1) {
    const line = added[index - back];
    const isTogether = line !== undefined && line.line === (added[index - back + 1]?.line ?? 0) - 1;
    if (!isTogether || moved.has(line.line) || taken[place - back] === 1 || line.text !== removed[place - back]) return;
    moved.add(line.line);
    taken[place - back] = 1;
  }
}
