/** Generated projects whose tests fail at known lines, for the test runners of JavaScript. */
import { posix } from 'node:path';
import type { Fault, Files } from './project.ts';
import type { Random } from './random.ts';

export interface Runner {
  extensions: readonly string[];
  /** First lines of each test file. */
  header: readonly string[];
  /** A line that makes a function of another file known. */
  load: (name: string, path: string) => string;
  /** Extension of files that are no tests. */
  library: string;
  /** What stands before a function that other files use. */
  export: string;
  /** Statements that fail, each on its one line. */
  failing: readonly string[];
  /** Whether the runner tells the line of a file that does not parse. */
  syntaxErrors: boolean;
}

interface Project {
  files: Files;
  faults: Fault[];
}

/**
 * Four test files, `faulty` of them with a failing test. With faults also a test that calls a function that throws, a
 * file that throws when loaded, and one that does not parse.
 */
export function suiteProject(random: Random, runner: Runner, faulty: number): Project {
  const project: Project = { files: { 'package.json': ['{ "name": "generated", "version": "1.0.0" }'] }, faults: [] };
  for (let index = 0; index < 4; index += 1) addTestFile(random, runner, index < faulty, project);
  if (faulty === 0) return project;
  addLibrary(random, runner, project);
  addFile(random, runner, project, [`throw new Error('${random.identifier()}');`]);
  if (runner.syntaxErrors) addFile(random, runner, project, ['const = 1;']);
  return project;
}

function filler(random: Random, most: number): string[] {
  return Array.from({ length: random.integer(0, most) }, () => `// ${random.words()}`);
}

/** A file that fails as a whole on its last line. */
function addFile(random: Random, runner: Runner, { files, faults }: Project, fault: readonly string[]): void {
  const file = random.path(random.pick(runner.extensions));
  files[file] = [...runner.header, ...filler(random, 30), ...fault];
  faults.push({ file, line: files[file].length });
}

function addTestFile(random: Random, runner: Runner, isFaulty: boolean, { files, faults }: Project): void {
  const file = random.path(random.pick(runner.extensions));
  const lines = [...runner.header, ...filler(random, 30), `describe(${JSON.stringify(random.words())}, () => {`];
  const faultyTest = random.integer(0, 2);
  for (let index = 0; index < 3; index += 1) {
    lines.push(`  test(${JSON.stringify(`${random.words()} ${random.identifier()}`)}, () => {`, ...filler(random, 4));
    if (isFaulty && index === faultyTest) {
      lines.push(`    ${random.pick(runner.failing)}`);
      faults.push({ file, line: lines.length });
    }
    lines.push('  });');
  }
  files[file] = [...lines, '});'];
}

/** A test that calls a function of another file, which throws: that line is the problem's. */
function addLibrary(random: Random, runner: Runner, { files, faults }: Project): void {
  const test = random.path(random.pick(runner.extensions));
  const library = random.path(runner.library);
  const name = random.identifier();
  const body = filler(random, 20);
  const last = runner.export === '' ? `module.exports = { ${name} };` : '';
  files[library] = [
    ...body,
    `${runner.export}function ${name}() {`,
    "  throw new RangeError('out of range');",
    '}',
    last,
  ];
  files[test] = [
    ...runner.header,
    runner.load(name, posix.relative(posix.dirname(test), library)),
    `test(${JSON.stringify(random.words())}, () => {`,
    `  ${name}();`,
    '});',
  ];
  faults.push({ file: library, line: body.length + 2 });
}
