import type { GoogleAnswer, GoogleClient } from '../../../google/client.ts';
import {
  ConfigurationError,
  OutsideFault,
  type PipelineError,
  ProjectFailure,
  shown,
} from '../../../runtime/errors.ts';
import { triesOf } from '../../../runtime/tries.ts';
import type { Place } from './place.ts';

/** Longest text of Google's that is quoted. */
const LONGEST = 800;

/** What Google said, for a message. */
function saying({ error, status }: GoogleAnswer): string {
  const said = [error?.status ?? '', error?.message ?? ''].filter((part) => part !== '').join(': ');
  return said === '' ? `status ${status}` : shown(said, LONGEST);
}

/** Whom roles are to be granted to, as `gcloud … --member` wants it. */
export function memberOf({ identity }: GoogleClient): string {
  if (identity.kind === 'key') return `serviceAccount:${identity.email}`;
  if (identity.serviceAccount !== undefined) return `serviceAccount:${identity.serviceAccount}`;
  const pool = identity.provider.replace(/\/providers\/.*$/, '');
  return `principalSet://iam.googleapis.com/${pool}/attribute.repository/OWNER/NAME`;
}

/** The smallest predefined role that has a permission, and where it is granted. */
const ROLES: readonly [RegExp, string][] = [
  [/^run\.services\.setIamPolicy$/, 'roles/run.admin'],
  [/^run\./, 'roles/run.developer'],
  [/^secretmanager\.versions\.access$/, 'roles/secretmanager.secretAccessor'],
  [/^secretmanager\.secrets\.create$/, 'roles/secretmanager.admin'],
  [/^secretmanager\.versions\.add$/, 'roles/secretmanager.secretVersionAdder'],
  [/^secretmanager\./, 'roles/secretmanager.viewer'],
  [/^artifactregistry\./, 'roles/artifactregistry.reader'],
];

/**
 * A refusal of Google's as a failure with the way out.
 *
 * @param doing what was being done, as a phrase: `read the service api`
 * @param state what state things are in
 */
export function refused(
  client: GoogleClient,
  { project }: Pick<Place, 'project'>,
  doing: string,
  answer: GoogleAnswer,
  state: string,
): PipelineError {
  const message = answer.error?.message ?? '';
  const given = `its answer ${saying(answer)}`;
  const what = `Google Cloud does not ${doing}`;
  const [, api] =
    /([a-z]+\.googleapis\.com)[^.]* API has not been used|API \[([a-z.]+)\] not enabled/.exec(message) ?? [];
  if (api !== undefined || /has not been used in project|SERVICE_DISABLED|is disabled/.test(message)) {
    const name = api ?? new URL('https://run.googleapis.com').host;
    return new ConfigurationError({
      code: 'PIPE-CLOUDRUN-003',
      what: `${what}: an API is not enabled in the project ${project}`,
      given,
      accepted: 'a project in which the API is enabled',
      remedy: `enable it: \`gcloud services enable ${name} --project=${project}\`; it may take some minutes to count`,
      state,
    });
  }
  if (answer.status === 403 || answer.status === 401) return notPermitted(client, project, what, answer, state);
  if (answer.status === 429 || answer.error?.status === 'RESOURCE_EXHAUSTED') {
    return outside(what, answer, 'the quota of the API is used up: run again in a minute, or ask for more', state);
  }
  if (answer.status >= 400 && answer.status < 500) {
    return new ConfigurationError({
      code: 'PIPE-CLOUDRUN-004',
      what,
      given,
      accepted: 'settings that the platform takes',
      remedy: 'change the setting that the answer names',
      state,
    });
  }
  return outside(what, answer, 'run the job again; https://status.cloud.google.com tells of outages', state);
}

function notPermitted(
  client: GoogleClient,
  project: string,
  what: string,
  answer: GoogleAnswer,
  state: string,
): ConfigurationError {
  const message = answer.error?.message ?? '';
  const given = `its answer ${saying(answer)}`;
  const member = memberOf(client);
  const [, account] = /iam\.service[aA]ccounts\.actAs' denied on service account ([^ ]+)/.exec(message) ?? [];
  if (account !== undefined) {
    return new ConfigurationError({
      code: 'PIPE-CLOUDRUN-005',
      what: `${what}: this job may not act as ${account}, the account that the service runs as`,
      given,
      accepted: 'an account on which the job has roles/iam.serviceAccountUser',
      remedy: `grant it: \`gcloud iam service-accounts add-iam-policy-binding ${account} --role=roles/iam.serviceAccountUser --member=${member}\``,
      state,
    });
  }
  const permission = /[Pp]ermission ['"]([a-zA-Z.]+)['"] denied/.exec(message)?.[1] ?? '';
  const role = ROLES.find(([pattern]) => pattern.test(permission))?.[1] ?? 'roles/run.developer';
  return new ConfigurationError({
    code: 'PIPE-CLOUDRUN-005',
    what: `${what}: a permission is missing${permission === '' ? '' : ` (${permission})`}`,
    given,
    accepted: `a project that exists, in which this job has ${role}`,
    remedy: `grant it: \`gcloud projects add-iam-policy-binding ${project} --role=${role} --member=${member}\``,
    state,
  });
}

export function outside(what: string, answer: GoogleAnswer, remedy: string, state: string): OutsideFault {
  return new OutsideFault(
    { code: 'PIPE-CLOUDRUN-006', what: `${what}: ${saying(answer)}`, remedy, state },
    {
      service: 'Google Cloud',
      status: answer.status,
      tries: triesOf(answer.status),
      elapsed: performance.now() - answer.started,
    },
  );
}

/** @param what the setting and what is wrong with it */
export function badSetting(what: string, given: string, accepted: string, remedy?: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-CLOUDRUN-002',
    what,
    given,
    accepted,
    ...(remedy === undefined ? {} : { remedy }),
    state: 'nothing was changed',
  });
}

/** Something else kept changing the service while this run meant to. */
export function keepsChanging(place: Place, answer: GoogleAnswer): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-CLOUDRUN-007',
    what: `something else changes ${place.service} in ${place.region} at the same time`,
    given: saying(answer),
    remedy: 'see what else deploys this service; run again when that has ended',
    state: 'this run changed nothing after that',
  });
}
