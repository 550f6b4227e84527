import { claimsShown, githubIdTokens } from '../../../github/id-token.ts';
import { googleIdentity } from '../../../google/identity.ts';
import { createGoogleTokens } from '../../../google/token.ts';
import { ConfigurationError } from '../../../runtime/errors.ts';
import type { Surroundings } from '../../target.ts';
import { type Api, createApi } from './api.ts';

/**
 * Signs in lazily: the first call asks for a token, later ones share it and renew it before it ends.
 *
 * @throws ConfigurationError PIPE-FIREBASE-008 when no sign-in is given, PIPE-GOOGLE-001 and 002 when it can't be one
 */
export function enter(project: string, surroundings: Surroundings): Api {
  const { credentials, http, environment, secrets, signal, wait } = surroundings;
  const identity = googleIdentity(credentials);
  if (identity === undefined) {
    throw new ConfigurationError({
      code: 'PIPE-FIREBASE-008',
      what: 'no sign-in to Google is given',
      accepted: '`workload-identity-provider` (with `id-token: write`), or `credentials-json`',
      example:
        'workload-identity-provider: projects/123456789012/locations/global/workloadIdentityPools/github/providers/acme',
      remedy:
        'give it; a secret of an environment is empty in a called workflow unless `secrets: inherit` is given, and in pull requests of forks',
      state: 'nothing was sent',
    });
  }
  const idToken = githubIdTokens({ environment, http, secrets, signal });
  const token = createGoogleTokens({ identity, idToken, describeIdToken: claimsShown, http, secrets, signal });
  return createApi({ project, http, token, signal, ...(wait === undefined ? {} : { wait }) });
}
