/** What Firebase Hosting holds: the stand-in's memory. Nothing is in it that was not sent to it. */

export type Labels = Readonly<Record<string, string>>;

export interface Rule {
  readonly glob?: string;
  readonly regex?: string;
}

export interface RewriteRule extends Rule {
  readonly path?: string;
  readonly function?: string;
  readonly functionRegion?: string;
  readonly run?: { readonly serviceId: string; readonly region?: string; readonly tag?: string };
  readonly dynamicLinks?: boolean;
}

/** ServingConfig of the API. */
export interface Config {
  readonly rewrites?: readonly RewriteRule[];
  readonly redirects?: readonly (Rule & { readonly location?: string; readonly statusCode?: number })[];
  readonly headers?: readonly (Rule & { readonly headers?: Labels })[];
  readonly cleanUrls?: boolean;
  readonly trailingSlashBehavior?: string;
  readonly appAssociation?: string;
  readonly i18n?: { readonly root: string };
}

export type Status = 'CREATED' | 'FINALIZED' | 'DELETED' | 'ABANDONED' | 'EXPIRED' | 'CLONING';

export interface Version {
  readonly id: string;
  status: Status;
  config: Config;
  labels: Labels;
  readonly createTime: string;
  finalizeTime?: string;
  deleteTime?: string;
  /** Hash by path. */
  readonly files: Map<string, string>;
}

export interface Release {
  readonly id: string;
  readonly type: 'DEPLOY' | 'ROLLBACK' | 'SITE_DISABLE';
  readonly message: string;
  readonly releaseTime: string;
  readonly version: Version | undefined;
}

export interface Channel {
  readonly id: string;
  readonly createTime: string;
  updateTime: string;
  /** Milliseconds since the epoch. */
  expires?: number;
  labels: Labels;
  retained: number;
  readonly host: string;
  /** Newest first. */
  readonly releases: Release[];
}

export interface Site {
  readonly id: string;
  readonly type: 'DEFAULT_SITE' | 'USER_SITE';
  readonly versions: Map<string, Version>;
  readonly channels: Map<string, Channel>;
  /** Compressed content by its hash. */
  readonly blobs: Map<string, Buffer>;
  maxVersions?: number;
}

export interface Project {
  readonly id: string;
  readonly number: string;
  readonly sites: Map<string, Site>;
}

export interface Operation {
  readonly name: string;
  /** How often it is asked for before it is done. */
  left: number;
  readonly finish: () => object;
  result?: object;
}

export interface Hosting {
  readonly projects: Map<string, Project>;
  readonly operations: Map<string, Operation>;
  /** Preview channels that a site may have. */
  channelLimit: number;
  /** Moves its clock, in milliseconds. */
  ahead: number;
  serial: number;
}

export function now(hosting: Hosting): number {
  return Date.now() + hosting.ahead;
}

/** A moment as Google writes it; no two are the same. */
export function stamp(hosting: Hosting): string {
  hosting.serial += 1;
  const time = new Date(now(hosting)).toISOString();
  return time.replace('Z', `${String(hosting.serial % 1_000_000).padStart(6, '0')}Z`);
}

export function newId(hosting: Hosting, digits: number): string {
  hosting.serial += 1;
  const number = BigInt(now(hosting)) * 1_000_000n + BigInt(hosting.serial);
  // Spread over all digits, so that ids do not look alike.
  const spread = (number * 0x9e3779b97f4a7c15n) & ((1n << 64n) - 1n);
  return spread.toString(16).padStart(16, '0').slice(0, digits);
}

export function createSite(id: string, type: Site['type']): Site {
  const time = new Date().toISOString();
  const live: Channel = {
    id: 'live',
    createTime: time,
    updateTime: time,
    labels: {},
    retained: 100,
    host: `${id}.web.app`,
    releases: [],
  };
  return { id, type, versions: new Map(), channels: new Map([['live', live]]), blobs: new Map() };
}

/** What time alone does: channels expire, and unfinished versions are given up after twelve hours. */
export function age(hosting: Hosting, site: Site): void {
  const time = now(hosting);
  for (const channel of site.channels.values()) {
    if (channel.expires !== undefined && channel.expires <= time) site.channels.delete(channel.id);
  }
  for (const version of site.versions.values()) {
    if (version.status === 'CREATED' && Date.parse(version.createTime) + 12 * 3_600_000 < time) {
      version.status = 'ABANDONED';
    }
  }
}

/** Versions that serve somewhere. */
export function inUse(site: Site): ReadonlySet<string> {
  return new Set([...site.channels.values()].map(({ releases }) => releases[0]?.version?.id ?? ''));
}
