import type { Source } from './source.ts';
import {
  LONGEST,
  learnShape,
  matchShape,
  newShapes,
  type PlainElement,
  plainElement,
  type Shape,
  type Slot,
} from './xml-shapes.ts';

/**
 * Elements without content (`<line number="1" hits="2"/>`) are nearly all of a report. Those in their plain form, with
 * attributes that need no decoding, are read from their bytes; every other form is left to the XML parser.
 */
export interface Leaf {
  readonly name: string;
  /** Which numbers {@link Leaf.read} gets of an element; undefined where one is missing: the XML parser gets it. */
  readonly numbers: (element: PlainElement) => readonly (Slot | undefined)[] | undefined;
  /** Takes one element. Says false when it can't take it: then the XML parser gets it. */
  readonly read: (numbers: Float64Array, parent: string | undefined) => boolean;
}

interface Known extends Leaf {
  /** `<line ` */
  readonly start: Buffer;
  /** Where the next one begins, as far as it was looked for: nothing is searched twice. */
  next: number;
}

/** Finds and reads leaves in windows of a file. */
export interface LeafReader {
  /** Must be said when the bytes of the window have changed. */
  readonly renew: (window: Buffer) => void;
  /** Where the first leaf from `from` on may begin, the window's end when none does; `from` never goes back in it. */
  readonly find: (from: number) => number;
  /**
   * Reads leaves, and the white space before them, as far as they come without anything else.
   *
   * @returns where something else comes; the line feeds on the way are in `passed.lines`
   */
  readonly readAll: (source: Source, parent: string | undefined) => number;
  readonly passed: { lines: number };
}

const [SPACE, MOST_NUMBERS] = [32, 8];

export function leafReader(leaves: readonly Leaf[]): LeafReader {
  const known: Known[] = leaves.map((leaf) => ({ ...leaf, start: Buffer.from(`<${leaf.name} `, 'latin1'), next: -1 }));
  const shapes = newShapes<Leaf>();
  const numbers = new Float64Array(MOST_NUMBERS);
  const passed = { lines: 0 };
  let window: Buffer = Buffer.alloc(0);
  const learn = (bytes: Buffer, from: number, to: number): boolean => {
    const leaf = leafAt(known, bytes, from, to);
    const element = leaf && plainElement(bytes.toString('latin1', from, Math.min(to, from + LONGEST)));
    if (leaf === undefined || element === undefined) return false;
    const slots = leaf.numbers(element)?.filter((slot) => slot !== undefined);
    if (slots === undefined || slots.length < (leaf.numbers(element)?.length ?? 0)) return false;
    learnShape(shapes, element.text, leaf, slots);
    return true;
  };
  return {
    passed,
    renew: (bytes) => {
      window = bytes;
      for (const leaf of known) leaf.next = -1;
    },
    find: (from) => {
      let first = window.length;
      for (const leaf of known) {
        if (leaf.next < from) {
          const at = window.indexOf(leaf.start, from);
          leaf.next = at === -1 ? window.length : at;
        }
        if (leaf.next < first) first = leaf.next;
      }
      return first;
    },
    readAll: ({ bytes, view, at: start, end: to }, parent) => {
      for (let at = start; ; at = shapes.end) {
        let shape = matchShape(shapes, bytes, view, at, to);
        if (shape === undefined && learn(bytes, at, to)) shape = matchShape(shapes, bytes, view, at, to);
        if (shape === undefined) return at;
        putNumbers(shape, shapes.found, numbers);
        if (!shape.of.read(numbers, parent)) return at;
        passed.lines += shape.lines;
      }
    },
  };
}

function putNumbers({ slots }: Shape<Leaf>, found: Float64Array, numbers: Float64Array): void {
  for (let index = 0; index < slots.length; index += 1) {
    const slot = slots[index] as Slot;
    numbers[index] = 'run' in slot ? (found[slot.run] as number) : slot.value;
  }
}

/** The leaf that may start at `from`, behind white space. */
function leafAt(known: readonly Known[], bytes: Buffer, from: number, to: number): Known | undefined {
  let at = from;
  while (at < to && (bytes[at] as number) <= SPACE) at += 1;
  return known.find(({ start }) => at + start.length <= to && start.every((byte, index) => byte === bytes[at + index]));
}
