import { string } from '../runtime/kinds.ts';

const name = (example: string) => string({ example, limit: 256 });

/** What goes into the record of a release beside what the platform knows: by it a later release finds what was verified. */
export const recordInputs = {
  environment: {
    kind: name('staging'),
    description: 'Environment that is deployed to, for the record of the release.',
  },
  workflow: {
    kind: name('node-service'),
    description: 'Workflow that deploys, for the record of the release and the name of its artifact.',
  },
  'working-directory': {
    kind: string({ example: 'apps/api', limit: 512 }),
    description: 'Folder of the project, for the record of the release.',
    default: '.',
  },
  service: { kind: name('api'), description: 'Service that is deployed, for the record of the release.' },
  'built-for': {
    kind: name('staging'),
    description:
      'The one environment that the build is good for, for the record of the release; none where it is good for all.',
  },
  digest: {
    kind: string({
      example: `sha256:${'0123456789abcdef'.repeat(4)}`,
      pattern: /^sha256:[0-9a-f]{64}$/,
      accepted: '`sha256:` and 64 hexadecimal digits',
    }),
    description: 'Digest of the image that is deployed, for the record of the release.',
  },
} as const;
