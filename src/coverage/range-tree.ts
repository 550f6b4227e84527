import { LAST_LINE } from './formats/lines.ts';

/** A place in a source file as one number, so that places can be compared: the line, then the column plus 1. */
export type Position = number;

const COLUMNS = 2 ** 26;

/** What stands for a column that is not there, or is before the first one of the line. */
export const NO_COLUMN = 0xffffffff;

/** @param column from 0; what stands for none lies before column 0 */
export function positionOf(line: number, column: number): Position {
  return Math.min(line, LAST_LINE) * COLUMNS + (column === NO_COLUMN ? 0 : Math.min(column + 1, COLUMNS - 1));
}

export function lineOf(position: Position): number {
  return Math.floor(position / COLUMNS);
}

export function columnOf(position: Position): number {
  const column = position % COLUMNS;
  return column === 0 ? NO_COLUMN : column - 1;
}

/** A range of code and how often it ran. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
  readonly count: number;
  /** Whether it is known to be a whole function. */
  readonly isFunction: boolean;
  /** Whether it counts as a branch: V8 does not say it of functions that never ran. */
  readonly isListed: boolean;
}

export type Extent = Pick<Range, 'start' | 'end'>;

/** A range among those in which it lies; no two beside each other overlap. */
export interface RangeNode extends Omit<Range, 'count'> {
  /** How much more often it ran than what is around it. */
  readonly delta: number;
  /** Those in it, by their start. */
  readonly children: readonly RangeNode[];
}

/** Deeper than any code is nested. */
const DEEPEST = 500;

/** The ranges of one file as a tree; undefined when they are nested deeper than code can be. */
export function treeOf(ranges: readonly Range[]): readonly RangeNode[] | undefined {
  type Growing = RangeNode & { readonly count: number; readonly children: Growing[] };
  const roots: Growing[] = [];
  const open: Growing[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start || b.end - a.end)) {
    let around = open.at(-1);
    for (; around !== undefined && around.end <= range.start; around = open.at(-1)) open.pop();
    if (open.length > DEEPEST) return undefined;
    // Mapped back to what somebody wrote, ranges can be empty, or end behind the one in which they begin.
    const end = Math.min(Math.max(range.end, range.start + 1), around?.end ?? Number.POSITIVE_INFINITY);
    const node = { ...range, end, delta: range.count - (around?.count ?? 0), children: [] };
    (around?.children ?? roots).push(node);
    open.push(node);
  }
  return roots;
}

/** The ranges that count as branches, outer ones first. */
export function rangesOf(nodes: readonly RangeNode[], around = 0): Range[] {
  return nodes.flatMap(({ children, delta, ...range }) => {
    const own = { ...range, count: around + delta };
    return [...(range.isListed ? [own] : []), ...rangesOf(children, own.count)];
  });
}

/**
 * Trees of one place as one, the numbers of which are the sums. As in V8's own tools a place that one tree has and
 * another has not is one where that ran as often as around it; ranges that overlap are cut.
 */
export function mergeTrees(lists: readonly (readonly RangeNode[])[], depth = 0): readonly RangeNode[] {
  const [only] = lists;
  if (only !== undefined && lists.length === 1) return only;
  if (depth > DEEPEST) return lists.flat();
  const rests = lists.map((list) => [...list].reverse());
  const merged: RangeNode[] = [];
  for (;;) {
    const firsts = rests.flatMap((rest) => rest.at(-1) ?? []);
    if (firsts.length === 0) return merged;
    const start = Math.min(...firsts.map((first) => first.start));
    const end = Math.max(...firsts.filter((first) => first.start === start).map((first) => first.end));
    const groups = rests.map((rest) => takeUntil(rest, end)).filter((group) => group.length > 0);
    merged.push(mergeGroup(groups, { start, end }, depth));
  }
}

/** Takes the nodes that begin before `end`, as far as they reach to it. */
function takeUntil(rest: RangeNode[], end: Position): readonly RangeNode[] {
  const taken: RangeNode[] = [];
  for (let first = rest.at(-1); first !== undefined && first.start < end; first = rest.at(-1)) {
    rest.pop();
    if (first.end <= end) taken.push(first);
    else {
      const [left, right] = cut(first, end);
      // Source maps of low resolution put the end of a range one column behind the start of its neighbour.
      if (end - first.start > 1) taken.push(left);
      rest.push(right);
    }
  }
  return taken;
}

function cut(node: RangeNode, at: Position): readonly [RangeNode, RangeNode] {
  const halves = node.children.map((child) => {
    if (child.end <= at) return [[child], []];
    return child.start >= at ? [[], [child]] : cut(child, at).map((half) => [half]);
  });
  const [left, right] = [halves.flatMap(([half = []]) => half), halves.flatMap(([, half = []]) => half)];
  return [
    { ...node, end: at, children: left },
    { ...node, start: at, children: right },
  ];
}

/** What several trees have in one place: each has it as one node, or has what lies in it. */
function mergeGroup(groups: readonly (readonly RangeNode[])[], place: Extent, depth: number): RangeNode {
  const nodes = groups.map((group): RangeNode => {
    const [only, ...others] = group;
    const isPlace = only !== undefined && others.length === 0 && only.start === place.start && only.end === place.end;
    return isPlace ? only : { ...place, delta: 0, isFunction: false, isListed: false, children: group };
  });
  return {
    ...place,
    delta: nodes.reduce((sum, { delta }) => sum + delta, 0),
    isFunction: nodes.some(({ isFunction }) => isFunction),
    isListed: nodes.some(({ isListed }) => isListed),
    children: mergeTrees(
      nodes.map(({ children }) => children).filter((children) => children.length > 0),
      depth + 1,
    ),
  };
}

/** Neighbours that ran equally often as one range, and a range with one of the same place in it as one. */
export function joinNeighbours(nodes: readonly RangeNode[]): readonly RangeNode[] {
  const joined: RangeNode[] = [];
  for (const node of nodes) {
    const before = joined.at(-1);
    if (before !== undefined && isChain(before, node))
      joined[joined.length - 1] = { ...before, end: node.end, children: [...before.children, ...node.children] };
    else joined.push(node);
  }
  return joined.map((node) => {
    const children = joinNeighbours(node.children);
    const [only, ...others] = children;
    const isSame = only?.start === node.start && only.end === node.end && others.length === 0 && !only.isFunction;
    return isSame ? { ...node, delta: node.delta + only.delta, children: only.children } : { ...node, children };
  });
}

function isChain(before: RangeNode, node: RangeNode): boolean {
  if (before.end !== node.start || before.delta !== node.delta) return false;
  return before.isListed && node.isListed && !before.isFunction && !node.isFunction;
}
