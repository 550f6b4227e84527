import type { InputValues } from '../../runtime/inputs.ts';
import { string } from '../../runtime/kinds.ts';
import type { Outputs } from '../../runtime/outputs.ts';
import { credentialInputs } from '../credentials.ts';
import { nightOutput, recordOutputs } from '../deploy/inputs.ts';

const release = string({
  accepted: 'a release reference, the output `release` of a deploy action',
  example: 'cloud-run://acme-production/europe-west1/api/api-00041-vuf',
});

export const inputs = {
  release: { kind: release, description: 'Release that is to serve again. Without it `target` and `to` say which.' },
  from: {
    kind: release,
    description:
      'Release that traffic is taken from. When it has none, nothing is moved and the step is green. Without it the one that serves.',
  },
  commit: {
    kind: string({
      example: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
      pattern: /^([0-9a-f]{40}|[0-9a-f]{64})$/,
      accepted: 'a whole commit, 40 or 64 hexadecimal digits',
    }),
    description:
      'With `target`: commit whose release traffic is taken from, where its reference is not known (the runner that staged it was lost). Only a release that the same run has made counts.',
  },
  target: {
    kind: string({
      accepted: 'a release reference without the release: a scheme, `://`, and the names of the place',
      example: 'cloud-run://acme-production/europe-west1/api',
    }),
    description: 'Place whose traffic is moved back, when `release` is not given.',
  },
  to: {
    kind: string({ example: 'api-00041-vuf', limit: 255 }),
    description:
      'Name of the release of `target` that is to serve again, or `previous`: what serves beside the newest one, else the last good one before it.',
    default: 'previous',
  },
  migrations: {
    kind: string({
      accepted: 'the output `migrations` of `migrate` with `mode: apply`',
      example: '{"after":null,"migrations":[],"leftOut":0}',
      limit: 65_536,
    }),
    description:
      'Migrations that the database was given, to say which of them are newer than the release that serves again.',
  },
  ...credentialInputs,
} as const;

export const outputs = {
  url: { kind: 'string', description: 'Address that users ask.' },
  release: { kind: 'string', description: 'Reference of the release that serves now.' },
  'previous-release': { kind: 'string', description: 'Reference of the release that the traffic was taken from.' },
  moved: { kind: 'boolean', description: 'Whether traffic was moved; not when there was nothing to move.' },
  migrations: {
    kind: 'json',
    description:
      'What the database was given since that release: names and whether they destroy data; empty when it is not known.',
  },
  ...recordOutputs,
  ...nightOutput,
} as const satisfies Outputs;

export type RollbackInputs = InputValues<typeof inputs>;
