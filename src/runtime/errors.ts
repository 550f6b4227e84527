/** Stable code of a failure, `PIPE-<ROOM>-<three digits>`; docs/troubleshooting has an entry for each. */
export type ErrorCode = `PIPE-${string}-${number}`;

/** What a reader needs to act on one failure. Every text is plain (no Markdown, no secrets). */
export interface Fault {
  readonly code: ErrorCode;
  /** One sentence: what happened. */
  readonly what: string;
  /** What was given, already shortened by `shown`. */
  readonly given?: string;
  /** The accepted form. */
  readonly accepted?: string;
  /** A value or line that would have worked. */
  readonly example?: string;
  /** What to do now. */
  readonly remedy?: string;
  /** What state things were left in. */
  readonly state?: string;
}

export type FailureKind = 'configuration' | 'project' | 'outside';

/** Base of the three kinds of failure that users see without a stack trace. */
export abstract class PipelineError extends Error {
  abstract readonly kind: FailureKind;
  readonly faults: readonly [Fault, ...Fault[]];

  constructor(faults: Fault | readonly Fault[], options?: ErrorOptions) {
    const [first, ...rest] = Array.isArray(faults) ? (faults as readonly Fault[]) : [faults as Fault];
    if (first === undefined) throw new TypeError('a failure names at least one fault');
    super([first, ...rest].map(describeFault).join('\n'), options);
    this.faults = [first, ...rest];
    this.name = new.target.name;
  }

  get code(): ErrorCode {
    return this.faults[0].code;
  }
}

/** The caller's configuration is wrong: the run can't succeed until it is changed. */
export class ConfigurationError extends PipelineError {
  readonly kind = 'configuration';
}

/** The project's own failure (a red test, a vulnerability): the pipeline worked, its answer is no. */
export class ProjectFailure extends PipelineError {
  readonly kind = 'project';
}

/** What is known of a service that did not do its part. */
export interface OutsideDetails {
  /** The service by the name its users know, with the host asked. */
  readonly service: string;
  /** HTTP status of the last answer, where there was one. */
  readonly status?: number;
  /** How many times it was asked. */
  readonly tries: number;
  /** Over how long, in milliseconds. */
  readonly elapsed: number;
}

/** A service outside failed: running again may succeed. */
export class OutsideFault extends PipelineError {
  readonly kind = 'outside';
  readonly details: OutsideDetails;

  constructor(fault: Fault, details: OutsideDetails, options?: ErrorOptions) {
    super({ ...fault, what: `${fault.what} (${describeOutside(details)})` }, options);
    this.details = details;
  }
}

function describeOutside({ service, status, tries, elapsed }: OutsideDetails): string {
  const answer = status === undefined ? 'no answer' : `status ${status}`;
  const times = tries === 1 ? '1 try' : `${tries} tries`;
  return `${service}: ${answer}, ${times} over ${(elapsed / 1000).toFixed(1)} s`;
}

/** One fault as one line: code, what, given, accepted, example, remedy, state. */
export function describeFault(fault: Fault): string {
  const parts = [`${fault.code}: ${sentence(fault.what)}`];
  if (fault.given !== undefined) parts.push(`Given: ${sentence(fault.given)}`);
  if (fault.accepted !== undefined) parts.push(`Accepted: ${sentence(fault.accepted)}`);
  if (fault.example !== undefined)
    parts.push(`Example: ${/[`)]$/.test(fault.example) ? `${fault.example}.` : fault.example}`);
  if (fault.remedy !== undefined) parts.push(`Remedy: ${sentence(fault.remedy)}`);
  if (fault.state !== undefined) parts.push(`State: ${sentence(fault.state)}`);
  return parts.join(' ');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/**
 * A value from outside made fit for a message: quoted, control, format and bidirectional characters written as
 * escapes, at most `limit` characters (default 80) with the full length said where it was cut.
 */
export function shown(value: unknown, limit = 80): string {
  const text = typeof value === 'string' ? value : plain(value);
  const cut = text.length > limit ? text.slice(0, limit) : text;
  const safe = printable(typeof value === 'string' ? JSON.stringify(cut) : cut);
  return text.length > limit ? `${safe}… (${text.length} characters)` : safe;
}

/** Text whose control, format, separator and half surrogate characters are written as escapes. */
export function printable(text: string): string {
  // Most texts are plain, and Unicode's classes take a while to be compiled.
  if (/^[ -~]*$/.test(text)) return text;
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16);
    return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
  });
}

/** Any value as text; one that JSON can't hold is named by its type. */
function plain(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    // Not an error to report: the value is only quoted in another message.
    return typeof value;
  }
}

/** The candidate nearest to `word` by edit distance, when near enough to be what was meant. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const start = word.toLowerCase().slice(0, 64);
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(start.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(start, candidate.toLowerCase().slice(0, 64));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance over UTF-16 units; both sides are short names. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
