import type { GoogleCloud } from '../google-cloud.ts';
import type { ImageSources, ImageStore } from './images.ts';
import type { Instance } from './instances.ts';
import type { OperationState, ServiceState } from './resources.ts';

/** One secret of Secret Manager. */
export interface SecretState {
  readonly project: string;
  readonly name: string;
  readonly createTime: string;
  etag: number;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  readonly versions: {
    state: 'ENABLED' | 'DISABLED' | 'DESTROYED';
    readonly value: Buffer;
    readonly createTime: string;
  }[];
  /** Accounts that may read its values. */
  readonly readers: Set<string>;
}

export interface LogEntry {
  readonly service: string;
  readonly revision: string;
  readonly text: string;
  readonly timestamp: string;
}

export interface Settings {
  readonly project: string;
  readonly projectNumber: string;
  readonly regions: readonly string[];
  /** Milliseconds of each of the steps in which a change is carried out. */
  pace: number;
  /** Milliseconds that a container may take until it listens. */
  startWithin: number;
  /** How many polls of an operation are answered with "not done" whatever has happened. */
  polls: number;
  /** Milliseconds that one call waits for an operation at most, whatever it asks for: the API promises no more. */
  longestWait: number;
  /** CPUs that all instances of the project may have in a region. */
  cpuQuota: number;
  /** Requests a minute; more are refused. */
  requestQuota: number;
  /** Entries on a page of a list, at most. */
  pageSize: number;
}

/** Everything that the stand-in knows; tests judge by it and change it as an owner of the project would. */
export interface CloudRunState {
  readonly settings: Settings;
  readonly google: GoogleCloud;
  /** By `region/name`. */
  readonly services: Map<string, ServiceState>;
  readonly operations: Map<string, OperationState>;
  /** By name. */
  readonly secrets: Map<string, SecretState>;
  readonly images: ImageSources;
  readonly store: ImageStore;
  /** By `service/revision`. */
  readonly instances: Map<string, Promise<readonly Instance[] | undefined>>;
  readonly logs: LogEntry[];
  /** Whether an account or a job has a permission (`run.services.get`) on a resource; all have all at first. */
  may: (who: string, permission: string, resource: string) => boolean;
  /** APIs that nobody has enabled in the project. */
  readonly disabled: Set<string>;
  /** Requests of users, newest last: host, revision, status. */
  readonly visits: {
    readonly host: string;
    readonly path: string;
    readonly revision: string;
    readonly status: number;
  }[];
  /** Requests to the APIs. */
  requests: number;
}

export function serviceOf(state: CloudRunState, region: string, name: string): ServiceState | undefined {
  return state.services.get(`${region}/${name}`);
}

/** Short names of regions in addresses of services. */
const SHORT: Readonly<Record<string, string>> = {
  'europe-west1': 'ew',
  'europe-west4': 'ez',
  'us-central1': 'uc',
  'us-east1': 'ue',
};

/** The two addresses of a service: the newer one by number, and the older one by hash. */
export function urlsOf(state: CloudRunState, { region, name, uid }: ServiceState): readonly [string, string] {
  const hash = uid.replaceAll('-', '').slice(0, 10);
  return [
    `https://${name}-${state.settings.projectNumber}.${region}.run.app`,
    `https://${name}-${hash}-${SHORT[region] ?? 'an'}.a.run.app`,
  ];
}

export function tagUrl(state: CloudRunState, service: ServiceState, tag: string): string {
  return urlsOf(state, service)[1].replace('https://', `https://${tag}---`);
}

/** An etag as the API writes it: the quotes belong to it. */
export function etagText(etag: number): string {
  return `"${Buffer.from(`etag:${etag}`, 'utf8').toString('base64')}"`;
}
