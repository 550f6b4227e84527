import { parseRegistry } from '../registry/reference.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';

/**
 * Refuses a registry from which the target can't pull: Cloud Run takes images of Artifact Registry, and public ones of
 * ghcr.io and Docker Hub only (https://cloud.google.com/run/docs/deploying, "Images you can deploy").
 *
 * @param isPrivate whether what the registry holds can be pulled with a login only
 * @throws ConfigurationError PIPE-IMAGE-005
 */
export function checkDeployable(
  registry: string,
  target: 'none' | 'cloud-run' | 'firebase' | 'vercel',
  isPrivate: boolean,
): void {
  if (target !== 'cloud-run' || registry === '') return;
  const { host } = parseRegistry(registry);
  if (host.endsWith('-docker.pkg.dev') || host === 'gcr.io' || host.endsWith('.gcr.io')) return;
  const isPublicHost = host === 'ghcr.io' || host === 'docker.io' || host === 'index.docker.io';
  if (isPublicHost && !isPrivate) return;
  throw new ConfigurationError({
    code: 'PIPE-IMAGE-005',
    what: isPublicHost
      ? `Cloud Run can't pull private images from ${host}`
      : `Cloud Run pulls no images from ${shown(host)}`,
    given: `registry ${shown(registry)}`,
    accepted: 'Artifact Registry of Google Cloud; public images of ghcr.io or Docker Hub',
    example: 'registry: europe-west1-docker.pkg.dev/acme/apps',
    remedy: 'push to Artifact Registry (a remote repository there can also stand before ghcr.io)',
    state: 'nothing was built',
  });
}
