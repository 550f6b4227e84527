import type { GoogleClient } from '../../../google/client.ts';
import { createRegistryClient } from '../../../registry/client.ts';
import { imageName, isRepositoryName } from '../../../registry/reference.ts';
import type { RegistryLogin } from '../../../registry/sign-in.ts';
import { ConfigurationError, OutsideFault, shown } from '../../../runtime/errors.ts';
import { isLoopback } from '../../../runtime/loopback.ts';
import type { Surroundings } from '../../target.ts';
import { memberOf } from './faults.ts';
import type { CloudRunInputs } from './inputs.ts';

export interface Image {
  readonly host: string;
  /** Name of the repository at that host. */
  readonly name: string;
  readonly digest: string;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** @throws ConfigurationError PIPE-CLOUDRUN-015 when it is no image with a digest */
export function parseImage(text: string): Image {
  const [path = '', digest = '', ...more] = text.trim().split('@');
  const [first = '', ...rest] = path.replace(/:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, '').split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const host = hasHost ? first : 'docker.io';
  const plain = hasHost ? rest.join('/') : [first, ...rest].join('/');
  const name = host === 'docker.io' && !plain.includes('/') ? `library/${plain}` : plain;
  if (DIGEST.test(digest) && more.length === 0 && isRepositoryName(name)) return { host, name, digest };
  throw new ConfigurationError({
    code: 'PIPE-CLOUDRUN-015',
    what: 'the image that is to be deployed is not named by its digest',
    given: shown(text, 300),
    accepted:
      'a name, `@`, and the digest: a tag may stand for another image tomorrow, and going back would not bring this one back',
    example: `europe-west1-docker.pkg.dev/acme/apps/api@sha256:${'4f53cda18c2baa0c'.repeat(4)}`,
    remedy: 'give the output `image` of the action `image`',
    state: 'nothing was changed',
  });
}

/**
 * The image that is meant: the one that is named, or one of the images that were built, by name.
 *
 * @throws ConfigurationError PIPE-CLOUDRUN-015 when none is, or it is not clear which
 */
export function chosenImage(
  given: Pick<CloudRunInputs, 'image' | 'registry' | 'digests' | 'imageName' | 'service'>,
): string {
  const { image, registry, digests, service } = given;
  if (image !== undefined) return image;
  const names = [...(digests ?? new Map<string, string>()).keys()];
  const name = given.imageName ?? (names.length === 1 ? names[0] : names.find((one) => one === service));
  const digest = name === undefined ? undefined : digests?.get(name);
  if (registry !== undefined && name !== undefined && digest !== undefined)
    return `${imageName(registry, name)}@${digest}`;
  throw new ConfigurationError({
    code: 'PIPE-CLOUDRUN-015',
    what: names.length === 0 ? 'no image is given' : 'it is not clear which image is to be deployed',
    given:
      names.length === 0
        ? 'nothing in `image` and `digests`'
        : `digests of ${shown(names.join(', '), 300)}, the service ${service}`,
    accepted:
      '`image`, or `registry` and `digests` with one image, one that is called like the service, or that of `image-name`',
    example: `image-name: ${names[0] ?? 'api'}`,
    state: 'nothing was changed',
  });
}

/**
 * Sees whether an image can be pulled, before anything is changed: from Google's registries as this job, from others as
 * somebody without a login, which is what Cloud Run is to them.
 *
 * @throws ConfigurationError PIPE-CLOUDRUN-011 when it is not there or can't be read
 */
export async function checkReadable(
  image: string,
  client: GoogleClient,
  { environment, signal, secrets, log }: Surroundings,
): Promise<void> {
  const { host, name, digest } = parseImage(image);
  const isGoogle = /(?:\.pkg\.dev|(?:^|\.)gcr\.io)$/.test(host);
  if (isLoopback(host) || (!isGoogle && host !== 'ghcr.io' && host !== 'docker.io')) return;
  const login: RegistryLogin | undefined = isGoogle
    ? { host, username: 'oauth2accesstoken', password: await client.accessToken() }
    : undefined;
  const registry = createRegistryClient({ host, login, environment, signal, secrets });
  try {
    if ((await registry.head(name, digest)) === undefined) throw unreadable(image, isGoogle, client, 'it is not there');
  } catch (error) {
    if (error instanceof ConfigurationError && error.code.startsWith('PIPE-REGISTRY-')) {
      throw unreadable(image, isGoogle, client, error.faults[0].what);
    }
    if (!(error instanceof OutsideFault)) throw error;
    // Cloud Run may still reach the registry, and says so itself if it does not.
    log.annotate('notice', `Whether the image can be read was not checked: ${error.message}`);
  } finally {
    registry.close();
  }
}

function unreadable(image: string, isGoogle: boolean, client: GoogleClient, why: string): ConfigurationError {
  const { host, name } = parseImage(image);
  const [project = '', repository = ''] = name.split('/');
  const location = host.replace(/-docker\.pkg\.dev$/, '');
  return new ConfigurationError({
    code: 'PIPE-CLOUDRUN-011',
    what: isGoogle
      ? `this job can't read the image, or there is none: ${why}`
      : `Cloud Run can't pull this image: from ${host} it pulls public images only (${why})`,
    given: shown(image, 300),
    accepted: isGoogle
      ? 'an image that exists, in a repository on which this job has roles/artifactregistry.reader'
      : "a public image, or one in Google's Artifact Registry",
    remedy: isGoogle
      ? `grant it: \`gcloud artifacts repositories add-iam-policy-binding ${repository} --project=${project} --location=${location} --role=roles/artifactregistry.reader --member=${memberOf(client)}\``
      : 'push to Artifact Registry, or set up a remote repository for this registry there: https://cloud.google.com/artifact-registry/docs/repositories/remote-repo',
    state: 'nothing was changed',
  });
}
