import { legKey } from './matrix-job.ts';

/** Output of a job's programs, told apart by step; the legs of a matrix, one after the other, are told apart, too. */
export interface JobOutput<Step> {
  /** New text of the job's file. */
  readonly push: (text: string) => void;
  /** act tells that a step has started, has ended, that the job or a leg has. The text may come before or after that. */
  readonly started: (step: Step) => void;
  readonly ended: (step: Step) => void;
  readonly close: (leg: string) => void;
}

/** A step as far as its output goes; `leg` is empty without a matrix. */
interface Printing {
  readonly id: string;
  readonly leg: string;
}

/** What one program printed, and the step it belongs to once act has told of it: the two come by different ways. */
interface Segment<Step> extends Printing {
  step: Step | undefined;
  readonly waiting: string[];
}

/**
 * Gives each line to the step whose program printed it. Programs are in the order in which they started, each behind a
 * line with the marker, its step's id and its leg; so are the steps that act tells of. A step that runs twice (main and
 * post) starts two programs.
 *
 * @param onLine called with every line once its step is known.
 */
export function createJobOutput<Step extends Printing>(
  marker: string,
  onLine: (step: Step, line: string) => void,
): JobOutput<Step> {
  const segments: Segment<Step>[] = [];
  const steps: Step[] = [];
  const taken = new Set<Step>();
  let partial = '';

  const give = (segment: Segment<Step>, step: Step): void => {
    segment.step = step;
    taken.add(step);
    for (const line of segment.waiting.splice(0)) onLine(step, line);
  };

  const takeText = (line: string): void => {
    const segment = segments.at(-1);
    if (segment?.step === undefined) segment?.waiting.push(line);
    else onLine(segment.step, line);
  };

  const takeLine = (line: string): void => {
    const marked = line.indexOf(marker);
    // What the program before printed last, without a newline, stands in front of the marker.
    if (marked !== 0) takeText(marked === -1 ? line : line.slice(0, marked));
    if (marked === -1) return;
    const segment: Segment<Step> = { ...printing(line.slice(marked + marker.length)), step: undefined, waiting: [] };
    segments.push(segment);
    const step = steps.find((candidate) => isSame(candidate, segment) && !taken.has(candidate));
    if (step !== undefined) give(segment, step);
  };

  const takePartial = (): void => {
    if (partial !== '') takeText(partial);
    partial = '';
  };

  return {
    push: (text) => {
      const lines = (partial + text).split('\n');
      partial = lines.pop() ?? '';
      for (const line of lines) takeLine(line);
    },
    started: (step) => {
      steps.push(step);
      const segment = segments.find((candidate) => candidate.step === undefined && isSame(candidate, step));
      if (segment !== undefined) give(segment, step);
    },
    ended: (step) => {
      if (segments.at(-1)?.step === step && !partial.includes(marker)) takePartial();
    },
    close: (leg) => {
      if (segments.at(-1)?.leg === leg && !partial.includes(marker)) takePartial();
      // Programs of no step of the job's own: a composite action's.
      const last = steps.findLast((step) => step.leg === leg);
      if (last === undefined) return;
      for (const segment of segments) if (segment.step === undefined && segment.leg === leg) give(segment, last);
    },
  };
}

function isSame(one: Printing, other: Printing): boolean {
  return one.id === other.id && one.leg === other.leg;
}

/** What stands behind the marker: an id, and the values of a leg as JSON. */
function printing(text: string): Printing {
  const space = text.indexOf(' ');
  const id = space === -1 ? text : text.slice(0, space);
  try {
    return { id, leg: legKey(JSON.parse(text.slice(id.length))) };
  } catch {
    // A job without a matrix.
    return { id, leg: '' };
  }
}
