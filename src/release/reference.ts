import { ConfigurationError, shown } from '../runtime/errors.ts';

/** Names one immutable thing that can serve traffic, as a URL: `cloud-run://project/region/service/revision`. */
export interface ReleaseReference {
  /** `cloud-run`, `firebase`, `vercel`. */
  readonly scheme: string;
  /** The names after `://`, unescaped; the last one is the release, those before it are the place it serves in. */
  readonly parts: readonly string[];
}

const REFERENCE = /^([a-z][a-z0-9-]{0,30}):\/\/(.{1,900})$/;

/** A part holds no character that a URL, a log or a command line reads in its own way; Unicode letters stay out too. */
const PART = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,254}$/;

/**
 * Reads a release reference.
 *
 * @throws ConfigurationError PIPE-RELEASE-001 when it is none
 */
export function parseReference(text: string): ReleaseReference {
  const [, scheme, rest] = REFERENCE.exec(text.trim()) ?? [];
  const parts = rest?.split('/') ?? [];
  if (scheme !== undefined && parts.length >= 2 && parts.every((part) => PART.test(part))) return { scheme, parts };
  throw new ConfigurationError({
    code: 'PIPE-RELEASE-001',
    what: 'this is not a release reference',
    given: shown(text, 200),
    accepted: 'the output `release` of a deploy action: a scheme, `://`, and names with `/` between them',
    example: 'cloud-run://acme-production/europe-west1/api/api-00042-kix',
    state: 'nothing was changed',
  });
}

export function referenceText({ scheme, parts }: ReleaseReference): string {
  return `${scheme}://${parts.join('/')}`;
}

/** Name of the release itself: `api-00042-kix`. */
export function releaseName({ parts }: ReleaseReference): string {
  return parts.at(-1) ?? '';
}

/** The place it serves in: `cloud-run://acme-production/europe-west1/api`. */
export function placeText({ scheme, parts }: ReleaseReference): string {
  return `${scheme}://${parts.slice(0, -1).join('/')}`;
}

export function isSameRelease(left: ReleaseReference, right: ReleaseReference): boolean {
  return referenceText(left) === referenceText(right);
}
