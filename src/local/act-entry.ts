import { type ActName, readActName } from './act-name.ts';

/** Where in a run a line of act's log belongs. */
export interface Place extends ActName {
  /** Values of the matrix leg; none without a matrix. */
  readonly leg: Readonly<Record<string, unknown>>;
  /** Empty outside of steps. */
  readonly stepId: string;
  readonly stage: 'pre' | 'main' | 'post';
}

/** What one line of `act --json` says. */
export type ActItem =
  | { readonly kind: 'complaint'; readonly text: string }
  | { readonly kind: 'job-end'; readonly place: Place; readonly result: string }
  | { readonly kind: 'step-start'; readonly place: Place; readonly name: string }
  | { readonly kind: 'step-end'; readonly place: Place; readonly result: string; readonly durationMs: number }
  | { readonly kind: 'tolerated'; readonly place: Place }
  | { readonly kind: 'output'; readonly place: Place; readonly name: string; readonly value: string }
  | { readonly kind: 'summary'; readonly place: Place; readonly markdown: string }
  | { readonly kind: 'line'; readonly place: Place; readonly text: string; readonly isFault?: boolean }
  | { readonly kind: 'nothing'; readonly place?: Place; readonly isFault?: boolean };

interface Entry {
  readonly job?: string;
  readonly level?: string;
  readonly msg?: string;
  readonly matrix?: Readonly<Record<string, unknown>>;
  readonly step?: string;
  readonly stage?: string;
  readonly stepID?: readonly string[];
  readonly stepResult?: string;
  readonly jobResult?: string;
  /** Nanoseconds. */
  readonly executionTime?: number;
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly content?: string;
  readonly raw_output?: boolean;
}

/** Reads one line of `act --json` (act 0.2.89: pkg/runner/logger.go, step.go, command.go). */
export function readActLine(line: string): ActItem {
  const entry = parseEntry(line);
  if (entry === undefined) return line.trim() === '' ? { kind: 'nothing' } : { kind: 'complaint', text: line.trim() };
  const name = readActName(entry.job ?? '');
  if (name === undefined) {
    return entry.job === undefined && isComplaint(entry)
      ? { kind: 'complaint', text: entry.msg ?? '' }
      : { kind: 'nothing' };
  }
  const place = placeOf(entry, name);
  if (entry.jobResult !== undefined) return { kind: 'job-end', place, result: entry.jobResult };
  const isNested = (entry.stepID?.length ?? 0) > 1;
  return (isNested || place.stepId === '' ? undefined : ofStep(entry, place)) ?? ofOutput(entry, place);
}

function placeOf(entry: Entry, name: ActName): Place {
  const stage = entry.stage?.toLowerCase();
  return {
    ...name,
    leg: entry.matrix ?? {},
    stepId: entry.stepID?.[0] ?? '',
    stage: stage === 'pre' || stage === 'post' ? stage : 'main',
  };
}

function parseEntry(line: string): Entry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Entry;
  } catch {
    // Not a line of act's log: a message of Go's runtime, for one. It is kept as a complaint.
    return undefined;
  }
}

function isComplaint({ level, command }: Entry): boolean {
  return command === undefined && (level === 'error' || level === 'fatal' || level === 'panic');
}

/** Beginning, end and outputs of a step of the workflow; those of a composite action's own steps are lines of it. */
function ofStep(entry: Entry, place: Place): ActItem | undefined {
  if (entry.msg?.startsWith('⭐ Run ') === true) return { kind: 'step-start', place, name: (entry.step ?? '').trim() };
  if (entry.command === 'set-output') return { kind: 'output', place, name: entry.name ?? '', value: entry.arg ?? '' };
  if (entry.stepResult !== undefined) {
    const durationMs = Math.round((entry.executionTime ?? 0) / 1e6);
    return { kind: 'step-end', place, result: entry.stepResult, durationMs };
  }
  return entry.msg === 'Failed but continue next step' ? { kind: 'tolerated', place } : undefined;
}

function ofOutput(entry: Entry, place: Place): ActItem {
  const { command, msg: message = '' } = entry;
  if (entry.raw_output === true) return { kind: 'line', place, text: message };
  if (command === undefined) {
    // "exitcode '1': failure" says what the failed step says already.
    const isFault = isComplaint(entry);
    const isNews = isFault && !/^exit(code| status)/.test(message);
    // A step of a composite action may fail while the action goes on.
    const own = { isFault: isFault && (entry.stepID?.length ?? 0) <= 1 };
    return isNews ? { kind: 'line', place, text: message, ...own } : { kind: 'nothing', place, ...own };
  }
  if (command === 'summary') return { kind: 'summary', place, markdown: entry.content ?? '' };
  // Of a container or a composite action: act's own reading of a command breaks at the last `::`, so the text, behind a
  // pictogram, is read again. Only of a mask nothing but the value is left.
  if (command === 'add-mask') return { kind: 'line', place, text: `::add-mask::${encoded(entry.arg ?? '')}` };
  const printed = message.replace(/^\s*\P{ASCII}+\s*/u, '');
  return printed.startsWith('::') ? { kind: 'line', place, text: printed } : { kind: 'nothing', place };
}

function encoded(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
