import type { ShellCommand } from './shell-words.ts';

/** One program that a script starts, with what only starts other programs (npx, cross-env, …) taken off. */
export interface ProgramCall {
  /** Name of the program, without a path: `tsc`, `next`. */
  readonly program: string;
  readonly args: readonly string[];
  /** Variables set for this call (`CI=1 vitest`, `cross-env CI=1 vitest`). */
  readonly environment: Readonly<Record<string, string>>;
  /** See {@link ShellCommand.isPlain}; also false behind a program that sets up its own environment (dotenv, infisical). */
  readonly isPlain: boolean;
}

const ASSIGNMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/;

/** Flags of npx, `npm exec`, `pnpm exec` and the like that take a value. */
const EXEC_VALUES = /^(-p|--package|-c|--call|-w|--workspace|-C|--dir|--filter)$/;

/** Programs that read variables from elsewhere and then start the command behind `--`. */
const ENVIRONMENT_LOADERS: ReadonlySet<string> = new Set([
  'dotenv',
  'dotenvx',
  'infisical',
  'doppler',
  'op',
  'env-cmd',
  'with-env',
  'dotenv-flow',
]);

/** Words that stand before a command and change nothing about what it is. */
const PREFIXES: ReadonlySet<string> = new Set([
  'exec',
  'command',
  'time',
  'nice',
  'nohup',
  'cross-env',
  'cross-env-shell',
  'env',
  'sudo',
]);

/** The program that a command really starts; undefined for one that only sets variables. */
export function programOf(command: ShellCommand): ProgramCall | undefined {
  const variables: (readonly [string, string])[] = [];
  let isPlain = command.isPlain;
  let words = command.words;
  // Each round takes off at least one word, so this ends.
  for (let rest = behindStarter(words); rest !== undefined; rest = behindStarter(words)) {
    const [, name, value = ''] = ASSIGNMENT.exec(words[0] ?? '') ?? [];
    if (name !== undefined) variables.push([name, value]);
    if (ENVIRONMENT_LOADERS.has(nameOf(words[0] ?? ''))) isPlain = false;
    words = rest;
  }
  const [program = '', ...args] = words;
  if (program === '') return undefined;
  const call = { program: nameOf(program), args, environment: Object.fromEntries(variables), isPlain };
  return call.program === 'node' ? installedProgram(call) : call;
}

/** The words without what stands in front of the program proper; undefined when it is first. */
function behindStarter(words: readonly string[]): readonly string[] | undefined {
  const [first = '', second = ''] = words;
  if (ASSIGNMENT.test(first) || PREFIXES.has(nameOf(first))) return words.slice(1);
  if (ENVIRONMENT_LOADERS.has(nameOf(first))) return behindLoader(words.slice(1));
  if (/^(npx|bunx|pnpx)$/.test(first)) return behindFlags(words.slice(1));
  if (/^(npm|pnpm|yarn|bun)$/.test(first) && /^(exec|x|dlx)$/.test(second)) return behindFlags(words.slice(2));
  return first === 'bun' && second === '--bun' ? [first, ...words.slice(2)] : undefined;
}

function behindFlags(words: readonly string[]): readonly string[] {
  let index = 0;
  for (; (words[index] ?? '').startsWith('-'); index += 1) {
    const flag = words[index] ?? '';
    if (flag === '--') return words.slice(index + 1);
    if (EXEC_VALUES.test(flag)) index += 1;
  }
  return words.slice(index);
}

function behindLoader(words: readonly string[]): readonly string[] {
  const separator = words.indexOf('--');
  if (separator !== -1) return words.slice(separator + 1);
  let index = 0;
  while ((words[index] ?? '').startsWith('-')) index += /^-\w$/.test(words[index] ?? '') ? 2 : 1;
  return words.slice(index);
}

/** `node --max-old-space-size=8192 node_modules/next/dist/bin/next build` starts next. */
function installedProgram(call: ProgramCall): ProgramCall {
  const index = call.args.findIndex((arg) => !arg.startsWith('-'));
  const file = call.args[index] ?? '';
  if (!/(^|\/)node_modules\//.test(file)) return call;
  return { ...call, program: nameOf(file).replace(/\.[cm]?js$/, ''), args: call.args.slice(index + 1) };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The arguments that are no flags. */
export function operands(call: ProgramCall): readonly string[] {
  return call.args.filter((arg) => !arg.startsWith('-'));
}

/** Whether one of the arguments is one of these flags, also as `--flag=value`. */
export function hasFlag(call: ProgramCall, ...flags: readonly string[]): boolean {
  return call.args.some((arg) => flags.includes(arg) || flags.includes(arg.split('=', 1)[0] ?? ''));
}
