/** The attributes of an element, by name. */
export type Attributes = Readonly<Record<string, string>>;

/** A number of an element: the run of digits of that index in its text, or always the same. */
export type Slot = { readonly run: number } | { readonly value: number };

/** A form of element that came before: everything of it but the digits. */
export interface Shape<T> {
  readonly of: T;
  readonly slots: readonly Slot[];
  /** Line feeds in it. */
  readonly lines: number;
}

/** A text between two runs of digits, and those that came behind it. */
interface Piece<T> {
  readonly text: string;
  readonly bytes: Buffer;
  /** The text by four bytes, which the engine compares in one step. */
  readonly words: Int32Array;
  readonly next: Piece<T>[];
  shape: Shape<T> | undefined;
}

export interface Shapes<T> {
  readonly first: Piece<T>[];
  count: number;
  /** Where the element of the last match ended. */
  end: number;
  /** The runs of digits of the last match, in order of the text. */
  readonly found: Float64Array;
}

const [ZERO, NINE] = [48, 57];

/** Forms that are known at once; a producer writes about five. */
const MOST = 64;

/** Bytes of the longest element that is learned, and the digits of the longest number that is read from one. */
export const LONGEST = 1024;
const LONGEST_NUMBER = 15;

export const newShapes = <T>(): Shapes<T> => ({ first: [], count: 0, end: 0, found: new Float64Array(LONGEST) });

/**
 * Whether an element of a known form starts at `from` and ends before `to`. A producer writes a million elements in a
 * few forms, so the text around their numbers is compared, not scanned: measurably less time.
 */
export function matchShape<T>(
  shapes: Shapes<T>,
  bytes: Buffer,
  view: DataView,
  from: number,
  to: number,
): Shape<T> | undefined {
  let among = shapes.first;
  let at = from;
  for (let run = 0; ; run += 1) {
    const piece = pieceAt(among, bytes, view, at, to);
    if (piece === undefined) return undefined;
    at += piece.bytes.length;
    if (piece.shape !== undefined) {
      shapes.end = at;
      return piece.shape;
    }
    const start = at;
    let value = 0;
    let digit = bytes[at] as number;
    while (digit >= ZERO && digit <= NINE) {
      value = value * 10 + digit - ZERO;
      digit = bytes[++at] as number;
    }
    if (at === start || at - start > LONGEST_NUMBER) return undefined;
    shapes.found[run] = value;
    among = piece.next;
  }
}

function pieceAt<T>(
  among: readonly Piece<T>[],
  bytes: Buffer,
  view: DataView,
  at: number,
  to: number,
): Piece<T> | undefined {
  for (let index = 0; index < among.length; index += 1) {
    const piece = among[index] as Piece<T>;
    if (at + piece.bytes.length <= to && isAt(piece, bytes, view, at)) return piece;
  }
  return undefined;
}

function isAt(
  piece: { readonly bytes: Buffer; readonly words: Int32Array },
  bytes: Buffer,
  view: DataView,
  at: number,
) {
  const { words, bytes: wanted } = piece;
  for (let index = 0; index < words.length; index += 1)
    if (view.getInt32(at + index * 4, true) !== words[index]) return false;
  for (let index = words.length * 4; index < wanted.length; index += 1)
    if (bytes[at + index] !== wanted[index]) return false;
  return true;
}

/** Learns the form of an element with white space before it. */
export function learnShape<T>(shapes: Shapes<T>, text: string, of: T, slots: readonly Slot[]): void {
  if (shapes.count === MOST) {
    shapes.first.length = 0;
    shapes.count = 0;
  }
  let among = shapes.first;
  let piece: Piece<T> | undefined;
  for (const between of text.split(/\d+/)) {
    piece = among.find((known) => known.text === between);
    if (piece === undefined) {
      piece = newPiece(between);
      among.push(piece);
    }
    among = piece.next;
  }
  if (piece === undefined || piece.shape !== undefined) return;
  piece.shape = { of, slots, lines: text.split('\n').length - 1 };
  shapes.count += 1;
}

function newPiece<T>(text: string): Piece<T> {
  const bytes = Buffer.from(text, 'latin1');
  const words = Int32Array.from({ length: bytes.length >> 2 }, (_, index) => bytes.readInt32LE(index * 4));
  return { text, bytes, words, next: [], shape: undefined };
}

/** An element in its plain form: attributes in double quotes that need no decoding, none of them twice. */
export interface PlainElement {
  readonly attributes: Attributes;
  /**
   * The run of digits of an attribute: the only one that it may hold, or the one of that index from its end.
   * Undefined when the attribute is not there or not of that form.
   */
  readonly run: (name: string, fromEnd?: number) => Slot | undefined;
  readonly text: string;
}

const PLAIN = /^\s*<[a-z]+((?: +[a-z-]+="[ !#-%'-;=-~]*")+) *\/>/;
const ATTRIBUTE = /([a-z-]+)="([^"]*)"/g;

/** The element of the plain form that `text` starts with, white space before it included. */
export function plainElement(text: string): PlainElement | undefined {
  const [whole, written] = PLAIN.exec(text) ?? [];
  if (whole === undefined || written === undefined) return undefined;
  const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
  const places = new Map<string, { readonly from: number; readonly runs: number }>();
  let runs = 0;
  for (const [, name = '', value = ''] of written.matchAll(ATTRIBUTE)) {
    if (places.has(name)) return undefined;
    const own = value.match(/\d+/g)?.length ?? 0;
    attributes[name] = value;
    places.set(name, { from: runs, runs: own });
    runs += own;
  }
  const run = (name: string, fromEnd?: number): Slot | undefined => {
    const place = places.get(name);
    if (place === undefined) return undefined;
    if (fromEnd === undefined) return /^\d+$/.test(attributes[name] ?? '') ? { run: place.from } : undefined;
    return fromEnd <= place.runs ? { run: place.from + place.runs - fromEnd } : undefined;
  };
  return { attributes, run, text: whole };
}
