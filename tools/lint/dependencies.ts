import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { root } from '../install/root.ts';
import type { Finding } from './finding.ts';

interface Import {
  /** Both from `src`. */
  readonly from: string;
  readonly to: string;
  readonly line: number;
}

/** An import of an own file: static, type-only or dynamic. */
const IMPORT = /(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;

/**
 * The house's rule of dependencies: `main` may import everything; a room may import the plain functions of another
 * room and the runtime, never another room's door; the runtime imports no room; only the runtime and doors know
 * @actions/*; nothing goes in circles.
 */
export async function dependencyFindings(): Promise<Finding[]> {
  const entries = await readdir(join(root, 'src'), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
  const texts = new Map(
    await Promise.all(
      files
        .sort()
        .map(
          async (file) =>
            [relative(join(root, 'src'), file).split(sep).join('/'), await readFile(file, 'utf8')] as const,
        ),
    ),
  );
  const imports = [...texts].flatMap(([from, text]) => importsOf(from, text));
  return [
    ...imports.flatMap(violation),
    ...[...texts].flatMap(([from, text]) => toolkit(from, text)),
    ...circles(imports),
  ];
}

function importsOf(from: string, text: string): Import[] {
  return [...text.matchAll(IMPORT)].map((match) => ({
    from,
    to: join(dirname(from), match[1] ?? '')
      .split(sep)
      .join('/'),
    line: text.slice(0, match.index).split('\n').length,
  }));
}

const roomOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');

function violation({ from, to, line }: Import): Finding[] {
  const finding = (message: string) => [{ tool: 'dependencies', path: `src/${from}`, line, column: 1, message }];
  const room = roomOf(from);
  const target = roomOf(to);
  if (room === '') return [];
  if (room === 'runtime' && target !== 'runtime') return finding(`the runtime imports a room (${to})`);
  if (target === '') return finding(`a room imports the dispatcher (${to})`);
  if (target !== 'runtime' && to === `${target}/action.ts`)
    return finding(`a room imports a door (${to}); import its plain functions`);
  return [];
}

function toolkit(from: string, text: string): Finding[] {
  const found = /(?:from|import)\s*\(?\s*'(@actions\/[^']+)'/.exec(text);
  if (found === null || roomOf(from) === 'runtime' || roomOf(from) === '') return [];
  const line = text.slice(0, found.index).split('\n').length;
  return [
    { tool: 'dependencies', path: `src/${from}`, line, column: 1, message: `only the runtime imports ${found[1]}` },
  ];
}

function circles(imports: readonly Import[]): Finding[] {
  const edges = new Map<string, Import[]>();
  for (const edge of imports) edges.set(edge.from, [...(edges.get(edge.from) ?? []), edge]);
  const state = new Map<string, 'open' | 'done'>();
  const findings: Finding[] = [];
  const visit = (file: string, trail: readonly string[]) => {
    state.set(file, 'open');
    for (const { to, line } of edges.get(file) ?? []) {
      if (state.get(to) === 'open') {
        const circle = [...trail.slice(trail.indexOf(to)), file, to].filter(
          (name, index, all) => name !== all[index - 1],
        );
        findings.push({
          tool: 'dependencies',
          path: `src/${file}`,
          line,
          column: 1,
          message: `a circle: ${circle.join(' -> ')}`,
        });
      } else if (!state.has(to)) visit(to, [...trail, file]);
    }
    state.set(file, 'done');
  };
  for (const file of edges.keys()) if (!state.has(file)) visit(file, []);
  return findings;
}
