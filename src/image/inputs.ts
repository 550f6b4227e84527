import { either, list, record, shape } from '../runtime/collections.ts';
import type { InputValues } from '../runtime/inputs.ts';
import { boolean, enumeration, secret, string, workspacePath } from '../runtime/kinds.ts';

/** A repository name below a registry (distribution-spec, "Pulling manifests"), without the registry. */
const NAME = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

const name = string({
  example: 'api',
  limit: 200,
  pattern: NAME,
  accepted: 'a name of lower-case letters, digits, `.`, `_`, `-` and `/`',
});
const digest = string({
  example: `sha256:${'0'.repeat(64)}`,
  pattern: /^sha256:[0-9a-f]{64}$/,
  accepted: 'a digest, `sha256:` and 64 hexadecimal digits',
});
const platform = string({
  example: 'linux/arm64',
  pattern: /^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9.]+)?$/,
  accepted: 'a platform, `os/architecture` or `os/architecture/variant`',
});
const platforms = list(platform, { example: 'linux/amd64\nlinux/arm64', max: 20 });
const stage = string({
  example: 'runtime',
  limit: 128,
  pattern: /^[A-Za-z0-9][\w.-]*$/,
  accepted: 'a stage of the Dockerfile',
});
const buildArgs = record(string({ example: '1.2.3', limit: 32_768 }), {
  example: 'VERSION: 1.2.3',
  names: /^[A-Za-z_][A-Za-z0-9_]{0,127}$/,
  max: 200,
});
const contextPath = string({ example: 'docker-image://node:24-slim', limit: 1_024, pattern: /^[^-]/ });
const contexts = record(contextPath, {
  example: 'base: docker-image://node:24-slim',
  names: /^[a-z0-9][\w./:-]{0,255}$/,
});
const metadata = list(string({ example: 'org.opencontainers.image.vendor=Acme', limit: 4_096 }), {
  example: 'org.opencontainers.image.vendor=Acme',
  max: 200,
});
const secretId = /^[A-Za-z0-9][\w.-]{0,127}$/;
const file = workspacePath({ example: 'apps/api/Dockerfile' });
const context = workspacePath({ example: 'apps/api' });

export const inputs = {
  'working-directory': {
    kind: workspacePath({ example: 'apps/api' }),
    description: 'Folder of the project, from the root of the repository; images are looked for in it.',
    default: '.',
  },
  images: {
    kind: record(
      shape(
        { file, context, target: stage, args: buildArgs, platforms, 'build-contexts': contexts },
        { example: 'file: apps/api/Dockerfile' },
      ),
      {
        example: 'api: {file: apps/api/Dockerfile, context: .}\nworker: {file: apps/worker/Dockerfile}',
        names: NAME,
        max: 50,
        accepted: 'a YAML map from image names to file, context, target, args, platforms and build-contexts',
      },
    ),
    description:
      'Several images, by name. Left out: the `build:` sections of the compose file, then every tracked Dockerfile.',
  },
  name: { kind: name, description: 'Name of the only image, below the registry; found out when left out.' },
  file: { kind: file, description: 'Dockerfile of the only image, from the root of the repository.' },
  context: { kind: context, description: 'Build context of the only image, from the root of the repository.' },
  target: { kind: stage, description: 'Stage of the Dockerfile to build; the last one when left out.' },
  platforms: { kind: platforms, description: "Platforms to build for; the builder's own when left out." },
  'build-args': {
    kind: buildArgs,
    description: 'Build arguments of every image. Never credentials: an image keeps them.',
  },
  'build-contexts': { kind: contexts, description: 'Further named contexts of every image.' },
  secrets: {
    kind: record(secret({ example: 'npm_…' }), { example: 'npm: ${{ secrets.NPM_TOKEN }}', names: secretId, max: 50 }),
    description: 'Secrets for `RUN --mount=type=secret,id=…`; none of them gets into the image.',
  },
  'secret-files': {
    kind: record(string({ example: '.npmrc', limit: 4_096, pattern: /^[^,]+$/ }), {
      example: 'npmrc: .npmrc',
      names: secretId,
      max: 50,
    }),
    description: 'The same from files, in the workspace or in the temporary folder of the runner.',
  },
  ssh: {
    kind: list(
      string({
        example: 'default',
        pattern: /^[A-Za-z0-9][\w.-]*(=[^\s]+)?$/,
        accepted: '`default`, or an id with a socket or key file',
      }),
      { example: 'default', max: 20 },
    ),
    description: 'SSH agents for `RUN --mount=type=ssh`.',
  },
  registry: {
    kind: string({ example: 'ghcr.io/acme/apps', limit: 512 }),
    description: 'Registry and path; the name of an image comes behind it.',
  },
  push: {
    kind: boolean(),
    description: 'Whether images are pushed, by digest and without a tag; else each becomes a folder in OCI layout.',
    default: 'false',
  },
  digest: {
    kind: either([digest, record(digest, { example: `api: sha256:${'0'.repeat(64)}`, names: NAME, max: 50 })], {
      example: `sha256:${'0'.repeat(64)}`,
    }),
    description: 'A pushed image, or the output `digests` of an earlier step: it is tagged, and nothing is built.',
  },
  tags: {
    kind: list(string({ example: 'type=sha', limit: 512 }), { example: 'type=sha\ntype=ref,event=branch', max: 100 }),
    description: 'Rules for tags as in docker/metadata-action; used with `digest`.',
  },
  labels: {
    kind: metadata,
    description: 'Labels of every image, `name=value`, beside the OCI ones; an empty value takes one away.',
  },
  annotations: { kind: metadata, description: 'Annotations of every image, `name=value`, beside the OCI ones.' },
  cache: {
    kind: enumeration(['auto', 'registry', 'gha', 'off']),
    description:
      'Where layers are kept: an image `<name>-cache` in the registry, written by pushes only, or the cache of GitHub Actions.',
    default: 'auto',
  },
  'no-cache': { kind: boolean(), description: 'Whether every step is run again.', default: 'false' },
  pull: { kind: boolean(), description: 'Whether base images are looked up again.', default: 'false' },
  provenance: {
    kind: enumeration(['auto', 'min', 'max', 'off']),
    description: 'Provenance attestation; `auto` is `min` for what is pushed. `max` holds the build arguments.',
    default: 'auto',
  },
  sbom: {
    kind: either(
      [
        boolean(),
        string({
          example: 'registry.example.com/scanner@sha256:…',
          pattern: /^[a-z0-9][^\s,]+$/,
          accepted: 'the image of a generator',
        }),
      ],
      {
        example: 'true',
      },
    ),
    description: 'SBOM attestation, by the pinned default scanner or by another image.',
    default: 'false',
  },
  'buildkit-image': {
    kind: string({
      example: 'mirror.example.com/moby/buildkit@sha256:…',
      pattern: /^[a-z0-9][^\s,=]+$/,
      accepted: 'an image of BuildKit',
    }),
    description: 'BuildKit for a builder that is made for this job, where Docker Hub is out of reach.',
  },
  for: {
    kind: enumeration(['none', 'cloud-run', 'firebase', 'vercel']),
    description: 'Where the image will run: refuses a registry from which it could not be pulled.',
    default: 'none',
  },
  username: { kind: string({ example: 'robot', limit: 512 }), description: 'User at the registry, with `password`.' },
  password: { kind: secret({ example: 'a token' }), description: 'Password or token at the registry.' },
  'github-token': {
    kind: secret({ example: 'ghs_…' }),
    description: "The job's token, for ghcr.io alone.",
    expression: '${{ github.token }}',
  },
  'workload-identity-provider': {
    kind: string({ example: 'projects/1/locations/global/workloadIdentityPools/github/providers/acme', limit: 512 }),
    description: 'Google Cloud identity provider, for Artifact Registry without a stored key.',
  },
  'service-account': {
    kind: string({ example: 'pusher@acme.iam.gserviceaccount.com' }),
    description: 'Google service account to act as.',
  },
  'credentials-json': {
    kind: secret({ example: '{"type":"service_account"}' }),
    description: 'Key of a Google service account.',
  },
  'aws-role': {
    kind: string({
      example: 'arn:aws:iam::123456789012:role/push',
      pattern: /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
      accepted: 'the ARN of a role',
    }),
    description: 'AWS role that may push to ECR, taken by OIDC.',
  },
} as const;

export const outputs = {
  image: {
    kind: 'string',
    description: 'The only image, `registry/name@sha256:…`; empty when there are several, or it was not pushed.',
  },
  digest: { kind: 'string', description: 'Digest of the only image; empty when there are several.' },
  digests: { kind: 'json', description: 'Name to digest of every image: what a later step takes as `digest`.' },
  tags: { kind: 'string', description: 'Tags that were put on, one a line.' },
  images: { kind: 'json', description: 'Every image with name, digest, reference, layout, file and platforms.' },
  layout: { kind: 'string', description: 'Folder of the only image in OCI layout, when it was not pushed.' },
  targets: {
    kind: 'string',
    description:
      'What `scan` takes, as its `image` when pushed and else as its `layout`: `name=reference`, one a line.',
  },
} as const;

export type ImageInputs = InputValues<typeof inputs>;
