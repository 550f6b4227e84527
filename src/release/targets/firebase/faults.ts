import { ConfigurationError, OutsideFault, type PipelineError, shown } from '../../../runtime/errors.ts';
import type { HttpResponse } from '../../../runtime/http.ts';
import { jsonMap, textOf } from '../../../runtime/json.ts';
import { triesOf } from '../../../runtime/tries.ts';
import { isMap } from '../../../runtime/yaml.ts';

/** An error as Google's APIs say it (google.rpc.Status, cloud.google.com/apis/design/errors). */
export interface ApiError {
  /** `PERMISSION_DENIED`; empty when the answer had none. */
  readonly status: string;
  readonly message: string;
  /** `SERVICE_DISABLED` and the like, of google.rpc.ErrorInfo. */
  readonly reason: string;
}

export function apiErrorOf({ body }: Pick<HttpResponse, 'body'>): ApiError {
  const error = jsonMap(body)?.['error'];
  // A page of a proxy: the status has to do.
  if (!isMap(error)) return { status: '', message: '', reason: '' };
  const details: readonly unknown[] = Array.isArray(error['details']) ? error['details'] : [];
  const info = details.find((detail) => isMap(detail) && typeof detail['reason'] === 'string');
  return {
    status: textOf(error['status']),
    message: textOf(error['message']),
    reason: isMap(info) ? textOf(info['reason']) : '',
  };
}

function saying(answer: HttpResponse): string {
  const { status, message } = apiErrorOf(answer);
  const words = [status, message].filter((part) => part !== '').join(': ');
  return `status ${answer.status}${words === '' ? '' : `, ${shown(words, 400)}`}`;
}

/** What was asked of which project, for messages. */
export interface Asked {
  readonly project: string;
  /** What was to be done, as a phrase after "to": `create a version of the site "shop"`. */
  readonly what: string;
  /** Host that was asked: `firebasehosting.googleapis.com`. */
  readonly host: string;
  /** A role that allows it. */
  readonly role: string;
}

const NOTHING_MOVED = 'no traffic was moved by this call';

/** The failure that an answer of Google's stands for. */
export function refusal(answer: HttpResponse, asked: Asked, started: number): PipelineError {
  const { status } = answer;
  const { message, reason } = apiErrorOf(answer);
  if (status === 401) return notSignedIn(answer, asked);
  if (status === 403)
    return forbidden(answer, asked, reason === 'SERVICE_DISABLED' || /has not been used|is disabled/.test(message));
  if (status === 404) return notThere(answer, asked);
  if (status === 429 || /quota/i.test(message)) return exhausted(answer, asked, started);
  if (status === 400 || status === 409 || status === 412) return notAccepted(answer, asked);
  return noAnswer(asked, `the answer was ${saying(answer)}`, status, started);
}

function notSignedIn(answer: HttpResponse, { what }: Asked): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-FIREBASE-008',
    what: `Google does not accept the sign-in with which this job wanted to ${what}`,
    given: saying(answer),
    accepted: 'an access token of Google that has not ended',
    remedy: 'run the job again; when it stays, look at `workload-identity-provider`, `service-account` or the key',
    state: NOTHING_MOVED,
  });
}

function forbidden(answer: HttpResponse, asked: Asked, isDisabled: boolean): ConfigurationError {
  const { project, what, host, role } = asked;
  if (isDisabled) {
    return new ConfigurationError({
      code: 'PIPE-FIREBASE-010',
      what: `the API ${host} is not enabled in the project ${shown(project)}, or in the one that the sign-in belongs to`,
      given: saying(answer),
      remedy: `enable it, and wait a few minutes: \`gcloud services enable ${host} --project=${project}\``,
      state: NOTHING_MOVED,
    });
  }
  return new ConfigurationError({
    code: 'PIPE-FIREBASE-009',
    what: `this job may not ${what}`,
    given: saying(answer),
    accepted: `the role ${role} in the project ${shown(project)}, for the service account or for the job itself`,
    example: `gcloud projects add-iam-policy-binding ${project} --role=${role} --member=serviceAccount:<address>`,
    remedy:
      'grant the role; without a service account the member is principalSet://iam.googleapis.com/<pool>/attribute.repository/<owner>/<name>',
    state: NOTHING_MOVED,
  });
}

function notThere(answer: HttpResponse, { project, what }: Asked): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-FIREBASE-011',
    what: `Firebase knows no such project, site or version: this job wanted to ${what}`,
    given: saying(answer),
    accepted: `names that \`firebase hosting:sites:list --project ${project}\` shows`,
    remedy: 'correct `project` and `site`; a site of another project is not found either',
    state: NOTHING_MOVED,
  });
}

/** A quota by the minute is over soon, one of storage is not: whoever reads it sees which. */
function exhausted(answer: HttpResponse, { project, what, host }: Asked, started: number): OutsideFault {
  return new OutsideFault(
    {
      code: 'PIPE-FIREBASE-016',
      what: `a quota of the project ${shown(project)} is used up: this job wanted to ${what}`,
      given: saying(answer),
      accepted: 'storage, versions and calls within the limits of the plan',
      remedy:
        'run again for a quota by the minute; for storage see the usage page of Hosting, fewer kept versions free it at once',
      state: NOTHING_MOVED,
    },
    { service: host, status: answer.status, tries: triesOf(answer.status), elapsed: performance.now() - started },
  );
}

export function notAccepted(answer: HttpResponse, { what }: Asked): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-FIREBASE-015',
    what: `Firebase does not accept it: this job wanted to ${what}`,
    given: saying(answer),
    remedy:
      "the quoted words are Firebase's own; where they name no field, a rewrite to a service that is not there is the usual reason",
    state: NOTHING_MOVED,
  });
}

/** The fault of a service that gave no usable answer. */
export function noAnswer({ what, host }: Asked, why: string, status: number, started: number): OutsideFault {
  return new OutsideFault(
    {
      code: 'PIPE-FIREBASE-017',
      what: `Firebase did not do its part: this job wanted to ${what}, and ${why}`,
      remedy: 'run the job again; https://status.firebase.google.com tells of outages',
    },
    { service: host, status, tries: triesOf(status), elapsed: performance.now() - started },
  );
}
