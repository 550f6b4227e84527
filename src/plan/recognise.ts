import { named } from './paths.ts';
import { hasFlag, operands, type ProgramCall } from './programs.ts';

/** Programs that run again on every change, whatever their arguments. */
const WATCHERS = new Set(['nodemon', 'ts-node-dev', 'tsnd', 'onchange', 'chokidar', 'node-dev', 'gulp-watch']);

/** Programs whose `-w` means watch; elsewhere it means write or workspace. */
const SHORT_WATCH = new Set([
  'tsc',
  'vue-tsc',
  'tsgo',
  'rollup',
  'webpack',
  'vite',
  'tsup',
  'mocha',
  'ava',
  'vitest',
  'babel',
  'swc',
  'tsdown',
]);

/** Programs with a word that watches: `vitest watch`, `tsx watch`. */
const WATCH_WORDS: Readonly<Record<string, RegExp>> = {
  vitest: /^(watch|dev)$/,
  tsx: /^watch$/,
  parcel: /^watch$/,
  cypress: /^open$/,
};

/** What makes a program wait for changes instead of ending, as it stands in the script; undefined when it ends. */
export function watchSign(call: ProgramCall): string | undefined {
  const { program, args } = call;
  if (WATCHERS.has(program)) return program;
  const flag = args.find((arg) => /^--(watch|watchAll|watch-path|ui)(=|$)/.test(arg) && !/=(false|0|no)$/.test(arg));
  const name = flag?.split('=', 1)[0];
  if (name !== undefined && !(name === '--ui' && !/^(vitest|playwright)$/.test(program)))
    return `${named(program)} ${name}`;
  if (SHORT_WATCH.has(program) && args.includes('-w')) return `${program} -w`;
  const [word = ''] = operands(call);
  if (Object.hasOwn(WATCH_WORDS, program) && WATCH_WORDS[program]?.test(word) === true) return `${program} ${word}`;
  if (program === 'karma' && word === 'start' && !hasFlag(call, '--single-run', '--singleRun')) return 'karma start';
  if (program === 'ng' && word === 'test' && !hasFlag(call, '--watch', '--no-watch', '--configuration', '-c'))
    return 'ng test';
  return undefined;
}

/** Words with which a program becomes a server; the empty word stands for none. */
const SERVERS: Readonly<Record<string, RegExp>> = {
  next: /^(dev|start|)$/,
  vite: /^(dev|serve|preview|)$/,
  nuxt: /^(dev|preview|start)$/,
  nuxi: /^(dev|preview|start)$/,
  astro: /^(dev|preview)$/,
  webpack: /^(serve|server)$/,
  'webpack-dev-server': /^/,
  storybook: /^dev$/,
  'start-storybook': /^/,
  serve: /^/,
  'http-server': /^/,
  'live-server': /^/,
  'json-server': /^/,
  'react-scripts': /^start$/,
  'vue-cli-service': /^serve$/,
  ng: /^serve$/,
  nest: /^start$/,
  remix: /^dev$/,
  'react-router': /^dev$/,
  wrangler: /^dev$/,
  vercel: /^dev$/,
  expo: /^start$/,
};

/** The server that a program starts, as it stands in the script; undefined for one that ends by itself. */
export function serverSign(call: ProgramCall): string | undefined {
  const [word = ''] = operands(call);
  const words = Object.hasOwn(SERVERS, call.program) ? SERVERS[call.program] : undefined;
  if (words === undefined || !words.test(word) || hasFlag(call, '--version', '--help')) return undefined;
  return words.source.includes(word) && word !== '' ? `${call.program} ${word}` : call.program;
}

const BROWSER_TESTS: Readonly<Record<string, RegExp>> = {
  playwright: /^test$/,
  cypress: /^(run|open)$/,
  nightwatch: /^/,
  testcafe: /^/,
  wdio: /^/,
  detox: /^test$/,
  codeceptjs: /^run/,
};

/** Whether a program drives a browser or a device, which a check does not have. */
export function isBrowserTest(call: ProgramCall): boolean {
  const words = Object.hasOwn(BROWSER_TESTS, call.program) ? BROWSER_TESTS[call.program] : undefined;
  return words?.test(operands(call)[0] ?? '') === true;
}

/** Whether a script only says something (`echo "Error: no test specified" && exit 1`, npm's default). */
export function isPlaceholder(calls: readonly ProgramCall[]): boolean {
  return calls.every(({ program }) => ['echo', 'exit', 'true', 'false', ':', 'printf'].includes(program));
}

const TYPE_CHECKERS = new Set(['tsc', 'tsgo', 'vue-tsc', 'svelte-check', 'glint', 'ember-tsc', 'flow', 'tsd']);

export function isTypeCheck(call: ProgramCall): boolean {
  const [word = ''] = operands(call);
  if (call.program === 'astro') return word === 'check';
  if (call.program === 'nuxi' || call.program === 'nuxt') return word === 'typecheck';
  return TYPE_CHECKERS.has(call.program) && !hasFlag(call, '--version', '-v', '--init', '--showConfig');
}

/** tsc and the programs that take its arguments. */
export function isCompiler(call: ProgramCall): boolean {
  return ['tsc', 'tsgo', 'vue-tsc'].includes(call.program);
}

/** Whether a compiler works through project references (`tsc -b`). */
export function buildsReferences(call: ProgramCall): boolean {
  return isCompiler(call) && hasFlag(call, '-b', '--build');
}

const LINTERS = new Set([
  'eslint',
  'eslint_d',
  'oxlint',
  'stylelint',
  'xo',
  'standard',
  'ts-standard',
  'tslint',
  'rslint',
]);

export function isLint(call: ProgramCall): boolean {
  const [word = ''] = operands(call);
  if (call.program === 'biome' || call.program === 'rome') return /^(lint|check|ci)$/.test(word);
  if (['next', 'ng', 'expo', 'nuxt'].includes(call.program)) return word === 'lint';
  return LINTERS.has(call.program);
}

const FIX_FLAGS = [
  '--fix',
  '--fix-suggestions',
  '--fix-dangerously',
  '--write',
  '--apply',
  '--apply-unsafe',
  '--unsafe',
];

/** Whether a linter writes its corrections into the project's files. */
export function fixes(call: ProgramCall): boolean {
  return isLint(call) && call.args.some((arg) => FIX_FLAGS.includes(arg) || arg === '--fix=true');
}

/** The arguments without those that make a linter write. */
export function withoutFixes(args: readonly string[]): readonly string[] {
  return args.filter((arg) => !FIX_FLAGS.includes(arg) && arg !== '--fix=true');
}

export type FormatRole = 'check' | 'write' | 'print';

const FORMATTERS: Readonly<Record<string, (call: ProgramCall, word: string) => FormatRole | undefined>> = {
  prettier: (call) => {
    if (hasFlag(call, '--write', '-w')) return 'write';
    return hasFlag(call, '--check', '-c', '--list-different', '-l') ? 'check' : 'print';
  },
  'pretty-quick': (call) => (hasFlag(call, '--check') ? 'check' : 'write'),
  biome: biomeRole,
  rome: biomeRole,
  dprint: (_, word) => (word === 'check' ? 'check' : word === 'fmt' ? 'write' : undefined),
  oxfmt: (call) => (hasFlag(call, '--check', '--list-different') ? 'check' : 'write'),
  deno: (call, word) => (word === 'fmt' ? (hasFlag(call, '--check') ? 'check' : 'write') : undefined),
};

function biomeRole(call: ProgramCall, word: string): FormatRole | undefined {
  if (!/^(format|check|ci)$/.test(word)) return undefined;
  return hasFlag(call, ...FIX_FLAGS) ? 'write' : 'check';
}

/** What a formatter does with files that are not formatted: reports them, rewrites them, or only prints. */
export function formatRole(call: ProgramCall): FormatRole | undefined {
  const role = Object.hasOwn(FORMATTERS, call.program) ? FORMATTERS[call.program] : undefined;
  if (role !== undefined) return role(call, operands(call)[0] ?? '');
  return fixes(call) ? 'write' : undefined;
}

/** Scripts called generate that write what a person then edits and commits: migrations, skeletons, releases, sites. */
export function isScaffolding(call: ProgramCall): boolean {
  const words = operands(call).slice(0, 2).join(' ');
  const { program } = call;
  if (
    ['plop', 'hygen', 'yo', 'schematics', 'drizzle-kit', 'knex', 'sequelize', 'sequelize-cli', 'release-it'].includes(
      program,
    )
  )
    return true;
  if (program === 'typeorm' || program === 'typeorm-ts-node-esm') return /migration/.test(words);
  if (program === 'turbo') return /^(gen|generate)\b/.test(words);
  if (program === 'nx' || program === 'ng') return /^(g|generate)\b/.test(words);
  if (program === 'prisma') return !/^(generate|format|validate)/.test(words);
  return (program === 'nuxt' || program === 'nuxi') && words === 'generate';
}

/** Whether a call reads from a server that would have to run on this machine. */
export function needsLocalServer(call: ProgramCall): boolean {
  return call.args.some((arg) => /\bhttps?:\/\/(localhost|127\.0\.0\.1|0\.0\.0\.0)\b/.test(arg));
}

/** `prisma generate`. */
export function generatesPrisma(call: ProgramCall): boolean {
  return call.program === 'prisma' && operands(call)[0] === 'generate';
}

const GENERATORS = new Set([
  'graphql-codegen',
  'graphql-code-generator',
  'gql-gen',
  'openapi-typescript',
  'openapi-generator-cli',
  'orval',
  'kubb',
  'buf',
  'protoc',
  'typechain',
  'panda',
  'velite',
  'lingui',
  'paraglide-js',
  'tsr',
  'relay-compiler',
  'typed-scss-modules',
  'swagger-typescript-api',
  'contentlayer',
  'contentlayer2',
  'openapi-ts',
  'wit-bindgen',
]);

/** Programs that write source code from something else. */
export function generatesCode(call: ProgramCall): boolean {
  return GENERATORS.has(call.program) && !(call.program === 'buf' && operands(call)[0] !== 'generate');
}
