import type { ProgramCall } from './programs.ts';
import { SCRIPT_NAMES } from './script-names.ts';
import type { TaskKind } from './types.ts';

/** What a script of the workspace's root hands over to the packages. */
export interface Delegation {
  /** Scripts of the packages that it runs there. */
  readonly targets: readonly string[];
  /** Selectors as `--filter` takes them, `!` before those that are left out; empty for every package. */
  readonly selectors: readonly string[];
  /** Arguments behind the scripts' own. */
  readonly extra: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What hands over: `turbo`, `pnpm -r`, … */
  readonly tool: string;
}

/**
 * Reads what the calls of a root script hand over to the packages: `pnpm -r`, `--filter`, `npm -ws`, `-w`, `yarn
 * workspaces foreach`, `yarn workspace`, `bun --filter`, turbo, nx, lerna.
 *
 * @returns undefined when the script does something besides, or hands over in a way that can't be read off it
 */
export function delegationOf(calls: readonly ProgramCall[], kind: TaskKind): Delegation | undefined {
  const parts = calls.filter(({ program }) => program !== 'echo').map(handedOver);
  const [first] = parts;
  if (first === undefined || parts.some((part) => part === undefined)) return undefined;
  const all = parts.filter((part) => part !== undefined);
  const targets = targetsFor(kind, first.targets);
  const isOne = all.every(
    (part) => sameWords(targetsFor(kind, part.targets), targets) && sameWords(part.extra, first.extra),
  );
  if (!isOne || targets.length === 0) return undefined;
  // One part without selectors stands for all packages.
  const selectors = all.some((part) => part.selectors.length === 0) ? [] : all.flatMap((part) => part.selectors);
  return { ...first, targets, selectors };
}

/** Whether a call runs scripts of several packages, in whichever way: it may build what they depend on. */
export function runsPackages(call: ProgramCall): boolean {
  const runners = ['turbo', 'nx', 'lerna', 'wsrun', 'ultra', 'moon', 'rush', 'rushx', 'lage', 'wireit'];
  return runners.includes(call.program) || handedOver(call) !== undefined;
}

function targetsFor(kind: TaskKind, targets: readonly string[]): readonly string[] {
  const known = targets.filter((name) => SCRIPT_NAMES[kind].includes(name));
  return known.length > 0 || targets.length === 1 ? (known.length > 0 ? known : targets) : [];
}

function sameWords(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((word, index) => word === right[index]);
}

function handedOver(call: ProgramCall): Delegation | undefined {
  if (!call.isPlain) return undefined;
  const read = Object.hasOwn(READERS, call.program) ? READERS[call.program] : undefined;
  const found = read?.(call.args);
  if (found === undefined || found.targets.length === 0) return undefined;
  const words = [...found.extra, ...Object.values(call.environment)];
  const isReadable = found.targets.every((target) => /^[\w:./-]{1,214}$/.test(target)) && words.every(isOrdinary);
  return isReadable ? { ...found, environment: call.environment } : undefined;
}

function isOrdinary(word: string): boolean {
  return word.length <= 1_000 && !/[\u0000-\u001f\u007f]/.test(word);
}

type Handed = Omit<Delegation, 'environment'>;

/** Words, the values of the flags that were asked for, and what stands behind `--`. */
interface Words {
  readonly words: readonly string[];
  readonly values: readonly (readonly [string, string])[];
  readonly flags: ReadonlySet<string>;
  readonly behind: readonly string[];
}

/** Splits arguments; `withValue` names the flags that take one. With `stopAt`, what follows that many words is extra. */
function split(args: readonly string[], withValue: RegExp, stopAt = Number.POSITIVE_INFINITY): Words {
  const words: string[] = [];
  const values: [string, string][] = [];
  const flags = new Set<string>();
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg === '--') return { words, values, flags, behind: args.slice(index + 1) };
    if (!arg.startsWith('-')) {
      words.push(arg);
      if (words.length >= stopAt) return { words, values, flags, behind: args.slice(index + 1) };
      continue;
    }
    const [name = '', ...rest] = arg.split('=');
    flags.add(name);
    if (!withValue.test(name)) continue;
    if (rest.length === 0) index += 1;
    values.push([name, rest.length > 0 ? rest.join('=') : (args[index] ?? '')]);
  }
  return { words, values, flags, behind: [] };
}

function valuesOf({ values }: Words, ...names: readonly string[]): readonly string[] {
  return values.filter(([name]) => names.includes(name)).map(([, value]) => value);
}

const READERS: Readonly<Record<string, (args: readonly string[]) => Handed | undefined>> = {
  turbo: (args) => {
    const read = split(
      args,
      /^(--filter|-F|--concurrency|--cache-dir|--env-mode|--output-logs|--log-order|--log-prefix|--cwd|--ui|--token|--team|--api|--cache|--cache-workers|--verbosity)$/,
    );
    const targets = read.words[0] === 'run' ? read.words.slice(1) : read.words;
    const others =
      /^(prune|gen|generate|login|logout|link|unlink|daemon|watch|ls|query|boundaries|info|scan|bin|config|telemetry|completion|docs)$/;
    if (others.test(targets[0] ?? '') || read.flags.has('--cwd')) return undefined;
    return { targets, selectors: valuesOf(read, '--filter', '-F'), extra: read.behind, tool: 'turbo' };
  },
  pnpm: (args) => {
    const withValue =
      /^(--filter|-F|--filter-prod|--workspace-concurrency|--reporter|--loglevel|-C|--dir|--resume-from)$/;
    const isRun = args.some((arg, index) => arg === 'run' && split(args.slice(0, index), withValue).words.length === 0);
    const read = split(args, withValue, isRun ? 2 : 1);
    const [target = ''] = isRun ? read.words.slice(1) : read.words;
    const selectors = valuesOf(read, '--filter', '-F');
    const isRecursive = read.flags.has('-r') || read.flags.has('--recursive') || selectors.length > 0;
    const other =
      !isRun && /^(install|i|add|update|up|remove|publish|exec|dlx|list|ls|why|outdated|audit|rebuild|pack|deploy)$/;
    if (
      !isRecursive ||
      ['-w', '--workspace-root', '-C', '--dir', '--filter-prod', '--resume-from'].some((flag) => read.flags.has(flag))
    )
      return undefined;
    if (other !== false && other.test(target)) return undefined;
    return {
      targets: [target],
      selectors,
      extra: read.behind.filter((arg) => arg !== '--'),
      tool: selectors.length > 0 ? 'pnpm --filter' : 'pnpm -r',
    };
  },
  npm: (args) => {
    const read = split(args, /^(-w|--workspace|--prefix|--loglevel)$/);
    const selectors = valuesOf(read, '-w', '--workspace').map((value) =>
      value.includes('/') && !value.startsWith('@') ? `./${value.replace(/^\.\//, '')}` : value,
    );
    const isAll = ['-ws', '--ws', '--workspaces'].some((flag) => read.flags.has(flag));
    const [first = '', second = ''] = read.words;
    const target = /^run(-script)?$/.test(first) ? second : /^(t|test|tst)$/.test(first) ? 'test' : '';
    if ((!isAll && selectors.length === 0) || target === '' || read.flags.has('--prefix')) return undefined;
    return {
      targets: [target],
      selectors: isAll ? [] : selectors,
      extra: read.behind,
      tool: isAll ? 'npm --workspaces' : 'npm --workspace',
    };
  },
  yarn: (args) => {
    if (args[0] === 'workspace') {
      const [, name = '', ...rest] = args;
      const [target = '', ...extra] = rest[0] === 'run' ? rest.slice(1) : rest;
      return { targets: [target], selectors: [name], extra, tool: 'yarn workspace' };
    }
    if (args[0] !== 'workspaces') return undefined;
    const isForeach = args[1] === 'foreach';
    const read = split(args.slice(isForeach ? 2 : 1), /^(--include|--exclude|--from|-j|--jobs)$/, 2);
    const selectors = [
      ...valuesOf(read, '--include', '--from'),
      ...valuesOf(read, '--exclude').map((name) => `!${name}`),
    ];
    if (read.words[0] !== 'run') return undefined;
    return {
      targets: read.words.slice(1),
      selectors,
      extra: read.behind,
      tool: isForeach ? 'yarn workspaces foreach' : 'yarn workspaces run',
    };
  },
  bun: (args) => {
    const read = split(args, /^(--filter|-F)$/);
    const targets = read.words[0] === 'run' ? read.words.slice(1) : read.words;
    const selectors = valuesOf(read, '--filter', '-F');
    if (selectors.length === 0 && !read.flags.has('--workspaces')) return undefined;
    return {
      targets: targets.slice(0, 1),
      selectors,
      extra: [...targets.slice(1), ...read.behind],
      tool: 'bun --filter',
    };
  },
  lerna: (args) => {
    const read = split(args, /^(--scope|--ignore|--concurrency|--loglevel|--since)$/);
    if (read.words[0] !== 'run') return undefined;
    const selectors = [...valuesOf(read, '--scope'), ...valuesOf(read, '--ignore').map((name) => `!${name}`)];
    return {
      targets: read.words.slice(1).flatMap((word) => word.split(',')),
      selectors,
      extra: read.behind,
      tool: 'lerna',
    };
  },
  nx: (args) => {
    const read = split(
      args,
      /^(-t|--target|--targets|-p|--projects|--exclude|--parallel|-c|--configuration|--base|--head|--output-style|--outputStyle)$/,
    );
    if (!/^(run-many|affected)$/.test(read.words[0] ?? '')) return undefined;
    const list = (...names: readonly string[]) => valuesOf(read, ...names).flatMap((value) => value.split(','));
    const selectors = [...list('-p', '--projects'), ...list('--exclude').map((name) => `!${name}`)];
    return {
      targets: [...list('-t', '--target', '--targets'), ...read.words.slice(1)],
      selectors,
      extra: read.behind,
      tool: 'nx',
    };
  },
};
