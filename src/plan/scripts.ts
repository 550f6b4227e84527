import { fieldOf } from './json.ts';
import type { Manifest } from './manifest.ts';
import { operands, type ProgramCall, programOf } from './programs.ts';
import { shellCommands } from './shell-words.ts';

/** What a script comes down to. */
export interface Expansion {
  /**
   * Every program that it starts, through scripts that it calls and through `pre` and `post` scripts; not the calls that
   * only lead to those scripts.
   */
  readonly calls: readonly ProgramCall[];
  /** Every script of the package that takes part, itself included. */
  readonly scripts: ReadonlySet<string>;
}

const NOTHING: Expansion = { calls: [], scripts: new Set() };

/** Most program calls that are looked at for one script, those that lead to other scripts among them. */
const MOST_CALLS = 500;

/**
 * Looks through a script of package.json to the programs that it starts: `npm run x`, `pnpm x`, `yarn x`, `bun run x`,
 * `node --run x`, `run-s`, `run-p`, `npm-run-all` and `concurrently` lead to other scripts of the same package; of a wireit script it is the
 * `command` in the package's configuration.
 */
export function expandScript(manifest: Manifest, name: string): Expansion {
  if (!manifest.scripts.has(name)) return NOTHING;
  const calls: ProgramCall[] = [];
  const scripts = new Set<string>();
  const isThere = (script: string) => manifest.scripts.has(script);
  let open = [name];
  let left = MOST_CALLS;
  for (let next = open.shift(); next !== undefined && left > 0; next = open.shift()) {
    if (scripts.has(next)) continue;
    scripts.add(next);
    const found = callsOf(manifest, next).slice(0, left);
    left -= found.length;
    const called = found.map((call) => calledScripts(manifest, call).filter(isThere));
    calls.push(...found.filter((_, index) => called[index]?.length === 0));
    const following = [`pre${next}`, `post${next}`].filter(isThere);
    open = [...new Set([...following, ...called.flat(), ...open])];
  }
  return { calls, scripts };
}

/** The programs that stand in one script itself. */
export function callsOf(manifest: Manifest, name: string): readonly ProgramCall[] {
  const text = manifest.scripts.get(name) ?? '';
  const wireit = /^\s*wireit\s*$/.test(text) ? fieldOf(fieldOf(fieldOf(manifest.json, 'wireit'), name), 'command') : '';
  const command = typeof wireit === 'string' && wireit !== '' ? wireit : text;
  return shellCommands(command).flatMap((part) => {
    const call = programOf(part);
    return call === undefined ? [] : (installedProgram(manifest, call) ?? call);
  });
}

/** `pnpm turbo run lint` and `yarn tsc` start an installed program where there is no script of that name. */
function installedProgram(manifest: Manifest, call: ProgramCall): ProgramCall | undefined {
  const [name = ''] = call.args;
  const isProgram =
    /^[a-z@]/.test(name) && !BUILT_IN.has(name) && !SCRIPT_WORDS.has(name) && !manifest.scripts.has(name);
  if (!/^(pnpm|yarn|bun)$/.test(call.program) || !isProgram) return undefined;
  const started = programOf({ words: call.args, isPlain: call.isPlain, after: '' });
  return started === undefined
    ? undefined
    : { ...started, environment: { ...call.environment, ...started.environment } };
}

/** Words of the package managers that no script can stand behind. */
const BUILT_IN = new Set([
  ...['install', 'i', 'ci', 'add', 'remove', 'publish', 'pack', 'version', 'link', 'init', 'exec', 'dlx', 'x'],
  ...['workspace', 'workspaces', 'audit', 'dedupe', 'why', 'list', 'ls', 'config'],
]);

/** Words that lead to scripts, and so never to an installed program. */
const SCRIPT_WORDS = new Set(['run', 'run-script', 'test', 'start', 'build']);

/** The scripts of the same package that a call leads to. */
function calledScripts(manifest: Manifest, call: ProgramCall): readonly string[] {
  const { program } = call;
  const names = operands(call);
  if (/^(npm|pnpm|yarn|bun)$/.test(program)) return byPackageManager(call);
  if (program === 'node') {
    const run = call.args.find((arg) => arg.startsWith('--run='))?.slice('--run='.length);
    return run === undefined ? (call.args.includes('--run') ? names.slice(0, 1) : []) : [run];
  }
  if (['run-s', 'run-p', 'npm-run-all', 'npm-run-all2'].includes(program))
    return names.flatMap((name) => namesLike(manifest, name));
  if (program !== 'concurrently') return [];
  return call.args.flatMap((arg) => {
    if (arg.startsWith('npm:')) return namesLike(manifest, arg.slice(4));
    const inner = shellCommands(arg).length > 0 && arg.includes(' ') ? shellCommands(arg) : [];
    return inner.flatMap((part) => {
      const started = programOf(part);
      return started === undefined || started.program === 'concurrently' ? [] : calledScripts(manifest, started);
    });
  });
}

function byPackageManager(call: ProgramCall): readonly string[] {
  // In other packages: with -r, --filter, -C and the like these are no scripts of this one.
  if (
    call.args.some((arg) => /^(-r|--recursive|-F|--filter|-C|--dir|--prefix|--cwd|-w|-ws|--workspaces?)(=|$)/.test(arg))
  )
    return [];
  const [first = '', second = ''] = operands(call);
  if (/^run(-script)?$/.test(first)) return [second];
  if (BUILT_IN.has(first)) return [];
  if (call.program === 'npm')
    return first === 't' ? ['test'] : /^(test|start|stop|restart)$/.test(first) ? [first] : [];
  return [first];
}

/** npm-run-all's patterns: `build:*` for one part behind the colon, `build:**` for any number. */
function namesLike(manifest: Manifest, pattern: string): readonly string[] {
  if (!pattern.includes('*')) return [pattern];
  const [prefix = ''] = pattern.split('*', 1);
  const isDeep = pattern.includes('**');
  return [...manifest.scripts.keys()].filter((name) => {
    return (
      name.startsWith(prefix) && name.length > prefix.length && (isDeep || !name.slice(prefix.length).includes(':'))
    );
  });
}
