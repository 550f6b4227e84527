import { lstat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import { readTextFile } from '../../../runtime/files.ts';
import { listOf, textOf } from '../../../runtime/json.ts';
import { isMap } from '../../../runtime/yaml.ts';
import { mapOf } from './api.ts';

/** Folders of one deployment, absolute. */
export interface Folders {
  /** What is deployed: paths are from here. */
  readonly base: string;
  /** The project's root directory, which is the base or below it. */
  readonly root: string;
}

const UNSTAGED = 'nothing was staged';

/**
 * Where the project is: `working-directory` is either the repository of a monorepo or the root directory itself.
 *
 * @param rootDirectory of the project's settings; empty where it has none
 * @throws ConfigurationError PIPE-VERCEL-009 the root directory is not there
 */
export async function foldersOf(workspace: string, given: string, rootDirectory: string): Promise<Folders> {
  if (rootDirectory === '') return { base: given, root: given };
  const depth = rootDirectory.split('/').length;
  const path = relative(workspace, given).split(sep).join('/');
  if (path === rootDirectory || path.endsWith(`/${rootDirectory}`)) {
    return { base: join(given, ...Array.from({ length: depth }, () => '..')), root: given };
  }
  const root = join(given, rootDirectory);
  if (await isFolder(root)) return { base: given, root };
  throw new ConfigurationError({
    code: 'PIPE-VERCEL-009',
    what: "the root directory of the project's settings is not there",
    given: `${shown(rootDirectory)} in ${shown(path === '' ? '.' : path)}`,
    accepted: '`working-directory` is the repository, or that folder itself',
    example: `\`working-directory: ${rootDirectory}\``,
    remedy: 'or change it: vercel.com, the project, Settings, Build and Deployment, Root Directory',
    state: UNSTAGED,
  });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/**
 * The output of `vercel build` that is deployed, checked; undefined when Vercel builds the source.
 *
 * @param prebuilt `auto`, `true` or `false`
 * @param target what it has to be built for
 * @throws ConfigurationError PIPE-VERCEL-006 it is not there, or not such an output; PIPE-VERCEL-007 it was built for
 * another environment, or its build failed
 */
export async function outputOf({ base, root }: Folders, prebuilt: string, target: string): Promise<string | undefined> {
  if (prebuilt === 'false') return undefined;
  const places = [join(root, '.vercel/output'), join(base, '.vercel/output')];
  const found = await Promise.all(places.map(isFolder));
  const output = places.find((_, index) => found[index]);
  if (output === undefined) {
    if (prebuilt === 'auto') return undefined;
    throw notAnOutput(base, 'there is no folder .vercel/output', 'run `vercel build` before, or leave `prebuilt` out');
  }
  const { version } = mapOf(await jsonIn(output, 'config.json', base));
  if (version !== 3) {
    throw notAnOutput(base, `config.json has the version ${shown(version)}`, 'build it with a current `vercel build`');
  }
  const builds = mapOf(await jsonIn(output, 'builds.json', base));
  const failure = [builds, ...listOf(builds['builds']).map(mapOf)].find((entry) => isMap(entry['error']));
  if (failure !== undefined) {
    const { message } = mapOf(failure['error']);
    throw builtWrongly(`its build failed: ${shown(message, 300)}`, 'repair the build');
  }
  const built = textOf(builds['target']);
  if (built !== '' && built !== target) {
    const command = target === 'preview' ? 'vercel build' : `vercel build --target=${target}`;
    throw builtWrongly(
      `it was built for ${shown(built)} and is to be deployed to ${shown(target)}`,
      `run \`${command}\``,
    );
  }
  return output;
}

/** A JSON file of the output; undefined when it is not there. */
async function jsonIn(output: string, name: string, base: string): Promise<unknown> {
  const text = await readTextFile(join(output, name), 64 * 1024 * 1024);
  if (text === undefined && name === 'config.json') {
    throw notAnOutput(base, 'it has no config.json', 'build it again: an artifact without hidden files lacks it');
  }
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    // Said below; the file may be large.
    throw notAnOutput(base, `${name} is not JSON`, 'build it again');
  }
}

function notAnOutput(base: string, given: string, remedy: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERCEL-006',
    what: `there is no output of \`vercel build\` in ${shown(base, 200)}`,
    given,
    accepted: 'a folder .vercel/output with a config.json of version 3 (Build Output API)',
    remedy,
    state: UNSTAGED,
  });
}

function builtWrongly(given: string, remedy: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERCEL-007',
    what: 'the output in .vercel/output is not one for this deployment',
    given,
    remedy,
    state: UNSTAGED,
  });
}
