import type { FlagTable } from './arguments.ts';

/** Flags of jest 29 and 30 (`jest --help` of each). */
export const JEST_FLAGS: FlagTable = {
  endsAtOperand: false,
  values: new Set([
    ...['c', 'w', 't', 'cacheDirectory', 'changedSince', 'collectCoverageFrom', 'config', 'coverageDirectory'],
    ...['coverageProvider', 'coverageThreshold', 'env', 'filter', 'globalSetup', 'globalTeardown', 'globals', 'haste'],
    ...['maxWorkers', 'moduleNameMapper', 'notifyMode', 'outputFile', 'preset', 'prettierPath', 'resolver', 'rootDir'],
    ...['runner', 'shard', 'testEnvironment', 'testEnvironmentOptions', 'testFailureExitCode', 'testNamePattern'],
    ...['testResultsProcessor', 'testRunner', 'testSequencer', 'transform', 'maxConcurrency', 'openHandlesTimeout'],
    ...['seed', 'testTimeout', 'workerGracefulExitTimeout'],
  ]),
  lists: new Set([
    ...['coveragePathIgnorePatterns', 'coverageReporters', 'ignoreProjects', 'moduleDirectories'],
    ...['moduleFileExtensions', 'modulePathIgnorePatterns', 'modulePaths', 'projects', 'reporters', 'roots'],
    ...['selectProjects', 'setupFiles', 'setupFilesAfterEnv', 'snapshotSerializers', 'testMatch'],
    ...['testPathIgnorePatterns', 'testPathPattern', 'testPathPatterns', 'testRegex', 'transformIgnorePatterns'],
    ...['unmockedModulePathPatterns', 'watchPathIgnorePatterns'],
  ]),
  switches: new Set([
    ...['all', 'automock', 'b', 'bail', 'cache', 'ci', 'clearMocks', 'collectCoverage', 'color', 'colors', 'coverage'],
    ...['debug', 'detectLeaks', 'detectOpenHandles', 'errorOnDeprecated', 'e', 'expand', 'forceExit'],
    ...['injectGlobals', 'json', 'logHeapUsage', 'notify', 'passWithNoTests', 'randomize', 'resetMocks'],
    ...['resetModules', 'restoreMocks', 'i', 'runInBand', 'runTestsByPath', 'showSeed', 'silent', 'skipFilter'],
    ...['testLocationInResults', 'useStderr', 'verbose', 'waitForUnhandledRejections', 'watchman', 'workerThreads'],
  ]),
};

const CHOOSES = 'chooses among the tests already';
const WATCHES = 'waits for changes';
const NO_RUN = 'is no run of the tests';

/** Flags with which tests are not divided, and why: half a sentence behind the flag. */
export const JEST_FORBIDDEN: ReadonlyMap<string, string> = new Map([
  ...['shard', 'o', 'onlyChanged', 'lastCommit', 'changedSince', 'changedFilesWithAncestor', 'f', 'onlyFailures'].map(
    (name) => [name, CHOOSES] as const,
  ),
  ['findRelatedTests', CHOOSES],
  ...['watch', 'watchAll'].map((name) => [name, WATCHES] as const),
  ...['listTests', 'showConfig', 'init', 'clearCache', 'collectTests', 'help', 'h', 'version'].map(
    (name) => [name, NO_RUN] as const,
  ),
  ...['updateSnapshot', 'u'].map((name) => [name, 'writes snapshots, which no machine of several keeps'] as const),
  ['testResultsProcessor', 'needs the results of all tests'],
]);
