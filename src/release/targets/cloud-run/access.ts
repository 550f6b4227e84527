import type { GoogleClient } from '../../../google/client.ts';
import { keepsChanging, refused } from './faults.ts';
import { type Place, serviceUrl } from './place.ts';
import type { Service } from './resources.ts';

const INVOKER = 'roles/run.invoker';
const EVERYBODY = 'allUsers';
const TRIES = 4;

/** A policy of IAM, version 1 (cloud.google.com/iam/docs/reference/rest/v1/Policy). */
interface Policy {
  readonly etag?: string;
  readonly bindings?: readonly { readonly role?: string; readonly members?: readonly string[] }[];
}

async function policyOf(client: GoogleClient, place: Place): Promise<Policy | 'hidden'> {
  const answer = await client.send({ url: `${serviceUrl(place)}:getIamPolicy` });
  // A service that is not there yet has none.
  if (answer.status === 404) return {};
  if (answer.status === 403) return 'hidden';
  if (answer.status !== 200)
    throw refused(client, place, `show who may ask ${place.service}`, answer, 'nothing was changed');
  return answer.body as Policy;
}

function invokers({ bindings = [] }: Policy): readonly string[] {
  return bindings.flatMap(({ role, members = [] }) => (role === INVOKER ? members : []));
}

/** Lets everybody ask a service, or nobody who was not named. */
async function setAccess(client: GoogleClient, place: Place, wish: 'public' | 'private'): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const policy = await policyOf(client, place);
    if (policy !== 'hidden' && invokers(policy).includes(EVERYBODY) === (wish === 'public')) return;
    const { bindings = [], ...rest } = policy === 'hidden' ? {} : policy;
    const others = bindings.map((binding) => {
      if (binding.role !== INVOKER) return binding;
      return { ...binding, members: (binding.members ?? []).filter((member) => member !== EVERYBODY) };
    });
    const everybody = wish === 'public' ? [{ role: INVOKER, members: [EVERYBODY] }] : [];
    const kept = others.filter(({ members = [] }) => members.length > 0);
    const answer = await client.send({
      method: 'POST',
      url: `${serviceUrl(place)}:setIamPolicy`,
      // The etag makes a second send harmless.
      body: { policy: { ...rest, bindings: [...kept, ...everybody] } },
      idempotent: true,
    });
    if (answer.status === 200) return;
    const state = 'no traffic was moved';
    if (answer.status !== 409) throw refused(client, place, `change who may ask ${place.service}`, answer, state);
    if (attempt === TRIES) throw keepsChanging(place, answer);
  }
}

/** Who may ask a service, and what a probe has to bring along. */
export interface Access {
  /** Whether everybody may ask; a policy that this job may not see counts as private. Read once in the life of a step. */
  readonly isPublic: (service: Service) => Promise<boolean>;
  /** Starts to read who may ask, while something else is being read. Its failure comes to whoever asks. */
  readonly begin: () => void;
  /** Lets everybody ask the service, or nobody who was not named. */
  readonly set: (wish: 'public' | 'private') => Promise<void>;
  /**
   * A header of its own, so that the application's `Authorization` stays free; Cloud Run takes the signature off before
   * the container sees it (cloud.google.com/run/docs/authenticating/service-to-service).
   */
  readonly probeHeaders: (service: Service) => Promise<Readonly<Record<string, string>>>;
}

export function createAccess(client: GoogleClient, place: Place): Access {
  let reading: Promise<boolean> | undefined;
  const read = async () => {
    const policy = await policyOf(client, place);
    return policy !== 'hidden' && invokers(policy).includes(EVERYBODY);
  };
  const isOpen = () => {
    reading ??= read().catch((error: unknown) => {
      // The next one who asks reads anew.
      reading = undefined;
      throw error;
    });
    return reading;
  };
  const isPublic = async (service: Service) => service.invokerIamDisabled === true || (await isOpen());
  return {
    isPublic,
    begin: () => void isOpen().catch(() => undefined),
    set: async (wish) => {
      if ((await isOpen()) !== (wish === 'public')) await setAccess(client, place, wish);
      reading = Promise.resolve(wish === 'public');
    },
    probeHeaders: async (service) => {
      // The audience is an address of the service, also for the address of a tag.
      const audience = service.uri ?? service.urls?.[0] ?? '';
      if (audience === '' || (await isPublic(service))) return {};
      const token = await client.idToken(audience);
      return token === undefined ? {} : { 'x-serverless-authorization': `Bearer ${token}` };
    },
  };
}
