import type { Span, Style } from './terminal-text.ts';

/** Short names of emoji that summaries use, as GitHub expands them. */
const SHORTCODES: Readonly<Record<string, string>> = {
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  x: '❌',
  warning: '⚠️',
  rocket: '🚀',
  information_source: 'ℹ️',
  no_entry: '⛔',
  hourglass: '⌛',
  fast_forward: '⏩',
  grey_question: '❔',
};

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  rarr: '→',
  check: '✓',
};

/** Marks and the style between them; the longest first. */
const MARKS: readonly (readonly [RegExp, Style])[] = [
  [/^(\*\*|__)(?=\S)([\s\S]*?\S)\1/, 'bold'],
  [/^(~~)(?=\S)([\s\S]*?\S)\1/, 'strike'],
  [/^(\*)(?=[^\s*])([\s\S]*?[^\s*])\1(?!\*)/, 'italic'],
  [/^(_)(?=[^\s_])([\s\S]*?[^\s_])\1(?![\w_])/, 'italic'],
];

const TAG_STYLES: Readonly<Record<string, Style>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  code: 'code',
  kbd: 'code',
  samp: 'code',
  del: 'strike',
  s: 'strike',
};

/** Characters of a paragraph or cell that are read; a longer one is data and shown as it is. */
const LONGEST = 5_000;

/** Inline Markdown (GitHub Flavored Markdown, https://github.github.com/gfm/#inlines) and inline HTML as spans. */
export function inline(source: string, style: Style = 'plain'): readonly Span[] {
  if (source.length > LONGEST) return [{ text: source, style }];
  const spans: Span[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') spans.push({ text: entities(text), style });
    text = '';
  };
  for (let rest = source; rest !== ''; ) {
    const token = nextToken(rest, text, style);
    if (token === undefined) {
      text += rest[0];
      rest = rest.slice(1);
      continue;
    }
    flush();
    spans.push(...token.spans);
    rest = rest.slice(token.length);
  }
  flush();
  return spans;
}

interface Token {
  readonly spans: readonly Span[];
  readonly length: number;
}

function nextToken(rest: string, before: string, style: Style): Token | undefined {
  const first = rest[0] ?? '';
  if (!'\\`*_~[!<:'.includes(first)) return undefined;
  const escaped = /^\\([!-/:-@[-`{-~])/.exec(rest);
  if (escaped !== null) return { spans: [{ text: escaped[1] ?? '', style }], length: 2 };
  if (first === '`') return code(rest, style);
  return link(rest, style) ?? html(rest, style) ?? shortcode(rest, style) ?? marked(rest, before);
}

/** A code span ends at a run of as many backticks as it began with; without one, the run is text. */
function code(rest: string, style: Style): Token {
  const mark = /^`+/.exec(rest)?.[0] ?? '`';
  for (const run of rest.slice(mark.length).matchAll(/`+/g)) {
    if (run[0].length !== mark.length) continue;
    const end = mark.length + run.index;
    return { spans: [{ text: codeText(rest.slice(mark.length, end)), style: 'code' }], length: end + mark.length };
  }
  return { spans: [{ text: mark, style }], length: mark.length };
}

function codeText(text: string): string {
  return /^ .*[^ ].* $/s.test(text) ? text.slice(1, -1) : text;
}

function link(rest: string, style: Style): Token | undefined {
  const image = /^!\[([^\]]*)\]\([^)]*\)/.exec(rest);
  if (image !== null) return { spans: inline(image[1] ?? '', style), length: image[0].length };
  const match = /^\[((?:[^[\]\\]|\\.|\[[^\]]*\])*)\]\(\s*<?([^)\s>]*)>?(?:\s+"[^"]*")?\s*\)/.exec(rest);
  if (match !== null) return { spans: linked(inline(match[1] ?? '', style), match[2] ?? ''), length: match[0].length };
  const auto = /^<(https?:\/\/[^>\s]+)>/.exec(rest);
  if (auto !== null) return { spans: [{ text: auto[1] ?? '', style: 'blue' }], length: auto[0].length };
  return undefined;
}

/**
 * The text of a link alone: a terminal has no place for the address, and a local run has no page on GitHub. Only a link
 * without a text shows where it leads.
 */
function linked(label: readonly Span[], target: string): readonly Span[] {
  const hasText = label.some((span) => span.text.trim() !== '');
  return hasText || target === '' ? label : [{ text: target, style: 'blue' }];
}

function html(rest: string, style: Style): Token | undefined {
  const comment = /^<!--[\s\S]*?-->/.exec(rest);
  if (comment !== null) return { spans: [], length: comment[0].length };
  const br = /^<br\s*\/?>/i.exec(rest);
  if (br !== null) return { spans: [{ text: '\n', style }], length: br[0].length };
  const anchor = /^<a\s[^>]*?href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/i.exec(rest);
  if (anchor !== null)
    return { spans: linked(inline(anchor[2] ?? '', style), anchor[1] ?? ''), length: anchor[0].length };
  const paired = /^<(\w+)(?:\s[^>]*)?>([\s\S]*?)<\/\1>/.exec(rest);
  const tagStyle = TAG_STYLES[paired?.[1]?.toLowerCase() ?? ''];
  if (paired !== null && tagStyle !== undefined) {
    return { spans: inline(paired[2] ?? '', tagStyle), length: paired[0].length };
  }
  const tag = /^<\/?[A-Za-z][\w-]*(?:\s[^<>]*)?\/?>/.exec(rest);
  return tag === null ? undefined : { spans: [], length: tag[0].length };
}

function shortcode(rest: string, style: Style): Token | undefined {
  const match = /^:(\w+):/.exec(rest);
  const emoji = SHORTCODES[match?.[1] ?? ''];
  return match === null || emoji === undefined
    ? undefined
    : { spans: [{ text: emoji, style }], length: match[0].length };
}

function marked(rest: string, before: string): Token | undefined {
  // An underscore inside a word is a character of the word.
  if (rest.startsWith('_') && /\w$/.test(before)) return undefined;
  for (const [pattern, style] of MARKS) {
    const match = pattern.exec(rest);
    if (match !== null) return { spans: inline(match[2] ?? '', style), length: match[0].length };
  }
  return undefined;
}

/** What keeps GitHub from making a notification or a link of a text; in a terminal it would only spoil a copy. */
const APART = /\u200b/g;

function entities(text: string): string {
  return text
    .replaceAll(APART, '')
    .replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name: string) => {
      const point = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : undefined;
      // Control characters would speak to the terminal.
      if (point !== undefined) return point >= 0x20 && point <= 0x10ffff ? String.fromCodePoint(point) : '';
      return ENTITIES[name] ?? whole;
    });
}
