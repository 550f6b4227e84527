import { benchAffected } from './affected.ts';
import { benchCloudRun } from './cloud-run.ts';
import { benchCoverage, benchCoverageMemory } from './coverage.ts';
import { benchFirebase } from './firebase.ts';
import { benchGate } from './gate.ts';
import { benchImage } from './image.ts';
import { benchReuse } from './reuse.ts';
import { benchScan } from './scan.ts';
import { benchSetup } from './setup.ts';
import { benchShards } from './shards.ts';
import { benchSize, benchStart } from './start.ts';
import { benchVercel } from './vercel.ts';

/** Every measurement is a ratio against a peer in the same run. Nothing here decides anything. */
const parts: Readonly<Record<string, () => Promise<string[][]>>> = {
  start: benchStart,
  size: benchSize,
  gate: benchGate,
  setup: benchSetup,
  affected: benchAffected,
  reuse: benchReuse,
  shards: benchShards,
  coverage: benchCoverage,
  'coverage-memory': benchCoverageMemory,
  scan: benchScan,
  image: benchImage,
  'cloud-run': benchCloudRun,
  firebase: benchFirebase,
  vercel: benchVercel,
};

const HEADERS = ['what', 'ours', 'peer', 'ratio', 'goal'];

/** `npm run bench`, or `npm run bench -- scan image` for some parts. What fails takes no other part with it. */
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => parts[name] === undefined);
if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);

const failures: string[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  try {
    console.log(tableOf(await measure()));
  } catch (error) {
    failures.push(name);
    console.error(`${name} was not measured: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
if (failures.length > 0) process.exitCode = 1;

function tableOf(rows: readonly string[][]): string {
  const widths = HEADERS.map((header, column) =>
    Math.max(header.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return `${[line(HEADERS), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n')}\n`;
}
