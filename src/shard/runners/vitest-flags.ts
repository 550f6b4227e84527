import type { FlagTable } from './arguments.ts';

/**
 * Flags of vitest 1 to 5 (`vitest run --help --expand-help` of each). One that takes a word in some versions only is in
 * neither set.
 */
export const VITEST_FLAGS: FlagTable = {
  endsAtOperand: false,
  lists: new Set(),
  values: new Set([
    ...['c', 'r', 't', 'p', 'config', 'configLoader', 'root', 'dir', 'mode', 'project', 'workspace', 'tagsFilter'],
    ...['testNamePattern', 'reporter', 'outputFile', 'exclude', 'environment', 'pool', 'execArgv', 'diff', 'api'],
    ...['testTimeout', 'hookTimeout', 'teardownTimeout', 'slowTestThreshold', 'bail', 'retry', 'repeats'],
    ...['maxWorkers', 'minWorkers', 'maxConcurrency', 'vmMemoryLimit', 'segfaultRetry', 'attachmentsDir'],
    ...['sequence.seed', 'sequence.hooks', 'sequence.setupFiles', 'expect.poll.interval', 'expect.poll.timeout'],
    ...['coverage.provider', 'coverage.reporter', 'coverage.reportsDirectory', 'coverage.include'],
    ...['coverage.exclude', 'coverage.extension', 'coverage.customProviderModule', 'coverage.ignoreClassMethods'],
    ...['coverage.processingConcurrency', 'coverage.changed', 'coverage.thresholds.lines'],
    ...['coverage.thresholds.branches', 'coverage.thresholds.functions', 'coverage.thresholds.statements'],
    ...['coverage.watermarks.lines', 'coverage.watermarks.branches', 'coverage.watermarks.functions'],
    ...['coverage.watermarks.statements', 'typecheck.checker', 'typecheck.tsconfig', 'typecheck.spawnTimeout'],
    ...['poolOptions.threads.maxThreads', 'poolOptions.threads.minThreads', 'poolOptions.forks.maxForks'],
    ...['poolOptions.forks.minForks', 'poolOptions.vmThreads.maxThreads', 'poolOptions.vmThreads.minThreads'],
    ...['poolOptions.vmThreads.memoryLimit', 'poolOptions.vmForks.maxForks', 'poolOptions.vmForks.minForks'],
    ...['poolOptions.vmForks.memoryLimit', 'retry.count', 'retry.delay', 'retry.condition'],
  ]),
  switches: new Set([
    ...['run', 'coverage', 'coverage.enabled', 'coverage.all', 'coverage.clean', 'coverage.cleanOnRerun'],
    ...['coverage.allowExternal', 'coverage.reportOnFailure', 'coverage.skipFull', 'coverage.thresholds.100'],
    ...['coverage.excludeAfterRemap', 'allowOnly', 'cache', 'clearScreen', 'dangerouslyIgnoreUnhandledErrors'],
    ...['disableConsoleIntercept', 'dom', 'expandSnapshotDiff', 'expect.requireAssertions', 'fileParallelism'],
    ...['globals', 'hideSkippedTests', 'includeTaskLocation', 'isolate', 'logHeapUsage', 'passWithNoTests'],
    ...['printConsoleTrace', 'sequence.concurrent', 'sequence.shuffle.files', 'sequence.shuffle.tests'],
    ...['sequence.shuffle', 'strictTags', 'typecheck', 'typecheck.enabled', 'typecheck.only'],
    ...['typecheck.allowJs', 'typecheck.build', 'typecheck.ignoreSourceErrors', 'poolOptions.threads.isolate'],
    ...['poolOptions.threads.singleThread', 'poolOptions.forks.isolate', 'poolOptions.forks.singleFork'],
    ...['detectAsyncLeaks', 'fsModuleCache', 'injectCjsGlobals'],
  ]),
};

const CHOOSES = 'chooses among the tests already';
const WATCHES = 'waits for changes or a person';
const NO_RUN = 'is no run of the tests';

/** Flags with which tests are not divided, and why: half a sentence behind the flag. */
export const VITEST_FORBIDDEN: ReadonlyMap<string, string> = new Map([
  ...['shard', 'changed', 'related', 'lastFailed'].map((name) => [name, CHOOSES] as const),
  ...['watch', 'w', 'ui', 'open', 'standalone', 'inspect', 'inspectBrk'].map((name) => [name, WATCHES] as const),
  ...['mergeReports', 'clearCache', 'listTags', 'help', 'h', 'version', 'v'].map((name) => [name, NO_RUN] as const),
  ...['update', 'u'].map((name) => [name, 'writes snapshots, which no machine of several keeps'] as const),
  ['browser', 'runs the tests in a browser'],
]);

/** Commands of vitest other than `run`, which is what it does by itself where CI is set. */
export const VITEST_COMMANDS: ReadonlySet<string> = new Set([
  ...['related', 'watch', 'dev', 'bench', 'list', 'init', 'typecheck', 'doctor'],
]);
