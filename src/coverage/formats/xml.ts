import { StringDecoder } from 'node:string_decoder';
import type { SAXParser } from 'sax';
import { beyond, malformed } from './faults.ts';
import { LAST_LINE } from './lines.ts';
import { refill, rest, type Source } from './source.ts';
import { type Leaf, type LeafReader, leafReader } from './xml-leaves.ts';
import type { Attributes } from './xml-shapes.ts';

/** What a reader does at elements, by name; of all others nothing is kept. */
export interface XmlReader {
  /** `parent` is the name of the element around, undefined for the first. */
  readonly open: ReadonlyMap<string, (attributes: Attributes, parent: string | undefined) => void>;
  readonly close: ReadonlyMap<string, () => void>;
  /** Elements without content that are read by a quicker way in their plain form; `open` reads them in any other. */
  readonly leaves: readonly Leaf[];
  /** Text of any element, in pieces. */
  readonly text?: (text: string) => void;
}

/** What a reader may call while it reads. */
export interface XmlTools {
  /** Ends reading without an error. */
  readonly enough: () => never;
  /** An error at this place; `what` says what is wrong. */
  readonly wrong: (what: string) => Error;
  /** The attribute `name` as the number of a line. @throws when it is none */
  readonly line: (attributes: Attributes, name: string) => number;
}

/** Deepest nesting of elements; reports of jacoco with groups in groups reach about ten. */
const DEEPEST = 64;

/** What stops reading without being an error. */
class Enough extends Error {}

/**
 * Reads XML as it comes. Nothing outside the file is ever read; a document type that declares entities is refused, as
 * nested entities can grow a small file without bound.
 *
 * @param format name for messages
 * @param begin makes the reader
 * @throws ProjectFailure PIPE-COVERAGE-006 not well formed, PIPE-COVERAGE-007 too deep, too long, entities
 */
export async function readXml(source: Source, format: string, begin: (tools: XmlTools) => XmlReader): Promise<void> {
  const { default: sax } = await import('sax');
  // The states of the parser are part of it, though not of its types.
  const TEXT = (sax as unknown as { readonly STATE: Readonly<Record<string, number>> }).STATE['TEXT'];
  const parser: SAXParser = sax.parser(true, { position: true });
  const ancestors: string[] = [];
  const reader = begin(toolsFor(source, format, parser));
  const place = () => ({ line: parser.line + 1 });
  parser.onopentag = ({ name, attributes }) => {
    // Namespaces are off: every attribute is a text.
    reader.open.get(name)?.(attributes as Attributes, ancestors.at(-1));
    ancestors.push(name);
    if (ancestors.length > DEEPEST) throw beyond(source.name, place(), `elements nested deeper than ${DEEPEST}`);
  };
  parser.onclosetag = (name) => {
    ancestors.pop();
    reader.close.get(name)?.();
  };
  const { text } = reader;
  if (text !== undefined) parser.ontext = text;
  parser.ondoctype = (doctype) => {
    if (doctype.includes('['))
      throw beyond(source.name, place(), 'a document type with declarations of its own (entities)');
  };
  parser.onerror = (error) => {
    const [what = ''] = error.message.split('\n');
    if (what.startsWith('Max buffer length')) throw beyond(source.name, place(), 'a tag or value that is too long');
    throw malformed(source.name, format, place(), what.toLowerCase().replace(/\.$/, ''));
  };
  try {
    await feed(source, parser, {
      leaves: leafReader(reader.leaves),
      isContent: () => ancestors.length > 0 && (parser as SAXParser & { state: number }).state === TEXT,
      parent: () => ancestors.at(-1),
    });
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
}

function toolsFor(source: Source, format: string, parser: SAXParser): XmlTools {
  const wrong = (what: string) => malformed(source.name, format, { line: parser.line + 1 }, what);
  return {
    enough: () => {
      throw new Enough();
    },
    wrong,
    line: (attributes, name) => {
      const line = numberOf(attributes[name]);
      if (Number.isNaN(line)) throw wrong(`a line whose ${name} is no number`);
      if (line > LAST_LINE) throw beyond(source.name, { line: parser.line + 1 }, `line ${line} of a file`);
      return line;
    },
  };
}

/**
 * Gives the file to the parser, except for plain leaves that come where the parser expects content: not in a comment,
 * a CDATA section or a tag, which only the parser can know.
 */
async function feed(
  source: Source,
  parser: SAXParser,
  { leaves, isContent, parent }: { leaves: LeafReader; isContent: () => boolean; parent: () => string | undefined },
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  do {
    const { bytes, end } = source;
    leaves.renew(bytes.subarray(0, end));
    while (source.at < end) {
      if (isContent()) {
        source.at = leaves.readAll(source, parent());
        parser.line += leaves.passed.lines;
        leaves.passed.lines = 0;
      }
      const next = leaves.find(source.at + 1);
      const text = decoder.write(bytes.subarray(source.at, next));
      source.at = next;
      parser.write(text);
    }
    await rest(source);
  } while (refill(source));
  parser.close();
}

/** A whole number of an attribute. @returns `otherwise` when the attribute is not there, NaN when it is no number */
export function numberOf(value: string | undefined, otherwise = Number.NaN): number {
  if (value === undefined) return otherwise;
  return /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : Number.NaN;
}

/** The document's first element and what follows it, of the head of a file; undefined when that is no XML. */
export function rootOf(head: string): { readonly name: string; readonly rest: string } | undefined {
  let at = spaceEnd(head, 0);
  while (/^<(?:!--|\?|!DOCTYPE)/.test(head.slice(at, at + 10))) {
    const end = prologEnd(head, at);
    if (end === undefined) return undefined;
    at = spaceEnd(head, end);
  }
  const match = /^<([A-Za-z][\w.-]{0,60})/.exec(head.slice(at, at + 64));
  return match === null ? undefined : { name: match[1] ?? '', rest: head.slice(at) };
}

function spaceEnd(head: string, from: number): number {
  let at = from;
  while (/\s/.test(head.charAt(at))) at += 1;
  return at;
}

/** Where the comment, instruction or document type that starts at `at` ends; undefined when it does not. */
function prologEnd(head: string, at: number): number | undefined {
  const behind = (close: string) => {
    const end = head.indexOf(close, at);
    return end === -1 ? undefined : end + close.length;
  };
  if (head.startsWith('<!--', at)) return behind('-->');
  if (head.startsWith('<?', at)) return behind('?>');
  const end = behind('>');
  // A document type with declarations is refused later, with its own code: first it has to be recognised.
  return end === undefined || !head.slice(at, end).includes('[') ? end : behind(']>');
}
