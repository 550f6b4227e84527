import type { Environment } from './environment.ts';
import { ConfigurationError, type Fault, nearest, shown } from './errors.ts';
import { type Kind, type ReadContext, type Refusal, Refused } from './kinds.ts';
import { leavesOf, type Secrets } from './secrets.ts';
import { isMap, parseYaml } from './yaml.ts';

/** Longest input accepted, in UTF-16 units; one environment variable holds 131,072 bytes at most. */
const LONGEST = 65_536;

/** One declared input: optional, with a default (written as a caller would write it), or required. */
export interface Input<T = unknown> {
  readonly kind: Kind<T>;
  /** Markdown for action.yml and README; one or more sentences. */
  readonly description: string;
  readonly default?: string;
  /** A default that GitHub evaluates, such as `${{ github.token }}`; the input may still arrive empty. */
  readonly expression?: `\${{ ${string} }}`;
  readonly required?: true;
}

export type Inputs = Readonly<Record<string, Input>>;

/** `working-directory` becomes `workingDirectory`. */
export type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

/** What `run` receives: a value for each input, undefined for an optional one that was not given. */
export type InputValues<I extends Inputs> = {
  readonly [K in keyof I & string as CamelCase<K>]: I[K] extends Input<infer T>
    ? I[K] extends { readonly default: string } | { readonly required: true }
      ? T
      : T | undefined
    : never;
};

export function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Reads all inputs of an action from its environment (`INPUT_<NAME>`) and from `settings`. An explicit input wins over
 * `settings`, which wins over the default. Secrets are masked before anything else can fail.
 *
 * @throws ConfigurationError with one fault for each input that is wrong
 */
export async function readInputs<I extends Inputs>(
  inputs: I,
  environment: Environment,
  context: ReadContext,
  secrets: Secrets,
): Promise<InputValues<I>> {
  for (const [name, { kind }] of Object.entries(inputs)) {
    if (kind.secret) secrets.add(given(environment, name));
  }
  const faults: Fault[] = [];
  const settings = await readSettings(inputs, given(environment, 'settings'), faults);
  const values: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(inputs)) {
    try {
      values[camelCase(name)] = await readOne(input, given(environment, name), settings[name], context);
      if (input.kind.secret) for (const leaf of leavesOf(values[camelCase(name)])) secrets.add(leaf);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      faults.push(...error.refusals.map((refusal) => refusedInput(name, refusal)));
    }
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
  return values as InputValues<I>;
}

function given(environment: Environment, name: string): string {
  return (environment[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '').trim();
}

async function readOne(input: Input, text: string, setting: unknown, context: ReadContext): Promise<unknown> {
  const { kind } = input;
  if (text.length > LONGEST) {
    const accepted = `at most ${LONGEST} characters`;
    throw new Refused([{ at: '', given: `${text.length} characters`, accepted, example: kind.example }]);
  }
  if (text !== '') return kind.fromText(text, context);
  if (setting !== undefined && setting !== null) return kind.fromYaml(setting, '', context);
  if (input.default !== undefined) return kind.fromText(input.default, context);
  if (input.required !== true) return undefined;
  throw new Refused([{ at: '', given: 'nothing', accepted: kind.accepted, example: kind.example }]);
}

function refusedInput(name: string, { at, given: value, accepted, example }: Refusal): Fault {
  const place = at === '' ? '' : ` at \`${at.replace(/^\./, '')}\``;
  const lines = example.includes('\n');
  return {
    code: value === 'nothing' ? 'PIPE-INPUT-002' : 'PIPE-INPUT-001',
    what: value === 'nothing' ? `the input \`${name}\` is required` : `the input \`${name}\` is not acceptable${place}`,
    given: value,
    accepted,
    example: lines ? `${name}: |\n  ${example.replaceAll('\n', '\n  ')}` : `\`${name}: ${example}\``,
    state: 'nothing was run',
  };
}

const SETTINGS_EXAMPLE = '`settings: "{timeout: 10m}"`';

async function readSettings(inputs: Inputs, text: string, faults: Fault[]): Promise<Readonly<Record<string, unknown>>> {
  if (text === '') return {};
  const refuse = (
    code: 'PIPE-INPUT-003' | 'PIPE-INPUT-004' | 'PIPE-INPUT-005',
    what: string,
    value: string,
    accepted: string,
  ) => {
    faults.push({ code, what, given: value, accepted, example: SETTINGS_EXAMPLE, state: 'nothing was run' });
  };
  const known = Object.entries(inputs).filter(([, { kind }]) => !kind.secret);
  const names = known.map(([name]) => name);
  const accepted = `a YAML map with the keys ${names.join(', ')}`;
  const parsed = text.length > LONGEST ? { problem: `it has ${text.length} characters` } : await parseYaml(text);
  if ('problem' in parsed || !isMap(parsed.value)) {
    const reason = 'problem' in parsed ? `; ${parsed.problem}` : '; it is not a map';
    refuse('PIPE-INPUT-003', 'the input `settings` is not acceptable', `${shown(text)}${reason}`, accepted);
    return {};
  }
  for (const key of Object.keys(parsed.value)) {
    if (names.includes(key)) continue;
    if (Object.hasOwn(inputs, key)) {
      refuse(
        'PIPE-INPUT-005',
        `\`settings\` holds the credential \`${key}\``,
        'a value that is not shown',
        `\`${key}\` as a secret, in an input of its own`,
      );
      continue;
    }
    const meant = nearest(key, names);
    const hint = meant === undefined ? accepted : `\`${meant}\` (nearest), or another of: ${names.join(', ')}`;
    refuse('PIPE-INPUT-004', `\`settings\` holds an unknown key`, shown(key), hint);
  }
  return parsed.value;
}
