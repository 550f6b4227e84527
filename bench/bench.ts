import { benchGate } from './gate.ts';
import { benchSize, benchStart } from './start.ts';

/** Prints every measurement as a ratio against a peer in the same run. Nothing here decides anything. */
const rows = [...(await benchStart()), ...(await benchSize()), ...(await benchGate())];
const headers = ['what', 'ours', 'peer', 'ratio', 'goal'];
const widths = headers.map((header, column) =>
  Math.max(header.length, ...rows.map((row) => (row[column] ?? '').length)),
);
const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
console.log([line(headers), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n'));
