import type { Fault } from './errors.ts';
import type { Secrets } from './secrets.ts';

/** What an output holds; `json` is written as one line of JSON, a text under it is JSON already. */
export type OutputKind = 'string' | 'boolean' | 'integer' | 'number' | 'json';

export interface Output {
  readonly kind: OutputKind;
  readonly description: string;
}

export type Outputs = Readonly<Record<string, Output>>;

interface OutputTypes {
  readonly string: string;
  readonly boolean: boolean;
  readonly integer: number;
  readonly number: number;
  readonly json: unknown;
}

/** What every action also hands over, written by the runtime: why a step failed is known to the jobs after it. */
export const COMMON_OUTPUTS = {
  failure: { kind: 'string', description: 'What the step failed of, its code first; empty when it did not fail.' },
} as const satisfies Outputs;

/** Longest text of the output `failure`, in characters. */
export const LONGEST_FAILURE = 500;

/** The outputs of a run; one that does not apply is undefined and written as empty. */
export type OutputValues<O extends Outputs> = { readonly [K in keyof O]: OutputTypes[O[K]['kind']] | undefined };

/** GitHub's limit for one output, in UTF-16 units as the runner counts. */
const LONGEST = 1_048_576;

/** Outputs as text, and what is wrong with those that GitHub would not hand on. */
export interface CheckedOutputs {
  readonly written: readonly (readonly [name: string, text: string])[];
  readonly faults: readonly Fault[];
}

/**
 * Outputs as text, checked against what GitHub does to them: an output that contains a secret's text is dropped
 * between jobs without a word, one above 1 MiB fails the step. Faults: PIPE-OUTPUT-001 the output contains a secret,
 * PIPE-OUTPUT-002 it is too long.
 */
export function checkedOutputs<O extends Outputs>(
  outputs: O,
  values: OutputValues<O>,
  secrets: Secrets,
): CheckedOutputs {
  const checked = Object.entries(outputs).map(([name, { kind }]) => {
    const text = textOf(name, kind, values[name]);
    return { name, text, fault: faultOf(name, text, secrets) };
  });
  return {
    written: checked.filter(({ fault }) => fault === undefined).map(({ name, text }) => [name, text] as const),
    faults: checked.flatMap(({ fault }) => (fault === undefined ? [] : [fault])),
  };
}

function textOf(name: string, kind: OutputKind, value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (kind !== 'json') {
    // Types keep other values out, but not these: NaN would be written as `null`.
    if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`the output ${name} is ${value}`);
    return String(value);
  }
  // JSON.stringify returns undefined for what JSON does not know (a function): an empty output.
  return JSON.stringify(value) ?? '';
}

function faultOf(name: string, text: string, secrets: Secrets): Fault | undefined {
  if (secrets.isIn(text)) {
    return {
      code: 'PIPE-OUTPUT-001',
      what: `the output \`${name}\` contains the text of a secret, and GitHub would hand an empty one to the next job`,
      given: 'a secret whose text is part of an ordinary value (a project name, a region, a user name)',
      accepted: 'secrets that are not part of names that the pipeline needs',
      remedy: 'make that value a variable instead of a secret, or change the secret',
      state: 'the work of this step was done; its output was not written',
    };
  }
  if (text.length <= LONGEST) return undefined;
  return {
    code: 'PIPE-OUTPUT-002',
    what: `the output \`${name}\` is longer than GitHub takes`,
    given: `${text.length} characters`,
    accepted: `at most ${LONGEST} characters`,
    remedy: 'let the step work on less: a part of the project, fewer patterns',
    state: 'the work of this step was done; its output was not written',
  };
}
