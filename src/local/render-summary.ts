import { renderGantt } from './gantt.ts';
import { inline } from './markdown-inline.ts';
import { type Alignment, type Cell, renderTable, type Table } from './render-table.ts';
import { render, type Span, safeText, styled, type Terminal, wrap } from './terminal-text.ts';

/** Lines of a folded part that are shown; a terminal cannot fold, and logs are long. */
const LONGEST_DETAILS = 40;

/**
 * A step summary (GitHub Flavored Markdown with HTML, https://github.github.com/gfm/) as lines for a terminal: tables in
 * boxes, headings bold, diagrams as bars where they are charts of time.
 */
export function renderSummary(markdown: string, terminal: Terminal): readonly string[] {
  const source = safeText(markdown, { hasColours: false }).replaceAll(/<!--[\s\S]*?-->/g, '');
  const lines = blocks(source.split('\n'), terminal);
  // One empty line between blocks, none at the ends.
  const single = lines.filter((line, index) => line !== '' || (index > 0 && lines[index - 1] !== ''));
  return single.at(-1) === '' ? single.slice(0, -1) : single;
}

interface Block {
  readonly lines: readonly string[];
  /** How many source lines it took. */
  readonly taken: number;
}

type BlockReader = (lines: readonly string[], terminal: Terminal) => Block | undefined;

function blocks(lines: readonly string[], terminal: Terminal): readonly string[] {
  const result: string[] = [];
  const readers: readonly BlockReader[] = [fence, details, htmlTable, pipeTable, heading, rule, quote, listItem];
  for (let index = 0; index < lines.length; ) {
    const rest = lines.slice(index);
    if ((rest[0] ?? '').trim() === '') {
      result.push('');
      index += 1;
      continue;
    }
    const block =
      readers.map((read) => read(rest, terminal)).find((read) => read !== undefined) ?? paragraph(rest, terminal);
    result.push(...block.lines);
    index += block.taken;
  }
  return result;
}

function fence(lines: readonly string[], terminal: Terminal): Block | undefined {
  const open = /^\s{0,3}(`{3,}|~{3,})\s*(\w*)/.exec(lines[0] ?? '');
  if (open === null) return undefined;
  const mark = open[1] ?? '```';
  const end = lines.findIndex(
    (line, index) => index > 0 && line.trim().startsWith(mark) && /^[`~]+$/.test(line.trim()),
  );
  const body = lines.slice(1, end === -1 ? undefined : end);
  const taken = end === -1 ? lines.length : end + 1;
  if (open[2] === 'mermaid') {
    const chart = renderGantt(body.join('\n'), terminal) ?? [styled('(a diagram, drawn on GitHub)', 'dim', terminal)];
    return { lines: ['', ...chart, ''], taken };
  }
  return { lines: ['', ...body.map((line) => `    ${styled(line, 'code', terminal)}`), ''], taken };
}

function details(lines: readonly string[], terminal: Terminal): Block | undefined {
  if (!/^\s*<details\b/i.test(lines[0] ?? '')) return undefined;
  let depth = 0;
  const end = lines.findIndex((line) => {
    depth += (line.match(/<details\b/gi) ?? []).length - (line.match(/<\/details>/gi) ?? []).length;
    return depth <= 0;
  });
  const taken = end === -1 ? lines.length : end + 1;
  const whole = lines
    .slice(0, taken)
    .join('\n')
    .replace(/^\s*<details[^>]*>/i, '')
    .replace(/<\/details>\s*$/i, '');
  const summary = /<summary[^>]*>([\s\S]*?)<\/summary>/i.exec(whole);
  const body = blocks(whole.replace(summary?.[0] ?? '', '').split('\n'), { ...terminal, width: terminal.width - 2 });
  const shown = body.filter((line, index) => line !== '' || (index > 0 && body[index - 1] !== ''));
  const cut =
    shown.length > LONGEST_DETAILS ? [styled(`… ${shown.length - LONGEST_DETAILS} more lines`, 'dim', terminal)] : [];
  const title = `▸ ${render(inline((summary?.[1] ?? 'Details').trim()), terminal)}`;
  return {
    lines: ['', title, ...[...shown.slice(0, LONGEST_DETAILS), ...cut].map((line) => `  ${line}`.trimEnd()), ''],
    taken,
  };
}

function htmlTable(lines: readonly string[], terminal: Terminal): Block | undefined {
  if (!/^\s*<table\b/i.test(lines[0] ?? '')) return undefined;
  const end = lines.findIndex((line) => /<\/table>/i.test(line));
  const taken = end === -1 ? lines.length : end + 1;
  const source = lines.slice(0, taken).join('\n');
  const rows = [...source.matchAll(/<tr\b[^>]*>([\s\S]*?)(?:<\/tr>|(?=<tr\b)|<\/table>)/gi)].map((row) =>
    [...(row[1] ?? '').matchAll(/<(t[hd])\b[^>]*>([\s\S]*?)(?=<t[hd]\b|<\/t[hd]>|<\/tr>|$)/gi)].map((cell) => ({
      isHeader: cell[1]?.toLowerCase() === 'th',
      content: inline((cell[2] ?? '').trim()),
    })),
  );
  const first = rows[0] ?? [];
  const hasHeader = first.length > 0 && first.every(({ isHeader }) => isHeader);
  const contents = rows.map((row) => row.map(({ content }) => content));
  const table: Table = {
    header: hasHeader ? (contents[0] ?? []) : [],
    rows: hasHeader ? contents.slice(1) : contents,
    alignments: [],
  };
  return { lines: ['', ...renderTable(table, terminal), ''], taken };
}

function pipeTable(lines: readonly string[], terminal: Terminal): Block | undefined {
  const [header = '', delimiter = ''] = lines;
  if (!header.includes('|') || !/^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(delimiter)) return undefined;
  const heads = cells(header);
  const alignments = splitRow(delimiter).map((cell): Alignment => {
    const mark = cell.trim();
    if (mark.endsWith(':')) return mark.startsWith(':') ? 'centre' : 'right';
    return 'left';
  });
  if (alignments.length !== heads.length) return undefined;
  const end = lines.findIndex((line, index) => index > 1 && (line.trim() === '' || !line.includes('|')));
  const taken = end === -1 ? lines.length : end;
  const rows = lines.slice(2, taken).map(cells);
  return { lines: ['', ...renderTable({ header: heads, rows, alignments }, terminal), ''], taken };
}

function cells(row: string): readonly Cell[] {
  return splitRow(row).map((cell) => inline(cell.trim().replaceAll('\\|', '|')));
}

/** Cells of a row; an escaped bar belongs to its cell. */
function splitRow(row: string): readonly string[] {
  return row
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
    .split(/(?<!\\)\|/);
}

function heading(lines: readonly string[], terminal: Terminal): Block | undefined {
  const match =
    /^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(lines[0] ?? '') ??
    /^\s*<(h[1-6])\b[^>]*>(.*?)<\/h[1-6]>/i.exec(lines[0] ?? '');
  if (match === null) return undefined;
  const spans = inline(match[2] ?? '').map(
    (span): Span => (span.style === 'plain' ? { ...span, style: 'bold' } : span),
  );
  return { lines: ['', ...wrap(spans, terminal.width).map((line) => render(line, terminal)), ''], taken: 1 };
}

function rule(lines: readonly string[], terminal: Terminal): Block | undefined {
  if (!/^\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|<hr\s*\/?>)\s*$/.test(lines[0] ?? '')) return undefined;
  return { lines: ['', styled('─'.repeat(Math.min(40, terminal.width)), 'dim', terminal), ''], taken: 1 };
}

function quote(lines: readonly string[], terminal: Terminal): Block | undefined {
  if (!/^\s{0,3}>/.test(lines[0] ?? '')) return undefined;
  const end = lines.findIndex((line) => !/^\s{0,3}>/.test(line));
  const taken = end === -1 ? lines.length : end;
  const body = lines.slice(0, taken).map((line) => line.replace(/^\s{0,3}>\s?/, ''));
  // GitHub's alerts: > [!WARNING]
  const titled = body
    .map((line) => line.replace(/^\[!(\w+)\]\s*$/, (_whole, kind: string) => `**${kind}**\n`))
    .flatMap((line) => line.split('\n'));
  const bar = styled('┃', 'dim', terminal);
  const inner = blocks(titled, { ...terminal, width: terminal.width - 2 }).filter((line) => line !== '');
  return { lines: ['', ...inner.map((line) => `${bar} ${line}`), ''], taken };
}

function listItem(lines: readonly string[], terminal: Terminal): Block | undefined {
  const match = /^(\s*)([-*+]|\d{1,9}[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/.exec(lines[0] ?? '');
  if (match === null) return undefined;
  const [, indent = '', bullet = '', box, first = ''] = match;
  const end = lines.findIndex((line, index) => index > 0 && !/^\s{2,}[^\s\-*+\d|<>]/.test(line));
  const taken = end === -1 ? lines.length : end;
  const text = [first, ...lines.slice(1, taken).map((line) => line.trim())].join(' ');
  const mark = box === undefined ? (/^\d/.test(bullet) ? bullet : '•') : box === ' ' ? '☐' : '☑';
  const space = `${' '.repeat(Math.min(indent.length, 8))}`;
  const wrapped = wrap(inline(text), Math.max(20, terminal.width - space.length - mark.length - 1));
  const shown = wrapped.map(
    (line, index) => `${space}${index === 0 ? mark : ' '.repeat(mark.length)} ${render(line, terminal)}`,
  );
  return { lines: shown, taken };
}

function paragraph(lines: readonly string[], terminal: Terminal): Block {
  const starts = /^\s{0,3}(?:#{1,6}\s|>|```|~~~|[-*+]\s|\d{1,9}[.)]\s)|^\s*<(?:details|table|h[1-6])\b/i;
  const end = lines.findIndex(
    (line, index) => index > 0 && (line.trim() === '' || starts.test(line) || line.startsWith('|')),
  );
  const taken = end === -1 ? lines.length : end;
  const source = lines
    .slice(0, taken)
    // Two spaces or a backslash at the end break the line.
    .map((line) => line.trimStart().replace(/(?: {2,}|\\)$/, '<br>'))
    .join(' ');
  const rendered = wrap(inline(source.trim()), terminal.width).map((line) => render(line, terminal));
  return { lines: rendered.every((line) => line.trim() === '') ? [] : rendered, taken };
}
