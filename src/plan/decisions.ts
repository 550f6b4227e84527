import type { Draft } from './draft.ts';
import type { Wait } from './local-order.ts';
import type { Remark } from './package-tasks.ts';
import { namedList } from './paths.ts';
import { type Decision, type NotChecked, TASK_KINDS } from './types.ts';

/** A decision about one package. */
interface Line {
  readonly subject: string;
  readonly decision: string;
  readonly reason: string;
  readonly directory: string;
}

/** What is said of one kind of task stands together, in the order of the kinds. */
const SUBJECTS: readonly string[] = TASK_KINDS;

/** Longest text of a decision, in UTF-16 units. */
const LONGEST = 400;

/**
 * One line a decision: what is the same for several packages stands in one line with their folders.
 *
 * @param isWorkspace whether folders have to be named at all
 */
export function decisionsOf(
  drafts: readonly Draft[],
  remarks: readonly Remark[],
  waits: readonly Wait[],
  options: { readonly isWorkspace: boolean; readonly focus: string },
): readonly Decision[] {
  const lines = [
    ...drafts.map(taskLine),
    ...remarks,
    ...waits.map(({ task, waitsFor, reason }) => {
      return { subject: task.kind, decision: `waits for ${waitsFor.kind}`, reason, directory: task.directory };
    }),
  ];
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const key = JSON.stringify([line.subject, line.decision, line.reason]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  const rank = ([first]: readonly Line[]) => SUBJECTS.indexOf(first?.subject ?? '') + 1 || SUBJECTS.length + 1;
  return [...groups.values()]
    .sort((left, right) => rank(left) - rank(right))
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const folders = [...new Set(group.map(({ directory }) => directory))].sort();
      const isOwn = folders.length === 1 && folders[0] === options.focus;
      const place = options.isWorkspace && !isOwn ? ` in ${namedList(folders)}` : '';
      return [{ subject: first.subject, decision: `${first.decision}${place}`, reason: first.reason }];
    });
}

function taskLine({ kind, display, reason, directory, coversWorkspace }: Draft): Line {
  const scope = coversWorkspace ? ' for the whole workspace' : '';
  return { subject: kind, decision: `\`${display}\`${scope}`, reason, directory };
}

/** What no task checks, the same of several packages once. */
export function notCheckedOf(remarks: readonly Remark[]): readonly NotChecked[] {
  const groups = new Map<string, { readonly notChecked: NotChecked; readonly folders: string[] }>();
  for (const { notChecked, directory } of remarks) {
    if (notChecked === undefined) continue;
    const key = JSON.stringify([notChecked.subject, notChecked.reason]);
    const group = groups.get(key) ?? { notChecked, folders: [] };
    if (!group.folders.includes(directory)) group.folders.push(directory);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ notChecked, folders }) => {
    const isRootOnly = folders.length === 1 && folders[0] === '.';
    const place = isRootOnly ? '' : ` in ${namedList(folders)}`;
    return { subject: `${notChecked.subject}${place}`, reason: notChecked.reason };
  });
}

/** A decision whose texts hold nothing that a log or a terminal would take for more than text. */
export function plainDecision({ subject, decision, reason }: Decision): Decision {
  return { subject: plain(subject), decision: plain(decision), reason: plain(reason) };
}

/** The same for something that is not checked. */
export function plainEntry({ subject, reason }: NotChecked): NotChecked {
  return { subject: plain(subject), reason: plain(reason) };
}

function plain(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return cut.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A decision as one line: `typecheck: `tsc --noEmit` (tsconfig.json, no script)`. */
export function decisionLine({ subject, decision, reason }: Decision): string {
  return reason === '' ? `${subject}: ${decision}` : `${subject}: ${decision} (${reason})`;
}
