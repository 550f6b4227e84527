import type { InputValues } from '../../runtime/inputs.ts';
import { secret, string } from '../../runtime/kinds.ts';
import type { Outputs } from '../../runtime/outputs.ts';
import { tagKind } from '../inputs.ts';

export const inputs = {
  tag: { kind: tagKind, description: 'Tag of the release. One that does not exist is made.', required: true },
  commit: {
    kind: string({
      example: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
      pattern: /^([0-9a-f]{40}|[0-9a-f]{64})$/,
      accepted: 'a whole commit, 40 or 64 hexadecimal digits',
    }),
    description: 'Commit that was released. A tag that exists has to be of this one.',
    required: true,
  },
  environment: { kind: string({ example: 'production', limit: 255 }), description: 'Environment that serves it.' },
  release: {
    kind: string({ example: 'cloud-run://acme-production/europe-west1/api/api-00042-kix', limit: 1_000 }),
    description: 'Reference of what serves, for the notes.',
  },
  url: { kind: string({ example: 'https://api.example.com', limit: 2_048 }), description: 'Address that users ask.' },
  digest: {
    kind: string({ example: `sha256:${'0123456789abcdef'.repeat(4)}`, pattern: /^sha256:[0-9a-f]{64}$/ }),
    description: 'Digest of the image, for the notes.',
  },
  'verified-by': {
    kind: string({ example: 'staging: health and smoke', limit: 500 }),
    description: 'What verified it.',
  },
  run: {
    kind: string({ example: 'https://github.com/acme/shop/actions/runs/1', limit: 1_000 }),
    description: 'Page of the run that verified it.',
  },
  reason: { kind: string({ example: 'INC-42', limit: 500 }), description: 'Why it was released, for the notes.' },
  'github-token': {
    kind: secret({ example: '${{ github.token }}' }),
    description: 'Token with `contents: write`, and `actions: read` to say who approved.',
    expression: '${{ github.token }}',
  },
} as const;

export const outputs = {
  'release-url': { kind: 'string', description: 'Page of the release on GitHub.' },
  created: { kind: 'boolean', description: 'Whether it was made now; not when it was there.' },
} as const satisfies Outputs;

export type PublishReleaseInputs = InputValues<typeof inputs>;
