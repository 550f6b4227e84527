import { type Fault, ProjectFailure, printable } from '../../../runtime/errors.ts';
import type { Place } from './place.ts';
import { type Revision, readyCondition } from './resources.ts';

/** Why a revision does not run, in the order in which texts are looked through. */
const CAUSES: readonly {
  readonly pattern: RegExp;
  readonly code: Fault['code'];
  readonly what: string;
  readonly remedy: string;
}[] = [
  {
    pattern:
      /failed to start and (?:then )?listen|HEALTH_CHECK_CONTAINER_ERROR|STARTUP\w* (?:HTTP|TCP|GRPC) probe failed/,
    code: 'PIPE-CLOUDRUN-010',
    what: 'the container did not start to listen on the port that PORT names',
    remedy:
      'start the image with the same variables on your own machine; listen on 0.0.0.0 and on the port of PORT; see its last lines for what it threw at start',
  },
  {
    pattern: /must have permission to read the image|CONTAINER_PERMISSION_DENIED/,
    code: 'PIPE-CLOUDRUN-011',
    what: "Cloud Run's own agent may not read the image",
    remedy:
      'grant it: `gcloud artifacts repositories add-iam-policy-binding REPOSITORY --location=LOCATION --role=roles/artifactregistry.reader --member=serviceAccount:service-PROJECT_NUMBER@serverless-robot-prod.iam.gserviceaccount.com`',
  },
  {
    pattern: /Image '[^']*' not found|CONTAINER_MISSING/,
    code: 'PIPE-CLOUDRUN-011',
    what: 'Cloud Run does not find the image',
    remedy:
      'see whether it was pushed and not cleaned up since; of other registries than Google’s it pulls public images only: for a private one set up a remote repository in Artifact Registry',
  },
  {
    pattern: /[Pp]ermission denied on secret|SECRETS_ACCESS_CHECK_FAILED|Secret .* was not found/,
    code: 'PIPE-CLOUDRUN-012',
    what: 'the account that the service runs as can’t read a secret',
    remedy:
      'grant it: `gcloud secrets add-iam-policy-binding SECRET --role=roles/secretmanager.secretAccessor --member=serviceAccount:ACCOUNT`, with the names in the answer',
  },
  {
    pattern: /[Qq]uota|ACTIVE_REVISION_LIMIT_REACHED|RESOURCE_EXHAUSTED/,
    code: 'PIPE-CLOUDRUN-013',
    what: 'a quota of the project in this region is used up',
    remedy:
      'lower `max-instances` or `cpu`, delete services that nobody needs, or ask for more: https://console.cloud.google.com/iam-admin/quotas',
  },
  {
    pattern: /memory limit|out of memory|OOM/i,
    code: 'PIPE-CLOUDRUN-010',
    what: 'the container needed more memory than it has',
    remedy: 'raise `memory`',
  },
];

/**
 * A revision that does not become ready, as a failure that says why.
 *
 * @param said what the operation said; the revision's own condition says more where there is one
 */
export function revisionFailed(
  place: Place,
  name: string,
  revision: Revision | undefined,
  said: string,
  state: string,
): ProjectFailure {
  const ready = revision === undefined ? undefined : readyCondition(revision);
  const reasons = (revision?.conditions ?? [])
    .filter((condition) => condition.state === 'CONDITION_FAILED')
    .flatMap(({ reason, revisionReason }) => [reason ?? '', revisionReason ?? '']);
  const message = ready?.message ?? said;
  const cause = CAUSES.find(({ pattern }) => pattern.test(`${message} ${reasons.join(' ')}`));
  return new ProjectFailure({
    code: cause?.code ?? 'PIPE-CLOUDRUN-014',
    what: `the revision ${name} of ${place.service} does not run: ${cause?.what ?? 'Cloud Run could not bring it up'}`,
    given: `its answer ${quoted(message)}`,
    remedy: cause?.remedy ?? 'do what the answer says; run again when it names a fault of the platform',
    state,
  });
}

/** Why a revision is not ready, as one sentence; empty when it is, or is still coming. */
export function reasonOf(revision: Revision): string {
  const ready = readyCondition(revision);
  return ready?.state === 'CONDITION_FAILED' ? quoted(ready.message ?? ready.reason ?? 'it failed') : '';
}

/** The first sentences: what follows are addresses. */
function quoted(message: string): string {
  const [first = ''] = message.split('\n');
  return printable(first.trim()).slice(0, 600);
}
