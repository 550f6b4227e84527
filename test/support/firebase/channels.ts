import { createHash } from 'node:crypto';
import { Refusal } from './refusal.ts';
import {
  type Channel,
  type Hosting,
  type Labels,
  newId,
  now,
  type Release,
  type Site,
  stamp,
  type Version,
} from './state.ts';

interface ChannelBody {
  readonly ttl?: string;
  readonly expireTime?: string;
  readonly labels?: Labels;
  readonly retainedReleaseCount?: number;
}

export function createChannel(hosting: Hosting, site: Site, id: string, body: ChannelBody): Channel {
  if (!/^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$/.test(id) || id.length > 63) {
    throw new Refusal('INVALID_ARGUMENT', 'Request contains an invalid argument.');
  }
  if (site.channels.has(id)) throw new Refusal('ALREADY_EXISTS', 'Requested entity already exists');
  if (site.channels.size - 1 >= hosting.channelLimit) {
    throw new Refusal('RESOURCE_EXHAUSTED', `Couldn't create channel on [${site.id}]: channel quota reached.`);
  }
  const time = stamp(hosting);
  const suffix = createHash('sha256').update(`${site.id} ${id}`).digest('hex').replace(/[a-f]/g, 'k').slice(0, 8);
  // One label of a name holds 63 characters.
  const label = `${site.id}--${id}`.slice(0, 63 - 9).replace(/-+$/, '');
  const channel: Channel = {
    id,
    createTime: time,
    updateTime: time,
    labels: {},
    retained: 10,
    host: `${label}-${suffix}.web.app`,
    releases: [],
  };
  const mask = Object.keys(body);
  applyChannel(hosting, channel, mask, body);
  if (channel.expires === undefined && !mask.includes('ttl')) channel.expires = now(hosting) + 7 * 86_400_000;
  site.channels.set(id, channel);
  return channel;
}

const FIELDS = ['ttl', 'expireTime', 'labels', 'retainedReleaseCount'];

export function applyChannel(hosting: Hosting, channel: Channel, mask: readonly string[], body: ChannelBody): void {
  const unknown = mask.find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) throw new Refusal('INVALID_ARGUMENT', `Invalid field mask: ${unknown}`);
  if (channel.id === 'live' && mask.some((field) => field === 'ttl' || field === 'expireTime')) {
    throw new Refusal('INVALID_ARGUMENT', 'The live channel does not expire.');
  }
  if (mask.includes('ttl') && body.ttl !== undefined) {
    const seconds = Number(body.ttl.slice(0, -1));
    if (seconds <= 0 || seconds > 30 * 86_400) throw new Refusal('INVALID_ARGUMENT', 'ttl must be at most 30 days.');
    channel.expires = now(hosting) + seconds * 1_000;
  }
  if (mask.includes('expireTime') && body.expireTime !== undefined) channel.expires = Date.parse(body.expireTime);
  if (mask.includes('labels')) channel.labels = body.labels ?? {};
  if (mask.includes('retainedReleaseCount')) channel.retained = body.retainedReleaseCount ?? 10;
  channel.updateTime = stamp(hosting);
}

/** What sites.channels.releases.create does: from then on the version serves. */
export function release(
  hosting: Hosting,
  channel: Channel,
  version: Version | undefined,
  body: { readonly message?: string; readonly type?: string },
): Release {
  const { message = '', type } = body;
  if (message.length > 512) throw new Refusal('INVALID_ARGUMENT', 'Release message is too long.');
  if (type !== undefined && type !== 'SITE_DISABLE') throw new Refusal('INVALID_ARGUMENT', 'Invalid release type.');
  if ((type === 'SITE_DISABLE') !== (version === undefined)) {
    throw new Refusal('INVALID_ARGUMENT', 'Request contains an invalid argument.');
  }
  if (version !== undefined && version.status !== 'FINALIZED') {
    throw new Refusal('FAILED_PRECONDITION', `Version is ${version.status}, not FINALIZED.`);
  }
  const wasHere = channel.releases.slice(1).some((one) => one.version?.id === version?.id);
  const isCurrent = channel.releases[0]?.version?.id === version?.id;
  const made: Release = {
    id: newId(hosting, 16),
    type: type ?? (wasHere && !isCurrent ? 'ROLLBACK' : 'DEPLOY'),
    message,
    releaseTime: stamp(hosting),
    version,
  };
  channel.releases.unshift(made);
  if (channel.id !== 'live') channel.releases.length = Math.min(channel.releases.length, channel.retained + 1);
  return made;
}
