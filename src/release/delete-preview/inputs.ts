import type { InputValues } from '../../runtime/inputs.ts';
import { string } from '../../runtime/kinds.ts';
import type { Outputs } from '../../runtime/outputs.ts';
import { credentialInputs } from '../credentials.ts';

export const inputs = {
  release: {
    kind: string({
      accepted: 'a release reference, the output `release` of a deploy action',
      example: 'vercel://acme/shop/dpl_8Fq1',
    }),
    description: 'Preview that is removed. Without it `target` and `channel` say which.',
  },
  target: {
    kind: string({
      accepted: 'a release reference without the release: a scheme, `://`, and the names of the place',
      example: 'firebase://acme-production/acme-web',
    }),
    description: 'Place of the preview, when `release` is not given.',
  },
  channel: { kind: string({ example: 'pr-12', limit: 255 }), description: 'Name of the preview at `target`.' },
  ...credentialInputs,
} as const;

export const outputs = {
  deleted: { kind: 'boolean', description: 'Whether there was one to remove.' },
} as const satisfies Outputs;

export type DeletePreviewInputs = InputValues<typeof inputs>;
