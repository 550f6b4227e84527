import { inert } from './expressions.ts';
import { runsOnProblem } from './runner-labels.ts';
import { nearest, shortened, UsageError } from './usage-error.ts';
import { type CallContract, type CallInput, isMap, type Value, type ValueMap } from './workflow-file.ts';

/**
 * Inputs given as text, as the called workflow declares them. What GitHub refuses at start-up is refused here, in its
 * words; all of it together.
 *
 * @param label the called workflow, for the message.
 * @throws UsageError naming every unknown, missing and wrongly typed input.
 */
export function typedInputs(
  given: Readonly<Record<string, string>>,
  contract: CallContract,
  label: string,
): Record<string, string | number | boolean> {
  const problems: string[] = [];
  const values: Record<string, string | number | boolean> = {};
  for (const [name, text] of Object.entries(given)) {
    const input = contract.inputs[name];
    if (input === undefined) {
      problems.push(undefinedName('input', name, Object.keys(contract.inputs)));
      continue;
    }
    const value = typed(text, input.type);
    if (value === undefined) problems.push(wrongType(name, text, input));
    else values[name] = typeof value === 'string' ? inert(value) : value;
    problems.push(...labelProblems(name, text));
  }
  problems.push(...missing('Input', contract.inputs, Object.keys(given)));
  refuse(problems, label);
  return values;
}

function typed(text: string, type: CallInput['type']): string | number | boolean | undefined {
  if (type === 'string') return text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function wrongType(name: string, text: string, input: CallInput): string {
  const accepted = input.type === 'boolean' ? 'true or false' : 'a number';
  return `Unexpected value '${shortened(text).replaceAll(/\s+/g, ' ')}' for input ${name}: it takes ${accepted}`;
}

function undefinedName(kind: 'input' | 'secret', name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const hint = near === undefined ? `it has ${known.join(', ') || 'none'}` : `did you mean "${near}"?`;
  return `Invalid ${kind}, ${name} is not defined in the referenced workflow (${hint})`;
}

function missing(
  kind: 'Input' | 'Secret',
  declared: Readonly<Record<string, { readonly required: boolean; readonly default?: Value }>>,
  given: readonly string[],
): string[] {
  return Object.entries(declared)
    .filter(([name, { required, default: fallback }]) => required && fallback === undefined && !given.includes(name))
    .map(([name]) => `${kind} ${name} is required, but not provided while calling`);
}

function refuse(problems: readonly string[], label: string): void {
  if (problems.length > 0) throw new UsageError(`${label}: ${problems.join('; ')}`);
}

/** @throws UsageError for secrets that the workflow does not declare or requires and does not get. */
export function checkSecrets(given: readonly string[], contract: CallContract, label: string): void {
  const known = Object.keys(contract.secrets);
  const unknown = given.filter((name) => !known.includes(name)).map((name) => undefinedName('secret', name, known));
  refuse([...unknown, ...missing('Secret', contract.secrets, given)], label);
}

/**
 * A `with:` and `secrets:` of a workflow file against what the called workflow declares; values that hold an
 * expression are known only when it runs.
 *
 * @throws UsageError as GitHub refuses the file at start-up.
 */
export function checkCall(job: ValueMap, contract: CallContract, label: string): void {
  const problems: string[] = [];
  const given = isMap(job['with']) ? job['with'] : {};
  for (const [name, value] of Object.entries(given)) {
    const input = contract.inputs[name];
    if (input === undefined) problems.push(undefinedName('input', name, Object.keys(contract.inputs)));
    else if (!fits(value, input.type)) problems.push(wrongType(name, String(value), input));
    else if (typeof value === 'string' && !value.includes('${{')) problems.push(...labelProblems(name, value));
  }
  problems.push(...missing('Input', contract.inputs, Object.keys(given)));
  refuse(problems, label);
  if (isMap(job['secrets'])) checkSecrets(Object.keys(job['secrets']), contract, label);
}

/** The one input whose value every workflow of the bundle reads as runner labels. */
function labelProblems(name: string, value: string): readonly string[] {
  const problem = name === 'runs-on' ? runsOnProblem(value) : undefined;
  return problem === undefined ? [] : [problem];
}

function fits(value: Value, type: CallInput['type']): boolean {
  if (typeof value === 'string' && value.includes('${{')) return true;
  return type === 'string' || value === null || typeof value === type;
}
