import { createHash } from 'node:crypto';
import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import type { Mark } from '../../target.ts';
import type { ApiAnswer, Call } from './api.ts';
import { apiErrorOf, refusal } from './faults.ts';
import { deleteChannel } from './remove.ts';
import { askedOf, type Channel, channelIn, LIVE, listChannels, readChannel, type Site } from './state.ts';

/** Channels on which candidates can be looked at; nothing but this bundle makes channels of this name. */
const CANDIDATE = /^candidate-[0-9a-f]{16}$/;

/** Name of the channel of a candidate: the same deployment has the same one. */
export function candidateChannel({ commit, fingerprint }: Mark): string {
  return `candidate-${createHash('sha256').update(`${commit}\n${fingerprint}`).digest('hex').slice(0, 16)}`;
}

/**
 * Makes a channel, or lets one live on: it expires that long after now. When the site can't hold another channel, the
 * oldest channels of candidates go, and it is tried once more; a preview of a pull request is never removed for it.
 *
 * @param life milliseconds; undefined: seven days, as Firebase's own program has it
 * @param isNamed whether somebody may have made it for longer: then it is only prolonged, unless `life` says otherwise
 * @throws ConfigurationError PIPE-FIREBASE-012 when the limit is reached and nothing of ours can go
 */
export async function ensureChannel(
  site: Site,
  id: string,
  life: number | undefined,
  isNamed: boolean,
): Promise<Channel> {
  const there = isNamed && life === undefined ? await readChannel(site, id) : undefined;
  const end = Date.now() + (life ?? USUAL_LIFE);
  if (there !== undefined && (there.expiresAt ?? Number.POSITIVE_INFINITY) > end) return there;
  return await make(site, id, life ?? USUAL_LIFE);
}

const USUAL_LIFE = 7 * 86_400_000;

async function make(site: Site, id: string, life: number): Promise<Channel> {
  const first = await put(site, id, life);
  if ('channel' in first) return first.channel;
  const channels = await listChannels(site);
  const old = channels.filter((channel) => CANDIDATE.test(channel.id) && channel.id !== id).sort(byAge);
  for (const channel of old.slice(0, Math.max(1, Math.floor(old.length / 2)))) await deleteChannel(site, channel.id);
  const second = old.length === 0 ? first : await put(site, id, life);
  if ('channel' in second) return second.channel;
  throw limitReached(site, id, channels, second.said);
}

function byAge(left: Channel, right: Channel): number {
  return left.createdAt - right.createdAt;
}

/** A channel that is not there is made by the same call (sites.channels.patch); where it is not, by one of its own. */
async function put(
  site: Site,
  id: string,
  life: number,
): Promise<{ readonly channel: Channel } | { readonly said: string }> {
  const { api, path } = site;
  const what = `make the channel "${id}" of the site "${site.site}"`;
  const call = { body: { ttl: `${Math.round(life / 1_000)}s` }, idempotent: true, what };
  const patched = await api.call({
    ...call,
    method: 'PATCH',
    path: `${path}/channels/${id}?updateMask=ttl`,
    also: [400, 404, 429],
  });
  const made = patched.status === 404 ? await create(site, id, call) : patched;
  if (made.status === 200) return { channel: channelIn(made.value) };
  const { message } = apiErrorOf(made.response);
  if (/channel.*quota|quota.*channel/i.test(message)) return { said: message };
  throw refusal(made.response, askedOf(site, what), performance.now());
}

async function create(site: Site, id: string, call: Pick<Call, 'body' | 'idempotent' | 'what'>): Promise<ApiAnswer> {
  const { api, path } = site;
  const also = [400, 409, 429];
  const made = await api.call({ ...call, method: 'POST', path: `${path}/channels?channelId=${id}`, also });
  // It is there: perhaps by this very call, whose first answer was lost.
  return made.status === 409 ? await api.call({ path: `${path}/channels/${id}`, what: call.what }) : made;
}

function limitReached(site: Site, id: string, channels: readonly Channel[], said: string): ConfigurationError {
  const oldest = channels
    .filter((channel) => channel.id !== LIVE)
    .sort(byAge)
    .slice(0, 3);
  const first = oldest[0]?.id ?? 'name';
  return new ConfigurationError({
    code: 'PIPE-FIREBASE-012',
    what: `the site ${shown(site.site)} can not hold another preview channel`,
    given: `${channels.length} channels, the oldest ${oldest.map((channel) => shown(channel.id)).join(', ') || 'unknown'}; ${shown(said, 200)}`,
    accepted: 'fewer preview channels than the limit of the site',
    example: `firebase hosting:channel:delete ${first} --site ${site.site} --project ${site.project}`,
    remedy: 'delete old previews, let `expires` be shorter, and run delete-preview when a pull request closes',
    state: `the channel ${shown(id)} was not made; the live site was not touched`,
  });
}
