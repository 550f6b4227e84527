import { coverageAddition, measuresCoverage, onlyReports } from './coverage.ts';
import type { Manifest } from './manifest.ts';
import type { ProgramCall } from './programs.ts';
import * as is from './recognise.ts';
import { AMBIGUOUS_NAMES, COVERAGE_NAMES, SCRIPT_NAMES } from './script-names.ts';
import { callsOf, type Expansion, expandScript } from './scripts.ts';
import type { TaskKind } from './types.ts';

/** A script that was chosen for a kind of task. */
export interface ScriptChoice {
  readonly script: string;
  /** Set where not the script is run but the command in it, changed so that it checks and ends. */
  readonly instead?: { readonly argv: readonly [string, ...string[]]; readonly reason: string };
  /** Arguments that are handed to the script so that it measures coverage. */
  readonly extra?: readonly string[];
  readonly expansion: Expansion;
  /** Whether it corrects files of the project while it runs, so that nothing else may read them meanwhile. */
  readonly corrects: boolean;
}

/** A script with a fitting name that was passed over. */
export interface PassedOver {
  readonly script: string;
  readonly reason: string;
  /** Whether it would have checked something, so that leaving it out has to be said. */
  readonly isLoss: boolean;
}

export interface Choices {
  readonly choice: ScriptChoice | undefined;
  readonly passedOver: readonly PassedOver[];
}

type Verdict =
  | { readonly use: 'first' | 'changed' | 'last'; readonly choice: ScriptChoice }
  | { readonly passedOver: PassedOver }
  | undefined;

/**
 * Chooses the script of a package for a kind of task. A script that does what the kind asks as it stands is preferred
 * to one whose command has to be changed (`prettier --write` to `--check`, `eslint --fix` without `--fix`, `jest
 * --watch` without it), that one to tests which also drive a browser. Placeholders, watchers, servers and scripts that
 * only format or scaffold are passed over.
 *
 * Where coverage is asked for, a script that measures it is preferred, then one whose name says that it does, then the
 * usual one with the runner's own flag, where one can be added (see {@link coverageAddition}).
 *
 * @param preferred names that stand before the usual ones (those that the root script hands over to)
 * @param has whether the package has a dependency, for what measures coverage; its own ones when left out
 */
export function chooseScript(
  manifest: Manifest,
  kind: TaskKind,
  options: {
    readonly coverage: boolean;
    readonly preferred?: readonly string[];
    readonly has?: (name: string) => boolean;
  },
): Choices {
  const names = [...(options.preferred ?? []), ...namesOf(kind)];
  const present = [...new Set(names)].filter((name) => (manifest.scripts.get(name) ?? '').trim() !== '');
  const verdicts = present.map((name) => judge(manifest, kind, name, options.preferred?.includes(name) === true));
  const candidates = (['first', 'changed', 'last'] as const).flatMap((rank) =>
    verdicts.flatMap((verdict) => (verdict && 'use' in verdict && verdict.use === rank ? [verdict.choice] : [])),
  );
  const has = options.has ?? ((name: string) => manifest.dependencies.has(name));
  const choice = options.coverage && kind === 'test' ? measuring(manifest, candidates, has) : candidates[0];
  const passedOver = verdicts.flatMap((verdict) => (verdict && 'passedOver' in verdict ? [verdict.passedOver] : []));
  return { choice, passedOver: passedOver.filter(({ script }) => choice?.expansion.scripts.has(script) !== true) };
}

function namesOf(kind: TaskKind): readonly string[] {
  return kind === 'test' ? [...SCRIPT_NAMES.test, ...COVERAGE_NAMES] : SCRIPT_NAMES[kind];
}

/** Of the test scripts in their order the one to run when coverage is asked for. */
function measuring(
  manifest: Manifest,
  candidates: readonly ScriptChoice[],
  has: (name: string) => boolean,
): ScriptChoice | undefined {
  const named = candidates.filter(({ script }) => COVERAGE_NAMES.includes(script));
  const found = candidates.find(({ expansion }) => measuresCoverage(expansion.calls)) ?? named[0];
  if (found !== undefined) return found;
  const [first] = candidates;
  return first === undefined ? undefined : (withCoverage(manifest, first, has) ?? first);
}

/** The same script, made to measure coverage; undefined where nothing can be added. */
function withCoverage(
  manifest: Manifest,
  choice: ScriptChoice,
  has: (name: string) => boolean,
): ScriptChoice | undefined {
  const { script, instead, expansion } = choice;
  const call = instead === undefined ? callsOf(manifest, script).at(-1) : callOf(instead.argv);
  if (call === undefined) return undefined;
  const isAlone = instead !== undefined || onlyCall(manifest, script) !== undefined;
  const addition = coverageAddition(call, isAlone, has);
  if (addition === undefined) return undefined;
  if ('extra' in addition && instead === undefined) {
    const calls = [...expansion.calls, { ...call, args: [...call.args, ...addition.extra] }];
    return { ...choice, extra: addition.extra, expansion: { ...expansion, calls } };
  }
  const argv = 'argv' in addition ? addition.argv : ([call.program, ...call.args, ...addition.extra] as const);
  const added = 'argv' in addition ? addition.added : addition.extra.join(' ');
  const reason = `${instead?.reason ?? `package.json, script ${script}`} with ${added} added for the coverage`;
  return { ...choice, instead: { argv, reason }, expansion: { ...expansion, calls: [callOf(argv)] } };
}

function judge(manifest: Manifest, kind: TaskKind, script: string, isPreferred: boolean): Verdict {
  const expansion = expandScript(manifest, script);
  const { calls } = expansion;
  if (calls.length > 0 && is.isPlaceholder(calls)) return pass(script, 'it only prints a text', false);
  if (AMBIGUOUS_NAMES.has(script) && !isPreferred && !calls.some((call) => suits(call, kind))) return undefined;
  const watch = signIn(calls, is.watchSign);
  if (watch !== undefined) {
    return ended(manifest, kind, script, expansion) ?? pass(script, `it waits for changes: ${watch}`, true);
  }
  const server = kind === 'test' ? undefined : signIn(calls, is.serverSign);
  if (server !== undefined) return pass(script, `it starts a server: ${server}`, false);
  if (kind === 'format') return judgeFormat(manifest, script, expansion);
  if (kind === 'generate') return judgeGenerate(script, expansion);
  if (kind === 'test') return judgeTest(script, expansion);
  if (kind === 'lint' && calls.some(is.fixes)) return judgeFix(manifest, script, expansion);
  return { use: 'first', choice: { script, expansion, corrects: false } };
}

function pass(script: string, reason: string, isLoss: boolean): Verdict {
  return { passedOver: { script, reason, isLoss } };
}

function signIn(calls: readonly ProgramCall[], sign: (call: ProgramCall) => string | undefined): string | undefined {
  return calls.map(sign).find((found) => found !== undefined);
}

function judgeGenerate(script: string, expansion: Expansion): Verdict {
  if (expansion.calls.some(is.isScaffolding))
    return pass(script, 'it writes files to edit, not files to build with', false);
  if (expansion.calls.some(is.needsLocalServer)) return pass(script, 'it reads from a server on this machine', true);
  return { use: 'first', choice: { script, expansion, corrects: false } };
}

function judgeTest(script: string, expansion: Expansion): Verdict {
  const { calls } = expansion;
  const choice = { script, expansion, corrects: false };
  if (COVERAGE_NAMES.includes(script) && onlyReports(calls, isTest)) return pass(script, 'it runs no tests', false);
  if (!calls.some(is.isBrowserTest)) return { use: 'first', choice };
  const isBrowserOnly = calls.every((call) => is.isBrowserTest(call) || !isTest(call));
  return isBrowserOnly ? pass(script, 'it drives a browser', true) : { use: 'last', choice };
}

/** Whether a call is work of this kind, for names that alone do not say. */
function suits(call: ProgramCall, kind: TaskKind): boolean {
  if (kind === 'typecheck') return is.isTypeCheck(call);
  if (kind === 'lint') return is.isLint(call);
  if (kind === 'format') return is.formatRole(call) !== undefined;
  return kind !== 'test' || isTest(call);
}

const TESTERS = new Set([
  'vitest',
  'jest',
  'mocha',
  'ava',
  'tap',
  'tape',
  'uvu',
  'jasmine',
  'karma',
  'qunit',
  'lab',
  'c8',
  'nyc',
  'react-scripts',
  'tsx',
  'wtr',
]);

function isTest({ program, args }: ProgramCall): boolean {
  if (program === 'node') return args.some((arg) => arg === '--test' || arg.startsWith('--test-'));
  return TESTERS.has(program) || args[0] === 'test';
}

function judgeFormat(manifest: Manifest, script: string, expansion: Expansion): Verdict {
  const roles = expansion.calls.map(is.formatRole);
  const choice = { script, expansion, corrects: false };
  if (!roles.includes('write')) {
    const isChecking = roles.includes('check') || !AMBIGUOUS_NAMES.has(script);
    return isChecking
      ? { use: 'first', choice }
      : { passedOver: { script, reason: 'it checks nothing', isLoss: false } };
  }
  const call = onlyCall(manifest, script);
  if (call?.program === 'prettier') {
    const kept = call.args.filter((arg) => !['--write', '-w', '--list-different', '-l', '--check', '-c'].includes(arg));
    return changed(script, [call.program, '--check', ...kept], '--write', expansion);
  }
  if (call?.program === 'biome') return changed(script, ['biome', ...is.withoutFixes(call.args)], '--write', expansion);
  return pass(script, 'it rewrites files', false);
}

function judgeFix(manifest: Manifest, script: string, expansion: Expansion): Verdict {
  const call = onlyCall(manifest, script);
  if (call !== undefined) return changed(script, [call.program, ...is.withoutFixes(call.args)], '--fix', expansion);
  return { use: 'last', choice: { script, expansion, corrects: true } };
}

/** The command of a script that watches, changed so that it runs once. */
function ended(manifest: Manifest, kind: TaskKind, script: string, expansion: Expansion): Verdict {
  const call = onlyCall(manifest, script);
  if (call === undefined || kind === 'generate') return undefined;
  const args = call.args.filter(
    (arg) => !/^(--watch|--watchAll)(=|$)/.test(arg) && !(arg === '-w' && call.program !== 'prettier'),
  );
  if (call.program === 'vitest') {
    const rest = args.filter((arg) => !/^(watch|dev|run|--ui(=.*)?)$/.test(arg));
    return changed(script, ['vitest', 'run', ...rest], 'watching', expansion);
  }
  if (call.program === 'ng') return changed(script, ['ng', ...args, '--watch=false'], 'watching', expansion);
  if (
    !['jest', 'mocha', 'ava', 'tsc', 'vue-tsc', 'tsgo', 'node', 'vite', 'rollup', 'webpack', 'tsup'].includes(
      call.program,
    )
  )
    return undefined;
  return changed(script, [call.program, ...args], 'watching', expansion);
}

/** Longest command that is taken out of a script. */
const LONGEST_COMMAND = 1_000;

function changed(script: string, argv: readonly [string, ...string[]], without: string, expansion: Expansion): Verdict {
  const text = argv.join(' ');
  if (text.length > LONGEST_COMMAND || /[\u0000-\u001f\u007f]/.test(text)) {
    return pass(script, `its command without ${without} does not fit into a line`, true);
  }
  const instead = { argv, reason: `package.json, script ${script} without ${without}` };
  return {
    use: 'changed',
    choice: { script, instead, expansion: { ...expansion, calls: [callOf(argv)] }, corrects: false },
  };
}

function callOf([program, ...args]: readonly [string, ...string[]]): ProgramCall {
  return { program, args, environment: {}, isPlain: true };
}

/** The one program of a script that is nothing but its call, with no variables, hooks or shell around it. */
function onlyCall(manifest: Manifest, script: string): ProgramCall | undefined {
  const [call, ...others] = callsOf(manifest, script);
  const hasHooks = manifest.scripts.has(`pre${script}`) || manifest.scripts.has(`post${script}`);
  const isAlone = call !== undefined && others.length === 0 && !hasHooks;
  return isAlone && call.isPlain && Object.keys(call.environment).length === 0 ? call : undefined;
}
