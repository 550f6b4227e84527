import { posix } from 'node:path';
import { fieldOf, parseJsonWithComments } from './json.ts';
import { folderOf } from './paths.ts';
import type { RepositoryFiles } from './repository-files.ts';

/** What a tsconfig.json says, with what it extends (typescriptlang.org/tsconfig). */
export interface Tsconfig {
  /** `noEmit`, `emitDeclarationOnly` or neither. */
  readonly emits: 'nothing' | 'declarations' | 'everything';
  /** Holds no files itself, only references: `tsc` alone checks nothing with it, `tsc -b` does. */
  readonly isSolution: boolean;
  /** `incremental` or `composite`: it writes a .tsbuildinfo file, also without emitting. */
  readonly isIncremental: boolean;
  /** Output folder relative to the repository. */
  readonly outDir: string | undefined;
  /** Folders relative to the repository that are compiled, as far as they can be read from `include`, `files`, `rootDir`. */
  readonly sources: readonly string[];
  /** `exclude` as it is written. */
  readonly excludes: readonly string[];
}

const LARGEST_CONFIG = 1024 * 1024;

/** Longest chain of `extends` that is followed. */
const DEEPEST = 16;

/**
 * Reads a tsconfig file. What can't be read (faults in it, a package's configuration that it extends) counts as not
 * said: tsc itself reports it when the task runs.
 *
 * @returns undefined when there is no such file
 */
export async function readTsconfig(files: RepositoryFiles, path: string): Promise<Tsconfig | undefined> {
  if (!files.has(path)) return undefined;
  const chain = await chainOf(files, path, DEEPEST);
  const options = (name: string) => {
    const level = chain.find(({ json }) => fieldOf(fieldOf(json, 'compilerOptions'), name) !== undefined);
    return { value: fieldOf(fieldOf(level?.json, 'compilerOptions'), name), base: folderOf(level?.path ?? path) };
  };
  const own = chain[0]?.json;
  const hasReferences = Array.isArray(fieldOf(own, 'references'));
  const listed = fieldOf(own, 'files');
  const included = inherited(chain, 'include');
  const outDir = options('outDir');
  const emits = options('noEmit').value === true ? 'nothing' : 'everything';
  return {
    emits: emits === 'everything' && options('emitDeclarationOnly').value === true ? 'declarations' : emits,
    isSolution: hasReferences && Array.isArray(listed) && listed.length === 0 && fieldOf(own, 'include') === undefined,
    isIncremental: options('incremental').value === true || options('composite').value === true,
    outDir: typeof outDir.value === 'string' ? posix.join(outDir.base, outDir.value) : undefined,
    sources: sourcesOf(folderOf(path), included, inherited(chain, 'files')),
    excludes: inherited(chain, 'exclude').texts,
  };
}

interface Level {
  readonly path: string;
  readonly json: unknown;
}

/** The file and those that it extends, the nearest first. Of several that one extends, the last wins. */
async function chainOf(files: RepositoryFiles, path: string, depth: number): Promise<readonly Level[]> {
  const text = files.has(path) ? await files.read(path, LARGEST_CONFIG) : undefined;
  const parsed = text === undefined ? undefined : parseJsonWithComments(text);
  if (parsed === undefined || 'fault' in parsed) return [];
  const json = parsed.value;
  const extended = [fieldOf(json, 'extends')].flat().filter((name) => typeof name === 'string' && name.startsWith('.'));
  if (depth === 0) return [{ path, json }];
  const levels: Level[] = [{ path, json }];
  for (const name of extended.reverse().slice(0, 4)) {
    const target = posix.join(folderOf(path), String(name));
    const found = [target, `${target}.json`].find((candidate) => files.has(candidate));
    if (found !== undefined) levels.push(...(await chainOf(files, found, depth - 4)));
  }
  return levels;
}

function inherited(
  chain: readonly Level[],
  name: string,
): { readonly texts: readonly string[]; readonly base: string } {
  const level = chain.find(({ json }) => Array.isArray(fieldOf(json, name)));
  const list = fieldOf(level?.json, name);
  const texts = Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
  return { texts, base: folderOf(level?.path ?? '.') };
}

type Listed = ReturnType<typeof inherited>;

/** The folders of the patterns, up to the first part with a wildcard; the file's own when nothing is listed. */
function sourcesOf(folder: string, include: Listed, listed: Listed): readonly string[] {
  const folders = [include, listed].flatMap(({ texts, base }) => {
    return texts.slice(0, 200).map((pattern) => {
      const parts = pattern.split('/');
      const wild = parts.findIndex((part) => /[*?]/.test(part));
      return posix.join(base, ...(wild === -1 ? parts : parts.slice(0, wild)));
    });
  });
  return folders.length > 0 ? folders : [folder];
}
