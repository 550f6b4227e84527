import type { GoogleClient } from '../../../google/client.ts';
import { shortName } from '../../../google/resource-name.ts';
import { markOf } from './history.ts';
import type { Place } from './place.ts';
import { readRevision } from './read.ts';
import type { Revision, Service, Template } from './resources.ts';
import { servingShares } from './traffic.ts';

/** Fields of a revision that are also those of a template. */
const SHARED = [
  'annotations',
  'containers',
  'encryptionKey',
  'encryptionKeyRevocationAction',
  'encryptionKeyShutdownDuration',
  'executionEnvironment',
  'gpuZonalRedundancyDisabled',
  'labels',
  'maxInstanceRequestConcurrency',
  'nodeSelector',
  'scaling',
  'serviceAccount',
  'serviceMesh',
  'sessionAffinity',
  'timeout',
  'volumes',
  'vpcAccess',
] as const;

/**
 * What the settings are laid over: the service's template. Where that made a revision of ours that never became ready,
 * what serves counts instead: a setting that broke one deployment is not to stay for the next.
 *
 * @returns `isOurs` when the template is as an earlier staging left it
 */
export async function baseOf(
  client: GoogleClient,
  place: Place,
  service: Service | undefined,
): Promise<{ readonly template: Template; readonly isOurs: boolean }> {
  if (service === undefined) return { template: {}, isOurs: false };
  const { template } = service;
  const isOurs = markOf(template, template.revision ?? '').fingerprint !== '';
  const [serving] = [...servingShares(service)].sort(([, left], [, right]) => right - left);
  const isBroken =
    isOurs && service.reconciling !== true && service.latestReadyRevision !== service.latestCreatedRevision;
  if (!isBroken || serving === undefined || shortName(service.latestCreatedRevision) !== template.revision) {
    return { template, isOurs };
  }
  const revision = await readRevision(client, place, serving[0]);
  return { template: revision === undefined ? template : templateOf(revision), isOurs: false };
}

function templateOf(revision: Revision): Template {
  return Object.fromEntries(SHARED.flatMap((name) => (revision[name] === undefined ? [] : [[name, revision[name]]])));
}
