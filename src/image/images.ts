import { basename, dirname, join, relative, resolve } from 'node:path';
import { listFiles } from '../plan/repository-files.ts';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, type Fault, shown } from '../runtime/errors.ts';
import { exists, insideWorkspace } from '../runtime/files.ts';
import { type DetectedImage, type Detection, detectImages, nameFrom } from './detect.ts';
import { gatherImageFacts } from './facts.ts';
import type { ImageInputs } from './inputs.ts';

/** One image to build; paths absolute. */
export interface ImageSpec {
  /** Below the registry. */
  readonly name: string;
  readonly file: string | undefined;
  /** The Dockerfile's text, where it lies in no file. */
  readonly inline: string | undefined;
  readonly context: string;
  readonly target: string | undefined;
  readonly args: ReadonlyMap<string, string>;
  /** Empty for the builder's own. */
  readonly platforms: readonly string[];
  readonly contexts: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
  /** Why, as a short phrase. */
  readonly reason: string;
}

export interface Surroundings {
  /** Absolute path of the repository. */
  readonly workspace: string;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/**
 * The images that the inputs ask for: `images`; else the only one of `file`, `context`, `name`, `target`; else those
 * that the repository declares.
 *
 * @throws ConfigurationError PIPE-IMAGE-001 nothing to build, PIPE-IMAGE-002 a file or folder that is not there,
 * PIPE-IMAGE-004 inputs that exclude each other, PIPE-IMAGE-015 a compose file that is not YAML
 */
export async function chooseImages(inputs: ImageInputs, surroundings: Surroundings): Promise<readonly ImageSpec[]> {
  const chosen = await choose(inputs, surroundings);
  const missing = (await Promise.all(chosen.map((image) => missingOf(image, surroundings.workspace)))).flat();
  if (missing.length > 0) throw new ConfigurationError(missing);
  return chosen;
}

async function choose(inputs: ImageInputs, surroundings: Surroundings): Promise<readonly ImageSpec[]> {
  const { workspace } = surroundings;
  const single = ['name', 'file', 'context', 'target'] as const;
  if (inputs.images !== undefined) {
    const both = single.filter((name) => inputs[name] !== undefined);
    if (both.length > 0) throw together(both);
    return [...inputs.images].map(([name, image]) => {
      const file = image.file ?? join(image.context ?? inputs.workingDirectory, 'Dockerfile');
      return {
        ...base(inputs, workspace, image.args, image['build-contexts']),
        name,
        file,
        context: image.context ?? dirname(file),
        target: image.target,
        platforms: image.platforms ?? inputs.platforms ?? [],
        reason: 'given by `images`',
      };
    });
  }
  if (inputs.file !== undefined || inputs.context !== undefined) {
    const file = inputs.file ?? join(inputs.context ?? inputs.workingDirectory, 'Dockerfile');
    const folder = relative(workspace, dirname(file));
    return [
      {
        ...base(inputs, workspace),
        name: inputs.name ?? nameFrom(folder === '' ? repositoryOf(surroundings) : basename(folder)),
        file,
        context: inputs.context ?? dirname(file),
        target: inputs.target,
        platforms: inputs.platforms ?? [],
        reason: inputs.file === undefined ? 'given by `context`' : 'given by `file`',
      },
    ];
  }
  return await detected(inputs, surroundings);
}

function base(
  inputs: ImageInputs,
  workspace: string,
  args?: ReadonlyMap<string, string>,
  contexts?: ReadonlyMap<string, string>,
) {
  return {
    inline: undefined,
    args: new Map([...(inputs.buildArgs ?? []), ...(args ?? [])]),
    contexts: absoluteContexts([...(inputs.buildContexts ?? []), ...(contexts ?? [])], workspace),
    labels: new Map<string, string>(),
  };
}

/** Named contexts: folders as absolute paths, addresses (`docker-image://…`) as they are. */
function absoluteContexts(
  contexts: Iterable<readonly [string, string]>,
  workspace: string,
): ReadonlyMap<string, string> {
  return new Map([...contexts].map(([name, value]) => [name, isAddress(value) ? value : resolve(workspace, value)]));
}

function isAddress(context: string): boolean {
  return /^([a-z][a-z0-9+-]*:|git@)/i.test(context);
}

async function detected(inputs: ImageInputs, surroundings: Surroundings): Promise<readonly ImageSpec[]> {
  const { workspace } = surroundings;
  const folder = relative(workspace, inputs.workingDirectory).split('\\').join('/') || '.';
  const files = await listFiles(workspace, surroundings);
  const found = detectImages(await gatherImageFacts(files, folder, repositoryOf(surroundings)));
  if (found.images.length === 0) throw nothingToBuild(folder, found);
  if (found.images.length > 1 && (inputs.name !== undefined || inputs.target !== undefined)) throw severalFound(found);
  return found.images.map((image) => fromDetected(image, inputs, workspace));
}

function fromDetected(image: DetectedImage, inputs: ImageInputs, workspace: string): ImageSpec {
  return {
    name: inputs.name ?? image.name,
    file: image.file === undefined ? undefined : resolve(workspace, image.file),
    inline: image.inline,
    context: resolve(workspace, image.context),
    target: inputs.target ?? image.target,
    args: new Map([...Object.entries(image.args), ...(inputs.buildArgs ?? [])]),
    platforms: inputs.platforms ?? image.platforms,
    contexts: absoluteContexts([...Object.entries(image.contexts), ...(inputs.buildContexts ?? [])], workspace),
    labels: new Map(Object.entries(image.labels)),
    reason: image.reason,
  };
}

function repositoryOf({ environment, workspace }: Surroundings): string {
  return environment['GITHUB_REPOSITORY']?.split('/').at(-1) || basename(workspace);
}

/**
 * What is wrong with the paths of an image. A folder that a link leads out of the repository with could be the one in
 * which this job keeps its login.
 */
async function missingOf({ name, file, context, contexts }: ImageSpec, workspace: string): Promise<readonly Fault[]> {
  const places = [
    ...(file === undefined ? [] : [['Dockerfile', file] as const]),
    ['context', context] as const,
    ...[...contexts.values()].filter((path) => !isAddress(path)).map((path) => ['build context', path] as const),
  ];
  const faults = await Promise.all(
    places.map(async ([what, path]): Promise<Fault | undefined> => {
      const isInside = (await insideWorkspace(workspace, path)) !== undefined;
      if (isInside && (await exists(path))) return undefined;
      return {
        code: 'PIPE-IMAGE-002',
        what: `the ${what} of the image ${shown(name)} ${isInside ? 'is not there' : 'lies outside the repository'}`,
        given: shown(relative(workspace, path) || '.', 200),
        accepted: 'a path from the root of the repository',
        example: 'images: {api: {file: apps/api/Dockerfile, context: .}}',
        state: 'nothing was built',
      };
    }),
  );
  return faults.filter((fault) => fault !== undefined);
}

function together(names: readonly string[]): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-IMAGE-004',
    what: '`images` and inputs of a single image exclude each other',
    given: `\`images\` and ${names.map((name) => `\`${name}\``).join(', ')}`,
    accepted: 'one or the other',
    example: 'images: {api: {file: apps/api/Dockerfile, target: runtime}}',
    state: 'nothing was built',
  });
}

function severalFound({ images }: Detection): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-IMAGE-004',
    what: '`name` and `target` are for one image, and there are several',
    given: images.map(({ name, reason }) => `${name} (${reason})`).join('; '),
    accepted: 'one image, named by `file`, or all of them in `images`',
    example: `file: ${images[0]?.file ?? 'Dockerfile'}`,
    state: 'nothing was built',
  });
}

function nothingToBuild(folder: string, { notBuilt }: Detection): ConfigurationError {
  const others = notBuilt.map(({ subject, reason }) => `${subject} (${reason})`).join('; ');
  return new ConfigurationError({
    code: 'PIPE-IMAGE-001',
    what: `there is no image to build in ${folder === '.' ? 'the repository' : shown(folder)}: no compose file with \`build:\` and no Dockerfile`,
    ...(others === '' ? {} : { given: others }),
    accepted: 'a tracked Dockerfile, or a compose file with a `build:` section',
    example: 'file: apps/api/Dockerfile',
    remedy: 'add one, name it with `file` or `images`, or say `image: off`',
    state: 'nothing was built',
  });
}
