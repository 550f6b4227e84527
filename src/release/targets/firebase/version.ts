import type { Mark } from '../../target.ts';
import { HOSTING } from './api.ts';
import { refusal } from './faults.ts';
import { labelsOf, markOf } from './mark.ts';
import { finished } from './pins.ts';
import type { ServingConfig } from './serving-config.ts';
import { askedOf, listVersions, readVersion, type Site, type Version, versionIn } from './state.ts';

/** Versions among which the one of an earlier run is looked for. */
const LOOKED_AT = 100;

/** Hosting gives an unfinished version up after twelve hours; one that is nearly there is not continued. */
const UNFINISHED = 11 * 3_600_000;

/** How long Hosting may take to copy a version, in milliseconds. */
const LONGEST_CLONE = 600_000;

/**
 * The version that an earlier run made, or began, for the same commit and content.
 *
 * @param versions where they have just been read
 */
export async function findVersion(
  site: Site,
  { commit, fingerprint }: Mark,
  versions: readonly Version[] | undefined,
): Promise<Version | undefined> {
  const among = versions ?? (await listVersions(site, undefined, LOOKED_AT));
  const same = among.filter(({ labels }) => {
    const mark = markOf(labels);
    return mark.commit === commit && mark.fingerprint === fingerprint;
  });
  const isYoung = ({ createdAt }: Version) => Date.now() - createdAt < UNFINISHED;
  return (
    same.find(({ status }) => status === 'FINALIZED') ??
    same.find((version) => version.status === 'CREATED' && isYoung(version))
  );
}

export async function createVersion(site: Site, mark: Mark, channel: string): Promise<Version> {
  const { value } = await site.api.call({
    method: 'POST',
    path: `${site.path}/versions`,
    body: { status: 'CREATED', labels: labelsOf(mark, channel) },
    what: `create a version of the site "${site.site}"`,
  });
  return versionIn(value);
}

/**
 * Ends the work on a version: from now on it can serve, and nothing about it changes.
 *
 * @throws ConfigurationError PIPE-FIREBASE-015 when Firebase does not accept the configuration
 */
export async function finalizeVersion(
  site: Site,
  version: Version,
  fields: { readonly config: ServingConfig } | { readonly labels: Readonly<Record<string, string>> },
): Promise<Version> {
  const [field = ''] = Object.keys(fields);
  const what = `finalize the version "${version.id}" of the site "${site.site}"`;
  const started = performance.now();
  const { status, value, response } = await site.api.call({
    method: 'PATCH',
    path: `${site.path}/versions/${version.id}?updateMask=status,${field}`,
    body: { status: 'FINALIZED', ...fields },
    // Once it is final, a second one is refused, and read back below.
    idempotent: true,
    also: [400],
    what,
  });
  if (status === 200) return versionIn(value);
  const now = await readVersion(site, version.id);
  if (now?.status === 'FINALIZED') return now;
  throw refusal(response, askedOf(site, what), started);
}

/**
 * Copies a version of another site, with its configuration (sites.versions.clone).
 *
 * @param source `sites/acme-staging/versions/1a2b3c4d5e6f7a8b`
 */
export async function cloneVersion(site: Site, source: string, mark: Mark, channel: string): Promise<Version> {
  const what = `copy ${source} to the site "${site.site}"`;
  const { value } = await site.api.call({
    method: 'POST',
    path: `${site.path}/versions:clone`,
    // Not final yet: labels can only be put on a version that is being made.
    body: { sourceVersion: source, finalize: false },
    what,
  });
  const made = versionIn(await finished(site.api, HOSTING, '/v1beta1/', value, what, LONGEST_CLONE));
  return await finalizeVersion(site, made, { labels: labelsOf(mark, channel) });
}
