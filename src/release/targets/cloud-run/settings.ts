import { mainContainer, withContainer } from './containers.ts';
import { unmarked } from './history.ts';
import type { CloudRunInputs, ContainerWish } from './inputs.ts';
import { probeOf } from './probes.ts';
import type { Container, EnvVar, Service, Template, Texts, Volume, VpcAccess } from './resources.ts';
import type { ResolvedSecrets, SecretVersion } from './secret-version.ts';
import { withSecretFiles, withVariables } from './variables.ts';

/** The inputs, when it is known which image is meant. */
export type Wish = CloudRunInputs & { readonly image: string };

/** Service-level settings that are decided here: they count at once, not with a revision. */
interface ServiceSettings {
  readonly ingress: string | undefined;
  readonly labels: Texts;
}

export interface Desired {
  readonly template: Template;
  readonly service: ServiceSettings;
}

const INGRESS: Readonly<Record<string, string>> = {
  all: 'INGRESS_TRAFFIC_ALL',
  internal: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
  'internal-and-cloud-load-balancing': 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
};

/**
 * What is wanted: the inputs laid over what there is. What they do not name stays.
 *
 * @param base template that the settings are laid over; empty for a new service
 */
export function desiredSettings(
  given: Wish,
  service: Service | undefined,
  base: Template,
  secrets: ResolvedSecrets,
): Desired {
  const template = unmarked(base);
  const labels = withTexts(template.labels, given.labels);
  const containers = desiredContainers(given, template, secrets);
  const mounted = withSecretFiles({ containers, volumes: template.volumes ?? [] }, given.service, secrets.main);
  return {
    template: compact({
      ...template,
      labels,
      containers: mounted.containers,
      volumes: mounted.volumes as readonly Volume[],
      scaling: compact({
        ...template.scaling,
        ...named('minInstanceCount', given.minInstances),
        ...named('maxInstanceCount', given.maxInstances),
      }),
      ...named('vpcAccess', vpcOf(given, template.vpcAccess ?? {})),
      ...named(
        'timeout',
        given.requestTimeout === undefined ? undefined : `${Math.round(given.requestTimeout / 1_000)}s`,
      ),
      ...named('serviceAccount', given.runtimeServiceAccount),
      ...named('maxInstanceRequestConcurrency', given.concurrency),
      ...named('sessionAffinity', given.sessionAffinity),
      ...named(
        'executionEnvironment',
        given.executionEnvironment === undefined
          ? undefined
          : `EXECUTION_ENVIRONMENT_${given.executionEnvironment.toUpperCase()}`,
      ),
    }) as Template,
    service: {
      ingress: given.ingress === undefined ? service?.ingress : INGRESS[given.ingress],
      labels: withTexts(service?.labels, given.labels),
    },
  };
}

function named<K extends string, T>(name: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]?: T });
}

function withTexts(before: Texts = {}, given: ReadonlyMap<string, string | undefined> | undefined): Texts {
  const texts = new Map(Object.entries(before));
  for (const [name, value] of given ?? []) {
    if (value === undefined) texts.delete(name);
    else texts.set(name, value);
  }
  return Object.fromEntries(texts);
}

/** Leaves out what is empty: the API does not keep it either. */
function compact<T extends object>(value: T): T {
  const entries = Object.entries(value).filter(([, item]) => {
    if (item === undefined || item === null) return false;
    return typeof item !== 'object' || Object.keys(item).length > 0;
  });
  return Object.fromEntries(entries) as T;
}

function vpcOf(given: Wish, before: VpcAccess): VpcAccess | undefined {
  const { vpcConnector, vpcNetwork, vpcSubnet, vpcTags, vpcEgress } = given;
  if ([vpcConnector, vpcNetwork, vpcSubnet, vpcTags, vpcEgress].every((value) => value === undefined)) return undefined;
  if (vpcConnector === 'none' || vpcNetwork === 'none') return {};
  const egress =
    vpcEgress === undefined ? before.egress : vpcEgress === 'all-traffic' ? 'ALL_TRAFFIC' : 'PRIVATE_RANGES_ONLY';
  // The one excludes the other.
  if (vpcConnector !== undefined) return compact({ connector: vpcConnector, ...named('egress', egress) });
  const [known = {}] = before.networkInterfaces ?? [];
  const wanted = compact({
    ...known,
    ...named('network', vpcNetwork),
    ...named('subnetwork', vpcSubnet),
    ...named('tags', vpcTags),
  });
  const isDirect = Object.keys(wanted).length > 0;
  return compact({
    ...(isDirect ? { networkInterfaces: [wanted] } : named('connector', before.connector)),
    ...named('egress', egress),
  });
}

function desiredContainers(given: Wish, template: Template, secrets: ResolvedSecrets): readonly Container[] {
  const before = template.containers ?? [];
  const others = [...(given.containers ?? [])];
  const gone = new Set(others.filter(([, wish]) => wish === undefined).map(([name]) => name));
  const main = mainContainer(before);
  let containers: readonly Container[] = before.filter(({ name }) => name === undefined || !gone.has(name));
  const isAlone = containers.length <= 1 && others.every(([, wish]) => wish === undefined);
  const wanted = mainWish(given, main ?? {}, secrets);
  // Several containers are told apart by name, and one of them by its port.
  const identified = isAlone
    ? wanted
    : { name: given.service, ports: [{ name: 'http1', containerPort: 8_080 }], ...wanted };
  containers =
    main === undefined ? [identified, ...containers] : containers.map((item) => (item === main ? identified : item));
  for (const [name, wish] of others) {
    if (wish === undefined) continue;
    containers = withContainer(containers, name, (old) => otherWish(wish, { ...old, name }, secrets.others.get(name)));
  }
  return containers;
}

function mainWish(given: Wish, before: Container, secrets: ResolvedSecrets): Container {
  const port = portOf(given, before);
  return compact({
    ...common(given, before, secrets.main),
    image: given.image,
    ...(port === undefined ? {} : { ports: [port] }),
  });
}

function portOf(
  { port, http2 }: CloudRunInputs,
  { ports = [] }: Container,
): { name?: string; containerPort?: number } | undefined {
  if (port === undefined && http2 === undefined) return ports[0];
  const name = http2 === undefined ? ports[0]?.name : http2 ? 'h2c' : 'http1';
  return { ...(name === undefined ? {} : { name }), containerPort: port ?? ports[0]?.containerPort ?? 8_080 };
}

function otherWish(
  wish: ContainerWish,
  before: Container,
  secrets: ReadonlyMap<string, SecretVersion | undefined> | undefined,
): Container {
  const startupProbe = wish['startup-probe'];
  const livenessProbe = wish['liveness-probe'];
  const settings = { ...wish, startupProbe, livenessProbe, cpuAlways: undefined, cpuBoost: undefined };
  return compact({
    ...common(settings, before, secrets ?? new Map()),
    ...named('image', wish.image),
    ...named('dependsOn', wish['depends-on']),
  });
}

type ContainerSettings = Pick<
  CloudRunInputs,
  'command' | 'args' | 'env' | 'cpu' | 'memory' | 'cpuAlways' | 'cpuBoost' | 'startupProbe' | 'livenessProbe'
>;

function common(
  given: Partial<ContainerSettings>,
  before: Container,
  secrets: ReadonlyMap<string, SecretVersion | undefined>,
): Container {
  const { command, args, cpu, memory, startupProbe, livenessProbe } = given;
  const { startupProbe: oldStartup, livenessProbe: oldLiveness, ...rest } = before;
  const port = before.ports?.[0]?.containerPort;
  return {
    ...rest,
    ...named('command', command),
    ...named('args', args),
    env: withVariables(before.env ?? [], given.env ?? new Map(), secrets) as readonly EnvVar[],
    resources: compact({
      // Resources without this mean CPU all the time, which nobody asked for.
      ...(before.resources ?? { cpuIdle: true }),
      limits: compact({ ...before.resources?.limits, ...named('cpu', cpu), ...named('memory', memory) }),
      ...named('cpuIdle', given.cpuAlways === undefined ? undefined : !given.cpuAlways),
      ...named('startupCpuBoost', given.cpuBoost),
    }),
    ...named('startupProbe', startupProbe === undefined ? oldStartup : probeOf(startupProbe, port)),
    ...named('livenessProbe', livenessProbe === undefined ? oldLiveness : probeOf(livenessProbe, port)),
  };
}
