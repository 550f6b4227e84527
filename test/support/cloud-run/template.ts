import { badField } from './answers.ts';
import { hostFault } from './images.ts';
import type { Container, Template } from './resources.ts';
import type { CloudRunState } from './state.ts';

/** The container that requests come to. */
export function ingressContainer(containers: readonly Container[]): Container | undefined {
  return containers.length === 1 ? containers[0] : containers.find(({ ports }) => (ports ?? []).length > 0);
}

/** A template with what the API fills in where nothing was said. */
export function withDefaults(template: Template, state: CloudRunState): Template {
  const ingress = ingressContainer(template.containers ?? []);
  const cpu = cpusOf(ingress?.resources?.limits?.['cpu'] ?? '1000m');
  const containers = (template.containers ?? []).map((container) => {
    const isIngress = container === ingress;
    const port = container.ports?.[0]?.containerPort ?? 8_080;
    const resources = {
      limits: { cpu: '1000m', memory: '512Mi', ...container.resources?.limits },
      ...(container.resources === undefined ? { cpuIdle: true } : flags(container.resources)),
    };
    if (!isIngress) return { ...container, resources };
    return {
      ...container,
      ports: [{ name: container.ports?.[0]?.name ?? 'http1', containerPort: port }],
      resources,
      startupProbe: withProbe(container['startupProbe'], port) ?? {
        timeoutSeconds: 240,
        periodSeconds: 240,
        failureThreshold: 1,
        tcpSocket: { port },
      },
      ...(container['livenessProbe'] === undefined
        ? {}
        : { livenessProbe: withProbe(container['livenessProbe'], port) }),
    };
  });
  return {
    ...template,
    containers,
    serviceAccount: template.serviceAccount || `${state.settings.projectNumber}-compute@developer.gserviceaccount.com`,
    timeout: template.timeout ?? '300s',
    maxInstanceRequestConcurrency: template.maxInstanceRequestConcurrency || (cpu < 1 ? 1 : 80),
    scaling: { maxInstanceCount: 100, ...template.scaling },
  };
}

function flags({ cpuIdle, startupCpuBoost }: NonNullable<Container['resources']>): object {
  // False is the same as left out, and left out means: always.
  return { ...(cpuIdle === true ? { cpuIdle } : {}), ...(startupCpuBoost === true ? { startupCpuBoost } : {}) };
}

function withProbe(given: unknown, port: number): Readonly<Record<string, unknown>> | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const probe = given as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
  const filled = { timeoutSeconds: 1, periodSeconds: 10, failureThreshold: 3, ...probe };
  for (const kind of ['httpGet', 'tcpSocket', 'grpc']) {
    if (probe[kind] !== undefined) {
      const path = kind === 'httpGet' ? { path: '/' } : {};
      return { ...filled, [kind]: { ...path, port, ...probe[kind] } };
    }
  }
  return filled;
}

/** `2`, `1000m` and `0.5` as a number. */
export function cpusOf(text: string): number {
  return text.endsWith('m') ? Number.parseInt(text, 10) / 1_000 : Number.parseFloat(text);
}

const MEMORY: Readonly<Record<string, number>> = {
  Ki: 1 / 1_024,
  Mi: 1,
  Gi: 1_024,
  K: 1e3 / 1_048_576,
  M: 1e6 / 1_048_576,
  G: 1e9 / 1_048_576,
};

function mebibytesOf(text: string): number {
  const [, count = '', unit = ''] = /^(\d+)([KMG]i?)?$/.exec(text) ?? [];
  return Number(count) * (MEMORY[unit] ?? 1 / 1_048_576);
}

/** Names that belong to the platform. */
const SYSTEM = /^(run\.googleapis\.com|cloud\.googleapis\.com|serving\.knative\.dev|autoscaling\.knative\.dev)\//;
const LABEL = /^[a-z][a-z0-9_-]{0,62}$/;

/** Refuses what Cloud Run refuses at once. */
export function checkTemplate(template: Template, service: string, state: CloudRunState): void {
  const containers = template.containers ?? [];
  if (containers.length === 0)
    throw badField('template.containers', 'Revision template should contain at least one container.');
  if (containers.length > 1 && containers.filter(({ ports }) => (ports ?? []).length > 0).length !== 1) {
    throw badField(
      'template.containers',
      'Revision template should contain exactly one container with an exposed port.',
    );
  }
  for (const [index, container] of containers.entries())
    checkContainer(container, `template.containers[${index}]`, state);
  const { revision = '', labels = {}, annotations = {}, scaling = {}, timeout } = template;
  if (revision !== '' && (!revision.startsWith(`${service}-`) || !/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(revision))) {
    throw badField(
      'template.revision',
      `Revision name must be prefixed by ${service}- and hold at most 63 lower-case letters, digits and hyphens.`,
    );
  }
  for (const [name, value] of Object.entries(labels)) {
    if (!LABEL.test(name) || !/^[a-z0-9_-]{0,63}$/.test(value))
      throw badField('template.labels', `invalid label ${name}: ${value}`);
  }
  for (const name of Object.keys(annotations)) {
    if (SYSTEM.test(name)) throw badField('template.annotations', `system annotation ${name} is not supported`);
  }
  const { minInstanceCount = 0, maxInstanceCount = 100 } = scaling;
  if (minInstanceCount > maxInstanceCount) {
    throw badField(
      'template.scaling.min_instance_count',
      'min_instance_count must be less than or equal to max_instance_count.',
    );
  }
  if (timeout !== undefined && !(Number.parseFloat(timeout) <= 3_600)) {
    throw badField('template.timeout', 'should be between 0 and 3600 seconds');
  }
  checkVpc(template);
}

function checkVpc({ vpcAccess }: Template): void {
  if (vpcAccess === undefined || vpcAccess === null) return;
  const { connector, networkInterfaces } = vpcAccess as { connector?: string; networkInterfaces?: readonly unknown[] };
  if (connector !== undefined && connector !== '' && (networkInterfaces ?? []).length > 0) {
    throw badField('template.vpc_access', 'VPC connector and direct VPC can not be used together.');
  }
}

function checkContainer(container: Container, at: string, state: CloudRunState): void {
  const hosts = hostFault(container.image, state.images);
  if (hosts !== undefined) throw badField(`${at}.image`, hosts);
  const reserved = (container.env ?? [])
    .map(({ name }) => name)
    .filter((name) => ['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION'].includes(name));
  if (reserved.length > 0) {
    throw badField(
      `${at}.env`,
      `The following reserved env names were provided: ${reserved.join(', ')}. These values are automatically set by the system.`,
    );
  }
  const names = (container.env ?? []).map(({ name }) => name);
  if (new Set(names).size !== names.length)
    throw badField(`${at}.env`, 'Environment variables must have unique names.');
  const limits = container.resources?.limits ?? {};
  const { cpu, memory } = { cpu: limits['cpu'] ?? '1', memory: limits['memory'] ?? '512Mi' };
  const cpus = cpusOf(cpu);
  if (!(cpus >= 0.08 && (cpus <= 1 || [2, 4, 6, 8].includes(cpus)))) {
    throw badField(`${at}.resources.limits.cpu`, `Invalid value specified for cpu. ${cpu}`);
  }
  const size = mebibytesOf(memory);
  if (!(size >= 128 && size <= 32_768))
    throw badField(`${at}.resources.limits.memory`, `Invalid value specified for memory. ${memory}`);
  const least = cpus >= 6 ? 4_096 : cpus >= 4 ? 2_048 : 128;
  if (size < least) {
    throw badField(
      `${at}.resources.limits.memory`,
      `Invalid value specified for memory. For ${cpus} CPU, memory must be between ${least}Mi and 32Gi inclusive.`,
    );
  }
}
