/** Resources of the Admin API v2, as far as the stand-in looks into them; what it does not know it keeps. */
export interface Container {
  readonly name?: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort?: number }[];
  readonly resources?: {
    readonly limits?: Readonly<Record<string, string>>;
    readonly cpuIdle?: boolean;
    readonly startupCpuBoost?: boolean;
  };
  readonly dependsOn?: readonly string[];
  readonly [field: string]: unknown;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueSource?: { readonly secretKeyRef?: { readonly secret: string; readonly version?: string } };
}

export interface Template {
  readonly revision?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly containers?: readonly Container[];
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
  readonly serviceAccount?: string;
  readonly timeout?: string;
  readonly maxInstanceRequestConcurrency?: number;
  readonly scaling?: { readonly minInstanceCount?: number; readonly maxInstanceCount?: number };
  readonly [field: string]: unknown;
}

export interface TrafficTarget {
  readonly type?: string;
  readonly revision?: string;
  readonly percent?: number;
  readonly tag?: string;
}

export const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
export const BY_REVISION = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';

/** What a user decides about a service. */
export interface ServiceSpec {
  readonly template: Template;
  readonly traffic: readonly TrafficTarget[];
  readonly ingress: string;
  readonly launchStage: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly client?: string;
  readonly clientVersion?: string;
  readonly description?: string;
  readonly invokerIamDisabled?: boolean;
  readonly customAudiences?: readonly string[];
  readonly defaultUriDisabled?: boolean;
  readonly [field: string]: unknown;
}

export interface Condition {
  readonly type: string;
  readonly state: 'CONDITION_SUCCEEDED' | 'CONDITION_FAILED' | 'CONDITION_RECONCILING' | 'CONDITION_PENDING';
  readonly message?: string;
  readonly reason?: string;
  readonly revisionReason?: string;
  readonly lastTransitionTime: string;
}

export interface RevisionState {
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  /** The template that it was made from. */
  readonly template: Template;
  readonly createTime: string;
  readonly creator: string;
  updateTime: string;
  conditions: readonly Condition[];
  reconciling: boolean;
  etag: number;
}

export interface TrafficStatus {
  readonly type: string;
  readonly revision?: string;
  readonly percent?: number;
  readonly tag?: string;
  readonly uri?: string;
}

export interface ServiceState {
  readonly project: string;
  readonly region: string;
  readonly name: string;
  readonly uid: string;
  readonly createTime: string;
  readonly creator: string;
  lastModifier: string;
  updateTime: string;
  spec: ServiceSpec;
  generation: number;
  observedGeneration: number;
  etag: number;
  reconciling: boolean;
  terminal: Condition;
  conditions: readonly Condition[];
  latestCreated: string;
  latestReady: string;
  traffic: readonly TrafficStatus[];
  /** Name of the operation that acts on it, as v1 says it. */
  operation: string;
  policy: Policy;
  /** Number of the next revision that gets its name from the service. */
  next: number;
  readonly revisions: Map<string, RevisionState>;
}

export interface Policy {
  readonly version?: number;
  readonly etag: string;
  readonly bindings?: readonly { readonly role: string; readonly members: readonly string[] }[];
}

export interface OperationState {
  readonly name: string;
  readonly kind: 'Service' | 'Revision';
  /** Polls that are still answered with "not done", whatever has happened. */
  polls: number;
  done: boolean;
  error?: { readonly code: number; readonly message: string };
  /** The resource as it is when the operation has ended. */
  readonly response: () => object;
}
