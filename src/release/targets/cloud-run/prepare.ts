import type { GoogleClient } from '../../../google/client.ts';
import type { Prepared, Surroundings } from '../../target.ts';
import { createAccess } from './access.ts';
import { baseOf } from './base.ts';
import { fingerprintOf, templateChanges } from './changes.ts';
import { badSetting, refused } from './faults.ts';
import { markOf } from './history.ts';
import { checkReadable, chosenImage, parseImage } from './image.ts';
import type { CloudRunInputs } from './inputs.ts';
import { locationUrl, type Place, PROJECT, placeName, referenceTo, serviceUrl } from './place.ts';
import { clientFor, platformAt } from './platform.ts';
import { readService } from './read.ts';
import type { Service } from './resources.ts';
import { planSecrets, type SecretPlan } from './secrets.ts';
import { type Desired, desiredSettings } from './settings.ts';
import { stage } from './stage.ts';
import { LONGEST_SERVICE } from './traffic.ts';

const UNCHANGED = 'nothing was changed';

/** Looks at everything that a deployment needs: the image, the secrets, the settings (`validateOnly`), the roles. */
export async function prepare(inputs: CloudRunInputs, surroundings: Surroundings): Promise<Prepared> {
  const given = { ...inputs, image: chosenImage(inputs) };
  const client = clientFor(surroundings);
  const place: Place = {
    project: projectOf(given, surroundings, client),
    region: given.region,
    service: given.service,
  };
  const access = createAccess(client, place);
  checkSettings(given);
  const images = [given.image, ...[...(given.containers ?? [])].flatMap(([, wish]) => wish?.image ?? [])];
  for (const image of images) parseImage(image);
  const [service, plan] = await Promise.all([
    readService(client, place),
    planSecrets(given, place, client),
    ...images.map((image) => checkReadable(image, client, surroundings)),
  ]);
  const { template, isOurs } = await baseOf(client, place, service);
  const desired = desiredSettings(given, service, template, plan.resolved);
  const [isPublicNow] = await Promise.all([
    service === undefined ? false : access.isPublic(service),
    validate(client, place, service, desired, plan),
  ]);
  const settings = serviceChanges(given, service, desired, isPublicNow);
  const changes = [...templateChanges(template, desired.template), ...settings];
  if (service !== undefined && !isPublicNow && given.authentication !== 'public') warnOfProbes(client, surroundings);
  const hidden = hiddenBy(desired, service);
  return {
    place: referenceTo(place, 'new'),
    platform: platformAt(place, client, access),
    fingerprint: fingerprint(desired, service, isOurs, changes, settings),
    changes: service === undefined ? [`${placeName(place)} is created`, ...settings] : changes,
    ...(hidden === undefined ? {} : { hidden }),
    stage: (mark) => stage({ given, place, client, access, surroundings, plan }, mark),
  };
}

/** The project that is named, or that the job is in, or the account's own. */
function projectOf({ project }: CloudRunInputs, { environment }: Surroundings, { identity }: GoogleClient): string {
  const fromAccount =
    identity.kind === 'key'
      ? identity.project
      : /@([a-z0-9.-]+)\.iam\.gserviceaccount\.com$/.exec(identity.serviceAccount ?? '')?.[1];
  const found = project ?? (environment['GOOGLE_CLOUD_PROJECT'] || environment['GCLOUD_PROJECT'] || fromAccount) ?? '';
  if (PROJECT.test(found)) return found;
  throw badSetting(
    'the project of the service is not known',
    found === '' ? 'nothing in `project`, in GOOGLE_CLOUD_PROJECT, and in the name of an account' : found,
    'the id of a project',
    'give `project`, or the variable GOOGLE_CLOUD_PROJECT of the environment',
  );
}

/** Settings that exclude each other: said before anything is asked. */
function checkSettings(given: CloudRunInputs): void {
  if (given.service.length > LONGEST_SERVICE) {
    throw badSetting(
      'the name of the service leaves no room for a tag: tag and name share one label of a host name',
      given.service,
      `a name of at most ${LONGEST_SERVICE} characters`,
    );
  }
  const { minInstances, maxInstances, vpcConnector, vpcNetwork, vpcSubnet, env, secrets, appSecrets } = given;
  if (minInstances !== undefined && maxInstances !== undefined && minInstances > maxInstances) {
    throw badSetting(
      '`min-instances` is more than `max-instances`',
      `${minInstances} and ${maxInstances}`,
      'at most as many',
    );
  }
  const isDirect = (vpcNetwork !== undefined && vpcNetwork !== 'none') || vpcSubnet !== undefined;
  if (vpcConnector !== undefined && vpcConnector !== 'none' && isDirect) {
    throw badSetting(
      '`vpc-connector` and direct egress (`vpc-network`, `vpc-subnet`) exclude each other',
      `${vpcConnector} and ${vpcNetwork ?? vpcSubnet}`,
      'one of the two ways into a network',
    );
  }
  const names = [env, secrets, appSecrets].flatMap((map) =>
    [...(map ?? new Map<string, unknown>())].filter(([, value]) => value !== undefined).map(([name]) => name),
  );
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw badSetting(
      `the variable ${twice} is given twice`,
      '`env`, `secrets` and `app-secrets` together',
      'one value for each variable',
    );
  }
}

/** Has the platform check what would be written, without writing it. */
async function validate(
  client: GoogleClient,
  place: Place,
  service: Service | undefined,
  desired: Desired,
  plan: SecretPlan,
): Promise<void> {
  const pending = new Set(plan.pending.map(({ variable }) => variable));
  // A value that is written with the deployment is not there yet.
  const containers = (desired.template.containers ?? []).map((container) => {
    const { env = [], ...rest } = container;
    const known = env.filter(({ name }) => !pending.has(name));
    return known.length === 0 ? rest : { ...rest, env: known };
  });
  const template = { ...desired.template, containers };
  const answer =
    service === undefined
      ? await client.send({
          method: 'POST',
          url: `${locationUrl(place)}/services?serviceId=${place.service}&validateOnly=true`,
          body: { template },
          idempotent: true,
        })
      : await client.send({
          method: 'PATCH',
          url: `${serviceUrl(place)}?updateMask=template&validateOnly=true`,
          body: { template },
          idempotent: true,
        });
  // Made by somebody else since it was looked for: staging finds it.
  if (answer.status === 200 || answer.status === 409) return;
  throw refused(client, place, `take these settings for ${placeName(place)}`, answer, UNCHANGED);
}

function serviceChanges(
  { authentication }: CloudRunInputs,
  service: Service | undefined,
  { service: wanted }: Desired,
  isPublicNow: boolean,
): readonly string[] {
  const changes: string[] = [];
  const old = service?.ingress ?? 'INGRESS_TRAFFIC_ALL';
  if (wanted.ingress !== undefined && wanted.ingress !== old)
    changes.push(`ingress of the service ${old} -> ${wanted.ingress}`);
  const names = new Set([...Object.keys(service?.labels ?? {}), ...Object.keys(wanted.labels)]);
  for (const name of names) {
    const [from, to] = [service?.labels?.[name], wanted.labels[name]];
    if (from !== to) changes.push(`label ${name} of the service ${from ?? '(none)'} -> ${to ?? '(none)'}`);
  }
  const now = isPublicNow ? 'public' : 'private';
  if (authentication !== undefined && authentication !== now)
    changes.push(`authentication ${now} -> ${authentication}`);
  return changes;
}

/**
 * The fingerprint that an earlier staging of the same wrote, where nothing would be different; else one of what is
 * wanted. The API fills in what a first deployment leaves out: hashed again it would look like something else.
 */
function fingerprint(
  desired: Desired,
  service: Service | undefined,
  isOurs: boolean,
  changes: readonly string[],
  settings: readonly string[],
): string {
  const template = service?.template ?? {};
  if (isOurs && changes.length === 0) return markOf(template, template.revision ?? '').fingerprint;
  // Settings of the service are written with a revision: a candidate from before does not bring them.
  return fingerprintOf(desired, settings.length === 0 ? '' : (service?.generation ?? ''));
}

function hiddenBy({ service: { ingress } }: Desired, service: Service | undefined): string | undefined {
  if (service?.defaultUriDisabled === true) return 'the service has its own address switched off';
  if (ingress === undefined || ingress === 'INGRESS_TRAFFIC_ALL') return undefined;
  return `the ingress of the service (${ingress}) lets nobody in from outside its network`;
}

function warnOfProbes({ identity }: GoogleClient, { log }: Surroundings): void {
  if (identity.kind === 'key' || identity.serviceAccount !== undefined) return;
  log.annotate(
    'warning',
    'The service is private, and this job signs in without a service account: Google gives identity tokens to accounts only, so probes are let in by nobody. Give `service-account` with roles/run.invoker on the service, or `probe-url`.',
  );
}
