import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { actionsHelp, EVENTS, eventOf } from './event-flags.ts';
import type { EventRequest } from './run-types.ts';
import { shortened, suggestion, UsageError } from './usage-error.ts';

/** What the command line asks for. */
export interface Flags {
  readonly project: string | undefined;
  readonly workflow: string;
  readonly caller: string | undefined;
  readonly event: EventRequest;
  readonly inputs: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly repository: string | undefined;
  readonly isJson: boolean;
  readonly isVerbose: boolean;
  readonly isParallel: boolean;
  readonly isFresh: boolean;
  readonly keeps: boolean;
  readonly wantsHelp: boolean;
}

interface Flag {
  readonly name: string;
  /** What stands for the value in the help; none for a switch. */
  readonly value?: string;
  readonly short?: string;
  readonly isRepeated?: boolean;
  readonly help: string;
}

/** Every flag, in the order of the help. */
const FLAGS = [
  { name: 'project', value: 'DIR', help: 'the project to run on (default examples/node-service); it is not changed' },
  { name: 'workflow', value: 'FILE', help: 'a workflow of this bundle (default node-service.yml)' },
  { name: 'caller', value: 'FILE', help: "the project's own workflow file, instead of one made for this run" },
  { name: 'event', value: 'NAME', help: `${EVENTS.join(', ')} (default push)` },
  { name: 'action', value: 'NAME', help: actionsHelp() },
  { name: 'fork', help: 'the pull request comes from a fork: read-only token, no secrets' },
  { name: 'dependabot', help: 'the pull request is one of Dependabot: read-only token, no secrets' },
  {
    name: 'branch',
    value: 'NAME',
    help: 'the branch pushed, or the head of the pull request (default: the current one)',
  },
  {
    name: 'base',
    value: 'REF',
    help: 'what the change is compared with (default: the default branch, or the commit before)',
  },
  { name: 'tag', value: 'NAME', help: 'the tag of a release, or a pushed tag' },
  { name: 'event-file', value: 'FILE', help: 'JSON laid over the generated event payload' },
  {
    name: 'input',
    value: 'KEY=VALUE',
    isRepeated: true,
    help: "an input of the workflow; KEY=@FILE takes a file's text",
  },
  {
    name: 'secret',
    value: 'NAME',
    isRepeated: true,
    help: 'a secret, its value from the environment (npm-token: NPM_TOKEN)',
  },
  { name: 'var', value: 'KEY=VALUE', isRepeated: true, help: 'a variable of the repository (vars.KEY)' },
  {
    name: 'repository',
    value: 'OWNER/NAME',
    help: 'the name on GitHub (default: from the origin, else octo-org/<folder>)',
  },
  { name: 'fresh', help: 'forget the earlier runs of this repository and what they have uploaded' },
  { name: 'parallel', help: 'jobs side by side as on GitHub; act 0.2.89 can crash on it' },
  { name: 'verbose', short: 'v', help: 'every line that steps print' },
  { name: 'json', help: 'one JSON object a line: everything that happens, the result last' },
  { name: 'keep', help: 'keep the temporary folder and say where it is' },
  { name: 'help', short: 'h', help: 'this text' },
] as const satisfies readonly Flag[];

const LIST: readonly Flag[] = FLAGS;

/** The help text. */
export function helpText(workflows: readonly string[]): string {
  const left = ({ name, value, short, isRepeated }: Flag) =>
    `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}${isRepeated === true ? ' …' : ''}`;
  const width = Math.max(...LIST.map((flag) => left(flag).length));
  return [
    'Runs a workflow of this bundle on a project, on this machine.',
    '',
    'npm start                                                     node-service.yml on examples/node-service',
    'npm start -- --project DIR --event pull_request               on your project, as on a pull request',
    'npm start -- --event push; npm start -- --event pull_request  the base first, then a change compared with it',
    'npm start -- --input gate="{tasks: {lint: off}}"              without the task lint',
    '',
    ...LIST.map((flag) => `  ${left(flag).padEnd(width)}  ${flag.help}`),
    '',
    'A run takes the project as it is: uncommitted and untracked files are included, ignored ones are not.',
    'A run knows the earlier ones: the newest 20 and what they uploaded, up to 200 MB, are kept in .tools/local.',
    'The pull request is what you have not committed, against the last commit (with nothing uncommitted: the last commit',
    'against the one before); on another branch than the default one, all of that branch against the default one.',
    '',
    `Workflows: ${workflows.join(', ')}`,
    'Exit status: 0 green, 1 red, 2 the run could not start, 130 interrupted. NO_COLOR turns colours off.',
  ].join('\n');
}

/**
 * Reads the command line.
 *
 * @param environment where secrets come from.
 * @param place folder that files are relative to.
 * @throws UsageError for anything that is not a flag of ours or not in its form.
 */
export function parseFlags(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  place: string,
): Flags {
  const given = readTokens(args);
  const last = (name: string) => given.get(name)?.at(-1);
  const has = (name: string) => given.has(name);
  const eventFile = last('event-file');
  return {
    project: last('project'),
    workflow: last('workflow') ?? 'node-service.yml',
    caller: last('caller'),
    event: { ...eventOf(last, has), ...(eventFile === undefined ? {} : { payload: payloadOf(eventFile, place) }) },
    inputs: pairs('input', given.get('input') ?? [], (file) => fileText(file, place)),
    secrets: secretsOf(given.get('secret') ?? [], environment),
    variables: pairs('var', given.get('var') ?? []),
    repository: last('repository'),
    isJson: has('json'),
    isVerbose: has('verbose'),
    isParallel: has('parallel'),
    isFresh: has('fresh'),
    keeps: has('keep'),
    wantsHelp: has('help'),
  };
}

function readTokens(args: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const options = Object.fromEntries(
    LIST.map(({ name, value, short }) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true, allowPositionals: true });
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional')
      throw new UsageError(`unexpected argument "${shortened(token.value)}": see --help`);
    if (token.kind !== 'option') continue;
    const flag = LIST.find(({ name }) => name === token.name);
    if (flag === undefined) throw new UsageError(unknownFlag(token.rawName));
    if (flag.value === undefined && token.value !== undefined) throw new UsageError(`--${flag.name} takes no value`);
    const isMissing = flag.value !== undefined && !isValue(token.value, token.inlineValue);
    if (isMissing) throw new UsageError(`--${flag.name} needs a value: --${flag.name} ${flag.value}`);
    given.set(flag.name, [...(given.get(flag.name) ?? []), token.value ?? '']);
  }
  return given;
}

/** An empty text is none: of a variable that is not set. `--project --verbose` forgot it; `--input=--x` meant it. */
function isValue(value: string | undefined, isInline: boolean | undefined): boolean {
  return value !== undefined && value.trim() !== '' && (isInline === true || !value.startsWith('--'));
}

function unknownFlag(raw: string): string {
  const names = LIST.map(({ name }) => `--${name}`);
  return `there is no flag ${shortened(raw)}${suggestion(raw, names)}: see --help`;
}

function payloadOf(file: string, place: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(fileText(file, place));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--event-file ${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new UsageError(`--event-file ${file} holds no JSON object`);
  }
  return parsed as Readonly<Record<string, unknown>>;
}

function fileText(file: string, place: string): string {
  try {
    return readFileSync(resolve(place, file), 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}

/** `KEY=VALUE`s; with a reader of files, `KEY=@FILE` too (`KEY=@@x` means the text `@x`). */
function pairs(flag: string, given: readonly string[], readText?: (file: string) => string): Record<string, string> {
  return Object.fromEntries(
    given.map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 1) throw new UsageError(`--${flag} "${shortened(pair)}" is no KEY=VALUE`);
      const value = pair.slice(equals + 1);
      if (readText === undefined || !value.startsWith('@')) return [pair.slice(0, equals), value];
      return [pair.slice(0, equals), value.startsWith('@@') ? value.slice(1) : readText(value.slice(1))];
    }),
  );
}

function secretsOf(names: readonly string[], environment: Readonly<Record<string, string | undefined>>) {
  return Object.fromEntries(
    names.map((name) => {
      const variable = name.split('=', 1)[0]?.toUpperCase().replaceAll('-', '_') ?? '';
      if (name.includes('=')) {
        throw new UsageError(
          `a secret's value never stands on a command line: set ${variable} in the environment and give --secret ${name.split('=', 1)[0]}`,
        );
      }
      const value = environment[variable] ?? '';
      if (value === '') throw new UsageError(`--secret ${name}: the environment has no ${variable}`);
      return [name, value];
    }),
  );
}
