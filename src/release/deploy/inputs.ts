import type { Inputs, InputValues } from '../../runtime/inputs.ts';
import { boolean, integer, secret, string } from '../../runtime/kinds.ts';
import type { Outputs } from '../../runtime/outputs.ts';
import { credentialInputs } from '../credentials.ts';
import { healthKind } from '../health-settings.ts';
import { recordInputs } from '../record-inputs.ts';
import type { Credentials, Target } from '../target.ts';

/** Inputs that every deploy action has beside those of its target and its credentials. */
export const commonInputs = {
  promote: {
    kind: boolean(),
    description:
      'Whether the release takes the traffic when it is healthy. `false` stages it only: `promote` moves traffic to it later.',
    default: 'true',
  },
  keep: {
    kind: integer({ min: 1, max: 50, example: 3 }),
    description:
      'How many of the newest releases stay after a promotion; older ones that were made by this action are removed, never one that serves or served before.',
    default: '3',
  },
  health: {
    kind: healthKind,
    description:
      'How the candidate is probed before it may take traffic: a YAML map of the inputs of the action `health`, or `off`.',
  },
  'probe-url': {
    kind: string({
      example: 'https://candidate.internal.example.com',
      pattern: /^https?:\/\/[^\s]{1,2000}$/,
      accepted: 'an address with https:// or http://',
      limit: 2_048,
    }),
    description: 'Address at which the candidate is probed, where its own can’t be reached from the runner.',
  },
  commit: {
    kind: string({
      example: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
      pattern: /^([0-9a-f]{40}|[0-9a-f]{64})$/,
      accepted: 'a whole commit, 40 or 64 hexadecimal digits',
    }),
    description:
      'Commit that is deployed. Default: that of the run. One that is an ancestor of the one serving is superseded and not deployed.',
  },
  'last-migration': {
    kind: string({ example: '20261104120000_add_email', limit: 256 }),
    description: 'Name of the last migration that the database has (the output of `migrate`); kept with the release.',
  },
  'github-token': {
    kind: secret({ example: '${{ github.token }}' }),
    description: 'Token with `contents: read`, to compare the commit with the one that serves.',
    expression: '${{ github.token }}',
  },
  ...recordInputs,
} as const;

/** Of targets that deploy files which an earlier job may have built. */
const archiveInput = {
  archive: {
    kind: string({ example: 'build.tar', limit: 4_096 }),
    description:
      'Tar with the build output of an earlier job, absolute or from the root of the repository. It is unpacked with checks, and nothing in it is run. Without it the output lies in the workspace.',
  },
} as const;

/** Outputs by which the health of a release is told. */
export const healthOutputs = {
  healthy: { kind: 'boolean', description: 'Whether the probes were answered well; empty when `health` is off.' },
  attempts: { kind: 'integer', description: 'How many probes were sent.' },
  'latency-p50': { kind: 'integer', description: 'Median latency of the probes, in milliseconds.' },
  'latency-p95': { kind: 'integer', description: '95th percentile of the latency of the probes, in milliseconds.' },
} as const satisfies Outputs;

/** Outputs of what keeps a record of the release. */
export const recordOutputs = {
  record: {
    kind: 'string',
    description: 'File with the record of the release, for an artifact; empty when nothing was promoted.',
  },
  artifact: {
    kind: 'string',
    description: 'Name for that artifact: workflow, folder, service and environment are in it.',
  },
} as const satisfies Outputs;

export const nightOutput = {
  night: {
    kind: 'json',
    description:
      'After a failure: what serves now, what happened, the state of the database, the command to run and whether running again is safe; 4 KiB at most.',
  },
} as const satisfies Outputs;

export const outputs = {
  url: { kind: 'string', description: 'Address that users ask.' },
  'candidate-url': { kind: 'string', description: 'Address of the release alone, without live traffic.' },
  release: { kind: 'string', description: 'Reference of the release, for `promote` and `rollback`.' },
  'previous-release': {
    kind: 'string',
    description: 'Reference of the release that had the traffic before; empty on a first deployment.',
  },
  first: {
    kind: 'boolean',
    description: 'Whether nothing served before: the release then has the traffic from its start.',
  },
  superseded: {
    kind: 'boolean',
    description: 'Whether a newer commit serves already: nothing was staged, and `release` is what serves.',
  },
  promoted: { kind: 'boolean', description: 'Whether the release has all the traffic.' },
  reused: { kind: 'boolean', description: 'Whether a candidate of the same commit and settings was there already.' },
  'expires-at': { kind: 'string', description: 'When a preview ends by itself (ISO 8601); empty where it does not.' },
  ...healthOutputs,
  ...recordOutputs,
  ...nightOutput,
} as const satisfies Outputs;

/** What a deploy action receives, whatever its target. */
export type DeployInputs = InputValues<typeof commonInputs & typeof archiveInput> & Partial<Credentials>;

/**
 * All inputs of a target's deploy action: its own first, then its credentials, then the common ones. Where the target
 * has an input of the same name (`service`), the target's is the one.
 */
export function deployInputs(target: Pick<Target, 'inputs' | 'credentials' | 'outputFolders'>): Inputs {
  const credentials = Object.fromEntries(target.credentials.map((name) => [name, credentialInputs[name]]));
  const shared = target.outputFolders === undefined ? commonInputs : { ...archiveInput, ...commonInputs };
  const common = Object.entries(shared).filter(([name]) => !Object.hasOwn(target.inputs, name));
  return { ...target.inputs, ...credentials, ...Object.fromEntries(common) };
}
