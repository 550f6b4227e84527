import type { CacheChoice } from './cache.ts';
import type { ImageSpec } from './images.ts';

/** SBOM scanner of Docker, stable-1 of October 2026 (https://github.com/docker/buildkit-syft-scanner). */
export const SBOM_IMAGE =
  'docker/buildkit-syft-scanner@sha256:79e7b013cbec16bbb436f312819a49a4a57752b2270c1a9332ae1a10fcc82a68';

/** Where a build goes: into a registry by digest, or into a folder. */
export type Destination =
  | { readonly kind: 'registry'; readonly reference: string }
  | { readonly kind: 'layout'; readonly folder: string };

/** What all images of a job have in common. */
export interface BuildSettings {
  readonly noCache: boolean;
  readonly pull: boolean;
  readonly provenance: 'min' | 'max' | 'off';
  /** `false`, or the scanner's image. */
  readonly sbom: string | false;
  readonly secrets: ReadonlyMap<string, string>;
  /** Absolute paths. */
  readonly secretFiles: ReadonlyMap<string, string>;
  readonly ssh: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
}

export interface BuildCommand {
  /** Arguments of `docker`. */
  readonly args: readonly string[];
  /** What they refer to; no secret is in the arguments. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The command for one image (https://docs.docker.com/reference/cli/docker/buildx/build/).
 *
 * @param cache what is left of the cache on a second try
 * @param metadata absolute path of the file that BuildKit's result goes to
 */
export function buildCommand(
  image: ImageSpec,
  settings: BuildSettings,
  where: {
    readonly builder: string;
    readonly destination: Destination;
    readonly cache: Pick<CacheChoice, 'from' | 'to'>;
    readonly metadata: string;
    /** Time of everything in the image, in seconds since the epoch; undefined: when it was built. */
    readonly date: string | undefined;
    /** Absolute path of the Dockerfile. */
    readonly file: string;
  },
): BuildCommand {
  const each = (name: string, values: Iterable<string>) => [...values].flatMap((value) => [name, value]);
  const pairs = (map: ReadonlyMap<string, string>) => [...map].map(([name, value]) => `${name}=${value}`);
  const secrets = [...settings.secrets].map(([id, value], index) => ({
    id,
    value,
    variable: `PIPELINES_SECRET_${index}`,
  }));
  const args = [
    ...['buildx', 'build', '--builder', where.builder, '--progress', 'rawjson', '--metadata-file', where.metadata],
    ...['--file', where.file],
    ...(image.target === undefined ? [] : ['--target', image.target]),
    ...(image.platforms.length === 0 ? [] : ['--platform', image.platforms.join(',')]),
    ...each('--build-arg', pairs(image.args)),
    ...each('--build-context', pairs(image.contexts)),
    ...each('--label', pairs(new Map([...settings.labels, ...image.labels]))),
    ...each('--annotation', pairs(settings.annotations)),
    ...each(
      '--secret',
      secrets.map(({ id, variable }) => `id=${id},env=${variable}`),
    ),
    ...each(
      '--secret',
      [...settings.secretFiles].map(([id, path]) => csv(`id=${id}`, `src=${path}`)),
    ),
    ...each('--ssh', settings.ssh),
    ...each('--cache-from', where.cache.from),
    ...each('--cache-to', where.cache.to),
    ...(settings.noCache ? ['--no-cache'] : []),
    ...(settings.pull ? ['--pull'] : []),
    settings.provenance === 'off' ? '--provenance=false' : `--provenance=mode=${settings.provenance}`,
    settings.sbom === false ? '--sbom=false' : `--sbom=generator=${settings.sbom}`,
    ...['--output', outputOf(where.destination, where.date)],
    image.context,
  ];
  return { args, environment: Object.fromEntries(secrets.map(({ variable, value }) => [variable, value])) };
}

function outputOf(destination: Destination, date: string | undefined): string {
  // Of the exporter, not a build argument: that one is in the cache key of every COPY, and each commit has another time.
  const times = ['rewrite-timestamp=true', ...(date === undefined ? [] : [`source-date-epoch=${date}`])];
  if (destination.kind === 'layout') return csv('type=oci', 'tar=false', `dest=${destination.folder}`, ...times);
  const { reference } = destination;
  return csv(
    'type=image',
    `name=${reference}`,
    'push=true',
    'push-by-digest=true',
    'name-canonical=true',
    'oci-mediatypes=true',
    ...times,
  );
}

/** Fields as one line of CSV (RFC 4180), which is how buildx reads them. */
function csv(...fields: readonly string[]): string {
  return fields.map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}
