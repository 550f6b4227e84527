/**
 * Resources of the Admin API v2, as far as they are read or written here (cloud.google.com/run/docs/reference/rest/v2).
 * Fields that are not named stay in the objects and go back as they came.
 */
export interface Service {
  readonly name: string;
  readonly etag: string;
  readonly generation?: string;
  readonly template: Template;
  readonly traffic?: readonly TrafficTarget[];
  readonly trafficStatuses?: readonly TrafficStatus[];
  readonly labels?: Texts;
  readonly annotations?: Texts;
  readonly ingress?: string;
  readonly defaultUriDisabled?: boolean;
  readonly invokerIamDisabled?: boolean;
  readonly uri?: string;
  readonly urls?: readonly string[];
  /** Full name of a revision. */
  readonly latestReadyRevision?: string;
  /** Full name of a revision. */
  readonly latestCreatedRevision?: string;
  readonly updateTime?: string;
  readonly reconciling?: boolean;
  readonly terminalCondition?: Condition;
  readonly [field: string]: unknown;
}

export type Texts = Readonly<Record<string, string>>;

export interface Template {
  /** Name of the revision that it makes. */
  readonly revision?: string;
  readonly labels?: Texts;
  readonly annotations?: Texts;
  readonly containers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly scaling?: { readonly minInstanceCount?: number; readonly maxInstanceCount?: number };
  readonly vpcAccess?: VpcAccess;
  /** Seconds, as `300s`. */
  readonly timeout?: string;
  readonly serviceAccount?: string;
  readonly executionEnvironment?: string;
  readonly sessionAffinity?: boolean;
  readonly maxInstanceRequestConcurrency?: number;
  readonly [field: string]: unknown;
}

export interface VpcAccess {
  readonly connector?: string;
  readonly egress?: string;
  readonly networkInterfaces?: readonly {
    readonly network?: string;
    readonly subnetwork?: string;
    readonly tags?: readonly string[];
  }[];
}

export interface Volume {
  readonly name: string;
  readonly secret?: {
    readonly secret: string;
    readonly items?: readonly { readonly path: string; readonly version?: string }[];
  };
  readonly [field: string]: unknown;
}

export interface Container {
  readonly name?: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly resources?: Resources;
  readonly ports?: readonly { readonly name?: string; readonly containerPort?: number }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly dependsOn?: readonly string[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly [field: string]: unknown;
}

export interface Resources {
  readonly limits?: Texts;
  readonly cpuIdle?: boolean;
  readonly startupCpuBoost?: boolean;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueSource?: { readonly secretKeyRef?: SecretReference };
}

interface SecretReference {
  readonly secret: string;
  readonly version?: string;
}

export interface Probe {
  readonly initialDelaySeconds?: number;
  readonly timeoutSeconds?: number;
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
  readonly httpGet?: { readonly path?: string; readonly port?: number };
  readonly tcpSocket?: { readonly port?: number };
  readonly grpc?: { readonly port?: number; readonly service?: string };
}

export const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
export const BY_REVISION = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';

export interface TrafficTarget {
  readonly type?: string;
  /** Name without the path before it. */
  readonly revision?: string;
  readonly percent?: number;
  readonly tag?: string;
}

export interface TrafficStatus extends TrafficTarget {
  readonly uri?: string;
}

export interface Condition {
  readonly type?: string;
  /** `CONDITION_SUCCEEDED`, `CONDITION_FAILED`, `CONDITION_RECONCILING`, `CONDITION_PENDING`. */
  readonly state?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly revisionReason?: string;
}

export interface Revision {
  /** Full name. */
  readonly name: string;
  readonly createTime?: string;
  readonly labels?: Texts;
  readonly annotations?: Texts;
  readonly containers?: readonly Container[];
  readonly conditions?: readonly Condition[];
  readonly reconciling?: boolean;
  readonly [field: string]: unknown;
}

export interface Operation {
  readonly name?: string;
  readonly done?: boolean;
  readonly error?: { readonly code?: number; readonly message?: string };
  readonly response?: Readonly<Record<string, unknown>>;
}

export function readyCondition({ conditions = [] }: Revision): Condition | undefined {
  return conditions.find(({ type }) => type === 'Ready');
}
