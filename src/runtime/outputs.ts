import { ConfigurationError, OutsideFault } from './errors.ts';
import type { Secrets } from './secrets.ts';

/** What an output holds; `json` is written as one line of JSON. */
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

/** The outputs of a run; one that does not apply is undefined and written as empty. */
export type OutputValues<O extends Outputs> = { readonly [K in keyof O]: OutputTypes[O[K]['kind']] | undefined };

/** GitHub's limit for one output, in UTF-16 units as the runner counts. */
const LONGEST = 1_048_576;

/**
 * Outputs as text, checked against what GitHub does to them: an output that contains a secret's text is dropped
 * between jobs without a word, one above 1 MiB fails the step.
 *
 * @throws ConfigurationError PIPE-OUTPUT-001 the output contains a secret
 * @throws OutsideFault PIPE-OUTPUT-002 the output is too long
 */
export function writtenOutputs<O extends Outputs>(
  outputs: O,
  values: OutputValues<O>,
  secrets: Secrets,
): readonly (readonly [string, string])[] {
  return Object.keys(outputs).map((name) => {
    const value: unknown = values[name];
    const written = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
    if (secrets.isIn(written)) {
      throw new ConfigurationError({
        code: 'PIPE-OUTPUT-001',
        what: `the output \`${name}\` contains the text of a secret, and GitHub would hand an empty one to the next job`,
        given: 'a secret whose text is part of an ordinary value (a project name, a region, a user name)',
        accepted: 'secrets that are not part of names that the pipeline needs',
        remedy: 'make that value a variable instead of a secret, or change the secret',
        state: 'the work of this step was done; its output was not written',
      });
    }
    if (written.length > LONGEST) {
      throw new OutsideFault(
        {
          code: 'PIPE-OUTPUT-002',
          what: `the output \`${name}\` has ${written.length} characters, GitHub takes ${LONGEST}`,
        },
        { service: 'GitHub Actions', tries: 1, elapsed: 0 },
      );
    }
    return [name, written] as const;
  });
}
