import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import { readTextFile } from '../../../runtime/files.ts';
import { mapOf } from './api.ts';
import { ALWAYS_IGNORED, type Ignored, readIgnore } from './ignore.ts';

/** A file that is deployed. */
export interface DeployedFile {
  /** Folder that its path is from. */
  readonly from: string;
  /** From the folder that is deployed, with `/` between its parts. */
  readonly path: string;
  /** SHA-1 of its content, in hex; of a link, of where it leads. */
  readonly sha: string;
  /** In bytes. */
  readonly size: number;
  /** As lstat(2) has it. */
  readonly mode: number;
}

/** Files that are read at once. */
const AT_ONCE = 32;

/** Most files of one deployment; Vercel's own limits are lower on every plan. */
const MOST_FILES = 100_000;

/** A file's content that is held in memory while it is hashed, in bytes. */
const LARGEST = 2 ** 31 - 1;

/**
 * Every file of the output of `vercel build`, and those outside it that its functions name in `filePathMap` (Build
 * Output API, version 3).
 *
 * @param built folder in which the output lies as it does in the base; the base itself, or where a job's output is
 * @param output `.vercel/output` below it
 * @param base folder that is deployed
 */
export async function outputFiles(built: string, output: string, base: string): Promise<readonly DeployedFile[]> {
  const paths = await walk(built, output, () => false);
  const configs = paths.filter((path) => path.endsWith('/.vc-config.json'));
  const mapped = (await Promise.all(configs.map((path) => mappedFiles(base, built, path)))).flat();
  const others = [...new Set([...mapped, ...(await extras(base))])].filter((path) => !paths.includes(path));
  return inOrder([...(await hashed(built, paths)), ...(await hashed(base, others))]);
}

/**
 * Every file of a source folder but what Vercel never takes and what its `.vercelignore` names.
 *
 * @throws ConfigurationError PIPE-VERCEL-010 there is none
 */
export async function sourceFiles(base: string): Promise<readonly DeployedFile[]> {
  const own = (await readTextFile(join(base, '.vercelignore'))) ?? (await readTextFile(join(base, '.nowignore'))) ?? '';
  const rust = (await readTextFile(join(base, 'Cargo.toml'))) === undefined ? [] : ['/target'];
  const ignored = readIgnore([...ALWAYS_IGNORED, ...rust, ...own.split('\n')]);
  const paths = await walk(base, base, ignored);
  if (paths.length > 0) return inOrder(await hashed(base, [...paths, ...(await extras(base))]));
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
  const pending = [folder];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    for (const entry of await readdir(current, { withFileTypes: true })) {
      const full = join(current, entry.name);
      const path = relative(base, full).split(sep).join('/');
      if (ignored(path)) continue;
      if (entry.isDirectory()) pending.push(full);
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

async function hashed(base: string, paths: readonly string[]): Promise<readonly DeployedFile[]> {
  const files = new Array<DeployedFile>(paths.length);
  let next = 0;
  const work = async () => {
    for (let index = next++; index < paths.length; index = next++) {
      const path = paths[index] ?? '';
      files[index] = await hash(base, path);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return files;
}

function inOrder(files: readonly DeployedFile[]): readonly DeployedFile[] {
  return [...files].sort((left, right) => (left.path < right.path ? -1 : 1));
}

async function hash(from: string, path: string): Promise<DeployedFile> {
  const full = join(from, path);
  const { mode, size } = await lstat(full);
  if (size > LARGEST) {
    throw new ConfigurationError({
      code: 'PIPE-VERCEL-011',
      what: `the file ${shown(path, 200)} is too large to be deployed`,
      given: `${size} bytes`,
      accepted: 'less than 2 GiB',
      state: 'nothing was staged',
    });
  }
  const content = await contentOf(from, path);
  return { from, path, sha: createHash('sha1').update(content).digest('hex'), size: content.length, mode };
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
