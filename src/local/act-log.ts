import { type ActItem, type Place, readActLine } from './act-entry.ts';
import { type Command, parseCommand } from './commands.ts';
import { DEPLOYMENT_STEP } from './deployments.ts';
import { createJobOutput, type JobOutput } from './job-output.ts';
import { namesOf } from './leg-name.ts';
import { type Masker, withoutColours } from './masking.ts';
import { legKey } from './matrix-job.ts';
import type { OutputFiles } from './output-files.ts';
import type { PlannedJob } from './plan.ts';
import type { Annotation, Conclusion, LogGroup, RunEvent, StepResult, Summary } from './run-types.ts';

/** What act's log tells of one job, or one leg of a matrix. */
export interface LoggedJob {
  readonly planned: PlannedJob;
  readonly id: string;
  readonly name: string;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly conclusion: Conclusion | undefined;
  readonly steps: readonly StepResult[];
}

export interface ActLog {
  /** Takes one line of `act --json`. */
  readonly line: (text: string) => void;
  /** Takes what steps have printed since the last time. */
  readonly readOutput: () => void;
  readonly jobs: () => readonly LoggedJob[];
  readonly annotations: readonly Annotation[];
  readonly summaries: readonly Summary[];
  /** Everything printed, masked. */
  readonly text: () => string;
  /** What act says for itself, outside of any job. */
  readonly complaints: readonly string[];
}

interface OpenStep {
  readonly id: string;
  /** The job that it is of, and the leg of its matrix. */
  readonly job: OpenJob;
  readonly leg: string;
  readonly startedAt: number;
  readonly name: string;
  readonly stage: StepResult['stage'];
  conclusion: Conclusion;
  durationMs: number;
  isTolerated: boolean;
  readonly outputs: Record<string, string>;
  readonly lines: string[];
  readonly groups: LogGroup[];
  /** The group that the next line belongs to. */
  group: { readonly from: number; hasFailed: boolean } | undefined;
}

interface OpenJob {
  readonly planned: PlannedJob;
  readonly id: string;
  readonly name: string;
  readonly startedAt: number;
  endedAt: number | undefined;
  conclusion: Conclusion | undefined;
  readonly steps: Map<string, OpenStep>;
  readonly leg: string;
  /** That of all legs of the job. */
  readonly output: JobOutput<OpenStep>;
  /** True when act has said what went wrong: it calls every leg failed that ends after one that is. */
  isFaulty: boolean;
  /** Set while workflow commands are stopped. */
  resumeToken: string | undefined;
}

/** All that is known so far. */
interface State {
  readonly planned: readonly PlannedJob[];
  readonly masker: Masker;
  readonly emit: (event: RunEvent) => void;
  readonly output: Pick<OutputFiles, 'read' | 'marker'>;
  readonly isCancelled: () => boolean;
  readonly jobs: Map<string, OpenJob>;
  readonly annotations: Annotation[];
  readonly summaries: Summary[];
  readonly complaints: string[];
  readonly text: string[];
}

/**
 * Reads act's log and what steps print into results, and tells `emit` what happens as it happens. Every text is masked.
 *
 * @param output what the job's steps print.
 * @param signal aborted when the run is cancelled.
 */
export function createActLog(
  planned: readonly PlannedJob[],
  masker: Masker,
  emit: (event: RunEvent) => void,
  output: Pick<OutputFiles, 'read' | 'marker'>,
  signal?: AbortSignal,
): ActLog {
  const state: State = {
    ...{ planned, masker, emit, output, isCancelled: () => signal?.aborted === true, jobs: new Map() },
    ...{ annotations: [], summaries: [], complaints: [], text: [] },
  };
  return {
    line: (line) => take(readActLine(line), state),
    readOutput: () => {
      for (const job of state.jobs.values())
        if (job.endedAt === undefined) job.output.push(state.output.read(job.planned.key));
    },
    annotations: state.annotations,
    summaries: state.summaries,
    complaints: state.complaints,
    jobs: () => [...state.jobs.values()].map((job) => ({ ...job, steps: [...job.steps.values()].map(closed) })),
    text: () => state.text.join('\n'),
  };
}

function take(item: ActItem, state: State): void {
  if (item.kind === 'complaint') state.complaints.push(state.masker.mask(item.text));
  if (item.kind === 'complaint' || item.place === undefined) return;
  const job = state.jobs.get(item.place.key) ?? openJob(item.place, state);
  if (job === undefined) return;
  if ('isFault' in item && item.isFault === true) job.isFaulty = true;
  // What the step has printed comes before what act says of its end.
  job.output.push(state.output.read(job.planned.key));
  if (item.place.stepId === DEPLOYMENT_STEP) return;
  if (item.kind === 'job-end') endJob(job, item.result, state);
  else if (item.kind === 'step-start') startStep(job, item.place, item.name, state);
  else inStep(item, job, state);
}

function openJob(place: Place, state: State): OpenJob | undefined {
  const planned = state.planned.find(({ key }) => key === place.jobKey);
  if (planned === undefined) return undefined;
  const { id, name } = namesOf(planned, place);
  const sameId = [...state.jobs.values()].some((other) => other.id === id);
  const others = legsOf(planned, state);
  const job: OpenJob = {
    planned,
    id: sameId ? `${id} (${others.length + 1})` : id,
    name: state.masker.mask(name),
    startedAt: Date.now(),
    endedAt: undefined,
    conclusion: undefined,
    steps: new Map(),
    leg: legKey(place.leg),
    output:
      others[0]?.output ?? createJobOutput(state.output.marker, (step, line) => takeLine(step.job, step, line, state)),
    isFaulty: false,
    resumeToken: undefined,
  };
  state.jobs.set(place.key, job);
  if (!planned.isCall) state.emit({ kind: 'job-start', job: job.id, name: job.name });
  return job;
}

function legsOf(planned: PlannedJob, state: State): readonly OpenJob[] {
  return [...state.jobs.values()].filter((job) => job.planned === planned);
}

function endJob(job: OpenJob, result: string, state: State): void {
  job.output.close(job.leg);
  const hasFailedBefore = legsOf(job.planned, state).some((leg) => leg !== job && leg.conclusion === 'failure');
  const isGood = result === 'success' || (hasFailedBefore && !job.isFaulty && !state.isCancelled());
  job.conclusion = result === 'skipped' ? 'skipped' : isGood ? 'success' : 'failure';
  job.endedAt = Date.now();
  if (job.planned.isCall) return;
  const durationMs = job.endedAt - job.startedAt;
  state.emit({ kind: 'job-end', job: job.id, conclusion: job.conclusion, durationMs });
}

function startStep(job: OpenJob, { stage, stepId: id }: Place, name: string, state: State): void {
  const prefix = { pre: 'Pre ', main: '', post: 'Post ' }[stage];
  const shown = state.masker.mask(`${prefix}${name === '' ? id : name}`);
  const step: OpenStep = {
    ...{ id, job, leg: job.leg, name: shown, stage, startedAt: Date.now() },
    ...{ outputs: {}, lines: [], groups: [], group: undefined },
    // Until it ends: a step that is cut off stays so.
    ...{ conclusion: 'cancelled', durationMs: 0, isTolerated: false },
  };
  job.steps.set(`${stage}/${id}`, step);
  state.text.push(`${job.id} > ${step.name}`);
  state.emit({ kind: 'step-start', job: job.id, step: id, name: step.name });
  job.resumeToken = undefined;
  job.output.started(step);
}

function inStep(item: Exclude<ActItem, { kind: 'complaint' }>, job: OpenJob, state: State): void {
  const step = item.place === undefined ? undefined : job.steps.get(`${item.place.stage}/${item.place.stepId}`);
  if (item.kind === 'line' && step === undefined) complain(job, item.text, state);
  else if (item.kind === 'line') takeLine(job, step, item.text.replace(/[\r\n]+$/, ''), state);
  else if (step === undefined) return;
  else if (item.kind === 'output') step.outputs[item.name] = item.value;
  else if (item.kind === 'tolerated') step.isTolerated = true;
  else if (item.kind === 'step-end') endStep(job, step, item, state);
  else if (item.kind === 'summary') summarise(job, step, item.markdown, state);
}

/** What goes wrong outside of any step: an action that is not there, a container that does not start. */
function complain(job: OpenJob, text: string, state: State): void {
  const annotation: Annotation = { level: 'error', job: job.id, step: '', message: state.masker.mask(text.trim()) };
  state.annotations.push(annotation);
  print(job, undefined, `error: ${text}`, state);
  state.emit({ kind: 'annotation', annotation });
}

function endStep(job: OpenJob, step: OpenStep, end: { result: string; durationMs: number }, state: State): void {
  job.output.ended(step);
  step.conclusion = end.result === 'success' || step.isTolerated ? 'success' : 'failure';
  step.durationMs = end.durationMs;
  // Whatever ended the step did it inside the group that is still open.
  closeGroup(step, step.conclusion === 'failure');
  state.emit({ kind: 'step-end', job: job.id, step: closed(step) });
}

function summarise(job: OpenJob, step: OpenStep, markdown: string, state: State): void {
  const summary = { job: job.id, step: step.name, markdown: state.masker.mask(markdown) };
  state.summaries.push(summary);
  state.emit({ kind: 'summary', summary });
}

/** Commands that leave no line of their own. */
const SILENT = ['debug', 'add-matcher', 'remove-matcher', 'echo', 'save-state', 'set-env', 'add-path'];

function takeLine(job: OpenJob, step: OpenStep | undefined, line: string, state: State): void {
  const command = parseCommand(line);
  const isStopped = job.resumeToken !== undefined;
  if (isStopped && command?.name === job.resumeToken) job.resumeToken = undefined;
  else if (isStopped || command === undefined || step === undefined) print(job, step, line, state);
  else if (command.name === 'stop-commands') job.resumeToken = command.message.toLowerCase();
  else if (command.name === 'set-output') step.outputs[command.properties['name'] ?? ''] = command.message;
  else if (!SILENT.includes(command.name) && !obey(job, step, command, state)) print(job, step, line, state);
}

/** Does what a command says; false for one that is not known, which is a line like any other. */
function obey(job: OpenJob, step: OpenStep, command: Command, state: State): boolean {
  const { name, message } = command;
  if (name === 'error' || name === 'warning' || name === 'notice') {
    const annotation = annotationOf(name, command, { job: job.id, step: step.name }, state.masker);
    state.annotations.push(annotation);
    if (name === 'error' && step.group !== undefined) step.group.hasFailed = true;
    print(job, step, `${name}: ${message}`, state, false);
    state.emit({ kind: 'annotation', annotation });
  } else if (name === 'add-mask') {
    state.masker.add(message);
  } else if (name === 'group') {
    closeGroup(step, false);
    step.group = { from: step.lines.length, hasFailed: false };
    print(job, step, message, state);
  } else if (name === 'endgroup') {
    closeGroup(step, false);
  } else {
    return false;
  }
  return true;
}

function annotationOf(
  level: Annotation['level'],
  { message, properties }: Command,
  place: { readonly job: string; readonly step: string },
  masker: Masker,
): Annotation {
  const number = (key: string, name: string) => {
    const value = Number(properties[key]);
    return Number.isInteger(value) && value > 0 ? { [name]: value } : {};
  };
  const { file, title } = properties;
  return {
    level,
    ...place,
    message: masker.mask(withoutColours(message)),
    ...(title === undefined ? {} : { title: masker.mask(title) }),
    ...(file === undefined || file === '' ? {} : { file: masker.mask(file) }),
    ...number('line', 'line'),
    ...number('endLine', 'endLine'),
    ...number('col', 'column'),
  };
}

function print(job: OpenJob, step: OpenStep | undefined, message: string, state: State, isShown = true): void {
  const shown = state.masker.mask(message.replace(/[\r\n]+$/, ''));
  state.text.push(withoutColours(shown));
  // A message may hold several lines, and groups count them.
  step?.lines.push(...withoutColours(shown).split('\n'));
  if (isShown) state.emit({ kind: 'line', job: job.id, step: step?.id ?? '', text: shown });
}

function closeGroup(step: OpenStep, hasFailed: boolean): void {
  if (step.group === undefined) return;
  const { from, hasFailed: hasError } = step.group;
  step.groups.push({ from, to: step.lines.length, hasFailed: hasError || hasFailed });
  step.group = undefined;
}

function closed({ id, name, stage, conclusion, durationMs, startedAt, outputs, lines, groups }: OpenStep): StepResult {
  const shown = { id, name, stage, conclusion, durationMs, startedAt };
  return { ...shown, outputs: { ...outputs }, log: lines.join('\n'), groups: [...groups] };
}
