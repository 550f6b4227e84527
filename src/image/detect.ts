import { posix } from 'node:path';
import { inFolder, isWithin, upwards } from '../plan/paths.ts';
import type { ComposeBuild } from './compose-builds.ts';
import { contextSources, parseDockerfile } from './dockerfile.ts';

/** What is known of a repository when its images are looked for. Every path is relative to it, with `/`. */
export interface ImageFacts {
  /** Folder of the project, `.` for the repository. */
  readonly workingDirectory: string;
  /** Name of the repository, for an image that is built from its root. */
  readonly repository: string;
  /** Every tracked file, sorted. */
  readonly paths: readonly string[];
  /** Folders of the packages of a workspace, and its root; empty without one. */
  readonly packages: readonly string[];
  readonly workspaceRoot: string | undefined;
  /** Compose files of the working directory and of the folders above, nearest first. */
  readonly composeFiles: readonly {
    readonly path: string;
    readonly builds: readonly ComposeBuild[];
    readonly skipped: readonly { readonly service: string; readonly reason: string }[];
  }[];
  readonly dockerfiles: readonly { readonly path: string; readonly text: string }[];
}

/** An image that a repository says how to build. Paths relative to the repository. */
export interface DetectedImage {
  /** Below the registry, in the form that registries accept. */
  readonly name: string;
  readonly file: string | undefined;
  readonly inline: string | undefined;
  readonly context: string;
  readonly target: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  readonly platforms: readonly string[];
  readonly contexts: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Why, as a short phrase: where it comes from, and what decided about the context. */
  readonly reason: string;
}

export interface Detection {
  readonly images: readonly DetectedImage[];
  /** What looks like an image and is not built, with the reason. */
  readonly notBuilt: readonly { readonly subject: string; readonly reason: string }[];
}

/** A file that is named like a Dockerfile: `Dockerfile`, `Dockerfile.worker`, `worker.Dockerfile`, `Containerfile`. */
export function isDockerfile(path: string): boolean {
  const name = posix.basename(path);
  return (
    /^((dockerfile|containerfile)(\.[\w.-]+)?|[\w.-]+\.(dockerfile|containerfile))$/i.test(name) && !NO_BUILD.test(name)
  );
}

/** Ignore files, and templates that something else fills first. */
const NO_BUILD = /\.(dockerignore|containerignore|j2|tmpl|tpl|template|erb|md)$/i;

export const COMPOSE_NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'] as const;

/** Folders that say nothing about what is in them. */
const NAMELESS = new Set([
  'docker',
  '.docker',
  'dockerfiles',
  'build',
  'deploy',
  'deployment',
  'container',
  'containers',
  'images',
  'ops',
]);

/**
 * The images of a project: the `build:` sections of its compose file, then every tracked Dockerfile of its folder that
 * no section names. A Dockerfile's context is its own folder, unless it copies what only a folder above has.
 */
export function detectImages(facts: ImageFacts): Detection {
  const inside = (path: string) => isWithin(facts.workingDirectory, path);
  const [compose] = facts.composeFiles.filter(({ builds, skipped }) => builds.length + skipped.length > 0);
  const builds = (compose?.builds ?? []).filter(({ context, file }) => inside(context) || inside(file ?? context));
  const named = new Set(builds.map(({ file }) => file));
  const hidden = (path: string) =>
    posix
      .dirname(path)
      .split('/')
      .some((part) => part.startsWith('.') && part !== '.' && part !== '.docker');
  const others = facts.dockerfiles.filter(({ path }) => inside(path) && !named.has(path));
  const images = [
    ...builds.map((build) => fromCompose(build, compose?.path ?? '')),
    ...others.filter(({ path }) => !hidden(path)).map((dockerfile) => fromDockerfile(dockerfile, facts)),
  ];
  return {
    images: withOwnNames(images),
    notBuilt: [
      ...(compose?.skipped ?? []).map(({ service, reason }) => ({
        subject: `${compose?.path ?? ''}: ${service}`,
        reason,
      })),
      ...others
        .filter(({ path }) => hidden(path))
        .map(({ path }) => ({ subject: path, reason: 'it lies in a hidden folder' })),
    ],
  };
}

function fromCompose(build: ComposeBuild, path: string): DetectedImage {
  const { service, ...rest } = build;
  return { ...rest, name: nameFrom(service), reason: `service ${service} of ${path}` };
}

function fromDockerfile({ path, text }: ImageFacts['dockerfiles'][number], facts: ImageFacts): DetectedImage {
  const { context, why } = contextOf(path, text, facts);
  return {
    name: nameOf(path, facts.repository),
    file: path,
    inline: undefined,
    context,
    target: undefined,
    args: {},
    platforms: [],
    contexts: {},
    labels: {},
    reason: `${path}; context ${context === '.' ? 'the root of the repository' : context}: ${why}`,
  };
}

/** The nearest folder from which everything can be copied that the Dockerfile copies. */
function contextOf(path: string, text: string, facts: ImageFacts): { readonly context: string; readonly why: string } {
  const own = posix.dirname(path);
  const sources = contextSources(text).filter((source) => source !== '.' && source !== '*');
  const missing = (folder: string) => sources.filter((source) => !matchesAny(facts.paths, folder, source));
  const folders = upwards(own);
  const counts = folders.map((folder) => missing(folder).length);
  const best = folders[counts.indexOf(Math.min(...counts))] ?? own;
  if (best !== own) {
    const [first = ''] = missing(own);
    const several = facts.packages.filter(
      (folder) => folder !== '.' && sources.some((source) => isWithin(folder, inFolder(best, source))),
    );
    const reach = several.length > 1 ? `it copies from ${several.length} packages` : `it copies ${first}`;
    return { context: best, why: reach };
  }
  const { workspaceRoot } = facts;
  if (workspaceRoot !== undefined && workspaceRoot !== own && isWithin(workspaceRoot, own) && sources.length === 0) {
    const words = workspaceWords(text, facts);
    if (words !== undefined) return { context: workspaceRoot, why: `it runs ${words}` };
  }
  if (own !== '.' && facts.paths.filter((file) => isWithin(own, file)).every(isBuildFile)) {
    return { context: posix.dirname(own), why: 'its own folder holds nothing else' };
  }
  return { context: own, why: 'its own folder' };
}

function isBuildFile(path: string): boolean {
  return isDockerfile(path) || /\.(dockerignore|containerignore)$/i.test(path);
}

/** A command of the Dockerfile that works on a whole workspace. */
function workspaceWords(text: string, { packages }: ImageFacts): string | undefined {
  const commands = parseDockerfile(text).filter(({ name }) => name === 'RUN');
  for (const { text: command } of commands) {
    const found =
      /\b(turbo\s+(?:prune|run|build)|nx\s+\w+)|(?:pnpm|npm|yarn)\b[^&|;]*?(?:\s(--filter|--workspaces?|-w)(?=[\s=]|$))/.exec(
        command,
      );
    if (found !== null) return found[1] ?? `a command with ${found[2]}`;
    const other = packages.find(
      (folder) => folder !== '.' && new RegExp(`(^|[\\s/=])${escaped(folder)}(?=[\\s/]|$)`).test(command),
    );
    if (other !== undefined) return `a command on ${other}`;
  }
  return undefined;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Whether a source of COPY (a Go filepath.Match pattern) names a file, or a folder with files, below `folder`. */
function matchesAny(paths: readonly string[], folder: string, source: string): boolean {
  const wanted = inFolder(folder, source);
  if (wanted.startsWith('../')) return false;
  if (!/[*?[]/.test(wanted)) return paths.some((path) => path === wanted || path.startsWith(`${wanted}/`));
  const pattern = new RegExp(`^${wanted.split('/').map(segmentPattern).join('/')}(/|$)`);
  return paths.some((path) => pattern.test(path));
}

function segmentPattern(segment: string): string {
  return escaped(segment)
    .replace(/(\\\*)+/g, '[^/]*')
    .replaceAll('\\?', '[^/]');
}

/** `apps/api/Dockerfile` is api, `Dockerfile.worker` of it api-worker, `docker/worker.Dockerfile` worker. */
function nameOf(path: string, repository: string): string {
  const file = posix.basename(path);
  const suffix =
    /^(?:dockerfile|containerfile)\.(.+)$/i.exec(file)?.[1] ?? /^(.+)\.(?:dockerfile|containerfile)$/i.exec(file)?.[1];
  const folders = posix
    .dirname(path)
    .split('/')
    .filter((part) => part !== '.');
  const own = folders.filter((part) => !NAMELESS.has(part.toLowerCase())).at(-1);
  if (suffix === undefined) return nameFrom(own ?? repository);
  const isNameless = NAMELESS.has(folders.at(-1)?.toLowerCase() ?? '');
  return nameFrom(isNameless ? suffix : `${own ?? repository}-${suffix}`);
}

/** A name as registries take it (distribution-spec: lower-case letters, digits, and `.`, `_`, `-` between them). */
export function nameFrom(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/[._-]{2,}/g, '-')
    .replace(/^[._-]+|[._-]+$/g, '');
  return name === '' ? 'image' : name;
}

/** Two images of one name get the folders before them, then a number. */
function withOwnNames(images: readonly DetectedImage[]): readonly DetectedImage[] {
  const taken = new Set<string>();
  return images.map((image) => {
    const longer = nameFrom([posix.dirname(image.file ?? image.context), image.name].join('-').replaceAll('/', '-'));
    const candidates = [image.name, longer, ...images.map((_, index) => `${image.name}-${index + 2}`)];
    const name = candidates.find((candidate) => !taken.has(candidate)) ?? image.name;
    taken.add(name);
    return { ...image, name };
  });
}
