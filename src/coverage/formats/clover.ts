import type { Units } from '../file-units.ts';
import { NOTHING } from '../merge.ts';
import type { Count, Counts } from '../types.ts';
import type { Format, Take } from './format.ts';
import { clearLines, collectLines, LAST_LINE, putLine, takeLines } from './lines.ts';
import type { Source } from './source.ts';
import { type Collected, clearUnits, collect, putNumber, putUnit, sumOf, takeUnits } from './units.ts';
import { numberOf, readXml, rootOf } from './xml.ts';
import type { Attributes } from './xml-shapes.ts';

/**
 * Clover's XML, as istanbul, PHPUnit and OpenClover write it. Lines are its `stmt` and `cond` lines. Statements,
 * branches (`conditionals`) and functions (`methods`) are the numbers of a file's own `metrics`; istanbul writes its lines
 * as statements. The conditions of a `cond` line mean something else to each producer: `truecount` and `falsecount` are
 * how many branches were run and were not with istanbul (which calls itself clover 3.2.0), and how often the condition was
 * true and false with OpenClover. Branches are kept by line where that agrees with the numbers of the file; what the file
 * has beyond its lines (defaults of parameters with istanbul) is one more unit, at line 0.
 */
export const clover: Format = {
  name: 'clover',
  title: 'clover',
  recognises: (head) => {
    const root = rootOf(head);
    return root?.name === 'coverage' && /<project\b/.test(root.rest);
  },
  read: readClover,
};

async function readClover(source: Source, take: Take): Promise<void> {
  await readXml(source, 'clover', ({ enough, wrong, line: lineOf }) => {
    const lines = collectLines();
    let path: string | undefined;
    let counts: Counts = {};
    const conditions: Conditions = { list: collect(1, true), isOfIstanbul: false, isAscending: true, last: -1 };
    const openLine = (attributes: Attributes) => {
      if (path === undefined || attributes['type'] === 'method') return;
      const line = lineOf(attributes, 'num');
      if (line === 0) return;
      putLine(lines, line, /^\s*\d*[1-9]/.test(attributes['count'] ?? '') ? 1 : 0);
      if (attributes['type'] !== 'cond') return;
      const [whenTrue, whenFalse] = [numberOf(attributes['truecount'], 0), numberOf(attributes['falsecount'], 0)];
      if (whenTrue + whenFalse <= LARGEST) putConditions(conditions, line, whenTrue, whenFalse);
    };
    const openFile = (attributes: Attributes) => {
      path = attributes['path'] ?? attributes['name'] ?? '';
      if (path === '') throw wrong('a file without path or name');
      clearLines(lines);
      clearUnits(conditions.list);
      conditions.isAscending = true;
      conditions.last = -1;
      counts = {};
    };
    const closeFile = () => {
      const { branches: count, ...others } = counts;
      const branches = count === undefined ? undefined : branchesOf(conditions, count);
      const known = branches === undefined ? { counts } : { counts: others, branches: [branches] };
      const units = { ...NOTHING, ...takeLines(lines), ...known };
      if (path !== undefined && !take({ path, roots: [], units })) enough();
      path = undefined;
    };
    const openMetrics = (attributes: Attributes, parent: string | undefined) => {
      if (parent === 'file') counts = countsOf(attributes, wrong);
    };
    return {
      open: new Map<string, (attributes: Attributes, parent: string | undefined) => void>([
        [
          'coverage',
          ({ clover: version }) => {
            conditions.isOfIstanbul = version === '3.2.0';
          },
        ],
        ['line', openLine],
        ['file', openFile],
        ['metrics', openMetrics],
      ]),
      close: new Map([['file', closeFile]]),
      leaves: [
        {
          name: 'line',
          // What has another type, or none, is left to the parser.
          numbers: ({ attributes: { type }, run }) => {
            if (type === 'stmt') return [run('num'), run('count'), NONE, NONE, NONE];
            return type === 'cond'
              ? [run('num'), run('count'), { value: 1 }, run('truecount'), run('falsecount')]
              : undefined;
          },
          read: (numbers) => {
            const line = numbers[0] as number;
            const [whenTrue, whenFalse] = [numbers[3] as number, numbers[4] as number];
            if (line > LAST_LINE || whenTrue + whenFalse > LARGEST) return false;
            if (path === undefined || line === 0) return true;
            putLine(lines, line, (numbers[1] as number) > 0 ? 1 : 0);
            if (numbers[2] === 1) putConditions(conditions, line, whenTrue, whenFalse);
            return true;
          },
        },
      ],
    };
  });
}

const NONE = { value: 0 };

/** Conditions of a line, and branches of a file, at most: two of them fit 32 bits. */
const LARGEST = 999_999_999;

/** Branches of the file that is being read, by line. */
interface Conditions {
  readonly list: Collected;
  isOfIstanbul: boolean;
  /** Whether no line can have come twice, and the last one. */
  isAscending: boolean;
  last: number;
}

function putConditions(conditions: Conditions, line: number, whenTrue: number, whenFalse: number): void {
  if (line <= conditions.last) conditions.isAscending = false;
  conditions.last = line;
  putNumber(conditions.list, line);
  if (conditions.isOfIstanbul) putUnit(conditions.list, whenTrue, whenTrue + whenFalse);
  else putUnit(conditions.list, Math.min(whenTrue, 1) + Math.min(whenFalse, 1), 2);
}

/** The branches by line; undefined where the lines can't be what the numbers of the file count. */
function branchesOf({ list, isAscending }: Conditions, { covered, total }: Count): Units | undefined {
  const known = sumOf(list);
  const [more, moreMissed] = [covered - known.covered, total - covered - known.missed];
  if (list.length === 0 || !isAscending || more < 0 || moreMissed < 0 || total > LARGEST) return undefined;
  if (more + moreMissed > 0) {
    putNumber(list, 0);
    putUnit(list, more, more + moreMissed);
  }
  return takeUnits(list, 'clover', 'once');
}

function countsOf(attributes: Attributes, wrong: (what: string) => Error): Counts {
  const count = (all: string, covered: string): Count | undefined => {
    const total = numberOf(attributes[all], -1);
    if (total === -1) return undefined;
    const run = numberOf(attributes[covered], 0);
    if (Number.isNaN(total) || Number.isNaN(run)) throw wrong(`${all} or ${covered} is no number`);
    return { total, covered: Math.min(total, run) };
  };
  const [statements, branches, functions] = [
    count('statements', 'coveredstatements'),
    count('conditionals', 'coveredconditionals'),
    count('methods', 'coveredmethods'),
  ];
  return {
    ...(statements === undefined ? {} : { statements }),
    ...(branches === undefined ? {} : { branches }),
    ...(functions === undefined ? {} : { functions }),
  };
}
