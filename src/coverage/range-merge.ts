import type { FileUnits, Ranged, Units } from './file-units.ts';
import { firstOf } from './first-of.ts';
import {
  type Extent,
  joinNeighbours,
  lineOf,
  mergeTrees,
  type Range,
  type RangeNode,
  rangesOf,
  treeOf,
} from './range-tree.ts';
import { lengthsOf, placesOf, unitsOf } from './range-units.ts';

/** Scheme of branches that are V8's ranges, as jest, c8 and older versions of vitest write them with V8's coverage. */
export const RANGES = 'v8';

/** More ranges than this are in no file that somebody wrote. */
const MOST = 50_000;

/** Keeps the ranges of several reports side by side in `union`, for {@link settled}: two at a time they can't be joined. */
export function besideEachOther(union: Units, one: Ranged, other: Ranged): Units {
  const members = [one, other].flatMap((ranged) => ranged.ranges.members ?? [ranged]);
  return { ...union, members };
}

/**
 * A file whose ranges of several reports are joined as V8 would have given them of one run. V8 names only ranges that ran
 * another number of times than the code around them, so that a range which one report does not have has run there as
 * often as what is around it; and neighbours that ran equally often are one range. So the numbers are added by place, in
 * a tree, and neighbours are joined at the end.
 *
 * What a report does not say of a function without a name is whether it was called at all while the code around it ran.
 * Whole lines in it tell; else, where it matters, it counts as not called: the figures can be too low, not too high.
 */
export function settled(file: FileUnits): FileUnits {
  if (!file.branches.some(({ members }) => members !== undefined)) return file;
  return { ...file, branches: file.branches.map((units) => joined(units)) };
}

/** The units as they are where they are no ranges, or those of no real code. */
function joined({ members, ...units }: Units): Units {
  if (members === undefined) return units;
  const lengths = new Map(members.flatMap(({ file }) => [...lengthsOf(file)]));
  const sides = members.map(({ file, ranges }) => {
    const named = file.functions.filter(({ scheme }) => scheme === 'istanbul');
    const functions = named.flatMap((list) => placesOf(list, lengths));
    return { file, ranges: withFunctions(placesOf(ranges, lengths), functions) };
  });
  if (sides.some(({ ranges }) => ranges.length > MOST)) return units;
  const unsure = mayBeFunctions(sides);
  const trees = sides.flatMap((side) => {
    const tree = treeOf(side.ranges);
    const whole = tree === undefined ? undefined : treeOf([...side.ranges, ...notCalled(unsure, tree, side)]);
    return whole === undefined ? [] : [whole];
  });
  if (trees.length < sides.length) return units;
  return unitsOf(rangesOf(joinNeighbours(mergeTrees(trees))), units, lengths);
}

/** What one report knows of a file. */
interface Side {
  readonly file: FileUnits;
  readonly ranges: readonly Range[];
}

const nameOf = ({ start, end }: Extent) => `${start} ${end}`;

/** Ranges, and functions with a name that never ran. */
function withFunctions(ranges: readonly Counted[], functions: readonly Counted[]): readonly Range[] {
  const open = new Set(functions.map(nameOf));
  const all = ranges.map((range): Range => ({ ...range, isListed: true, isFunction: open.delete(nameOf(range)) }));
  // What is left never ran, or V8 would have listed it.
  for (const range of functions)
    if (open.delete(nameOf(range))) all.push({ ...range, count: 0, isListed: false, isFunction: true });
  return all;
}

type Counted = Extent & Pick<Range, 'count'>;

/** A range that may be a whole function. */
interface Unsure extends Extent {
  /** Whether a range in it never ran in some report that has it: only then it matters. */
  readonly hasMissed: boolean;
}

/** Ranges that ran wherever they are known, as functions do that V8 lists; outer ones first. */
function mayBeFunctions(sides: readonly Side[]): readonly Unsure[] {
  const known = new Map<string, Unsure>();
  const blocks = new Set<string>();
  const visit = (nodes: readonly RangeNode[], around: number) => {
    for (const node of nodes) {
      const [name, count] = [nameOf(node), around + node.delta];
      if (count === 0 && !node.isFunction) blocks.add(name);
      const hasMissed = known.get(name)?.hasMissed === true || (count > 0 && misses(node.children, count));
      known.set(name, { start: node.start, end: node.end, hasMissed });
      visit(node.children, count);
    }
  };
  for (const { ranges } of sides) visit(treeOf(ranges) ?? [], 0);
  const unsure = [...known].filter(([name]) => !blocks.has(name));
  return unsure.map(([, range]) => range).sort((a, b) => a.start - b.start || b.end - a.end);
}

function misses(nodes: readonly RangeNode[], around: number): boolean {
  return nodes.some(({ delta, children }) => around + delta === 0 || misses(children, around + delta));
}

/** Functions that a report does not list though the code around them ran: it would, had they been called. */
function notCalled(unsure: readonly Unsure[], tree: readonly RangeNode[], { file }: Side): readonly Range[] {
  const missing: Range[] = [];
  for (const { start, end, hasMissed } of unsure) {
    const last = missing.at(-1);
    if (last !== undefined && last.end >= end) continue;
    const place = find(tree, { start, end });
    if (place.isKnown || place.around === 0) continue;
    if (hasRun({ start, end }, file, !hasMissed)) continue;
    missing.push({ start, end, count: 0, isFunction: false, isListed: false });
  }
  return missing;
}

/** How often the code around a place ran, and whether the tree has the place or something in it. */
function find(
  tree: readonly RangeNode[],
  { start, end }: Extent,
): { readonly around: number; readonly isKnown: boolean } {
  let nodes = tree;
  for (let around = 0; ; ) {
    const first = nodes[firstEndingAfter(nodes, start)];
    if (first === undefined || first.start >= end) return { around, isKnown: false };
    const isOutside = first.start <= start && first.end >= end && (first.start < start || first.end > end);
    if (!isOutside) return { around, isKnown: true };
    around += first.delta;
    nodes = first.children;
  }
}

function firstEndingAfter(nodes: readonly RangeNode[], position: number): number {
  return firstOf(nodes.length, (index) => (nodes[index]?.end ?? 0) > position);
}

/** Whether whole lines in a place ran in a report that says nothing else of it; `fallback` where it has none. */
function hasRun({ start, end }: Extent, { lines, hits }: FileUnits, fallback: boolean): boolean {
  if (lines === undefined) return fallback;
  const first = firstOf(lines.length, (index) => (lines[index] ?? 0) > lineOf(start));
  const behind = firstOf(lines.length, (index) => (lines[index] ?? 0) >= lineOf(end));
  return first < behind ? hits.subarray(first, behind).includes(1) : fallback;
}
