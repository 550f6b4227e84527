import { posix } from 'node:path';
import { isMap } from '../runtime/yaml.ts';

/** The `build:` section of a service (https://docs.docker.com/reference/compose-file/build/), as far as it matters. */
export interface ComposeBuild {
  readonly service: string;
  /** Folder, relative to the repository. */
  readonly context: string;
  /** Relative to the repository; undefined with `inline`. */
  readonly file: string | undefined;
  /** The text of `dockerfile_inline`. */
  readonly inline: string | undefined;
  readonly target: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  readonly platforms: readonly string[];
  /** Further contexts: folders relative to the repository, or addresses as they are (`docker-image://…`). */
  readonly contexts: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ComposeBuilds {
  readonly builds: readonly ComposeBuild[];
  /** Services with a `build:` that can't be built from here, with the reason. */
  readonly skipped: readonly { readonly service: string; readonly reason: string }[];
}

/** A variable without a value: the section means something only where it is set. */
class Unset extends Error {}

/**
 * The builds of a compose file.
 *
 * @param document the file as plain data
 * @param folder the file's folder, relative to the repository
 */
export function composeBuilds(document: unknown, folder: string): ComposeBuilds {
  const services = isMap(document) && isMap(document['services']) ? Object.entries(document['services']) : [];
  const builds: ComposeBuild[] = [];
  const skipped: { service: string; reason: string }[] = [];
  for (const [service, content] of services) {
    const section = isMap(content) ? content['build'] : undefined;
    if (typeof section !== 'string' && !isMap(section)) continue;
    try {
      const platform = isMap(content) ? content['platform'] : undefined;
      builds.push(readBuild(service, isMap(section) ? section : { context: section }, platform, folder));
    } catch (error) {
      if (!(error instanceof Unset)) throw error;
      skipped.push({ service, reason: error.message });
    }
  }
  return { builds, skipped };
}

function readBuild(
  service: string,
  section: Readonly<Record<string, unknown>>,
  platform: unknown,
  folder: string,
): ComposeBuild {
  const context = inRepository(folder, textOf(section['context']) ?? '.', 'its context');
  const inline = section['dockerfile_inline'];
  const file = textOf(section['dockerfile']) ?? 'Dockerfile';
  const platforms = Array.isArray(section['platforms']) ? section['platforms'] : [platform];
  const contexts = Object.entries(pairsOf(section['additional_contexts']));
  return {
    service,
    context,
    file: typeof inline === 'string' ? undefined : inRepository(context, file, 'its Dockerfile'),
    inline: typeof inline === 'string' ? inline : undefined,
    target: textOf(section['target']),
    args: pairsOf(section['args']),
    platforms: platforms.flatMap((item) => textOf(item) ?? []),
    contexts: Object.fromEntries(
      contexts.map(([name, value]) => [name, isAddress(value) ? value : inRepository(folder, value, 'a context')]),
    ),
    labels: pairsOf(section['labels']),
  };
}

function isAddress(text: string): boolean {
  return /^([a-z][a-z0-9+-]*:|git@)/i.test(text);
}

function inRepository(folder: string, path: string, what: string): string {
  if (isAddress(path)) throw new Unset(`${what} is an address and no folder of the repository`);
  const joined = posix.normalize(posix.isAbsolute(path) ? path : posix.join(folder, path)).replace(/(?<=.)\/$/, '');
  if (posix.isAbsolute(joined) || joined === '..' || joined.startsWith('../')) {
    throw new Unset(`${what} lies outside the repository`);
  }
  return joined;
}

/** A map, or a list of `NAME=value`; an argument without a value comes from the environment, which decides nothing here. */
function pairsOf(value: unknown): Readonly<Record<string, string>> {
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.filter((item) => typeof item === 'string' && item.includes('=')).map(splitPair)
    : isMap(value)
      ? Object.entries(value)
      : [];
  return Object.fromEntries(
    entries.flatMap(([name, leaf]) => {
      try {
        const text = textOf(leaf);
        return text === undefined ? [] : [[name, text] as const];
      } catch (error) {
        // An argument whose variable is not set is left to the Dockerfile's own default.
        if (error instanceof Unset) return [];
        throw error;
      }
    }),
  );
}

function splitPair(item: string): [string, unknown] {
  const at = item.indexOf('=');
  return [item.slice(0, at), item.slice(at + 1)];
}

/** A scalar as text, `${NAME:-default}` replaced by the default: the values of somebody's shell are no part of a build. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return undefined;
  return value.replace(/\$(\$|\{(\w+)(?:(:?[-?+])([^}]*))?\}|(\w+))/g, (_, whole, braced, operator, rest, bare) => {
    if (whole === '$') return '$';
    if (operator === '-' || operator === ':-') return rest;
    throw new Unset(`its variable ${braced ?? bare} has no value here and no default`);
  });
}
