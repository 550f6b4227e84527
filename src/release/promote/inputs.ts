import { list } from '../../runtime/collections.ts';
import type { InputValues } from '../../runtime/inputs.ts';
import { boolean, duration, integer, string } from '../../runtime/kinds.ts';
import type { Outputs } from '../../runtime/outputs.ts';
import { credentialInputs } from '../credentials.ts';
import { commonInputs, healthOutputs, nightOutput, recordOutputs } from '../deploy/inputs.ts';
import { recordInputs } from '../record-inputs.ts';

const reference = string({
  accepted: 'a release reference, the output `release` of a deploy action',
  example: 'cloud-run://acme-production/europe-west1/api/api-00042-kix',
});

export const inputs = {
  release: { kind: reference, description: 'Release that is to take the traffic.', required: true },
  expected: {
    kind: reference,
    description:
      'Release that should have the traffic until now (the output `previous-release` of the deploy action). When another one has it, nothing is moved.',
  },
  steps: {
    kind: list(integer({ min: 1, max: 100, example: 10 }), { example: '10\n50', max: 20 }),
    description:
      'Shares of the traffic, in percent, that the release gets one after the other, rising; 100 comes last by itself. Without it all at once.',
    default: '',
  },
  interval: {
    kind: duration({ min: 0, max: 21_600_000, example: '5m' }),
    description: 'How long each step is watched before the next one.',
    default: '1m',
  },
  health: {
    kind: commonInputs.health.kind,
    description:
      'How the release is probed before, between and after the steps: a YAML map of the inputs of the action `health`, or `off`.',
  },
  'health-url': {
    kind: commonInputs['probe-url'].kind,
    description:
      'Address that is probed. Default: that of the release alone, and after the last step the one that users ask.',
  },
  force: {
    kind: boolean(),
    description: 'Also promotes a release that was rolled back.',
    default: 'false',
  },
  hold: {
    kind: boolean(),
    description:
      'Looks at the release as before a promotion, and moves nothing: it is recorded as held, for a release by hand.',
    default: 'false',
  },
  keep: commonInputs.keep,
  commit: {
    kind: commonInputs.commit.kind,
    description: 'Commit for the record of the release. Default: the one that the release was staged with.',
  },
  'last-migration': {
    kind: commonInputs['last-migration'].kind,
    description: 'Name of the last migration that the database has. Default: the one that the release was staged with.',
  },
  ...recordInputs,
  ...credentialInputs,
} as const;

export const outputs = {
  url: { kind: 'string', description: 'Address that users ask; that of the release alone when it is held.' },
  release: { kind: 'string', description: 'Reference of the release that was to be promoted.' },
  'previous-release': { kind: 'string', description: 'Reference of the release that had the traffic before.' },
  promoted: { kind: 'boolean', description: 'Whether it has all the traffic.' },
  moved: { kind: 'boolean', description: 'Whether traffic was moved; not when it is held, or had all of it already.' },
  held: { kind: 'boolean', description: 'Whether it was held: it is well, is recorded, and has no traffic.' },
  ...healthOutputs,
  ...recordOutputs,
  ...nightOutput,
} as const satisfies Outputs;

export type PromoteInputs = InputValues<typeof inputs>;
