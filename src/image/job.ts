import type { SignInRequest } from '../registry/sign-in.ts';
import type { ActionContext } from '../runtime/action.ts';
import type { ImageInputs } from './inputs.ts';
import { sourceDate } from './reproducible.ts';

/** What the inputs say about signing in. */
export function signInRequest(inputs: ImageInputs, registry: string): SignInRequest {
  const { username, password, githubToken, workloadIdentityProvider, serviceAccount, credentialsJson, awsRole } =
    inputs;
  return {
    registry,
    username,
    password,
    githubToken,
    workloadIdentityProvider,
    serviceAccount,
    credentialsJson,
    awsRole,
  };
}

/** Time of the commit in seconds since the epoch; undefined where there is none. */
export async function reproducibleDate(
  context: Pick<ActionContext, 'workspace' | 'environment' | 'signal'>,
): Promise<string | undefined> {
  return await sourceDate(context.workspace, context.environment, context.signal);
}
