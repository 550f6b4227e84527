import { ConfigurationError, OutsideFault, shown } from '../runtime/errors.ts';
import type { HttpResponse } from '../runtime/http.ts';
import { jsonMap, textOf } from '../runtime/json.ts';
import { triesOf } from '../runtime/tries.ts';
import { isMap } from '../runtime/yaml.ts';
import type { KeyIdentity, WorkloadIdentity } from './identity.ts';

/** An error as Google says it, in either of its forms (RFC 6749, 5.2; google.rpc.Status). */
interface GoogleError {
  /** `invalid_grant`, `PERMISSION_DENIED`. */
  readonly code: string;
  readonly message: string;
}

function errorOf({ body }: HttpResponse): GoogleError {
  // A page of a proxy holds neither form: the status has to do.
  const value = jsonMap(body) ?? {};
  const { error } = value;
  if (isMap(error)) return { code: textOf(error['status']), message: textOf(error['message']) };
  return { code: textOf(error), message: textOf(value['error_description']) };
}

function saying({ code, message }: GoogleError): string {
  return shown([code, message].filter((part) => part !== '').join(': '), 400);
}

/** The failure of a token exchange: what Google's security token service says, and what to do about it. */
export function exchangeRefused(
  identity: WorkloadIdentity,
  audience: string,
  claims: string,
  answer: HttpResponse,
  started: number,
): ConfigurationError | OutsideFault {
  if (answer.status < 400 || answer.status >= 500 || answer.status === 429) return noToken('sts', answer, started);
  const error = errorOf(answer);
  const said = saying(error);
  if (error.code === 'invalid_target' || (error.code === 'invalid_request' && /audience/i.test(error.message))) {
    return new ConfigurationError({
      code: 'PIPE-GOOGLE-003',
      what: `Google Cloud knows no enabled workload identity provider of the name ${shown(identity.provider, 200)}`,
      given: `its answer ${said}`,
      accepted: 'a provider that exists, with the number of its project, neither disabled nor deleted',
      remedy:
        'compare with `gcloud iam workload-identity-pools providers list --location=global --workload-identity-pool=<pool>`',
      state: 'nobody was signed in',
    });
  }
  if (/audience/i.test(error.message)) {
    return new ConfigurationError({
      code: 'PIPE-GOOGLE-004',
      what: 'the workload identity provider does not accept the audience of the token',
      given: `${shown(audience, 200)}; its answer ${said}`,
      accepted: "an empty list of allowed audiences, or one with the provider's own name",
      example: audience,
      remedy: `change it: \`gcloud iam workload-identity-pools providers update-oidc … --allowed-audiences=${audience}\``,
      state: 'nobody was signed in',
    });
  }
  if (error.code === 'unauthorized_client' || /attribute condition|mapped/i.test(error.message)) {
    return new ConfigurationError({
      code: 'PIPE-GOOGLE-005',
      what: 'the workload identity provider does not accept this job',
      given: `a token with ${claims}; its answer ${said}`,
      accepted: "a token for which the provider's attribute condition and mapping hold",
      remedy:
        "compare the condition with these values; since July 2026 new repositories' subjects carry ids (repo:owner@id/name@id:…)",
      state: 'nobody was signed in',
    });
  }
  return new ConfigurationError({
    code: 'PIPE-GOOGLE-006',
    what: 'Google Cloud does not accept the token of this job',
    given: `a token with ${claims}; its answer ${said}`,
    accepted: 'a provider with the issuer https://token.actions.githubusercontent.com',
    remedy: 'check the issuer of the provider; a change to it can take five minutes to count',
    state: 'nobody was signed in',
  });
}

/** The failure of acting as a service account. */
export function impersonationRefused(
  identity: WorkloadIdentity,
  account: string,
  answer: HttpResponse,
  started: number,
): ConfigurationError | OutsideFault {
  if (answer.status !== 403 && answer.status !== 404 && answer.status !== 400) {
    return noToken('iamcredentials', answer, started);
  }
  const error = errorOf(answer);
  const isOff = /has not been used|is disabled|SERVICE_DISABLED/.test(error.message);
  const pool = identity.provider.replace(/\/providers\/.*$/, '');
  const member = `principalSet://iam.googleapis.com/${pool}/attribute.repository/OWNER/NAME`;
  return new ConfigurationError({
    code: 'PIPE-GOOGLE-007',
    what: `this job may not act as the service account ${shown(account)}, or there is no such account`,
    given: `the answer ${saying(error)}`,
    accepted: 'an account on which the job has roles/iam.workloadIdentityUser',
    remedy: isOff
      ? 'enable the API: `gcloud services enable iamcredentials.googleapis.com`'
      : `grant it: \`gcloud iam service-accounts add-iam-policy-binding ${account} --role=roles/iam.workloadIdentityUser --member=${member}\``,
    state: 'the job itself was accepted; nobody was signed in',
  });
}

/** The failure of a service account's key. */
export function keyRefused(key: KeyIdentity, answer: HttpResponse, started: number): ConfigurationError | OutsideFault {
  if (answer.status < 400 || answer.status >= 500 || answer.status === 429) return noToken('oauth2', answer, started);
  return new ConfigurationError({
    code: 'PIPE-GOOGLE-008',
    what: `Google Cloud does not accept the key of ${shown(key.email)} in \`credentials-json\``,
    given: `its answer ${saying(errorOf(answer))}`,
    accepted: 'a key that has not been deleted, disabled or expired, on a machine whose clock is right',
    remedy: `see \`gcloud iam service-accounts keys list --iam-account=${key.email}\`; better, use \`workload-identity-provider\``,
    state: 'nobody was signed in',
  });
}

/** @returns the failure when a service of Google gave an answer without a token */
export function noToken(service: string, answer: HttpResponse, started: number): OutsideFault {
  return new OutsideFault(
    {
      code: 'PIPE-GOOGLE-009',
      what: `Google Cloud gave no token: ${saying(errorOf(answer))}`,
      remedy: 'run the job again; https://status.cloud.google.com tells of outages',
      state: 'nobody was signed in',
    },
    {
      service: `${service}.googleapis.com`,
      status: answer.status,
      tries: triesOf(answer.status),
      elapsed: performance.now() - started,
    },
  );
}
