import type { Environment } from './environment.ts';
import { ConfigurationError, type Fault, nearest, shown } from './errors.ts';
import { type Kind, type ReadContext, type Refusal, Refused } from './kinds.ts';
import { leavesOf, type Secrets } from './secrets.ts';
import { isMap, parseYaml } from './yaml.ts';

/** Longest input accepted, in UTF-16 units; one environment variable holds 131,072 bytes at most. */
const LONGEST = 65_536;

/** Faults reported of one input, or of `settings`, one by one; the others are counted. */
const MOST_FAULTS = 10;

/** What a refusal says was given when nothing was. */
const NOTHING = 'nothing';

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
  return name.replace(/-+(.?)/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Reads all inputs of an action from its environment (`INPUT_<NAME>`) and from `settings`. An explicit input wins over
 * `settings`, which wins over the default. Secrets are masked before anything else can fail.
 *
 * @param action name of the action: workflows hand over its settings in an input of that name
 * @throws ConfigurationError with one fault for each input that is wrong
 */
export async function readInputs<I extends Inputs>(
  inputs: I,
  environment: Environment,
  context: ReadContext,
  secrets: Secrets,
  action: string,
): Promise<InputValues<I>> {
  const secretNames = Object.keys(inputs).filter((name) => inputs[name]?.kind.secret);
  for (const name of secretNames) secrets.add(given(environment, name));
  const faults: Fault[] = [];
  const settings = await readSettings(inputs, given(environment, 'settings'), action, faults);
  // Refused, and masked all the same: somebody else's log may quote it.
  for (const leaf of leavesOf(secretNames.map((name) => settings?.[name]))) secrets.add(leaf);
  const values: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(inputs)) {
    const setting = settings !== undefined && Object.hasOwn(settings, name) ? settings[name] : undefined;
    const read = await refusalsOr(() => readOne(input, given(environment, name), setting, context));
    const isSetting = given(environment, name) === '' && setting !== undefined && setting !== null;
    const label = isSetting ? `\`${name}\` in ${settingsOf(action)}` : `the input \`${name}\``;
    if ('refusals' in read) faults.push(...refusedInput({ name, label }, read.refusals, settings === undefined));
    else values[camelCase(name)] = read.value;
  }
  for (const leaf of leavesOf(secretNames.map((name) => values[camelCase(name)]))) secrets.add(leaf);
  if (faults.length > 0) throw new ConfigurationError(faults);
  return values as InputValues<I>;
}

async function refusalsOr<T>(
  read: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly refusals: readonly Refusal[] }> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof Refused) return { refusals: error.refusals };
    throw error;
  }
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
  throw new Refused([{ at: '', given: NOTHING, accepted: kind.accepted, example: kind.example }]);
}

/** How the settings of an action are called where a caller may have written them. */
function settingsOf(action: string): string {
  return `\`settings\` (\`${action}\` of a workflow)`;
}

interface Named {
  readonly name: string;
  /** How a message calls it: by the name under which the caller wrote it. */
  readonly label: string;
}

/** @param mayBeInSettings `settings` could not be read and may hold what is missing here: one fault is enough */
function refusedInput(input: Named, refusals: readonly Refusal[], mayBeInSettings: boolean): Fault[] {
  if (mayBeInSettings && refusals[0]?.given === NOTHING) return [];
  const faults = refusals.slice(0, MOST_FAULTS).map((refusal) => refusedValue(input, refusal));
  return refusals.length > MOST_FAULTS ? [...faults, further(input.label, refusals.length - MOST_FAULTS)] : faults;
}

function refusedValue({ name, label }: Named, { at, given: value, accepted, example }: Refusal): Fault {
  const leaf = at.replace(/^\./, '');
  const place = leaf === '' ? '' : ` at \`${leaf}\``;
  // The example is one of the leaf: it would not do for the whole input. Places in secrets have no names.
  const last = leaf === '' ? name : (/^(?:.*\.)?([\w-]+)$/.exec(leaf)?.[1] ?? '');
  const key = last === '' ? '' : `${last}: `;
  const lines = example.includes('\n');
  return {
    code: value === NOTHING ? 'PIPE-INPUT-002' : 'PIPE-INPUT-001',
    what: value === NOTHING ? `the input \`${name}\` is required` : `${label} is not acceptable${place}`,
    given: value,
    accepted,
    example: lines ? `${key}|\n  ${example.replaceAll('\n', '\n  ')}` : `\`${key}${example}\``,
    state: 'nothing was run',
  };
}

function further(label: string, count: number): Fault {
  return {
    code: 'PIPE-INPUT-001',
    what: `${label} holds ${count} more values that are not acceptable`,
    remedy: 'correct those above; the others are reported when these are right',
    state: 'nothing was run',
  };
}

/** What a fault of `settings` says besides its example and state. */
type SettingsFault = Pick<Fault, 'what' | 'given' | 'accepted'> & {
  readonly code: 'PIPE-INPUT-003' | 'PIPE-INPUT-004' | 'PIPE-INPUT-005';
};

/** The map in `settings`; undefined when it can't be read. Its text is never quoted: it may hold a credential. */
async function readSettings(
  inputs: Inputs,
  text: string,
  action: string,
  faults: Fault[],
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (text === '') return {};
  const refuse = (fault: SettingsFault) => {
    faults.push({ ...fault, example: '`{timeout: 10m}`', state: 'nothing was run' });
  };
  const known = Object.entries(inputs).filter(([, { kind }]) => !kind.secret);
  const names = known.map(([name]) => name);
  const accepted = `a YAML map with the keys ${names.join(', ')}`;
  const parsed = text.length > LONGEST ? { place: `at most ${LONGEST} are accepted` } : await parseYaml(text);
  if ('place' in parsed || !isMap(parsed.value)) {
    const reason = 'place' in parsed ? parsed.place : 'it is not a map';
    refuse({
      code: 'PIPE-INPUT-003',
      what: `${settingsOf(action)} is not acceptable`,
      given: `${text.length} characters (not shown); ${reason}`,
      accepted,
    });
    return undefined;
  }
  const strangers = Object.keys(parsed.value).filter((key) => !names.includes(key));
  for (const key of strangers.slice(0, MOST_FAULTS)) refuse(strangeSetting(key, names, inputs, action));
  if (strangers.length > MOST_FAULTS) faults.push(further(settingsOf(action), strangers.length - MOST_FAULTS));
  return parsed.value;
}

function strangeSetting(key: string, names: readonly string[], inputs: Inputs, action: string): SettingsFault {
  if (Object.hasOwn(inputs, key)) {
    return {
      code: 'PIPE-INPUT-005',
      what: `${settingsOf(action)} holds the credential \`${key}\``,
      given: 'a value that is not shown',
      accepted: `\`${key}\` as a secret, in an input of its own`,
    };
  }
  const meant = nearest(key, names);
  const accepted =
    meant === undefined
      ? `a YAML map with the keys ${names.join(', ')}`
      : `\`${meant}\` (nearest), or another of: ${names.join(', ')}`;
  return { code: 'PIPE-INPUT-004', what: `${settingsOf(action)} holds an unknown key`, given: shown(key), accepted };
}
