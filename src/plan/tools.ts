import { hasVitestProvider, nodeWithCoverage } from './coverage.ts';
import { hasNodeTestFiles, hasOwnEslintConfig, hasTestFiles, type PackageFacts } from './facts.ts';
import { fieldOf } from './json.ts';
import { hasFlag, operands, type ProgramCall } from './programs.ts';
import * as is from './recognise.ts';

/** The command of a tool for a package that has the tool, but no script for it. */
export interface ToolChoice {
  readonly argv: readonly [string, ...string[]];
  /** The file that gave the reason, relative to the package. */
  readonly source: string;
  readonly reason: string;
}

/** A command, or the reason why there is none. */
export type ToolOutcome = ToolChoice | { readonly none: string };

export interface ToolQuestion {
  readonly facts: PackageFacts;
  /** Programs that the scripts chosen for the package start already: what they do is not done again. */
  readonly running: readonly ProgramCall[];
  /** Whether a tool has to be configured in the package's own folder: true for the packages of a workspace. */
  readonly needsOwnConfig: boolean;
  readonly coverage: boolean;
}

/** How a dependency is called in a reason; undefined when the package does not have it. */
function owned({ facts }: ToolQuestion, name: string): string | undefined {
  const found = facts.dependency(name);
  if (found === undefined) return undefined;
  if (!found.isOwn) return "a dependency of the workspace's root";
  return facts.manifest.runtimeDependencies.has(name) ? 'a dependency' : 'a devDependency';
}

function configFile({ facts }: ToolQuestion, pattern: RegExp, field = ''): string | undefined {
  const file = facts.files.find((path) => pattern.test(path));
  return file ?? (field !== '' && fieldOf(facts.manifest.json, field) !== undefined ? 'package.json' : undefined);
}

const PRETTIER_CONFIG = /^(\.prettierrc(\..+)?|prettier\.config\.[cm]?[jt]s)$/;
const BIOME_CONFIG = /^\.?biome\.jsonc?$/;

/**
 * Formatter of a package without a script that checks the format: Prettier, Biome, dprint or oxfmt, whichever is a
 * dependency. A package of a workspace that has Prettier from the root needs a configuration of its own as well.
 */
export function formatTool(question: ToolQuestion): ToolOutcome {
  const { running, needsOwnConfig } = question;
  const done = running.find((call) => is.formatRole(call) === 'check');
  if (done !== undefined) return { none: `\`${done.program}\` of another task does it` };
  const candidates: readonly (readonly [string, RegExp, string, ToolChoice['argv'], boolean])[] = [
    ['prettier', PRETTIER_CONFIG, 'prettier', ['prettier', '--check', '.'], needsOwnConfig],
    ['@biomejs/biome', BIOME_CONFIG, '', ['biome', 'format', '.'], true],
    ['dprint', /^\.?dprint\.jsonc?$/, '', ['dprint', 'check'], true],
    ['oxfmt', /^\.?oxfmtrc\.jsonc?$/, '', ['oxfmt', '--check'], needsOwnConfig],
  ];
  for (const [name, pattern, field, argv, needsConfig] of candidates) {
    const what = owned(question, name);
    const config = configFile(question, pattern, field);
    const isEnough = !needsConfig || (name === 'prettier' && question.facts.manifest.dependencies.has(name));
    if (what === undefined || (!isEnough && config === undefined)) continue;
    return { argv, source: config ?? 'package.json', reason: `${isEnough ? what : config}, no script` };
  }
  return { none: 'no script, and no formatter among the dependencies' };
}

/** Linter of a package without a script for it: ESLint, Biome or oxlint, where it is a dependency and configured. */
export function lintTool(question: ToolQuestion): ToolOutcome {
  const { facts, running, needsOwnConfig } = question;
  const done = running.find(is.isLint);
  if (done !== undefined) return { none: `\`${done.program}\` of another task does it` };
  const eslint = hasOwnEslintConfig(facts) && owned(question, 'eslint') !== undefined;
  if (eslint) {
    const name = facts.eslintConfig?.split('/').at(-1) ?? 'package.json';
    return { argv: ['eslint', '.'], source: name, reason: `${name}, no script` };
  }
  const biome = configFile(question, BIOME_CONFIG);
  if (biome !== undefined && owned(question, '@biomejs/biome') !== undefined) {
    return { argv: ['biome', 'ci', '.'], source: biome, reason: `${biome}, no script` };
  }
  const oxlint = configFile(question, /^\.oxlintrc\.json$/);
  if (owned(question, 'oxlint') !== undefined && (oxlint !== undefined || !needsOwnConfig)) {
    const source = oxlint ?? 'package.json';
    return { argv: ['oxlint'], source, reason: `${oxlint ?? owned(question, 'oxlint')}, no script` };
  }
  return { none: 'no script, and no linter that is both a dependency and configured' };
}

/** TypeScript's `--noEmit` together with `--build` is there since this version. */
const NO_EMIT_BUILD = [5, 6] as const;

/**
 * Type check of a package with tsconfig.json and without a script for it: `tsc --noEmit`, or what knows the project's
 * own files as well (vue-tsc, svelte-check, astro check); `tsc -b --noEmit` where tsconfig.json only refers to others.
 * Nothing where a script that runs anyway checks the same files.
 */
export function typecheckTool(question: ToolQuestion): ToolOutcome {
  const { facts, running } = question;
  if (facts.tsconfig === undefined) return { none: 'no script, no tsconfig.json' };
  const done = running.find((call) => is.isTypeCheck(call) && checksWholeProject(call));
  if (done !== undefined) return { none: `\`${[done.program, ...done.args].join(' ')}\` of another task does it` };
  const reason = 'tsconfig.json, no script';
  const special: readonly (readonly [string, ToolChoice['argv']])[] = [
    ['vue-tsc', facts.tsconfig.isSolution ? ['vue-tsc', '-b', '--noEmit'] : ['vue-tsc', '--noEmit']],
    ['svelte-check', ['svelte-check']],
    ['@astrojs/check', ['astro', 'check']],
  ];
  const found = special.find(([name]) => facts.manifest.dependencies.has(name));
  if (found !== undefined) return { argv: found[1], source: 'tsconfig.json', reason };
  const typescript = facts.dependency('typescript');
  if (typescript === undefined) return { none: 'tsconfig.json, but typescript is not a dependency' };
  if (!facts.tsconfig.isSolution) return { argv: ['tsc', '--noEmit'], source: 'tsconfig.json', reason };
  if (isOlder(typescript.version, NO_EMIT_BUILD)) {
    return {
      none: `tsconfig.json only refers to others, which tsc checks without writing since TypeScript ${NO_EMIT_BUILD.join('.')}`,
    };
  }
  return { argv: ['tsc', '-b', '--noEmit'], source: 'tsconfig.json', reason: `${reason}; it refers to other projects` };
}

/** Whether a compiler call takes the package's tsconfig.json, and not another file. */
function checksWholeProject(call: ProgramCall): boolean {
  if (!hasFlag(call, '-p', '--project')) return operands(call).length === 0 || is.buildsReferences(call);
  return call.args.some((arg) => /^((-p|--project)=)?(\.\/?|(\.\/)?tsconfig\.json)$/.test(arg));
}

function isOlder(range: string, [major, minor]: readonly [number, number]): boolean {
  const found = /^[\^~=v]?(\d+)\.(\d+)/.exec(range);
  if (found === null) return false;
  const [, givenMajor, givenMinor] = found.map(Number);
  return (givenMajor ?? 0) < major || (givenMajor === major && (givenMinor ?? 0) < minor);
}

const OTHER_TESTERS = [
  'mocha',
  'ava',
  'tap',
  'tape',
  'uvu',
  'jasmine',
  'karma',
  '@japa/runner',
  '@playwright/test',
  'cypress',
];

/**
 * Tests of a package with test files and without a script for them: Vitest, Jest, or Node's own runner where no other
 * one is a dependency. Coverage only where the provider is a dependency, too: nothing is downloaded.
 */
export function testTool(question: ToolQuestion): ToolOutcome {
  const { facts, coverage } = question;
  const isConfigured = configFile(question, /^(vitest|vite|jest)\.config\./, 'jest') !== undefined;
  const hasRunner = (name: string) => facts.manifest.dependencies.has(name) || (isConfigured && facts.dependency(name));
  if (hasTestFiles(facts)) {
    if (hasRunner('vitest')) {
      const measured = coverage && hasVitestProvider((name) => facts.dependency(name) !== undefined);
      const argv: ToolChoice['argv'] = measured ? ['vitest', 'run', '--coverage'] : ['vitest', 'run'];
      return { argv, source: 'package.json', reason: `${owned(question, 'vitest')}, no script` };
    }
    if (hasRunner('jest')) {
      const argv: ToolChoice['argv'] = coverage ? ['jest', '--coverage'] : ['jest'];
      return { argv, source: 'package.json', reason: `${owned(question, 'jest')}, no script` };
    }
  }
  const isNode = hasNodeTestFiles(facts) && !OTHER_TESTERS.some((name) => facts.manifest.dependencies.has(name));
  if (!isNode || hasRunner('vitest') || hasRunner('jest'))
    return { none: 'no script, and no test files with a known runner' };
  const argv: ToolChoice['argv'] = coverage ? nodeWithCoverage(['--test']) : ['node', '--test'];
  return { argv, source: 'package.json', reason: 'test files, no script' };
}
