/** Output of a job's programs, told apart by step. */
export interface JobOutput<Step> {
  /** New text of the job's file. */
  readonly push: (text: string) => void;
  /** act tells that a step has started, has ended, that the job has. The text may come before or after that. */
  readonly started: (step: Step) => void;
  readonly ended: (step: Step) => void;
  readonly close: () => void;
}

/** What one program printed, and the step it belongs to once act has told of it: the two come by different ways. */
interface Segment<Step> {
  readonly stepId: string;
  step: Step | undefined;
  readonly waiting: string[];
}

/**
 * Gives each line to the step whose program printed it. Programs are in the order in which they started, each behind a
 * line with the marker and its step's id; so are the steps that act tells of. A step that runs twice (main and post)
 * starts two programs.
 *
 * @param onLine called with every line once its step is known.
 */
export function createJobOutput<Step extends { readonly id: string }>(
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
    const segment: Segment<Step> = { stepId: line.slice(marked + marker.length), step: undefined, waiting: [] };
    segments.push(segment);
    const step = steps.find((candidate) => candidate.id === segment.stepId && !taken.has(candidate));
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
      const segment = segments.find((candidate) => candidate.step === undefined && candidate.stepId === step.id);
      if (segment !== undefined) give(segment, step);
    },
    ended: (step) => {
      if (segments.at(-1)?.step === step && !partial.includes(marker)) takePartial();
    },
    close: () => {
      takePartial();
      // Programs of no step of the job's own: a composite action's.
      const last = steps.at(-1);
      for (const segment of segments) if (segment.step === undefined && last !== undefined) give(segment, last);
    },
  };
}
