/** Text for a terminal: spans with a style, their width in columns, and lines that fit. */

export type Style = 'plain' | 'bold' | 'dim' | 'italic' | 'code' | 'red' | 'green' | 'yellow' | 'blue' | 'strike';

export interface Span {
  readonly text: string;
  readonly style: Style;
}

export interface Terminal {
  /** Columns of a line. */
  readonly width: number;
  readonly hasColours: boolean;
}

/** SGR parameters (ECMA-48): on and off. */
const CODES: Readonly<Record<Style, readonly [number, number] | undefined>> = {
  plain: undefined,
  bold: [1, 22],
  dim: [2, 22],
  italic: [3, 23],
  strike: [9, 29],
  code: [36, 39],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
};

export function styled(text: string, style: Style, { hasColours }: Pick<Terminal, 'hasColours'>): string {
  const codes = CODES[style];
  return codes === undefined || !hasColours || text === '' ? text : `\u001b[${codes[0]}m${text}\u001b[${codes[1]}m`;
}

export function render(spans: readonly Span[], terminal: Pick<Terminal, 'hasColours'>): string {
  return spans.map(({ text, style }) => styled(text, style, terminal)).join('');
}

export function plain(text: string): readonly Span[] {
  return text === '' ? [] : [{ text, style: 'plain' }];
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Characters two columns wide: emoji, and the scripts that East Asian Width (UAX #11) calls wide. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|.\ufe0f|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6])/u;
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\u0000-\u001f\u007f-\u009f]/u;

/** Columns that a text takes. */
export function widthOf(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += WIDE.test(segment) ? 2 : NO_WIDTH.test(segment) ? 0 : 1;
  return width;
}

export function spansWidth(spans: readonly Span[]): number {
  return spans.reduce((total, { text }) => total + widthOf(text), 0);
}

/** Breaks spans into lines of at most `width` columns, between words where it can. A newline in a text breaks, too. */
export function wrap(spans: readonly Span[], width: number): readonly (readonly Span[])[] {
  const lines: Span[][] = [[]];
  let used = 0;
  for (const word of spans.flatMap((span) => words(span, width))) {
    const size = widthOf(word.text);
    const isBreak = word.text === '\n';
    if (isBreak || (used > 0 && used + size > width)) {
      lines.push([]);
      used = 0;
      // The space at which a line breaks is gone.
      if (word.text.trim() === '') continue;
    }
    lines.at(-1)?.push(word);
    used += size;
  }
  return lines.map(trimEnd);
}

/** Words, spaces and newlines of a span; a word that is longer than a line in pieces. */
function words({ text, style }: Span, width: number): readonly Span[] {
  return text
    .split(/(\n|[^\S\n]+)/)
    .filter((part) => part !== '')
    .flatMap((part) => pieces(part, width))
    .map((piece) => ({ text: piece, style }));
}

/** A word in the parts between which a line may break: itself, or, longer than a line, cut behind marks (`a/`, `b:`). */
function pieces(word: string, width: number): readonly string[] {
  if (widthOf(word) <= width) return [word];
  return (word.match(BREAKABLE) ?? [word]).flatMap((part) => cut(part, width));
}

/** Letters and digits with the marks behind them. */
const BREAKABLE = /[^/:@.,;=_|\\-]*[/:@.,;=_|\\-]+|[^/:@.,;=_|\\-]+/g;

/** A text cut where it is longer than a line. */
function cut(text: string, width: number): readonly string[] {
  if (widthOf(text) <= width) return [text];
  const result: string[] = [];
  let current = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const size = widthOf(segment);
    if (current !== '' && used + size > width) {
      result.push(current);
      current = '';
      used = 0;
    }
    current += segment;
    used += size;
  }
  return [...result, current];
}

function trimEnd(line: readonly Span[]): readonly Span[] {
  const last = line.at(-1);
  if (last === undefined || last.text.trimEnd() === last.text) return line;
  const text = last.text.trimEnd();
  return text === '' ? trimEnd(line.slice(0, -1)) : [...line.slice(0, -1), { ...last, text }];
}

/** A text cut to a width, with an ellipsis where something is missing. */
export function shorten(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let result = '';
  for (const { segment } of segmenter.segment(text)) {
    if (widthOf(result + segment) > width - 1) break;
    result += segment;
  }
  return `${result}…`;
}

/** What a line shows that went back to its beginning. */
function lastWritten(line: string): string {
  const text = line.replace(/\r+$/, '');
  return text.slice(text.lastIndexOf('\r') + 1);
}

/**
 * Text of others, made safe for a terminal: newlines and tabs stay, colours where there are any, every other control
 * character and sequence goes. A line that overwrites itself keeps what was written last.
 */
export function safeText(text: string, { hasColours }: Pick<Terminal, 'hasColours'>): string {
  const sequence = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;
  return text
    .replaceAll(sequence, (found) => (hasColours && /^\u001b\[[\d;]*m$/.test(found) ? found : ''))
    .split('\n')
    .map(lastWritten)
    .join('\n')
    .replaceAll(/[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g, '')
    .replaceAll(hasColours ? /\u001b(?!\[[\d;]*m)/g : /\u001b/g, '');
}
