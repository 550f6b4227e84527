import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import { readTextFile } from '../../../runtime/files.ts';
import { mapOf } from './api.ts';
import { type Digest, type Digests, digestsOf } from './digest.ts';
import { ALWAYS_IGNORED, type Ignored, readIgnore } from './ignore.ts';

/** A file that is deployed. */
export interface DeployedFile extends Digest {
  /** Folder that its path is from. */
  readonly from: string;
  /** From the folder that is deployed, with `/` between its parts. */
  readonly path: string;
}

/** Most files of one deployment; Vercel's own limits are lower on every plan. */
const MOST_FILES = 100_000;

/**
 * Every file of the output of `vercel build`, and those outside it that its functions name in `filePathMap` (Build
 * Output API, version 3).
 *
 * @param built folder in which the output lies as it does in the base; the base itself, or where a job's output is
 * @param output `.vercel/output` below it
 * @param base folder that is deployed
 * @param known digests of files that were read before; those of these are added
 */
export async function outputFiles(
  built: string,
  output: string,
  base: string,
  known: Digests = new Map(),
): Promise<readonly DeployedFile[]> {
  const paths = await walk(built, output, () => false);
  const configs = paths.filter((path) => path.endsWith('/.vc-config.json'));
  const mapped = (await Promise.all(configs.map((path) => mappedFiles(base, built, path)))).flat();
  const own = new Set(paths);
  const others = [...new Set([...mapped, ...(await extras(base))])].filter((path) => !own.has(path));
  return inOrder([...(await hashed(built, paths, known)), ...(await hashed(base, others, known))]);
}

/**
 * Every file of a source folder but what Vercel never takes and what its `.vercelignore` names.
 *
 * @param known digests of files that were read before; those of these are added
 * @throws ConfigurationError PIPE-VERCEL-010 there is none
 */
export async function sourceFiles(base: string, known: Digests = new Map()): Promise<readonly DeployedFile[]> {
  const own = (await readTextFile(join(base, '.vercelignore'))) ?? (await readTextFile(join(base, '.nowignore'))) ?? '';
  const rust = (await readTextFile(join(base, 'Cargo.toml'))) === undefined ? [] : ['/target'];
  const ignored = readIgnore([...ALWAYS_IGNORED, ...rust, ...own.split('\n')]);
  const paths = await walk(base, base, ignored);
  if (paths.length > 0) return inOrder(await hashed(base, [...paths, ...(await extras(base))], known));
  throw new ConfigurationError({
    code: 'PIPE-VERCEL-010',
    what: 'the folder that is deployed has no files',
    given: shown(base, 200),
    accepted: 'a folder with the source, or with the output of `vercel build`',
    remedy: 'check `working-directory`, `.vercelignore`, and that the repository was checked out before this step',
    state: 'nothing was staged',
  });
}

/** Paths of files below a folder, in order; links are not followed. */
async function walk(base: string, folder: string, ignored: Ignored): Promise<readonly string[]> {
  const found: string[] = [];
  const pending = [relative(base, folder).split(sep).join('/')];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    for (const entry of await readdir(join(base, current), { withFileTypes: true })) {
      const path = current === '' ? entry.name : `${current}/${entry.name}`;
      if (ignored(path)) continue;
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isFile() || entry.isSymbolicLink()) found.push(path);
    }
    if (found.length > MOST_FILES) throw tooMany(base);
  }
  return found.sort();
}

/** Files that Vercel reads beside the output or the source. */
async function extras(base: string): Promise<readonly string[]> {
  const routes = '.vercel/routes.json';
  const found = await lstat(join(base, routes)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  return found?.isFile() === true ? [routes] : [];
}

/** Files that a function's configuration names by their paths: the output may have been built by somebody else. */
async function mappedFiles(base: string, built: string, config: string): Promise<readonly string[]> {
  const named = Object.values(mapOf((await functionConfig(built, config))['filePathMap']));
  const top = await realpath(base);
  const paths = named
    .filter((path) => typeof path === 'string')
    .map(async (path) => {
      const inside = relative(base, join(base, path)).split(sep).join('/');
      const real = await realpath(join(base, path)).catch(() => undefined);
      const isInside = real?.startsWith(top + sep) === true && !inside.startsWith('../');
      if (isInside && !inside.split('/').some((part) => part === '.git')) return inside;
      throw new ConfigurationError({
        code: 'PIPE-VERCEL-011',
        what: `the output names a file that can't be deployed, in ${shown(config, 200)}`,
        given: shown(path, 200),
        accepted: 'a file that is there, inside the folder that is deployed and outside .git',
        remedy: 'build with `vercel build --standalone`, which puts all that functions need into the output',
        state: 'nothing was staged',
      });
    });
  return Promise.all(paths);
}

async function functionConfig(built: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const value: unknown = JSON.parse((await readTextFile(join(built, path))) ?? '');
    return mapOf(value);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ConfigurationError({
      code: 'PIPE-VERCEL-011',
      what: `the output has a function that can't be read: ${shown(path, 200)} is not JSON`,
      remedy: 'build it again',
      state: 'nothing was staged',
    });
  }
}

async function hashed(base: string, paths: readonly string[], known: Digests): Promise<readonly DeployedFile[]> {
  const digests = await digestsOf(base, paths, known);
  return digests.map((digest, index) => ({ from: base, path: paths[index] ?? '', ...digest }));
}

function inOrder(files: readonly DeployedFile[]): readonly DeployedFile[] {
  return [...files].sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** Content of a file; of a link, where it leads. */
export async function contentOf(from: string, path: string): Promise<Buffer> {
  const full = join(from, path);
  const found = await lstat(full);
  return found.isSymbolicLink() ? Buffer.from(await readlink(full), 'utf8') : readFile(full);
}

function tooMany(base: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERCEL-011',
    what: `there are more than ${MOST_FILES} files to deploy`,
    given: shown(base, 200),
    accepted: 'what is needed to build or to serve',
    remedy: 'name the others in `.vercelignore`, or deploy the output of `vercel build`',
    state: 'nothing was staged',
  });
}
