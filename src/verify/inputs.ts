import { list } from '../runtime/collections.ts';
import type { InputValues } from '../runtime/inputs.ts';
import { enumeration, secret, string } from '../runtime/kinds.ts';
import type { Outputs } from '../runtime/outputs.ts';

const branch = string({
  example: 'main',
  limit: 255,
  pattern: /^[^\s~^:?*[\\-][^\s~^:?*[\\]*$/,
  accepted: 'the name of a branch',
});

/** Names of tags: what git takes (git-check-ref-format(1)) and a URL, a log or a command line reads in one way. */
export const tagKind = string({
  example: 'v1.4.0',
  limit: 200,
  pattern: /^(?!.*(?:\.\.|\/\/|\/\.|\.lock$))[A-Za-z0-9][A-Za-z0-9._/+-]*(?<![./])$/,
  accepted: 'the name of a tag: letters, digits and `. _ / + -`',
});

const name = (example: string) => string({ example, limit: 255 });

export const inputs = {
  version: {
    kind: tagKind,
    description:
      'Tag that is released. With `commit` beside it a tag that does not exist yet: it is made after the release. Without both, the tag of the event `release`.',
  },
  commit: {
    kind: string({
      example: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
      pattern: /^[0-9a-f]{7,64}$/,
      accepted: 'a commit, 7 hexadecimal digits or more',
    }),
    description: 'Commit that is released.',
  },
  environment: {
    kind: name('production'),
    description: 'Environment that is released to. It has to exist, with required reviewers.',
    required: true,
  },
  branches: {
    kind: list(branch, { example: 'main', max: 20 }),
    description:
      'Branches from which is released, one a line: the commit has to be on one of them. Default: the default branch.',
  },
  pipeline: {
    kind: string({
      example: 'ci.yml',
      limit: 255,
      pattern: /^(?:\.github\/workflows\/)?[A-Za-z0-9._ -]+\.ya?ml$/,
      accepted: 'the name of a file in .github/workflows',
    }),
    description: 'Workflow file of this repository that calls the pipeline: only its runs count.',
    default: 'ci.yml',
  },
  job: {
    kind: name('api'),
    description:
      'Name of the job in that file that calls the pipeline, as GitHub shows it; needed where several jobs call one.',
  },
  workflow: {
    kind: name('node-service'),
    description: 'Pipeline workflow that is called. Default: `node-service` for Cloud Run, else `web-app`.',
  },
  'working-directory': {
    kind: string({ example: 'apps/api', limit: 512 }),
    description: 'Folder of the project, as the pipeline was given it.',
    default: '.',
  },
  service: { kind: name('api'), description: 'Name of the service, as the pipeline was given it.' },
  'verified-by': {
    kind: enumeration(['staging', 'check']),
    description:
      '`staging`: what served in another environment first. `check`, for projects without one: the check and the scan of a push alone, which the table says.',
    default: 'staging',
  },
  staging: {
    kind: name('staging'),
    description: 'Environment in which a release has to have served before.',
    default: 'staging',
  },
  'staging-branches': {
    kind: list(branch, { example: 'develop', max: 20 }),
    description: 'Branches whose pushes are deployed to it, one a line. Default: `branches`.',
  },
  deploy: {
    kind: enumeration(['cloud-run', 'firebase', 'vercel']),
    description:
      'Where is deployed: on Cloud Run an image, by its digest; on Firebase Hosting and Vercel the release that staging has.',
    default: 'cloud-run',
  },
  approval: {
    kind: enumeration(['required', 'none']),
    description:
      '`none` releases to an environment in which nobody is asked, and says so. Private repositories below GitHub Enterprise have no required reviewers.',
    default: 'required',
  },
  'rollback-environment': {
    kind: name('production-rollback'),
    description:
      'Environment by which a bad release is taken back; it has to exist, and is better one without reviewers.',
  },
  'rollback-pipeline': {
    kind: string({
      example: 'rollback.yml',
      limit: 255,
      pattern: /^(?:\.github\/workflows\/)?[A-Za-z0-9._ -]+\.ya?ml$/,
      accepted: 'the name of a file in .github/workflows',
    }),
    description: 'Workflow file of this repository that calls rollback.yml: what it went back to serves now.',
    default: 'rollback.yml',
  },
  'migrations-folder': {
    kind: string({ example: 'db/changes', limit: 512, pattern: /^[^/.][^\s]*[^/\s]$/, accepted: 'a path of a folder' }),
    description:
      'Folder of the migrations from the repository’s root, where they are neither Prisma’s nor numbered files in a folder `migrations`.',
  },
  migrate: {
    kind: string({ example: 'off', limit: 65_536 }),
    description: 'Whether migrations are applied: empty or `off` when not. Then those that come are warned of.',
  },
  reason: { kind: string({ example: 'INC-42', limit: 500 }), description: 'Why, for the table.' },
  'github-token': {
    kind: secret({ example: '${{ github.token }}' }),
    description: 'Token with `actions: read` and `contents: read`.',
    expression: '${{ github.token }}',
  },
} as const;

export const outputs = {
  commit: { kind: 'string', description: 'Commit that is released, whole.' },
  tag: { kind: 'string', description: 'Tag of the release; empty when none was named.' },
  digest: { kind: 'string', description: 'Digest of the image that was verified; empty where there is none.' },
  'image-name': {
    kind: 'string',
    description: 'Name of that image below its registry, as its scan has it; empty where that is not known.',
  },
  release: {
    kind: 'string',
    description: 'Reference of the release that staging verified; empty with `verified-by: check`.',
  },
  'last-migration': { kind: 'string', description: 'Name of the last migration that staging had.' },
  again: {
    kind: 'boolean',
    description: 'Whether the last release to the environment was of the same release: what serves may be it already.',
  },
  'verified-by': { kind: 'string', description: 'What verified it, in words.' },
  run: { kind: 'string', description: 'Page of the run that verified it.' },
  changes: {
    kind: 'json',
    description: 'What will be different: commits, migrations and image since the last release; 16 KiB at most.',
  },
  migrations: {
    kind: 'boolean',
    description: 'Whether migrations have come since the last release; also true when that is not known.',
  },
} as const satisfies Outputs;

export type VerifyInputs = InputValues<typeof inputs>;
