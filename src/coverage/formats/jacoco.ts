import type { FileUnits } from '../file-units.ts';
import { joinUnits, NOTHING } from '../merge.ts';
import type { Format, SourceFile, Take } from './format.ts';
import { type CollectedLines, clearLines, collectLines, LAST_LINE, putLine, takeLines } from './lines.ts';
import type { Source } from './source.ts';
import {
  type Collected,
  clearUnits,
  collect,
  hashText,
  putNumber,
  putUnit,
  SECOND_SEED,
  sumOf,
  takeUnits,
} from './units.ts';
import { numberOf, readXml, rootOf, type XmlReader, type XmlTools } from './xml.ts';
import type { Leaf } from './xml-leaves.ts';
import type { Attributes } from './xml-shapes.ts';

/** Folders in which sources lie by package, below a project or a module of it. */
const SOURCE_FOLDERS = ['src/main/java', 'src/main/kotlin', 'src/main/scala', 'src/main/groovy', 'src', ''];

/**
 * JaCoCo's XML (report.dtd). Statements are its instructions, branches its branches, functions its methods, lines its
 * lines. Lines have only numbers of instructions and branches, so of two reports the larger number of a line counts;
 * what a file's counters have beyond its lines (code without line numbers) is one more unit, at line 0.
 */
export const jacoco: Format = {
  name: 'jacoco',
  title: 'JaCoCo',
  recognises: (head) => {
    const root = rootOf(head);
    return root?.name === 'report' && /<(?:sessioninfo|group|package|counter)\b/.test(root.rest);
  },
  read: readJacoco,
};

/** Where in the report the reader is. */
interface State {
  readonly lines: CollectedLines;
  readonly instructions: Collected;
  readonly branches: Collected;
  readonly groups: string[];
  packageName: string;
  className: string;
  classFile: string | undefined;
  method: string;
  /** Methods of the package's classes by source file: classes come first, then the files. */
  methods: Map<string, Collected>;
  file: string | undefined;
}

async function readJacoco(source: Source, take: Take): Promise<void> {
  await readXml(source, 'JaCoCo', (tools) => {
    const state: State = {
      lines: collectLines(),
      instructions: collect(1, true),
      branches: collect(1, true),
      groups: [],
      packageName: '',
      className: '',
      classFile: undefined,
      method: '',
      methods: new Map(),
      file: undefined,
    };
    const closeFile = () => {
      if (state.file !== undefined && !take(fileOf(state, state.file))) tools.enough();
      state.file = undefined;
    };
    return {
      open: openings(state, tools),
      leaves: leavesOf(state),
      close: new Map<string, () => void>([
        ['group', () => void state.groups.pop()],
        ['sourcefile', closeFile],
      ]),
    };
  });
}

function openings(state: State, tools: XmlTools): XmlReader['open'] {
  return new Map<string, (attributes: Attributes, parent: string | undefined) => void>([
    ['line', (attributes) => openLine(state, tools, attributes)],
    ['counter', (attributes, parent) => openCounter(state, tools, attributes, parent)],
    ['group', ({ name = '' }) => void state.groups.push(name)],
    [
      'package',
      ({ name = '' }) => {
        state.packageName = name;
        state.methods = new Map();
      },
    ],
    [
      'class',
      ({ name = '', sourcefilename }) => {
        state.className = name;
        state.classFile = sourcefilename;
      },
    ],
    [
      'method',
      ({ name = '', desc = '' }) => {
        state.method = `${state.className}.${name}${desc}`;
      },
    ],
    [
      'sourcefile',
      ({ name = '' }) => {
        if (name === '') throw tools.wrong('a sourcefile without name');
        state.file = name;
        clearLines(state.lines);
        clearUnits(state.instructions);
        clearUnits(state.branches);
      },
    ],
  ]);
}

/** Lines and the counters that count nothing here, in their plain form. */
function leavesOf(state: State): Leaf[] {
  return [
    {
      name: 'line',
      numbers: ({ run }) => ['nr', 'mi', 'ci', 'mb', 'cb'].map((name) => run(name)),
      read: (numbers) => {
        const [line = 0, mi = 0, ci = 0, mb = 0, cb = 0] = numbers;
        if (line > LAST_LINE || Math.max(mi, ci, mb, cb) > LARGEST) return false;
        if (state.file !== undefined) putLineOf(state, line, ci, mi, cb, mb);
        return true;
      },
    },
    {
      name: 'counter',
      numbers: ({ attributes: { type } }) => (type === undefined ? undefined : [{ value: type === 'METHOD' ? 1 : 0 }]),
      // Taken without a look where it counts nothing.
      read: (numbers, parent) => !(parent === 'method' ? numbers[0] === 1 : parent === 'sourcefile'),
    },
  ];
}

function numberIn({ wrong }: XmlTools, attributes: Attributes, name: string): number {
  const value = numberOf(attributes[name], 0);
  if (Number.isNaN(value) || value > LARGEST) throw wrong(`${name} is no number of JaCoCo's`);
  return value;
}

/** Two of them fit 32 bits. */
const LARGEST = 2_000_000_000;

function openLine(state: State, tools: XmlTools, attributes: Attributes): void {
  if (state.file === undefined) return;
  const line = tools.line(attributes, 'nr');
  const [mi = 0, ci = 0, mb = 0, cb = 0] = ['mi', 'ci', 'mb', 'cb'].map((name) => numberIn(tools, attributes, name));
  putLineOf(state, line, ci, mi, cb, mb);
}

/** A line with its instructions and branches, covered and missed. */
function putLineOf(state: State, line: number, ci: number, mi: number, cb: number, mb: number): void {
  if (line > 0) putLine(state.lines, line, ci > 0 ? 1 : 0);
  put(state.instructions, line, ci, mi);
  if (mb + cb > 0) put(state.branches, line, cb, mb);
}

function openCounter(state: State, tools: XmlTools, attributes: Attributes, parent: string | undefined): void {
  const { type } = attributes;
  const [missed, covered] = [numberIn(tools, attributes, 'missed'), numberIn(tools, attributes, 'covered')];
  if (parent === 'method' && type === 'METHOD' && state.classFile !== undefined) {
    const list = state.methods.get(state.classFile) ?? collect(2);
    state.methods.set(state.classFile, list);
    putNumber(list, hashText(state.method));
    putNumber(list, hashText(state.method, SECOND_SEED));
    putUnit(list, covered > 0 ? 1 : 0);
  } else if (parent === 'sourcefile' && (type === 'INSTRUCTION' || type === 'BRANCH')) {
    const list = type === 'INSTRUCTION' ? state.instructions : state.branches;
    const known = sumOf(list);
    const [more, moreMissed] = [covered - known.covered, missed - known.missed];
    if (more < 0 || moreMissed < 0) throw tools.wrong(`the ${type} counter of a file is below the sum of its lines`);
    if (more + moreMissed > 0) put(list, 0, more, moreMissed);
  }
}

function fileOf(state: State, file: string): SourceFile {
  const functions = state.methods.get(file);
  const units: FileUnits = {
    ...NOTHING,
    ...takeLines(state.lines),
    branches: [joinUnits([takeUnits(state.branches, 'jacoco', 'once')])],
    functions: functions === undefined ? [] : [takeUnits(functions, 'jacoco', 'twice')],
    statements: [joinUnits([takeUnits(state.instructions, 'jacoco', 'once')])],
  };
  const { groups, packageName } = state;
  // A group is a module; its name is mostly that of its folder, or of the last part of it.
  const modules = groups.length > 0 ? [`${groups.join('/')}/`, `${groups.at(-1) ?? ''}/`, ''] : [''];
  const roots = modules.flatMap((module) => SOURCE_FOLDERS.map((folder) => `${module}${folder}`));
  return { path: packageName === '' ? file : `${packageName}/${file}`, roots, units };
}

function put(list: Collected, line: number, covered: number, missed: number): void {
  putNumber(list, line);
  putUnit(list, covered, covered + missed);
}
