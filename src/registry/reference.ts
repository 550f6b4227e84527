import { ConfigurationError, shown } from '../runtime/errors.ts';
import { isLoopback } from '../runtime/loopback.ts';

/** Where images of a caller live: a registry's host and, below it, the path that their names start with. */
export interface RegistryAddress {
  /** `ghcr.io`, `127.0.0.1:5000`; lower case. */
  readonly host: string;
  /** `acme/apps`; empty where names start at the root. Lower case, as names of images are. */
  readonly prefix: string;
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::\d{1,5})?$/;

/** A repository's name (OCI Distribution Specification 1.1, "Pulling manifests"). */
const NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

/** A tag of the same specification. */
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Hosts of the public Docker Hub, which goes by several names and answers under another one. */
const DOCKER_HUB = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

/**
 * Reads `ghcr.io/acme/apps`. Upper case is accepted, because owners on GitHub have it, and made lower.
 *
 * @throws ConfigurationError PIPE-REGISTRY-001 when it is no host, or no host with a path
 */
export function parseRegistry(text: string): RegistryAddress {
  const [host = '', ...path] = text.trim().replace(/\/+$/, '').toLowerCase().split('/');
  const prefix = path.join('/');
  const isHost = HOST.test(host) && (/[.:]/.test(host) || host === 'localhost');
  if (isHost && (prefix === '' || NAME.test(prefix))) return { host, prefix };
  throw new ConfigurationError({
    code: 'PIPE-REGISTRY-001',
    what: 'the input `registry` is not the address of a registry',
    given: shown(text),
    accepted: 'a host and the path that the names of images start with, without https:// and without a tag',
    example: 'ghcr.io/acme, docker.io/acme, europe-west1-docker.pkg.dev/project/repository',
    state: 'nothing was sent',
  });
}

/** The full name of an image without tag and digest: `ghcr.io/acme/apps` and `api` make `ghcr.io/acme/apps/api`. */
export function imageName(registry: string, name: string): string {
  const { host, prefix } = parseRegistry(registry);
  return [host, prefix, name.toLowerCase()].filter((part) => part !== '').join('/');
}

/** The address under which a registry's API answers: on this machine without TLS, as Docker does it. */
export function originOf(host: string): string {
  if (DOCKER_HUB.has(host)) return 'https://registry-1.docker.io';
  return `${isLoopback(host) ? 'http' : 'https'}://${host}`;
}

/** The key of a registry in Docker's config.json: its host, but the old address for Docker Hub. */
export function configKeyOf(host: string): string {
  return DOCKER_HUB.has(host) ? 'https://index.docker.io/v1/' : host;
}

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

export function isTag(text: string): boolean {
  return TAG.test(text);
}

export function isRepositoryName(text: string): boolean {
  return text.length <= 255 && NAME.test(text);
}
