/**
 * Lines by which package managers and task runners say whose output follows, or where a package is. Pure readers of
 * one line each; prefix.ts keeps what they say. Formats as printed by pnpm 9 to 11, npm 10 and 11, turbo 2, nx, yarn 4.
 */

export interface Section {
  packageName: string;
  folder: string | undefined;
}

/** `> name@1.0.0 script`, with the folder behind it from pnpm up to version 10; `> nx run name:task`. */
export function readScriptHeader(line: string): Section | undefined {
  if (!line.startsWith('> ')) return undefined;
  const nx = /^> nx run ([^\s:]+):\S+/.exec(line);
  if (nx?.[1] !== undefined) return { packageName: nx[1], folder: undefined };
  const script = /^> (\S+) \S+(?: (\/.*))?$/.exec(line);
  const at = script?.[1]?.lastIndexOf('@') ?? -1;
  return at > 0 ? { packageName: script?.[1]?.slice(0, at) ?? '', folder: script?.[2] } : undefined;
}

/** turbo's `name:task` alone on a line, with or without `::group::`: what it prints on GitHub instead of prefixes. */
export function readTurboHeader(line: string, packages: ReadonlySet<string>): Section | undefined {
  if (packages.size === 0) return undefined;
  const task = line.startsWith('::group::') ? line.slice('::group::'.length) : line;
  const name = task.slice(0, Math.max(task.indexOf(':'), 0));
  return task.includes(' ') || !packages.has(name) ? undefined : { packageName: name, folder: undefined };
}

/** turbo's `• Packages in scope: a, b` */
export function readTurboPackages(line: string): string[] {
  const start = line.slice(0, 60).indexOf('Packages in scope: ');
  if (start === -1) return [];
  const list = line.slice(start + 'Packages in scope: '.length);
  return list.split(', ').map((name) => name.trim());
}

/** pnpm's `packages/a lint$ eslint .`: the prefix of the lines to come, and their folder. */
export function readPnpmCommand(line: string): { prefix: string; folder: string } | undefined {
  const dollar = line.indexOf('$ ');
  const space = dollar < 3 ? -1 : line.lastIndexOf(' ', dollar);
  if (space < 1 || dollar - space < 2) return undefined;
  return { prefix: line.slice(0, dollar), folder: line.slice(0, space) };
}

/** yarn's `[name]: Process started` */
export function readYarnStart(line: string): string | undefined {
  const end = ']: Process started';
  return line.startsWith('[') && line.endsWith(end) ? line.slice(1, -end.length) : undefined;
}

/** A command, as npm, pnpm and yarn print it, of a runner that puts `[name] ` before its programs' lines. */
export function isBracketRunner(line: string): boolean {
  const start = line.startsWith('> ') || line.startsWith('$ ');
  return start && /\b(?:concurrently|npm-run-all|run-p)\b/.test(line.slice(0, 200));
}

/** Where a package is, said when its script failed: by npm, by turbo, by pnpm; and where vitest's root is. */
export function readFolder(line: string): { path: string; packageName: string | undefined } | undefined {
  const vitest = line.startsWith(' RUN ') ? /^ RUN {2}v\S+ (\/.*)$/.exec(line) : null;
  if (vitest?.[1] !== undefined) return { path: vitest[1].trimEnd(), packageName: undefined };
  const npm = line.startsWith('npm ') ? /^npm (?:error|ERR!) (?:path|location) (\/.*)$/.exec(line) : null;
  if (npm?.[1] !== undefined) return { path: npm[1], packageName: undefined };
  const turbo = line.includes('ERROR') ? /^([^\s#]+)#\S+: {1,4}ERROR {1,4}command \((\/[^)]*)\)/.exec(line) : null;
  if (turbo?.[2] !== undefined) return { path: turbo[2], packageName: turbo[1] };
  if (!line.startsWith('/') || !line.endsWith(':') || line.includes(': ')) return undefined;
  return { path: line.slice(0, -1), packageName: undefined };
}
