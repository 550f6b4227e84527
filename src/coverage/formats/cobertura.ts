import type { FileUnits } from '../file-units.ts';
import { joinUnits } from '../merge.ts';
import type { Format, Take } from './format.ts';
import { type CollectedLines, clearLines, collectLines, LAST_LINE, putLine, takeLines } from './lines.ts';
import type { Source } from './source.ts';
import { type Collected, clearUnits, collect, hashText, putNumber, putUnit, SECOND_SEED, takeUnits } from './units.ts';
import { readXml, rootOf, type XmlReader } from './xml.ts';
import type { Leaf } from './xml-leaves.ts';
import type { Attributes } from './xml-shapes.ts';

/**
 * Cobertura's XML (coverage-04.dtd), as coverage.py, istanbul, gcovr, coverlet and others write it. Lines are those of a
 * class; branches have only numbers for each line (`condition-coverage="50% (1/2)"`), so of two reports the larger one
 * counts; functions are methods, run when their `hits` or one of their lines is above 0. istanbul leaves branches out that
 * start on a line without a statement: its other formats have them.
 */
export const cobertura: Format = {
  name: 'cobertura',
  title: 'cobertura',
  recognises: (head) => {
    const root = rootOf(head);
    return (
      root?.name === 'coverage' &&
      /\bline-rate\s*=|<packages|<sources/.test(root.rest) &&
      !root.rest.includes('<project')
    );
  },
  read: readCobertura,
};

interface Method {
  readonly name: string;
  line: number;
  hit: boolean;
}

/** The class that is being read. */
interface State {
  readonly lines: CollectedLines;
  readonly methodLines: CollectedLines;
  readonly branches: Collected;
  readonly functions: Collected;
  path: string | undefined;
  method: Method | undefined;
  hasLines: boolean;
  /** Whether no line of a branch can have come twice. */
  isAscending: boolean;
  lastBranch: number;
}

async function readCobertura(source: Source, take: Take): Promise<void> {
  await readXml(source, 'cobertura', ({ enough, wrong, line: lineOf }) => {
    const roots: string[] = [];
    let root: string | undefined;
    const state: State = {
      lines: collectLines(),
      methodLines: collectLines(),
      branches: collect(1, true),
      functions: collect(3),
      path: undefined,
      method: undefined,
      hasLines: false,
      isAscending: true,
      lastBranch: -1,
    };
    const open: XmlReader['open'] = new Map<string, (attributes: Attributes, parent: string | undefined) => void>([
      ['line', (attributes) => state.path !== undefined && openLine(state, lineOf(attributes, 'number'), attributes)],
      [
        'class',
        ({ filename = '' }) => {
          if (filename === '') throw wrong('a class without filename');
          openClass(state, filename);
        },
      ],
      ['method', (attributes) => openMethod(state, attributes)],
      [
        'source',
        (_, parent) => {
          if (parent === 'sources') root = '';
        },
      ],
    ]);
    const close: XmlReader['close'] = new Map([
      ['method', () => closeMethod(state)],
      [
        'class',
        () => {
          if (state.path !== undefined && !take({ path: state.path, roots, units: unitsOf(state) })) enough();
          state.path = undefined;
        },
      ],
      [
        'source',
        () => {
          if (root !== undefined && root.trim() !== '' && roots.length < MOST_ROOTS) roots.push(root.trim());
          root = undefined;
        },
      ],
    ]);
    const text = (piece: string) => {
      if (root !== undefined && root.length < LONGEST_ROOT) root += piece;
    };
    return { open, close, leaves: [lineLeaf(state)], text };
  });
}

const MOST_ROOTS = 1000;
const LONGEST_ROOT = 10_000;

function openClass(state: State, filename: string): void {
  state.path = filename;
  state.hasLines = false;
  state.isAscending = true;
  state.lastBranch = -1;
  for (const list of [state.lines, state.methodLines]) clearLines(list);
  for (const list of [state.branches, state.functions]) clearUnits(list);
}

function openMethod(state: State, { name = '', signature = '', hits }: Attributes): void {
  state.method = { name: `${name}${signature}`, line: 0, hit: isAboveZero(hits) };
}

function openLine(state: State, line: number, attributes: Attributes): void {
  const hit = isAboveZero(attributes['hits']) ? 1 : 0;
  const conditions = /\((\d{1,9})\/(\d{1,9})\)/.exec(attributes['condition-coverage'] ?? '');
  if (conditions === null) putLineOf(state, line, hit, 0, 0);
  else putLineOf(state, line, hit, Number(conditions[1]), Number(conditions[2]));
}

/** `<line number="7" hits="1" branch="true" condition-coverage="50% (1/2)"/>` in its plain form. */
function lineLeaf(state: State): Leaf {
  return {
    name: 'line',
    numbers: ({ attributes, run }) => {
      const conditions = attributes['condition-coverage'];
      const isPlain = conditions === undefined || /^[^(]*\(\d+\/\d+\)$/.test(conditions);
      const ofConditions = (fromEnd: number) =>
        conditions === undefined ? { value: 0 } : run('condition-coverage', fromEnd);
      return isPlain ? [run('number'), run('hits'), ofConditions(2), ofConditions(1)] : undefined;
    },
    read: (numbers) => {
      const line = numbers[0] as number;
      const covered = numbers[2] as number;
      const total = numbers[3] as number;
      if (line > LAST_LINE || covered > LARGEST || total > LARGEST) return false;
      if (state.path !== undefined) putLineOf(state, line, (numbers[1] as number) > 0 ? 1 : 0, covered, total);
      return true;
    },
  };
}

/** What {@link openLine} takes for a number of branches at most. */
const LARGEST = 999_999_999;

/** A line with `covered` of `total` branches. */
function putLineOf(state: State, line: number, hit: number, covered: number, total: number): void {
  const { method } = state;
  if (method !== undefined) {
    if (method.line === 0) method.line = line;
    method.hit ||= hit === 1;
    if (line > 0) putLine(state.methodLines, line, hit);
    return;
  }
  state.hasLines = true;
  if (line > 0) putLine(state.lines, line, hit);
  if (total === 0) return;
  if (line <= state.lastBranch) state.isAscending = false;
  state.lastBranch = line;
  putNumber(state.branches, line);
  putUnit(state.branches, Math.min(total, covered), total);
}

function closeMethod(state: State): void {
  const { method, functions } = state;
  if (method === undefined) return;
  putNumber(functions, method.line);
  putNumber(functions, hashText(method.name));
  putNumber(functions, hashText(method.name, SECOND_SEED));
  putUnit(functions, method.hit ? 1 : 0);
  state.method = undefined;
}

function unitsOf(state: State): FileUnits {
  const branches = state.branches.length > 0 ? [takeUnits(state.branches, 'cobertura', 'once')] : [];
  const hasFunctions = state.functions.length > 0;
  return {
    isPlaceholder: false,
    // Some producers give the lines of methods only.
    ...takeLines(state.hasLines ? state.lines : state.methodLines),
    branches: state.isAscending ? branches : branches.map((list) => joinUnits([list])),
    functions: hasFunctions ? [takeUnits(state.functions, 'cobertura', 'twice')] : [],
    statements: [],
    counts: {},
  };
}

const isAboveZero = (hits: string | undefined) => hits !== undefined && !hits.startsWith('-') && /[1-9]/.test(hits);
