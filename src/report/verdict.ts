import { ConfigurationError, type Fault, type PipelineError, ProjectFailure } from '../runtime/errors.ts';
import { durationText } from '../runtime/kinds.ts';
import type { Definition } from './definition.ts';
import type { Failing, Line } from './line.ts';
import { plain } from './plain.ts';
import type { ReportedProblem } from './results.ts';

/** How many lines a sentence names before it says "and N more". */
const NAMED = 3;
/** Faults shown as annotations: GitHub keeps ten errors a step. */
const FAULTS = 9;

/**
 * The verdict as one plain sentence without a full stop, the worst first: "Not done: test failed in packages/api".
 * Foreign texts in it are on one line and short.
 */
export function headlineOf(definition: Definition): string {
  const { lines, isDone, isNothingToDo, notChecked } = definition;
  if (isNothingToDo && isDone) {
    const reason = lines.find(({ state, detail }) => state === 'nothing-to-do' && detail !== '')?.detail;
    return `Nothing to do: ${reason === undefined ? 'no job of this run had any work' : plain(reason, 200)}`;
  }
  if (!isDone) {
    const failed = lines.filter(({ state }) => state === 'failed').map(failedPhrase);
    const cancelled = lines.filter(({ state }) => state === 'cancelled');
    const without = openLines(definition).map(missingPhrase);
    const parts = [...failed];
    if (cancelled.length > 0) parts.push(cancelledPhrase(cancelled));
    return `Not done: ${joined([...parts, ...without])}`;
  }
  const open = [...notChecked.map(({ subject }) => subject), ...namesOf(lines, 'not-checked')];
  if (!lines.some(({ state, name }) => state === 'done' && name !== 'setup')) return 'Done, and nothing was checked';
  return open.length === 0 ? 'Done' : `Done, not checked: ${joined(open.map((subject) => plain(subject, 60)))}`;
}

function namesOf(lines: readonly Line[], state: Line['state']): string[] {
  return lines.filter((line) => line.state === state).map(({ name }) => name);
}

function failedPhrase(line: Line): string {
  const name = plain(line.name, 60);
  if (line.faults !== undefined) return `${name} handed over no usable results`;
  const failing = line.failing ?? [];
  const verb = failing.length > 0 && failing.every(({ isTimeout }) => isTimeout) ? 'timed out' : 'failed';
  const folders = failing.flatMap(({ directory }) => (directory === undefined ? [] : [placeName(directory)]));
  const where = [...new Set(folders)];
  return where.length === 0 ? `${name} ${verb}` : `${name} ${verb} in ${joined(where)}`;
}

function placeName(directory: string): string {
  return directory === '.' ? 'the root' : plain(directory, 80);
}

function cancelledPhrase(lines: readonly Line[]): string {
  return `${joined(lines.map(({ name }) => plain(name, 60)))} ${lines.length === 1 ? 'was' : 'were'} cancelled`;
}

function missingPhrase({ name, state }: Line): string {
  const what = plain(name, 60);
  if (state === 'not-configured') return `${what} is required and not configured`;
  if (state === 'not-checked') return `${what} is required and not checked`;
  return `${what} has no result`;
}

/** "a, b, c and 2 more". */
export function joined(parts: readonly string[]): string {
  const named = parts.slice(0, NAMED);
  const more = parts.length - named.length;
  if (more > 0) return `${named.join(', ')} and ${more} more`;
  return named.length < 2 ? named.join('') : `${named.slice(0, -1).join(', ')} and ${named.at(-1) ?? ''}`;
}

/** `src/app.ts:12`, or the file alone. */
export function placeOf({ file, line }: ReportedProblem): string {
  return line === undefined ? file : `${file}:${line}`;
}

function isRed({ state }: Line): boolean {
  return state === 'failed' || state === 'cancelled';
}

/** Lines without a result for no reason that a red line tells. */
function openLines({ lines, missing }: Definition): readonly Line[] {
  const open = lines.filter((line) => missing.includes(line.name) && !isRed(line));
  return lines.some(isRed) ? open.filter(({ state }) => state !== 'not-run') : open;
}

/** The verdict and every line as plain text for the log, each on one line. */
export function logLines(definition: Definition): readonly string[] {
  const rows = definition.lines.map(({ name, state, detail, duration, failing = [] }) => {
    const [problem] = failing.flatMap(({ problems }) => problems);
    const why =
      problem === undefined ? plain(detail, 160) : `${plain(placeOf(problem), 160)} ${plain(problem.message, 160)}`;
    const time = duration === undefined || state === 'not-run' ? '' : ` (${durationText(duration)})`;
    return `${plain(name, 40).padEnd(12)} ${state.replaceAll('-', ' ')}${time}${why === '' ? '' : `  ${why}`}`;
  });
  const open = definition.notChecked.map(({ subject, reason }) => {
    return `${plain(subject, 40).padEnd(12)} not checked  ${plain(reason, 160)}`;
  });
  return [headlineOf(definition), ...rows, ...open];
}

/**
 * Why the run is not done; undefined when it is. Each red line is one fault with its first errors and its command.
 *
 * @param night what comes first when a delivery has failed: the first fault says it as the state of things
 */
export function failureOf(
  definition: Definition,
  night: readonly (readonly [name: string, text: string])[] = [],
): PipelineError | undefined {
  if (definition.isDone) return undefined;
  const failed = definition.lines.filter(({ state }) => state === 'failed');
  const cancelled = definition.lines.filter(({ state }) => state === 'cancelled');
  const open = openLines(definition);
  const faults = [
    ...failed.flatMap((line) => line.faults ?? [line.cause ?? failedFault(line)]),
    ...(cancelled.length === 0 ? [] : [cancelledFault(cancelled)]),
    ...open.flatMap(({ cause }) => (cause === undefined ? [] : [cause])),
    ...(open.every(hasCause) ? [] : [openFault(open.filter((line) => !hasCause(line)))]),
  ];
  const more = faults.length - FAULTS;
  const [first, ...rest] = faults.slice(0, FAULTS);
  if (first === undefined) throw new TypeError('a run that is not done has a line that says why');
  const what = `not done: ${first.what}${more > 0 ? ` (and ${more} more, in the summary)` : ''}`;
  const state = night.map(([name, line]) => `${name}: ${plain(line, 400)}`).join('; ');
  const told: readonly Fault[] = [{ ...first, what, ...(state === '' ? {} : { state }) }, ...rest];
  const isHandover = [...failed, ...cancelled, ...open].every((line) => line.faults !== undefined);
  return isHandover ? new ConfigurationError(told) : new ProjectFailure(told);
}

function hasCause({ cause }: Line): boolean {
  return cause !== undefined;
}

function cancelledFault(lines: readonly Line[]): Fault {
  const [first] = lines;
  const why = first === undefined || first.detail === '' ? '' : `, ${plain(first.detail, 200)}`;
  return {
    code: 'PIPE-REPORT-006',
    what: `${cancelledPhrase(lines)}${why}`,
    remedy: 'run it again; when its time was up, raise `timeout` or look for what hangs',
  };
}

function openFault(lines: readonly Line[]): Fault {
  const details = [...new Set(lines.map(({ detail }) => detail))].filter((detail) => detail !== '');
  const isPromised = lines.every((line) => line.isPromised === true);
  return {
    code: 'PIPE-REPORT-003',
    what: joined(lines.map(missingPhrase)),
    ...(details.length === 1 ? { given: plain(details[0] ?? '', 200) } : {}),
    accepted: 'a result for every line that the plan promised or that `require` names',
    remedy: isPromised
      ? 'the log of the job that runs the gate says why it ended without them'
      : 'add what these lines need, or take them out of `require`',
  };
}

function failedFault(line: Line): Fault {
  const failing = line.failing ?? [];
  const problems = failing.flatMap((one) => one.problems).slice(0, NAMED);
  const found = problems.map((problem) => `${plain(placeOf(problem), 200)} ${plain(problem.message, 200)}`).join('; ');
  const [first] = failing;
  const reason = first === undefined ? line.detail : first.reason;
  return {
    code: 'PIPE-REPORT-002',
    what: `${failedPhrase(line)}: ${found === '' ? plain(reason, 200) : found}`,
    ...(first === undefined ? {} : { remedy: remedyFor(first) }),
  };
}

function remedyFor({ command, directory }: Failing): string {
  if (command === undefined) return 'the log of the job has the command and everything it printed';
  const where = directory === undefined || directory === '.' ? '' : ` in ${plain(directory, 80)}`;
  return `run \`${plain(command, 200)}\`${where}; it is the same command`;
}
