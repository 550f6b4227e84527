import { createHash } from 'node:crypto';
import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import { parseReference, referenceText } from '../../reference.ts';
import type { Prepared, Surroundings } from '../../target.ts';
import { enter } from './access.ts';
import type { FirebaseInputs } from './inputs.ts';
import { lookAt } from './look.ts';
import { preparedAt } from './prepared.ts';
import { hasProjectFiles, readProjectFiles } from './project-files.ts';
import { projectOf, selectSection } from './selection.ts';
import { readVersion, siteAt } from './state.ts';
import { cloneVersion, finalizeVersion } from './version.ts';

/**
 * What is on one site, put on another: Firebase copies the version as it is. On the same site there is nothing to copy,
 * and the version itself is the candidate.
 *
 * @param source reference of a release of Firebase Hosting
 */
export async function prepareClone(
  inputs: FirebaseInputs,
  source: string,
  surroundings: Surroundings,
): Promise<Prepared> {
  const reference = parseReference(source);
  const [fromProject = '', fromSite = '', fromVersion = ''] = reference.parts;
  if (reference.scheme !== 'firebase' || reference.parts.length !== 3) throw notFirebase(source);
  const { project, named } = await placeOf(inputs, surroundings);
  const api = enter(project, surroundings);
  const origin = siteAt(api.of(fromProject), fromSite);
  const [looked, original] = await Promise.all([lookAt(api, named), readVersion(origin, fromVersion)]);
  if (original?.status !== 'FINALIZED') throw gone(source);
  const { site } = looked;
  const isSame = fromSite === site.site;
  return preparedAt(inputs, looked, {
    fingerprint: createHash('sha256')
      .update(`clone ${referenceText(reference)}`)
      .digest('hex')
      .slice(0, 40),
    changes: [isSame ? `the version ${fromVersion} as it is` : `a copy of ${referenceText(reference)}`],
    make: async (by, begun) => {
      if (isSame) return original;
      if (begun !== undefined) return await finalizeVersion(site, begun, { labels: begun.labels });
      return await cloneVersion(site, `sites/${fromSite}/versions/${fromVersion}`, by, inputs.channel ?? '');
    },
  });
}

/**
 * Where the copy goes. Without `site` it is where the project's own files send a deployment, if they are here; else the
 * default site, undefined.
 */
async function placeOf(
  inputs: FirebaseInputs,
  { environment, workspace }: Surroundings,
): Promise<{ readonly project: string; readonly named: string | undefined }> {
  const areRead = inputs.site === undefined && (inputs.target !== undefined || (await hasProjectFiles(inputs.config)));
  const files = areRead ? await readProjectFiles(inputs.config, workspace) : undefined;
  const project = projectOf(inputs.project, environment, files);
  return { project, named: files === undefined ? inputs.site : selectSection(inputs, files, project).site };
}

function notFirebase(source: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-FIREBASE-019',
    what: 'the input `clone` names no release of Firebase Hosting',
    given: shown(source, 200),
    accepted: 'the output `release` of deploy-firebase',
    example: 'firebase://acme-staging/acme-staging/1a2b3c4d5e6f7a8b',
    state: 'nothing was sent',
  });
}

function gone(source: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-FIREBASE-019',
    what: `there is no version that can serve behind ${shown(source, 200)}`,
    accepted: 'a version that Hosting still has',
    remedy: 'deploy the commit again to the site that it came from',
    state: 'nothing was changed',
  });
}
