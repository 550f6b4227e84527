import { hasFlag, operands, type ProgramCall } from './programs.ts';

/** Programs that run a command and measure its coverage; with these words they only report what was measured before. */
const MEASURERS: ReadonlySet<string> = new Set(['c8', 'nyc', 'cross-c8']);
const REPORT_WORDS = /^(report|merge|check-coverage|instrument)$/;

/** Programs that only show or send coverage that is there. */
const REPORTERS: ReadonlySet<string> = new Set(['coveralls', 'codecov', 'open', 'serve', 'http-server', 'open-cli']);

/** Runners that measure by themselves when they are told to, by this flag. */
const FLAG: Readonly<Record<string, string>> = {
  vitest: '--coverage',
  jest: '--coverage',
  'react-scripts': '--coverage',
};

/** Runners without a coverage of their own; c8 or nyc start them. */
const WRAPPED: ReadonlySet<string> = new Set(['mocha', 'ava', 'tape', 'uvu', 'jasmine', 'lab', 'qunit', 'tsx']);

/** What Node's runner needs to write a report and still print its results (nodejs.org/api/test.html; Node 20.11). */
const NODE_FLAGS: readonly string[] = [
  '--experimental-test-coverage',
  ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
  ...['--test-reporter=lcov', '--test-reporter-destination=lcov.info'],
];

/** Whether one of the programs measures coverage as it is called. */
export function measuresCoverage(calls: readonly ProgramCall[]): boolean {
  return calls.some((call) => {
    const { program, args } = call;
    if (MEASURERS.has(program)) return !REPORT_WORDS.test(operands(call)[0] ?? '');
    if (program === 'node') return args.includes('--experimental-test-coverage');
    return args.some((arg) => /^--(coverage|collectCoverage|collect-coverage|coverage\.enabled)(=true)?$/.test(arg));
  });
}

/** Whether a script shows or sends coverage that something else measured, and runs no tests itself. */
export function onlyReports(calls: readonly ProgramCall[], isTest: (call: ProgramCall) => boolean): boolean {
  const isReport = (call: ProgramCall) =>
    REPORTERS.has(call.program) || (MEASURERS.has(call.program) && REPORT_WORDS.test(operands(call)[0] ?? ''));
  return calls.some(isReport) && !calls.some((call) => !isReport(call) && isTest(call));
}

/** How a test command is made to measure: by arguments behind it, or by another command in its place. */
export type CoverageAddition =
  | { readonly extra: readonly [string, ...string[]] }
  | { readonly argv: readonly [string, ...string[]]; readonly added: string };

/**
 * What makes the last program of a test script measure coverage and write a report.
 *
 * @param isAlone whether the script is nothing but this call, so that another command can stand in its place
 * @param has whether the package has a dependency: nothing is downloaded
 * @returns undefined where nothing can be added
 */
export function coverageAddition(
  call: ProgramCall,
  isAlone: boolean,
  has: (name: string) => boolean,
): CoverageAddition | undefined {
  const { program, args } = call;
  if (!call.isPlain || args.some((arg) => /coverage/i.test(arg))) return undefined;
  const flag = Object.hasOwn(FLAG, program) ? FLAG[program] : undefined;
  if (flag !== undefined) {
    if (program === 'vitest' && !hasVitestProvider(has)) return undefined;
    // Behind `--` a flag is a name of a test.
    return args.includes('--') ? undefined : { extra: [flag] };
  }
  if (!isAlone) return undefined;
  if (program === 'node') {
    const index = args.indexOf('--test');
    if (index === -1 || hasFlag(call, '--test-reporter', '--test-reporter-destination')) return undefined;
    return { argv: nodeWithCoverage(args), added: '--experimental-test-coverage' };
  }
  const measurer = ['c8', 'nyc'].find(has);
  if (measurer === undefined || !WRAPPED.has(program)) return undefined;
  return { argv: [measurer, '--reporter=lcov', '--reporter=text-summary', program, ...args], added: measurer };
}

/** `node --test` with the flags for coverage, which stand in front of the files. */
export function nodeWithCoverage(args: readonly string[]): readonly [string, ...string[]] {
  const index = args.indexOf('--test') + 1;
  return ['node', ...args.slice(0, index), ...NODE_FLAGS, ...args.slice(index)];
}

/** Why tests run without the coverage that was asked for. */
export function whyUnmeasured(calls: readonly ProgramCall[], has: (name: string) => boolean): string {
  const none = 'no script such as test:coverage';
  if (calls.some(({ program }) => program === 'vitest') && !hasVitestProvider(has)) {
    return `${none}, and neither @vitest/coverage-v8 nor @vitest/coverage-istanbul is a dependency`;
  }
  if (calls.some(({ program }) => WRAPPED.has(program)) && !['c8', 'nyc'].some(has)) {
    return `${none}, and neither c8 nor nyc is a dependency`;
  }
  return `${none}, and no flag can be added to what the tests run`;
}

export function hasVitestProvider(has: (name: string) => boolean): boolean {
  return ['@vitest/coverage-v8', '@vitest/coverage-istanbul'].some(has);
}
