import type { GoogleAnswer, GoogleClient } from '../../../google/client.ts';
import { shortName } from '../../../google/resource-name.ts';
import { shown } from '../../../runtime/errors.ts';
import { badSetting, refused } from './faults.ts';
import type { CloudRunInputs } from './inputs.ts';
import type { Place } from './place.ts';
import type { ResolvedSecrets, SecretVersion } from './secret-version.ts';
import { isFile } from './variables.ts';

const API = 'https://secretmanager.googleapis.com/v1';
const UNCHANGED = 'nothing was changed';

/** A value of `app-secrets` that Secret Manager does not have yet. */
interface NewVersion {
  /** Name of the variable. */
  readonly variable: string;
  readonly secret: string;
  readonly value: string;
  /** Whether the secret itself has to be created. */
  readonly isNew: boolean;
  /** Number that the version will have. */
  readonly version: string;
}

export interface SecretPlan {
  readonly resolved: ResolvedSecrets;
  /** What has to be written before the service can refer to it. */
  readonly pending: readonly NewVersion[];
}

/** Looks up which versions are meant, and which values of `app-secrets` are new. Writes nothing. */
export async function planSecrets(given: CloudRunInputs, place: Place, client: GoogleClient): Promise<SecretPlan> {
  const main = new Map(await versionsOf(given.secrets ?? new Map(), place, client));
  const folders = [...main.keys()].filter(isFile).map((path) => path.slice(0, path.lastIndexOf('/')));
  if (new Set(folders).size !== folders.length) {
    throw badSetting(
      'two files of `secrets` are in one folder',
      shown([...main.keys()].filter(isFile).join(', '), 300),
      'a folder of its own for each file: a secret is mounted over the whole folder',
    );
  }
  const others = new Map<string, ReadonlyMap<string, SecretVersion | undefined>>();
  for (const [name, wish] of given.containers ?? []) {
    if (wish?.secrets !== undefined) others.set(name, new Map(await versionsOf(wish.secrets, place, client)));
  }
  const planned = await Promise.all(
    [...(given.appSecrets ?? [])].map(([variable, value]) => planValue(variable, value, place, client)),
  );
  for (const { variable, secret, version } of planned) main.set(variable, { secret, version });
  return {
    resolved: { main, others },
    pending: planned.flatMap(({ pending }) => (pending === undefined ? [] : [pending])),
  };
}

async function versionsOf(
  wishes: ReadonlyMap<string, string | undefined>,
  place: Place,
  client: GoogleClient,
): Promise<readonly [string, SecretVersion | undefined][]> {
  return await Promise.all(
    [...wishes].map(async ([name, wish]): Promise<[string, SecretVersion | undefined]> => {
      if (wish === undefined) return [name, undefined];
      const [secret = '', version] = wish.split(':');
      return [name, { secret, version: version ?? (await newestVersion(secret, place, client)) }];
    }),
  );
}

/** The number of the newest version: what "latest" stands for now. */
async function newestVersion(secret: string, place: Place, client: GoogleClient): Promise<string> {
  const path = secret.startsWith('projects/') ? secret : `projects/${place.project}/secrets/${secret}`;
  const answer = await client.send({ url: `${API}/${path}/versions/latest` });
  if (answer.status === 404) {
    throw badSetting(
      `there is no secret ${shown(secret)} with a version`,
      answer.error?.message ?? '',
      'a secret that exists in Secret Manager, with a version that is enabled',
      `create it: \`gcloud secrets create ${secret} --project=${place.project} --data-file=-\``,
    );
  }
  if (answer.status !== 200) throw refused(client, place, `show the secret ${secret}`, answer, UNCHANGED);
  return shortName(answer.body['name']);
}

/** Compares a value with the newest version; a new one gets the next number. */
async function planValue(
  variable: string,
  value: string,
  place: Place,
  client: GoogleClient,
): Promise<SecretVersion & { readonly variable: string; readonly pending?: NewVersion }> {
  const secret = `${place.service}-${variable}`;
  const path = `${API}/projects/${place.project}/secrets/${secret}`;
  const answer = await client.send({ url: `${path}/versions/latest:access` });
  if (answer.status === 200) {
    const version = shortName(answer.body['name']);
    if (valueIn(answer) === value) return { variable, secret, version };
    return { variable, secret, ...next(variable, secret, value, false, Number(version) + 1) };
  }
  // Nothing there, or a newest version that is off or destroyed: its number is still taken.
  if (answer.status !== 404 && answer.error?.status !== 'FAILED_PRECONDITION') {
    throw refused(client, place, `show the newest value of the secret ${secret}`, answer, UNCHANGED);
  }
  const newest = await client.send({ url: `${path}/versions/latest` });
  if (newest.status === 200)
    return { variable, secret, ...next(variable, secret, value, false, Number(shortName(newest.body['name'])) + 1) };
  const existing = await client.send({ url: path });
  return { variable, secret, ...next(variable, secret, value, existing.status === 404, 1) };
}

function next(
  variable: string,
  secret: string,
  value: string,
  isNew: boolean,
  number: number,
): { readonly version: string; readonly pending: NewVersion } {
  const version = String(number);
  return { version, pending: { variable, secret, value, isNew, version } };
}

function valueIn({ body }: GoogleAnswer): string | undefined {
  const payload = body['payload'];
  const data = typeof payload === 'object' && payload !== null ? (payload as { data?: unknown }).data : undefined;
  return typeof data === 'string' ? Buffer.from(data, 'base64').toString('utf8') : undefined;
}

/**
 * Writes the values that are new.
 *
 * @param isFirst whether this is the first try: an earlier one, whose answer was lost, may have written them
 * @returns the versions as they came out, by name of the variable
 */
export async function writeSecrets(
  pending: readonly NewVersion[],
  place: Place,
  client: GoogleClient,
  isFirst: boolean,
): Promise<ReadonlyMap<string, SecretVersion>> {
  const written = pending.map(async (planned): Promise<[string, SecretVersion]> => {
    const { variable, secret, value } = planned;
    const { version, pending: missing } = isFirst
      ? { version: planned.version, pending: planned }
      : await planValue(variable, value, place, client);
    return [variable, { secret, version: missing === undefined ? version : await write(missing, place, client) }];
  });
  return new Map(await Promise.all(written));
}

async function write({ secret, value, isNew }: NewVersion, place: Place, client: GoogleClient): Promise<string> {
  const state = 'no traffic was moved; values that were written before stay in Secret Manager';
  const secrets = `${API}/projects/${place.project}/secrets`;
  if (isNew) {
    const body = { replication: { automatic: {} }, labels: { 'pipelines-service': place.service } };
    const made = await client.send({ method: 'POST', url: `${secrets}?secretId=${secret}`, body, idempotent: true });
    // 409: it is there, which is what was wanted.
    if (made.status !== 200 && made.status !== 409)
      throw refused(client, place, `create the secret ${secret}`, made, state);
  }
  const body = { payload: { data: Buffer.from(value, 'utf8').toString('base64') } };
  const answer = await client.send({ method: 'POST', url: `${secrets}/${secret}:addVersion`, body });
  if (answer.status !== 200) throw refused(client, place, `take a new value of the secret ${secret}`, answer, state);
  return shortName(answer.body['name']);
}
