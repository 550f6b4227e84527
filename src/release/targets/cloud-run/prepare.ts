import type { GoogleClient } from '../../../google/client.ts';
import type { Found, Prepared, Surroundings } from '../../target.ts';
import { baseOf } from './base.ts';
import { fingerprintOf, templateChanges } from './changes.ts';
import { badSetting, refused } from './faults.ts';
import { markOf } from './history.ts';
import { checkReadable, chosenImage, parseImage } from './image.ts';
import type { CloudRunInputs } from './inputs.ts';
import { locationUrl, type Place, PROJECT, placeName, referenceTo, serviceUrl } from './place.ts';
import { clientFor, platformAt, releasesOf, servingOf } from './platform.ts';
import { listRevisions } from './read.ts';
import type { Revision, Service, Template } from './resources.ts';
import { planSecrets, type SecretPlan } from './secrets.ts';
import { type Desired, desiredSettings, type Wish } from './settings.ts';
import { look, type Site, siteOf } from './site.ts';
import { stageOf } from './stage.ts';
import { LONGEST_SERVICE } from './traffic.ts';

const UNCHANGED = 'nothing was changed';

/** Revisions that are read at first: one page of the API. */
const MOST_READ = 100;

/** Looks at everything that a deployment needs: the image, the secrets, the settings (`validateOnly`), the roles. */
export async function prepare(inputs: CloudRunInputs, surroundings: Surroundings): Promise<Prepared> {
  const given = { ...inputs, image: chosenImage(inputs) };
  const client = clientFor(surroundings);
  const place: Place = {
    project: projectOf(given, surroundings, client),
    region: given.region,
    service: given.service,
  };
  const site = siteOf(place, client);
  checkSettings(given);
  const images = [given.image, ...[...(given.containers ?? [])].flatMap(([, wish]) => wish?.image ?? [])];
  for (const image of images) parseImage(image);
  const [read, seen] = await Promise.allSettled([
    Promise.all(images.map((image) => checkReadable(image, client, surroundings))),
    lookAt(given, site),
  ]);
  // Of an image that can't be read the platform says less.
  if (read.status === 'rejected') throw read.reason;
  if (seen.status === 'rejected') throw seen.reason;
  const looked = seen.value;
  const { service, template, isOurs, desired, plan, isPublicNow } = looked;
  const settings = serviceChanges(given, service, desired, isPublicNow);
  const changes = [...templateChanges(template, desired.template), ...settings];
  if (service !== undefined && !isPublicNow && given.authentication !== 'public') warnOfProbes(client, surroundings);
  const hidden = hiddenBy(desired, service);
  return {
    place: referenceTo(place, 'new'),
    platform: platformAt(site),
    fingerprint: fingerprint(desired, service, isOurs, changes, settings),
    changes: service === undefined ? [`${placeName(place)} is created`, ...settings] : changes,
    ...(hidden === undefined ? {} : { hidden }),
    found: looked.found,
    stage: stageOf({ given, site, surroundings, plan }, looked),
  };
}

/** What there is, what is wanted, and that the platform would take it. */
interface Looked {
  readonly found: Found;
  readonly service: Service | undefined;
  /** The newest ones, newest first. */
  readonly revisions: readonly Revision[];
  readonly template: Template;
  readonly isOurs: boolean;
  readonly desired: Desired;
  readonly plan: SecretPlan;
  readonly isPublicNow: boolean;
}

async function lookAt(given: Wish, site: Site): Promise<Looked> {
  const { client, place, access } = site;
  access.begin();
  const [service, revisions, plan] = await Promise.all([
    look(site),
    listRevisions(client, place, MOST_READ),
    planSecrets(given, place, client),
  ]);
  const { template, isOurs } = await baseOf(client, place, service);
  const desired = desiredSettings(given, service, template, plan.resolved);
  const [found, isPublicNow] = await Promise.all([
    foundIn(site, service, revisions),
    service === undefined ? false : access.isPublic(service),
    validate(client, place, service, desired, plan),
  ]);
  return { service, revisions, template, isOurs, desired, plan, isPublicNow, found };
}

async function foundIn(site: Site, service: Service | undefined, revisions: readonly Revision[]): Promise<Found> {
  if (service === undefined) return { serving: undefined, releases: [] };
  const serving = await servingOf(site, service, revisions);
  return { serving, releases: await releasesOf(site, service, revisions) };
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
