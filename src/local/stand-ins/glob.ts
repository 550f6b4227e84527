import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';

/** One line of a `path` input: a pattern of @actions/glob (toolkit: packages/glob). */
interface Pattern {
  readonly isExclusion: boolean;
  /** Folder or file that the search starts at: the part before the first wildcard. */
  readonly start: string;
  readonly matches: (path: string) => boolean;
}

export interface Found {
  /** Absolute paths of files, sorted. */
  readonly files: readonly string[];
  /** Where searches started, of patterns that include. */
  readonly starts: readonly string[];
}

/** Files that the patterns select; a folder means everything in it. Links are followed, as upload-artifact does. */
export async function findFiles(lines: string, folder: string, includesHidden: boolean): Promise<Found> {
  const patterns = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => parsePattern(line, folder));
  const included = patterns.filter(({ isExclusion }) => !isExclusion);
  const files = new Set<string>();
  for (const { start, matches } of included) {
    for await (const path of walk(start, includesHidden, new Set())) if (matches(path)) files.add(path);
  }
  const excluded = patterns.filter(({ isExclusion }) => isExclusion);
  const kept = [...files].filter((path) => !excluded.some(({ matches }) => matches(path)));
  return { files: kept.sort(), starts: included.map(({ start }) => start) };
}

function parsePattern(line: string, folder: string): Pattern {
  const isExclusion = line.startsWith('!');
  const text = resolve(folder, (isExclusion ? line.slice(1) : line).trim());
  const parts = text.split(sep);
  const wild = parts.findIndex((part) => /[*?[]/.test(part));
  const start = wild === -1 ? text : parts.slice(0, wild).join(sep) || sep;
  // A pattern that names a folder means what is below it, too.
  const expression = new RegExp(`^${parts.map(partExpression).join('')}(?:/.*)?$`, 's');
  return { isExclusion, start, matches: (path) => expression.test(path) };
}

function partExpression(part: string, index: number): string {
  const slash = index === 0 ? '' : '/';
  if (part === '**') return '(?:/.*)?';
  const body = part.replaceAll(/\*|\?|\[[^\]]*\]|[\\^$.|+(){}[\]]/g, (token) => {
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    return token.length > 1 && token.startsWith('[') ? token.replaceAll('\\', '\\\\') : `\\${token}`;
  });
  return `${slash}${body}`;
}

async function* walk(path: string, includesHidden: boolean, above: ReadonlySet<string>): AsyncGenerator<string> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ELOOP' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (found === undefined) return;
  if (!found.isDirectory()) {
    if (found.isFile()) yield path;
    return;
  }
  // A link that leads back to a folder above would never end.
  const identity = `${found.dev}:${found.ino}`;
  if (above.has(identity)) return;
  for (const name of await readdir(path)) {
    if (includesHidden || !name.startsWith('.'))
      yield* walk(join(path, name), includesHidden, new Set([...above, identity]));
  }
}

/** The folder that names in the artifact are relative to: the one searched, or what several have in common. */
export function commonFolder({ files, starts }: Found): string {
  const single = starts.length === 1 ? starts[0] : undefined;
  if (single !== undefined) return files.length === 1 && files[0] === single ? dirname(single) : single;
  const split = starts.map((start) => (files.includes(start) ? dirname(start) : start).split(sep));
  const first = split[0] ?? [];
  const length = first.findIndex((part, index) => split.some((other) => other[index] !== part));
  return (length === -1 ? first : first.slice(0, length)).join(sep) || sep;
}
