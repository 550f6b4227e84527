import { secret, string } from '../runtime/kinds.ts';

/** The inputs by which any platform is entered; which of them are needed is the target's. */
export interface Credentials {
  readonly workloadIdentityProvider: string | undefined;
  readonly serviceAccount: string | undefined;
  readonly credentialsJson: string | undefined;
  /** Of Vercel. */
  readonly token: string | undefined;
  /** Secret that lets probes through Vercel's deployment protection. */
  readonly protectionBypass: string | undefined;
}

/** Every input by which a platform is entered. A deploy action has those that its target names, the others have all. */
export const credentialInputs = {
  'workload-identity-provider': {
    kind: string({ example: 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/acme' }),
    description:
      'Google Cloud: full name of the workload identity provider that lets this job in without a stored key (`id-token: write`).',
  },
  'service-account': {
    kind: string({ example: 'deploy@acme-production.iam.gserviceaccount.com', limit: 320 }),
    description:
      'Google Cloud: e-mail address of the account to act as. Without it the job itself must have been granted the roles.',
  },
  'credentials-json': {
    kind: secret({ example: '${{ secrets.GOOGLE_CREDENTIALS }}' }),
    description: 'Google Cloud: key of a service account, for those who can’t use workload identity yet.',
  },
  token: {
    kind: secret({ example: '${{ secrets.VERCEL_TOKEN }}' }),
    description: 'Vercel: access token of an account or a team.',
  },
  'protection-bypass': {
    kind: secret({ example: '${{ secrets.VERCEL_AUTOMATION_BYPASS_SECRET }}' }),
    description: 'Vercel: secret that lets probes through deployment protection.',
  },
} as const;

export type CredentialInput = keyof typeof credentialInputs;

export const GOOGLE_CREDENTIALS = ['workload-identity-provider', 'service-account', 'credentials-json'] as const;
export const VERCEL_CREDENTIALS = ['token', 'protection-bypass'] as const;

/** The credentials among the values of an action's inputs; an action that lacks one of these inputs has no value of it. */
export function credentialsOf(given: Partial<Credentials>): Credentials {
  const { workloadIdentityProvider, serviceAccount, credentialsJson, token, protectionBypass } = given;
  return { workloadIdentityProvider, serviceAccount, credentialsJson, token, protectionBypass };
}
