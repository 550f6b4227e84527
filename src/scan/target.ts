import { basename, relative, resolve, sep } from 'node:path';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import type { ScanInputs } from './inputs.ts';

/** What is scanned, as the caller names it. */
export type Target =
  | { readonly kind: 'image'; readonly name: string; readonly image: ImageReference }
  | { readonly kind: 'layout'; readonly name: string; readonly folder: string }
  | {
      readonly kind: 'path';
      readonly name: string;
      /** Absolute. */
      readonly folder: string;
      /** From the root of the repository, `.` for the root. */
      readonly place: string;
    };

/** An image in a registry by digest. */
export interface ImageReference {
  readonly host: string;
  /** Path in the registry, `acme/api`. */
  readonly repository: string;
  readonly digest: string;
}

/** Each target is a run of the SARIF file, and GitHub takes that many. */
const MOST_TARGETS = 20;

/**
 * The targets of a call, in the order of the inputs.
 *
 * @throws ConfigurationError PIPE-SCAN-001 a reference without a digest, a name that is there twice
 */
export function targetsOf(given: ScanInputs, workspace: string): readonly Target[] {
  const targets: Target[] = [
    ...(given.image ?? []).map((text) => imageTarget(text)),
    ...(given.layout ?? []).map((text) => layoutTarget(text, workspace)),
  ];
  if (given.path !== undefined) targets.push(pathTarget(given.path, workspace));
  else if (targets.length === 0) targets.push(pathTarget(given.workingDirectory, workspace));
  const names = targets.map(({ name }) => name);
  if (names.length > MOST_TARGETS) {
    const given = `${names.length} targets`;
    throw refused(
      'there are more targets than a SARIF file of GitHub takes',
      given,
      `at most ${MOST_TARGETS}`,
      'image: …',
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw refused(`two targets have the name ${shown(twice)}`, shown(twice), 'names that differ', `${twice}-2=…`);
  }
  return targets;
}

function imageTarget(text: string): Target {
  const { name, rest } = named(text);
  const image = parseImage(rest);
  return { kind: 'image', name: name ?? basename(image.repository), image };
}

function layoutTarget(text: string, workspace: string): Target {
  const { name, rest } = named(text);
  const folder = resolve(workspace, rest);
  return { kind: 'layout', name: name ?? basename(folder), folder };
}

function pathTarget(folder: string, workspace: string): Target {
  const place = relative(workspace, folder).split(sep).join('/') || '.';
  return { kind: 'path', name: place === '.' ? 'repository' : place, folder, place };
}

function named(text: string): { readonly name: string | undefined; readonly rest: string } {
  const [, name, rest = ''] = /^(?:([^=]*)=)?(.*)$/.exec(text) ?? [];
  return { name, rest };
}

/**
 * A reference such as `ghcr.io/acme/api@sha256:…` (distribution/reference, "Grammar"). A tag before the digest is passed
 * over: the digest decides.
 *
 * @throws ConfigurationError PIPE-SCAN-001
 */
export function parseImage(text: string): ImageReference {
  const [, path = '', digest] =
    /^([^@\s]+?)(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?@(sha256:[0-9a-f]{64})$/.exec(text) ?? [];
  const [first = '', ...rest] = path.split('/');
  const hasHost = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const repository = hasHost ? rest.join('/') : path.includes('/') ? path : `library/${path}`;
  const part = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
  const isRepository = repository.length <= 255 && new RegExp(`^${part}(?:/${part})*$`).test(repository);
  const isHost = !hasHost || /^[A-Za-z0-9.-]+(?::\d{1,5})?$/.test(first);
  if (digest === undefined || !isRepository || !isHost) {
    throw refused(
      'the input `image` is no image by digest',
      shown(text, 200),
      'a reference that ends with `@sha256:` and 64 hexadecimal digits: a tag may point elsewhere when it is deployed',
      'ghcr.io/acme/api@sha256:4f53…',
    );
  }
  return { host: hasHost ? first : 'docker.io', repository, digest };
}

export function imageText({ host, repository, digest }: ImageReference): string {
  return `${host}/${repository}@${digest}`;
}

function refused(what: string, given: string, accepted: string, example: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SCAN-001',
    what,
    given,
    accepted,
    example: `\`${example}\``,
    state: 'nothing was scanned',
  });
}
