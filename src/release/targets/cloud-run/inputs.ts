import { list, record, shape } from '../../../runtime/collections.ts';
import type { InputValues } from '../../../runtime/inputs.ts';
import { boolean, duration, enumeration, integer, secret, string, type ValueOf } from '../../../runtime/kinds.ts';
import { orGone, probe, variable } from './kinds.ts';
import { PROJECT, REGION, SERVICE } from './place.ts';

/** Ingress by the names of the vendor's command line. */
const INGRESS = ['all', 'internal', 'internal-and-cloud-load-balancing'] as const;
const EGRESS = ['private-ranges-only', 'all-traffic'] as const;

/** Names of environment variables that containers can have. */
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/;
const CONTAINER = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const image = string({
  accepted: 'an image with its digest',
  example: `europe-west1-docker.pkg.dev/acme/apps/api@sha256:${'4f53cda18c2baa0c'.repeat(4)}`,
  limit: 1_024,
});
const words = list(string({ example: '--port', limit: 4_096 }), { example: 'node\ndist/main.js', max: 200 });
const env = record(orGone(variable({ example: 'info' })), {
  names: NAME,
  example: '{LOG_LEVEL: info, OLD: null}',
  accepted: 'a YAML map from names of variables to texts, `null` for one that is to go',
});
const secrets = record(
  orGone(
    string({
      accepted: 'the name of a secret, with a version where it matters',
      example: 'api-database-url:3',
      pattern:
        /^(?:projects\/[a-z0-9.:-]+\/secrets\/)?[A-Za-z0-9_-]{1,255}(?::(?:latest|[1-9]\d{0,8}|[A-Za-z][A-Za-z0-9_-]{0,62}))?$/,
      limit: 512,
    }),
  ),
  {
    names: /^(?:[A-Za-z_][A-Za-z0-9_.-]{0,255}|\/[!-~]{1,1023})$/,
    example: '{DATABASE_URL: api-database-url, /secrets/key.pem: api-key:3, OLD: null}',
    accepted: 'a YAML map from names of variables, or absolute paths of files, to names of secrets',
  },
);
const cpu = string({
  accepted: 'a number of CPUs: 1, 2, 4, 6, 8, or less than 1 from 0.08 (`500m`)',
  example: '1',
  pattern: /^(?:[12468]|0?\.\d{1,3}|[1-9]\d{1,2}m|[12468]000m)$/,
});
const memory = string({
  accepted: 'an amount of memory from 128Mi to 32Gi',
  example: '512Mi',
  pattern: /^[1-9]\d{0,10}(?:[KMG]i?)?$/,
});

const container = shape(
  {
    image,
    command: words,
    args: words,
    env,
    secrets,
    cpu,
    memory,
    'startup-probe': probe,
    'liveness-probe': probe,
    'depends-on': list(string({ example: 'proxy', pattern: CONTAINER }), { example: 'proxy', max: 10 }),
  },
  { example: `{image: ${image.example}, memory: 256Mi}` },
);

export type ContainerWish = ValueOf<typeof container>;

export const inputs = {
  service: {
    kind: string({
      accepted: 'the name of a service: lower-case letters, digits and hyphens, at most 49, a letter first',
      example: 'api',
      pattern: SERVICE,
    }),
    description: 'Name of the service. One that does not exist is created.',
    required: true,
  },
  region: {
    kind: string({ accepted: 'the name of a region', example: 'europe-west1', pattern: REGION }),
    description: 'Region of the service.',
    required: true,
  },
  project: {
    kind: string({ accepted: 'the id of a project', example: 'acme-production', pattern: PROJECT }),
    description:
      'Project of the service. Without it the variable GOOGLE_CLOUD_PROJECT, or the project of the account that signs in.',
  },
  image: {
    kind: image,
    description:
      'Image that is deployed, with its digest (the output `image` of the action `image`). A tag is refused: it may stand for another image tomorrow. Without it `registry` and `digests`.',
  },
  registry: {
    kind: string({ example: 'europe-west1-docker.pkg.dev/acme/apps', limit: 512 }),
    description: 'Registry of the images of `digests`, where `image` is not given.',
  },
  digests: {
    kind: record(
      string({
        accepted: '`sha256:` and 64 hexadecimal digits',
        example: `sha256:${'4f53cda18c2baa0c'.repeat(4)}`,
        pattern: /^sha256:[0-9a-f]{64}$/,
      }),
      { example: `{"api": "sha256:${'4f53cda18c2baa0c'.repeat(4)}"}`, max: 100 },
    ),
    description:
      'Digests of images by name, as the output `digests` of the action `image` has them: the only one is taken, or the one called like the service, or that of `image-name`.',
  },
  'image-name': {
    kind: string({ example: 'api', limit: 256 }),
    description: 'Which image of `digests` is deployed, where it is not called like the service.',
  },
  env: {
    kind: env,
    description:
      'Environment variables. Those that are not named stay as they are; `NAME: null` removes one. Not for secrets: whoever may see the service sees them.',
  },
  secrets: {
    kind: secrets,
    description:
      'Secrets of Secret Manager, as variables or as files. Without a version the newest one now is taken, by its number, so that going back brings back the old value too. `NAME: null` removes one.',
  },
  'app-secrets': {
    kind: record(secret({ example: '${{ secrets.DATABASE_URL }}' }), {
      names: /^[A-Za-z_][A-Za-z0-9_]{0,127}$/,
      example: 'DATABASE_URL: ${{ secrets.DATABASE_URL }}',
      accepted: 'a YAML map from names of variables to secret values',
    }),
    description:
      'Values that are kept in Secret Manager as `<service>-<NAME>` and given to the container as variables, by version. A new version is made only when a value changed.',
  },
  port: {
    kind: integer({ min: 1, max: 65_535, example: 8080 }),
    description: 'Port on which the container listens; it is told by the variable PORT.',
  },
  http2: { kind: boolean(), description: 'Whether requests reach the container as HTTP/2 without TLS (for gRPC).' },
  command: { kind: words, description: "Program of the container instead of the image's own, one word a line." },
  args: { kind: words, description: 'Arguments of the program, one a line.' },
  cpu: { kind: cpu, description: 'CPUs of an instance.' },
  memory: { kind: memory, description: 'Memory of an instance.' },
  'cpu-always': {
    kind: boolean(),
    description: 'Whether instances have their CPU between requests too (background work), and are billed for it.',
  },
  'cpu-boost': { kind: boolean(), description: 'Whether an instance has more CPU while it starts.' },
  concurrency: {
    kind: integer({ min: 1, max: 1_000, example: 80 }),
    description: 'Requests that one instance serves at a time.',
  },
  'min-instances': {
    kind: integer({ min: 0, max: 1_000, example: 1 }),
    description: 'Instances of a revision that are kept ready, where it has traffic.',
  },
  'max-instances': {
    kind: integer({ min: 1, max: 1_000, example: 20 }),
    description: 'Instances that a revision has at most.',
  },
  'request-timeout': {
    kind: duration({ min: 1_000, max: 3_600_000, example: '5m' }),
    description: 'Longest time for one request; a WebSocket is one request.',
  },
  'execution-environment': {
    kind: enumeration(['gen1', 'gen2']),
    description: 'Sandbox in which instances run.',
  },
  'session-affinity': {
    kind: boolean(),
    description: 'Whether a client keeps its instance where possible (WebSockets, local caches).',
  },
  'startup-probe': {
    kind: probe,
    description:
      'How the platform sees that a container has started: a YAML map (`path`, or `grpc`, or `tcp`; `port`, `delay`, `timeout`, `period`, `failures`). `off`: as soon as it listens.',
  },
  'liveness-probe': {
    kind: probe,
    description: 'How the platform sees that a container still works, in the same form; `off` for none.',
  },
  'runtime-service-account': {
    kind: string({
      accepted: 'the e-mail address of a service account',
      example: 'api@acme-production.iam.gserviceaccount.com',
      pattern: /^[a-z0-9.-]{1,64}@[a-z0-9.-]{1,190}$/,
    }),
    description: 'Account that the service itself runs as. Not the one that deploys, which is `service-account`.',
  },
  'vpc-connector': {
    kind: string({ example: 'projects/acme-production/locations/europe-west1/connectors/main', limit: 512 }),
    description: 'Serverless VPC Access connector through which the service reaches a network; `none` removes it.',
  },
  'vpc-network': {
    kind: string({ example: 'default', limit: 512 }),
    description: 'Network that the service reaches directly (direct VPC egress); `none` removes it.',
  },
  'vpc-subnet': { kind: string({ example: 'services', limit: 512 }), description: 'Subnet for direct VPC egress.' },
  'vpc-tags': {
    kind: list(string({ example: 'api', pattern: CONTAINER }), { example: 'api', max: 20 }),
    description: 'Network tags for direct VPC egress, one a line.',
  },
  'vpc-egress': {
    kind: enumeration(EGRESS),
    description: 'Which traffic goes through the network.',
  },
  ingress: {
    kind: enumeration(INGRESS),
    description:
      'From where the service can be reached. It is a setting of the whole service: it counts as soon as a release is staged.',
  },
  authentication: {
    kind: enumeration(['public', 'private']),
    description:
      'Who may ask the service: `public` everybody, `private` who has roles/run.invoker. It is a setting of the whole service: it counts as soon as a release is staged. Without it nothing changes; a new service is private.',
  },
  labels: {
    kind: record(orGone(string({ example: 'payments', pattern: /^[a-z0-9_-]{0,63}$/ })), {
      names: /^[a-z][a-z0-9_-]{0,62}$/,
      example: '{team: payments}',
      max: 60,
    }),
    description: 'Labels of service and revision. Those that are not named stay; `name: null` removes one.',
  },
  containers: {
    kind: record(orGone(container), {
      names: CONTAINER,
      example: `{proxy: {image: ${image.example}}}`,
      max: 10,
    }),
    description:
      'Containers beside the one of `image`, by name: a YAML map of `image`, `command`, `args`, `env`, `secrets`, `cpu`, `memory`, `startup-probe`, `liveness-probe`, `depends-on`. `name: null` removes one.',
  },
  'failure-logs': {
    kind: boolean(),
    description:
      "Whether the container's last lines are shown when a revision does not start. Default: in private repositories only, because logs may carry customers' data.",
  },
} as const;

export type CloudRunInputs = InputValues<typeof inputs>;
