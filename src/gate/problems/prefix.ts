/**
 * Prefixes that package managers and task runners put before the lines of the programs they run, and the sections by
 * which they part them: pnpm -r, turbo, npm -ws, yarn workspaces foreach, nx, concurrently.
 *
 * Their lines are interleaved, so each prefix is a stream of its own. A prefix is taken for one only where the runner
 * announced it, as `a.py:3: error` and `[id] a.js` look alike.
 */
import {
  isBracketRunner,
  readFolder,
  readPnpmCommand,
  readScriptHeader,
  readTurboHeader,
  readTurboPackages,
  readYarnStart,
  type Section,
} from './announcement.ts';

/** Whose lines these are. Known by folder, or by the package's name; the folder may be learned later. */
export interface Scope {
  folder?: string | undefined;
  packageName?: string | undefined;
}

export interface PrefixedLine {
  /** Lines with the same key belong together. */
  stream: string;
  scope: Scope;
  text: string;
}

export interface PrefixReader {
  read(line: string): PrefixedLine;
  /** Folders by package name, and all folders, that the runners mentioned: complete after the last line. */
  folders: { byPackage: ReadonlyMap<string, string>; mentioned: ReadonlySet<string> };
}

interface Known {
  pnpmPrefixes: Map<string, Scope>;
  turboPackages: Set<string>;
  yarnPackages: Set<string>;
  hasBrackets: boolean;
  byPackage: Map<string, string>;
  mentioned: Set<string>;
  scopes: Map<string, Scope>;
  /** Of lines without a prefix. */
  current: Scope;
  sections: number;
}

const mostNames = 1_000;
/** Levels in brackets are a program's own, as prettier's `[warn] file`. */
const levels = new Set(['warn', 'error', 'info', 'debug']);

export function createPrefixReader(): PrefixReader {
  const known: Known = {
    pnpmPrefixes: new Map(),
    turboPackages: new Set(),
    yarnPackages: new Set(),
    hasBrackets: false,
    byPackage: new Map(),
    mentioned: new Set(),
    scopes: new Map(),
    current: {},
    sections: 0,
  };
  return {
    folders: known,
    read(line) {
      const section = readScriptHeader(line) ?? readTurboHeader(line, known.turboPackages);
      if (section !== undefined) openSection(section, known);
      readPrefixes(line, known);
      const folder = readFolder(line);
      if (folder !== undefined) learnFolder(folder.packageName ?? known.current.packageName, folder.path, known);
      const own = prefixedLine(line, known);
      if (own === undefined) return { stream: `${known.sections}`, scope: known.current, text: line };
      // pnpm up to version 10 names the folder in a header, which turbo prefixes.
      const inner = readScriptHeader(own.text);
      if (inner?.folder !== undefined) learnFolder(inner.packageName, inner.folder, known);
      return own;
    },
  };
}

function openSection({ packageName, folder }: Section, known: Known): void {
  known.current = folder === undefined ? scopeOf(packageName, known) : { packageName, folder };
  known.sections += 1;
  if (folder !== undefined) learnFolder(packageName, folder, known);
}

function readPrefixes(line: string, known: Known): void {
  const pnpm = readPnpmCommand(line);
  if (pnpm !== undefined && known.pnpmPrefixes.size < mostNames)
    known.pnpmPrefixes.set(pnpm.prefix, { folder: pnpm.folder });
  for (const name of readTurboPackages(line)) if (known.turboPackages.size < mostNames) known.turboPackages.add(name);
  const yarn = readYarnStart(line);
  if (yarn !== undefined && known.yarnPackages.size < mostNames) known.yarnPackages.add(yarn);
  known.hasBrackets ||= isBracketRunner(line);
}

function learnFolder(packageName: string | undefined, folder: string, known: Known): void {
  if (packageName !== undefined && known.byPackage.size < mostNames) known.byPackage.set(packageName, folder);
  if (known.mentioned.size < mostNames) known.mentioned.add(folder);
}

function scopeOf(packageName: string, known: Known): Scope {
  const scope = known.scopes.get(packageName) ?? { packageName };
  if (known.scopes.size < mostNames) known.scopes.set(packageName, scope);
  return scope;
}

/** `packages/a lint: text` (pnpm), `name:task: text` (turbo), `[name]: text` (yarn), `[name] text` (concurrently). */
function prefixedLine(line: string, known: Known): PrefixedLine | undefined {
  if (line.startsWith('[')) return bracketedLine(line, known);
  if (known.pnpmPrefixes.size === 0 && known.turboPackages.size === 0) return undefined;
  const colon = line.indexOf(': ');
  const prefix = colon === -1 && line.endsWith(':') ? line.slice(0, -1) : line.slice(0, Math.max(colon, 0));
  const text = line.slice(prefix.length + 2);
  const pnpm = known.pnpmPrefixes.get(prefix);
  if (pnpm !== undefined) return { stream: prefix, scope: pnpm, text };
  const name = prefix.slice(0, Math.max(prefix.indexOf(':'), 0));
  return known.turboPackages.has(name) ? { stream: prefix, scope: scopeOf(name, known), text } : undefined;
}

function bracketedLine(line: string, known: Known): PrefixedLine | undefined {
  const close = line.indexOf(']');
  const name = line.slice(1, Math.max(close, 1)).trim();
  if (line.startsWith(']: ', close) && known.yarnPackages.has(name)) {
    return { stream: `[${name}`, scope: scopeOf(name, known), text: line.slice(close + 3) };
  }
  const isPrefix = known.hasBrackets && line.startsWith('] ', close) && name.length < 80 && !levels.has(name);
  return isPrefix ? { stream: `[${name}`, scope: known.current, text: line.slice(close + 2) } : undefined;
}
