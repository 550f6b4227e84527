import { Refusal } from './answers.ts';
import type { Container, EnvVar, Template } from './resources.ts';

type Fields = Readonly<Record<string, unknown>>;
type Texts = Readonly<Record<string, string>>;

/** A revision's template in Knative's form, which v1 speaks: what v2 has as fields are annotations there. */
export interface KnativeTemplate {
  readonly metadata?: { readonly name?: string; readonly labels?: Texts; readonly annotations?: Texts };
  readonly spec?: {
    readonly containerConcurrency?: number;
    readonly timeoutSeconds?: number;
    readonly serviceAccountName?: string;
    readonly containers?: readonly Fields[];
    readonly volumes?: readonly Fields[];
    readonly nodeSelector?: Texts;
  };
}

const RUN = 'run.googleapis.com';
const NONCE = 'client.knative.dev/nonce';

/** Annotations of a template that are fields in v2; the others are kept as they are. */
const KNOWN = [
  `${RUN}/client-name`,
  `${RUN}/client-version`,
  `${RUN}/startup-cpu-boost`,
  `${RUN}/cpu-throttling`,
  `${RUN}/vpc-access-connector`,
  `${RUN}/vpc-access-egress`,
  `${RUN}/network-interfaces`,
  `${RUN}/execution-environment`,
  `${RUN}/sessionAffinity`,
  `${RUN}/container-dependencies`,
  `${RUN}/encryption-key`,
  'autoscaling.knative.dev/minScale',
  'autoscaling.knative.dev/maxScale',
];

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what is undefined, empty or null. */
export function present<T extends Fields>(value: T): Present<T> {
  const entries = Object.entries(value).filter(([, item]) => {
    const isEmpty = typeof item === 'object' && item !== null && !Array.isArray(item) && Object.keys(item).length === 0;
    return (
      item !== undefined && item !== null && item !== '' && !isEmpty && !(Array.isArray(item) && item.length === 0)
    );
  });
  return Object.fromEntries(entries) as Present<T>;
}

export function fromKnative({ metadata = {}, spec = {} }: KnativeTemplate): Template {
  const { annotations = {}, labels = {}, name } = metadata;
  const isTrue = (key: string) => annotations[`${RUN}/${key}`]?.toLowerCase() === 'true';
  const dependencies = JSON.parse(annotations[`${RUN}/container-dependencies`] ?? '{}') as Readonly<
    Record<string, string[]>
  >;
  const flags = present({
    // Throttled unless it says otherwise.
    cpuIdle: annotations[`${RUN}/cpu-throttling`]?.toLowerCase() !== 'false',
    startupCpuBoost: isTrue('startup-cpu-boost') ? true : undefined,
  });
  const { [NONCE]: nonce, ...ownLabels } = labels;
  const count = (key: string) => (annotations[key] === undefined ? undefined : Number(annotations[key]));
  const environment = annotations[`${RUN}/execution-environment`];
  return present({
    revision: name,
    nonce,
    labels: ownLabels,
    annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => !KNOWN.includes(key))),
    client: annotations[`${RUN}/client-name`],
    clientVersion: annotations[`${RUN}/client-version`],
    scaling: present({
      minInstanceCount: count('autoscaling.knative.dev/minScale'),
      maxInstanceCount: count('autoscaling.knative.dev/maxScale'),
    }),
    vpcAccess: vpcOf(annotations),
    executionEnvironment: environment === undefined ? undefined : `EXECUTION_ENVIRONMENT_${environment.toUpperCase()}`,
    sessionAffinity: isTrue('sessionAffinity') ? true : undefined,
    encryptionKey: annotations[`${RUN}/encryption-key`],
    maxInstanceRequestConcurrency: spec.containerConcurrency,
    timeout: spec.timeoutSeconds === undefined ? undefined : `${spec.timeoutSeconds}s`,
    serviceAccount: spec.serviceAccountName,
    containers: (spec.containers ?? []).map((container) => containerOf(container, flags, dependencies)),
    volumes: (spec.volumes ?? []).map(volumeOf),
  });
}

function vpcOf(annotations: Texts): Fields {
  const egress: Texts = {
    'all-traffic': 'ALL_TRAFFIC',
    all: 'ALL_TRAFFIC',
    'private-ranges-only': 'PRIVATE_RANGES_ONLY',
  };
  return present({
    connector: annotations[`${RUN}/vpc-access-connector`],
    egress: egress[annotations[`${RUN}/vpc-access-egress`] ?? ''],
    networkInterfaces: JSON.parse(annotations[`${RUN}/network-interfaces`] ?? '[]') as readonly Fields[],
  });
}

function containerOf(
  given: Fields,
  flags: Fields,
  dependencies: Readonly<Record<string, readonly string[]>>,
): Container {
  const { resources, env, name, ...rest } = given as {
    resources?: { limits?: Texts };
    env?: readonly KnativeEnv[];
    name?: string;
  };
  if ((env ?? []).some(({ valueFrom }) => valueFrom !== undefined && valueFrom.secretKeyRef === undefined)) {
    throw new Refusal(400, 'only secret_key_ref is supported');
  }
  return present({
    ...(rest as Fields),
    name,
    env: (env ?? []).map(variableOf),
    resources: { ...present({ limits: resources?.limits }), ...flags },
    dependsOn: dependencies[name ?? ''],
  }) as unknown as Container;
}

interface KnativeEnv {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}

function variableOf({ name, value, valueFrom }: KnativeEnv): EnvVar {
  const reference = valueFrom?.secretKeyRef;
  if (reference === undefined) return { name, ...(value === undefined ? {} : { value }) };
  return { name, valueSource: { secretKeyRef: { secret: reference.name, version: reference.key } } };
}

function volumeOf(given: Fields): Fields {
  const { secret, ...rest } = given as {
    secret?: { secretName: string; items?: readonly { key: string; path: string }[] };
  };
  if (secret === undefined) return rest;
  const { secretName, items, ...more } = secret;
  const listed = items?.map(({ key, ...item }) => ({ ...item, version: key }));
  return { ...rest, secret: present({ ...more, secret: secretName, items: listed }) };
}

export function toKnative(template: Template): KnativeTemplate {
  const { containers = [], scaling = {} } = template;
  const resources = containers.find(({ resources }) => resources !== undefined)?.resources;
  const vpc = (template['vpcAccess'] ?? {}) as {
    connector?: string;
    egress?: string;
    networkInterfaces?: readonly Fields[];
  };
  const dependencies = Object.fromEntries(
    containers.flatMap(({ name, dependsOn }) => (dependsOn === undefined ? [] : [[name, dependsOn]])),
  );
  const count = (value: number | undefined) => (value === undefined ? undefined : String(value));
  const environment = template['executionEnvironment'] as string | undefined;
  return {
    metadata: present({
      name: template.revision,
      labels: { ...template.labels, ...present({ [NONCE]: template['nonce'] as string | undefined }) } as Texts,
      annotations: present({
        ...template.annotations,
        [`${RUN}/client-name`]: template['client'],
        [`${RUN}/client-version`]: template['clientVersion'],
        [`${RUN}/startup-cpu-boost`]: resources?.startupCpuBoost === true ? 'true' : undefined,
        [`${RUN}/cpu-throttling`]: resources?.cpuIdle === true ? undefined : 'false',
        'autoscaling.knative.dev/minScale': count(scaling.minInstanceCount),
        'autoscaling.knative.dev/maxScale': count(scaling.maxInstanceCount),
        [`${RUN}/vpc-access-connector`]: vpc.connector,
        [`${RUN}/vpc-access-egress`]: vpc.egress?.toLowerCase().replaceAll('_', '-'),
        [`${RUN}/network-interfaces`]:
          vpc.networkInterfaces === undefined ? undefined : JSON.stringify(vpc.networkInterfaces),
        [`${RUN}/execution-environment`]: environment?.replace('EXECUTION_ENVIRONMENT_', '').toLowerCase(),
        [`${RUN}/sessionAffinity`]: template['sessionAffinity'] === true ? 'true' : undefined,
        [`${RUN}/encryption-key`]: template['encryptionKey'],
        [`${RUN}/container-dependencies`]:
          Object.keys(dependencies).length === 0 ? undefined : JSON.stringify(dependencies),
      }) as Texts,
    }),
    spec: present({
      containerConcurrency: template.maxInstanceRequestConcurrency,
      timeoutSeconds: template.timeout === undefined ? undefined : Number.parseFloat(template.timeout),
      serviceAccountName: template.serviceAccount,
      containers: containers.map(knativeContainer),
      volumes: (template.volumes ?? []).map(knativeVolume),
    }),
  };
}

function knativeContainer({ env, resources, dependsOn: _, ...rest }: Container): Fields {
  return present({
    ...rest,
    env: env?.map(({ name, value, valueSource }) => {
      const reference = valueSource?.secretKeyRef;
      if (reference === undefined) return { name, value: value ?? '' };
      return { name, valueFrom: { secretKeyRef: { name: reference.secret, key: reference.version ?? 'latest' } } };
    }),
    resources: present({ limits: resources?.limits }),
  });
}

function knativeVolume(given: Fields): Fields {
  const { secret, ...rest } = given as {
    secret?: { secret: string; items?: readonly { version?: string; path: string }[] };
  };
  if (secret === undefined) return rest;
  const { secret: secretName, items, ...more } = secret;
  const listed = items?.map(({ version, ...item }) => ({ ...item, key: version ?? 'latest' }));
  return { ...rest, secret: present({ ...more, secretName, items: listed }) };
}
