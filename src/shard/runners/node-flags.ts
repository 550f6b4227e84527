import type { FlagTable } from './arguments.ts';

/** Flags of Node 20 to 26 that take a word (the table in its own option parser); all others take none. */
export const NODE_FLAGS: FlagTable = {
  endsAtOperand: true,
  lists: new Set(),
  values: new Set([
    ...['C', 'r', 'conditions', 'require', 'import', 'loader', 'experimentalLoader', 'envFile', 'envFileIfExists'],
    ...['testConcurrency', 'testCoverageExclude', 'testCoverageInclude', 'testCoverageBranches'],
    ...['testCoverageFunctions', 'testCoverageLines', 'testGlobalSetup', 'testIsolation', 'experimentalTestIsolation'],
    ...['testNamePattern', 'testSkipPattern', 'testReporter', 'testReporterDestination', 'testShard', 'testTimeout'],
    ...['testRandomSeed', 'testRerunFailures', 'experimentalTestTagFilter', 'watchPath', 'watchKillSignal'],
    ...['experimentalConfigFile', 'experimentalDefaultType', 'inputType', 'disableWarning', 'unhandledRejections'],
    ...['allowFsRead', 'allowFsWrite', 'dnsResultOrder', 'icuDataDir', 'localstorageFile', 'maxHttpHeaderSize'],
    ...['maxOldSpaceSizePercentage', 'redirectWarnings', 'reportDir', 'reportDirectory', 'reportFilename'],
    ...['reportSignal', 'secureHeap', 'secureHeapMin', 'snapshotBlob', 'stackTraceLimit', 'title', 'tlsCipherList'],
    ...['traceEventCategories', 'traceEventFilePattern', 'v8PoolSize', 'diagnosticDir', 'opensslConfig'],
    ...['cpuProfDir', 'cpuProfInterval', 'cpuProfName', 'heapProfDir', 'heapProfInterval', 'heapProfName'],
  ]),
  switches: new Set([
    ...['test', 'testOnly', 'testForceExit', 'testRandomize', 'experimentalTestCoverage', 'enableSourceMaps'],
    ...['experimentalTestModuleMocks', 'experimentalTestSnapshots', 'experimentalStripTypes', 'stripTypes'],
    ...['experimentalTransformTypes', 'experimentalVmModules', 'experimentalRequireModule', 'experimentalSqlite'],
    ...['experimentalWebsocket', 'experimentalWebstorage', 'experimentalDetectModule', 'exposeGc', 'permission'],
    ...['preserveSymlinks', 'traceWarnings', 'traceDeprecation', 'throwDeprecation', 'pendingDeprecation', 'warnings'],
    ...['traceUncaught', 'abortOnUncaughtException', 'useSystemCa', 'forceNodeApiUncaughtExceptionsPolicy'],
  ]),
};

const THRESHOLD =
  'is a coverage threshold of its own, which needs all tests in one run; put it into `coverage` of the workflow';
const NO_RUN = 'is no run of the tests';
const HIDES = 'reads settings from a file';

/** Flags with which tests are not divided, and why: half a sentence behind the flag. */
export const NODE_FORBIDDEN: ReadonlyMap<string, string> = new Map([
  ['testShard', 'chooses among the tests already'],
  ['testRerunFailures', 'chooses among the tests already'],
  ...['watch', 'watchPath', 'inspect', 'inspectBrk', 'inspectWait'].map(
    (name) => [name, 'waits for changes or a person'] as const,
  ),
  ...['testCoverageLines', 'testCoverageBranches', 'testCoverageFunctions'].map((name) => [name, THRESHOLD] as const),
  ...['e', 'eval', 'p', 'print', 'pe', 'c', 'check', 'run', 'i', 'interactive', 'v', 'version', 'h', 'help'].map(
    (name) => [name, NO_RUN] as const,
  ),
  ...['experimentalConfigFile', 'experimentalDefaultConfigFile'].map((name) => [name, HIDES] as const),
  ['testUpdateSnapshots', 'writes snapshots, which no machine of several keeps'],
]);
