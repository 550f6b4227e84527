import { posix } from 'node:path';
import { fieldOf, parseJson } from '../plan/json.ts';
import { inFolder, upwards } from '../plan/paths.ts';
import type { RepositoryFiles } from '../plan/repository-files.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { composeBuilds } from './compose-builds.ts';
import { COMPOSE_NAMES, type ImageFacts, isDockerfile } from './detect.ts';

/** Largest Dockerfile and compose file read, in bytes, and how many Dockerfiles. */
const LARGEST = 512 * 1024;
const MOST_DOCKERFILES = 200;

/**
 * Reads what {@link detectImages} decides from.
 *
 * @param workingDirectory relative to the repository
 * @param repository name of the repository, for an image of its root
 * @throws ConfigurationError PIPE-IMAGE-015 a compose file that is not YAML
 */
export async function gatherImageFacts(
  files: RepositoryFiles,
  workingDirectory: string,
  repository: string,
): Promise<ImageFacts> {
  const folders = upwards(workingDirectory);
  const composePaths = folders.flatMap((folder) => {
    const found = COMPOSE_NAMES.map((name) => inFolder(folder, name)).find((path) => files.has(path));
    return found === undefined ? [] : [found];
  });
  const composeFiles = await Promise.all(
    composePaths.map(async (path) => {
      const document = await readCompose(path, (await files.read(path, LARGEST)) ?? '');
      return { path, ...composeBuilds(document, posix.dirname(path)) };
    }),
  );
  const paths = files.under(workingDirectory).filter(isDockerfile).slice(0, MOST_DOCKERFILES);
  const dockerfiles = await Promise.all(
    paths.map(async (path) => ({ path, text: (await files.read(path, LARGEST)) ?? '' })),
  );
  const workspaceRoot = await rootOfWorkspace(files, folders);
  const packages = files.paths
    .filter((path) => posix.basename(path) === 'package.json')
    .map((path) => posix.dirname(path));
  return {
    workingDirectory,
    repository,
    paths: files.paths,
    packages: workspaceRoot === undefined ? [] : packages,
    workspaceRoot,
    composeFiles,
    dockerfiles,
  };
}

/** The nearest folder that declares workspaces (package.json of npm, Yarn and Bun; pnpm-workspace.yaml). */
async function rootOfWorkspace(files: RepositoryFiles, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    if (files.has(inFolder(folder, 'pnpm-workspace.yaml'))) return folder;
    const text = files.has(inFolder(folder, 'package.json'))
      ? await files.read(inFolder(folder, 'package.json'))
      : undefined;
    const parsed = text === undefined ? undefined : parseJson(text);
    if (parsed !== undefined && !('fault' in parsed) && fieldOf(parsed.value, 'workspaces') !== undefined)
      return folder;
  }
  return undefined;
}

/**
 * A compose file as plain data. Unlike other YAML of the project it may use anchors and merge keys, which compose files
 * live by; how much they may unfold is limited.
 */
async function readCompose(path: string, text: string): Promise<unknown> {
  const yaml = await import('yaml');
  try {
    const document = yaml.parseDocument(text, {
      merge: true,
      uniqueKeys: false,
      logLevel: 'error',
      prettyErrors: false,
    });
    const [fault] = document.errors;
    if (fault !== undefined) throw fault;
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new ConfigurationError(
      {
        code: 'PIPE-IMAGE-015',
        what: `the compose file ${shown(path, 200)} can't be read: ${shown(error instanceof Error ? error.message : String(error), 200)}`,
        accepted: 'a file of the Compose Specification, with at most 100 uses of anchors',
        remedy: 'correct it, or name the images with the input `images`',
        state: 'nothing was built',
      },
      { cause: error },
    );
  }
}
