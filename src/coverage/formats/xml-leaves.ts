/**
 * Elements without content (`<line number="1" hits="2"/>`) are nearly all of a report. Those in their plain form, with
 * attributes that need no decoding, are read from their bytes; every other form is left to the XML parser.
 */
export interface Leaf {
  readonly name: string;
  /** The attributes that are read; others are walked over. */
  readonly attributes: readonly string[];
  /**
   * Takes one element: the value of attribute `n` is in `bytes` from `slots[2 * n]` to `slots[2 * n + 1]`, -1 when it is
   * not there. Says false when it can't take it: then the XML parser gets it.
   */
  readonly read: (bytes: Buffer, slots: Int32Array, parent: string | undefined) => boolean;
}

interface Known extends Leaf {
  /** `<line ` */
  readonly start: Buffer;
  readonly names: readonly Buffer[];
  readonly slots: Int32Array;
  /** Where the next one begins, as far as it was looked for: nothing is searched twice. */
  next: number;
}

/** Finds and reads leaves in windows of a file. */
export interface LeafReader {
  /** Must be said when the bytes of the window have changed. */
  readonly renew: () => void;
  /** Where the first leaf from `from` on may begin, `to` when there is none; `from` never goes back in a window. */
  readonly find: (bytes: Buffer, from: number, to: number) => number;
  /**
   * Reads leaves, and the white space between them, as far as they come without anything else.
   *
   * @returns where something else comes; the line feeds on the way are in `passed.lines`
   */
  readonly readAll: (bytes: Buffer, from: number, to: number, parent: string | undefined) => number;
  readonly passed: { lines: number };
}

const [SPACE, LINE_FEED, SLASH, OPEN, CLOSE, EQUALS, QUOTE, AMPERSAND] = [32, 10, 47, 60, 62, 61, 34, 38];

export function leafReader(leaves: readonly Leaf[]): LeafReader {
  const known: Known[] = leaves.map((leaf) => ({
    ...leaf,
    start: Buffer.from(`<${leaf.name} `, 'latin1'),
    names: leaf.attributes.map((name) => Buffer.from(name, 'latin1')),
    slots: new Int32Array(leaf.attributes.length * 2),
    next: -1,
  }));
  const passed = { lines: 0 };
  return {
    passed,
    renew: () => {
      for (const leaf of known) leaf.next = -1;
    },
    find: (bytes, from, to) => {
      for (const leaf of known) {
        if (leaf.next >= from) continue;
        const at = bytes.subarray(0, to).indexOf(leaf.start, from);
        leaf.next = at === -1 ? to : at;
      }
      return Math.min(to, ...known.map(({ next }) => next));
    },
    readAll: (bytes, from, to, parent) => {
      for (let at = skipSpace(bytes, from, to, passed); ; ) {
        const next = readLeaf(known, bytes, at, to, parent);
        if (next === -1) return at;
        at = skipSpace(bytes, next, to, passed);
      }
    },
  };
}

function skipSpace(bytes: Buffer, from: number, to: number, passed: { lines: number }): number {
  let at = from;
  let byte = bytes[at] as number;
  while (at < to && byte <= SPACE) {
    if (byte === LINE_FEED) passed.lines += 1;
    byte = bytes[++at] as number;
  }
  return at;
}

/** @returns where the leaf at `at` ends; -1 when there is none, or none of the plain form */
function readLeaf(known: readonly Known[], bytes: Buffer, at: number, to: number, parent: string | undefined): number {
  const leaf = known.find(({ start }) => isAt(bytes, at, to, start));
  if (leaf === undefined) return -1;
  const next = attributesOf(leaf, bytes, at + leaf.start.length, to);
  return next !== -1 && leaf.read(bytes, leaf.slots, parent) ? next : -1;
}

function isAt(bytes: Buffer, at: number, to: number, wanted: Buffer): boolean {
  if (at + wanted.length > to) return false;
  for (let index = 0; index < wanted.length; index += 1) if (bytes[at + index] !== wanted[index]) return false;
  return true;
}

/** Finds the attributes of an element. @returns where it ends, -1 when it is not of the plain form or not all there */
function attributesOf(leaf: Known, bytes: Buffer, from: number, to: number): number {
  leaf.slots.fill(-1);
  let at = from;
  while (at !== -1) {
    while (bytes[at] === SPACE) at += 1;
    if (bytes[at] === SLASH) return at + 1 < to && bytes[at + 1] === CLOSE ? at + 2 : -1;
    at = attributeAt(leaf, bytes, at, to);
  }
  return -1;
}

/** Reads `name="value"` into the leaf's slots. @returns the place behind it, -1 when it is of another form */
function attributeAt({ names, slots }: Known, bytes: Buffer, at: number, to: number): number {
  const equals = nameEnd(bytes, at, to);
  if (equals === -1 || bytes[equals + 1] !== QUOTE) return -1;
  const quote = valueEnd(bytes, equals + 2, to);
  if (quote === -1) return -1;
  const slot = slotOf(names, bytes, at, equals);
  if (slot !== -1) {
    if (slots[slot * 2] !== -1) return -1;
    slots[slot * 2] = equals + 2;
    slots[slot * 2 + 1] = quote;
  }
  const byte = bytes[quote + 1];
  return byte === SPACE || byte === SLASH ? quote + 1 : -1;
}

/** Where the name that starts at `from` ends with `=`; letters and `-` only. */
function nameEnd(bytes: Buffer, from: number, to: number): number {
  let at = from;
  let byte = bytes[at] as number;
  while (at < to && ((byte >= 97 && byte <= 122) || byte === 45)) byte = bytes[++at] as number;
  return at > from && at < to && byte === EQUALS ? at : -1;
}

/** Where the value that starts at `from` ends with `"`; printable ASCII without entities only. */
function valueEnd(bytes: Buffer, from: number, to: number): number {
  let at = from;
  let byte = bytes[at] as number;
  while (at < to && byte !== QUOTE) {
    if (byte < SPACE || byte > 126 || byte === AMPERSAND || byte === OPEN) return -1;
    byte = bytes[++at] as number;
  }
  return at < to ? at : -1;
}

function slotOf(names: readonly Buffer[], bytes: Buffer, from: number, to: number): number {
  for (let slot = 0; slot < names.length; slot += 1) {
    const name = names[slot] as Buffer;
    if (name.length === to - from && isAt(bytes, from, to, name)) return slot;
  }
  return -1;
}

/** The value of an attribute as a whole number of up to 15 digits; -1 when it is none. */
export function wholeOf(bytes: Buffer, slots: Int32Array, slot: number): number {
  const [from, to] = [slots[slot * 2] as number, slots[slot * 2 + 1] as number];
  return from === -1 ? -1 : wholeBetween(bytes, from, to);
}

/** The digits between two places as a number; -1 when there are others, none, or more than 15. */
export function wholeBetween(bytes: Buffer, from: number, to: number): number {
  if (to <= from || to - from > 15) return -1;
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
