import { render, type Span, spansWidth, styled, type Terminal, widthOf, wrap } from './terminal-text.ts';

export type Alignment = 'left' | 'right' | 'centre';
export type Cell = readonly Span[];

export interface Table {
  readonly header: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
  readonly alignments: readonly Alignment[];
}

/** Columns that a column keeps however narrow the terminal is. */
const NARROWEST = 6;

/** A table in a box that fits the terminal; cells that are too wide take several lines. */
export function renderTable(table: Table, terminal: Terminal): readonly string[] {
  const count = Math.max(table.header.length, ...table.rows.map((row) => row.length));
  const natural = Array.from({ length: count }, (_, column) =>
    Math.max(1, ...[table.header, ...table.rows].map((row) => widestLine(row[column] ?? []))),
  );
  const words = Array.from({ length: count }, (_, column) =>
    Math.max(1, ...[table.header, ...table.rows].map((row) => longestWord(row[column] ?? []))),
  );
  const available = terminal.width - 3 * count - 1;
  // Words are broken only where the columns do not fit without.
  const widths = fittingWidths(fittingWidths(natural, available, words), available, []);
  const border = (left: string, middle: string, right: string) =>
    styled(`${left}${widths.map((width) => '─'.repeat(width + 2)).join(middle)}${right}`, 'dim', terminal);
  const header = table.header.map((cell) => cell.map((span): Span => ({ ...span, style: 'bold' })));
  const hasHeader = header.some((cell) => cell.length > 0);
  return [
    border('┌', '┬', '┐'),
    ...(hasHeader ? [...rowLines(header, widths, table.alignments, terminal), border('├', '┼', '┤')] : []),
    ...table.rows.flatMap((row) => rowLines(row, widths, table.alignments, terminal)),
    border('└', '┴', '┘'),
  ];
}

function widestLine(cell: Cell): number {
  return Math.max(0, ...wrap(cell, Number.POSITIVE_INFINITY).map(spansWidth));
}

function longestWord(cell: Cell): number {
  return Math.max(0, ...cell.flatMap(({ text }) => text.split(/\s+/)).map(widthOf));
}

/** Takes from the widest columns until all fit, or none is wider than its least width. */
function fittingWidths(natural: readonly number[], available: number, least: readonly number[]): readonly number[] {
  // No column is wider than all of them may be.
  const widths = natural.map((width) => Math.min(width, Math.max(NARROWEST, available)));
  for (let excess = sum(widths) - available; excess > 0; excess -= 1) {
    const spare = widths.map((width, column) => (width > Math.max(NARROWEST, least[column] ?? 0) ? width : 0));
    const widest = Math.max(...spare);
    if (widest === 0) break;
    const column = spare.lastIndexOf(widest);
    widths[column] = widest - 1;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function rowLines(
  row: readonly Cell[],
  widths: readonly number[],
  alignments: readonly Alignment[],
  terminal: Terminal,
): readonly string[] {
  const cells = widths.map((width, column) => wrap(row[column] ?? [], width));
  const height = Math.max(1, ...cells.map((lines) => lines.length));
  const bar = styled('│', 'dim', terminal);
  return Array.from({ length: height }, (_, line) => {
    const parts = widths.map((width, column) => {
      const spans = cells[column]?.[line] ?? [];
      const space = Math.max(0, width - spansWidth(spans));
      const alignment = alignments[column] ?? 'left';
      const before = alignment === 'right' ? space : alignment === 'centre' ? Math.floor(space / 2) : 0;
      return ` ${' '.repeat(before)}${render(spans, terminal)}${' '.repeat(space - before)} `;
    });
    return `${bar}${parts.join(bar)}${bar}`;
  });
}
