import { list } from '../runtime/collections.ts';
import type { InputValues } from '../runtime/inputs.ts';
import { boolean, duration, enumeration, secret, string, workspacePath } from '../runtime/kinds.ts';
import { SEVERITIES } from './finding.ts';

/** Kinds of scanners, by Trivy's own names. */
const SCANNERS = ['vuln', 'secret', 'misconfig', 'license'] as const;
export type Scanner = (typeof SCANNERS)[number];

const SBOM_FORMATS = ['cyclonedx', 'spdx-json'] as const;
export type SbomFormat = (typeof SBOM_FORMATS)[number];

export const inputs = {
  'working-directory': {
    kind: workspacePath({ example: 'apps/api' }),
    description: 'Folder of the project. It is scanned when neither `image`, `layout` nor `path` is given.',
    default: '.',
  },
  image: {
    kind: list(target('ghcr.io/acme/api@sha256:4f53…'), { example: 'ghcr.io/acme/api@sha256:4f53…', max: 20 }),
    description:
      'Images in a registry by digest, one a line, each with an optional name before it (`api=ghcr.io/acme/api@sha256:…`). Of an index every platform is scanned. A tag is refused: it may point elsewhere tomorrow.',
  },
  layout: {
    kind: list(target('api=image-layout'), { example: 'api=image-layout', max: 20 }),
    description: 'OCI layout folders, one a line, each with an optional name before it. Every platform is scanned.',
  },
  path: {
    kind: workspacePath({ example: '.' }),
    description: 'Folder whose lockfiles, files and configuration are scanned.',
  },
  scanners: {
    kind: list(enumeration(SCANNERS), { example: 'vuln\nsecret', max: 4 }),
    description: 'What is looked for: `vuln`, `secret`, `misconfig`, `license`, one a line.',
    default: '[vuln, secret]',
  },
  severity: {
    kind: list(enumeration(SEVERITIES), { example: 'CRITICAL\nHIGH', max: 5 }),
    description: 'Severities that fail the gate, one a line. The others are counted and reported.',
    default: '[CRITICAL, HIGH]',
  },
  'ignore-unfixed': {
    kind: boolean(),
    description: 'Whether a vulnerability without a fixed version passes the gate: there is nothing to upgrade to.',
    default: 'true',
  },
  baseline: {
    kind: string({ example: 'base', limit: 1_024 }),
    description:
      'What is known already and does not fail the gate. `base`: on pull requests, what the base branch has (the result of its last green push run), so that a pull request fails on what it adds. `adopt`: the same, and on pushes the debt of the first run, recorded once and listed with its age in every report. Or the path of a result file of this action in the repository. Without it everything counts.',
  },
  'ignore-file': {
    kind: workspacePath({ example: '.trivyignore.yaml' }),
    description:
      "Trivy's own file of exceptions. Without it `.trivyignore.yaml`, `.trivyignore.yml` or `.trivyignore` of the working directory. Each exception that is used is listed with its expiry; an expired one fails.",
  },
  'skip-dirs': {
    kind: list(string({ example: 'test/fixtures', limit: 512 }), { example: 'test/fixtures', max: 100 }),
    description: 'Folders that are not scanned, one a line, as paths or glob patterns from the target.',
  },
  'skip-files': {
    kind: list(string({ example: '**/*.test.ts', limit: 512 }), { example: '**/*.test.ts', max: 100 }),
    description: 'Files that are not scanned, one a line, as paths or glob patterns from the target.',
  },
  platform: {
    kind: list(string({ example: 'linux/amd64', pattern: /^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9.]+)?$/, limit: 64 }), {
      example: 'linux/amd64',
      max: 20,
    }),
    description: 'Platforms of an index that are scanned, one a line; all of them when left out.',
  },
  'allow-empty': {
    kind: boolean(),
    description:
      'Whether it is expected that there is nothing to look at: no operating system and no package (a static binary on `scratch`), a base that Trivy does not know, no lockfile. Without it such a scan is red, because it did not look.',
    default: 'false',
  },
  timeout: {
    kind: duration({ min: 1_000, max: 21_600_000, example: '10m' }),
    description: 'Longest time for one scan.',
    default: '10m',
  },
  'sarif-file': {
    kind: workspacePath({ example: 'scan.sarif' }),
    description: 'Where the findings are also written as SARIF. They are in the folder of `report` in any case.',
  },
  'sbom-file': {
    kind: workspacePath({ example: 'sbom.json' }),
    description:
      'Where the bill of materials is written; with several images or platforms a name is put before its ending.',
  },
  'sbom-format': {
    kind: enumeration(SBOM_FORMATS),
    description: 'Format of the bill of materials: `cyclonedx` or `spdx-json`.',
    default: 'cyclonedx',
  },
  'trivy-version': {
    kind: string({ accepted: 'a version of Trivy', example: '0.70.0', pattern: /^v?\d+\.\d+\.\d+$/, limit: 32 }),
    description:
      'Version of Trivy. One whose checksum is not kept in this bundle must be in the tool cache or on PATH already.',
    default: '0.70.0',
  },
  'trivy-mirror': {
    kind: string({
      accepted: 'an http or https address',
      example: 'https://github.com/aquasecurity/trivy/releases/download',
      pattern: /^https?:\/\/[^\s?#@]+$/,
      limit: 512,
    }),
    description: 'Site that Trivy is downloaded from. Whatever it is, the checksum kept in this bundle decides.',
    default: 'https://github.com/aquasecurity/trivy/releases/download',
  },
  'db-repositories': {
    kind: list(string({ example: 'ghcr.io/aquasecurity/trivy-db:2', pattern: /^[^\s,]+$/, limit: 512 }), {
      example: 'mirror.gcr.io/aquasec/trivy-db:2\nghcr.io/aquasecurity/trivy-db:2',
      max: 10,
    }),
    description:
      'Where the vulnerability database is downloaded from, one a line, the next one when one does not answer.',
    default: '[mirror.gcr.io/aquasec/trivy-db:2, ghcr.io/aquasecurity/trivy-db:2]',
  },
  'db-max-age': {
    kind: duration({ min: 3_600_000, max: 2_592_000_000, example: '7d' }),
    description:
      'How old the vulnerability database may be, counted from when it was built: a cached one is used that long while no repository answers, with a warning.',
    default: '7d',
  },
  'cache-dir': {
    kind: string({ example: '/var/cache/trivy', limit: 1_024 }),
    description: 'Folder that keeps the vulnerability database; one of the job when left out.',
  },
  cache: {
    kind: boolean(),
    description:
      'Whether the vulnerability database is kept in the cache of GitHub Actions. Say `false` in jobs that hold credentials.',
    default: 'true',
  },
  artifact: {
    kind: string({ example: 'scan-api', pattern: /^[A-Za-z0-9._-]{1,128}$/, limit: 128 }),
    description:
      'Name of the artifact that carries the result, for `baseline` and `report`; made from `workflow`, the folder and `service` when left out.',
  },
  workflow: {
    kind: string({ example: 'node-service', limit: 255 }),
    description: 'Name of the pipeline workflow that scans; each has results of its own.',
    default: 'pipeline',
  },
  service: {
    kind: string({ example: 'api', limit: 255 }),
    description: 'Name of the service; each has results of its own.',
  },
  'github-token': {
    kind: secret({ example: '${{ github.token }}' }),
    description: 'Reads the base branch’s result (`actions: read`), and images from ghcr.io (`packages: read`).',
    expression: '${{ github.token }}',
  },
  username: {
    kind: string({ example: 'ci-reader', limit: 256 }),
    description: 'User name at the registry of the images.',
  },
  password: {
    kind: secret({ example: '${{ secrets.REGISTRY_PASSWORD }}' }),
    description: 'Password or token of that user. It is in no command line and in no file that outlives the step.',
  },
  'workload-identity-provider': {
    kind: string({
      example: 'projects/123/locations/global/workloadIdentityPools/github/providers/github',
      limit: 512,
    }),
    description: 'Signs in to Google Artifact Registry by OIDC.',
  },
  'service-account': {
    kind: string({ example: 'ci@acme.iam.gserviceaccount.com', limit: 256 }),
    description: 'Google service account that the sign-in goes through, where the provider has no rights itself.',
  },
  'credentials-json': {
    kind: secret({ example: '${{ secrets.GOOGLE_CREDENTIALS }}' }),
    description: 'Key of a Google service account, where there is no OIDC.',
  },
  'aws-role': {
    kind: string({ example: 'arn:aws:iam::123456789012:role/ci', limit: 256 }),
    description: 'Role that signs in to AWS ECR by OIDC.',
  },
} as const;

export const outputs = {
  critical: {
    kind: 'integer',
    description: 'Findings of severity CRITICAL, without exceptions and what `ignore-unfixed` leaves out.',
  },
  high: {
    kind: 'integer',
    description: 'Findings of severity HIGH, without exceptions and what `ignore-unfixed` leaves out.',
  },
  medium: {
    kind: 'integer',
    description: 'Findings of severity MEDIUM, without exceptions and what `ignore-unfixed` leaves out.',
  },
  low: {
    kind: 'integer',
    description: 'Findings of severity LOW, without exceptions and what `ignore-unfixed` leaves out.',
  },
  new: {
    kind: 'integer',
    description: 'Findings that fail the gate: severe enough, fixable, and not in the baseline.',
  },
  passed: { kind: 'boolean', description: 'Whether the gate passed.' },
  result: { kind: 'json', description: 'Targets, counts, exceptions and the first findings, 32 KiB at most.' },
  report: { kind: 'string', description: 'Path of the result file; a later run’s `baseline` reads it.' },
  sarif: { kind: 'string', description: 'Path of the SARIF file.' },
  sbom: { kind: 'json', description: 'Paths of the bills of materials.' },
  artifact: { kind: 'string', description: 'Name under which the folder of `report` is to be uploaded.' },
} as const;

function target(example: string) {
  return string({
    accepted: 'a reference, or a name of its own and `=` before it',
    example,
    pattern: /^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,63}=)?[^\s=]+$/,
    limit: 1_024,
  });
}

export type ScanInputs = InputValues<typeof inputs>;
