import { createHmac } from 'node:crypto';
import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import { listOf, textOf } from '../../../runtime/json.ts';
import { mapOf, type VercelApi } from './api.ts';
import { refused, said } from './faults.ts';

/** For whom variables are: `production`, `preview`, or a custom environment by its id. */
export type VariableTarget = Readonly<{ target: 'production' | 'preview' } | { customEnvironmentId: string }>;

/**
 * Writes secret variables to the project (POST /v10/projects/{id}/env, as sensitive ones: nobody can read them back).
 * A deployment has those that were there when it was made.
 *
 * @throws ConfigurationError PIPE-VERCEL-020 Vercel does not take one of them
 */
export async function writeSecrets(
  api: VercelApi,
  projectId: string,
  secrets: ReadonlyMap<string, string>,
  to: VariableTarget,
): Promise<void> {
  if (secrets.size === 0) return;
  const where =
    'target' in to ? { target: [to.target] } : { target: [], customEnvironmentIds: [to.customEnvironmentId] };
  const body = [...secrets].map(([key, value]) => ({ key, value, type: 'sensitive', ...where }));
  const path = `/v10/projects/${projectId}/env`;
  // The same values again: what is there is replaced by itself.
  const { value, refusal } = await api.ask({ method: 'POST', path, query: { upsert: 'true' }, body, idempotent: true });
  if (refusal !== undefined) throw refused('write the variables of `secrets`', refusal, 'nothing was staged');
  const failed = listOf(mapOf(value)['failed']).map((entry) => mapOf(mapOf(entry)['error']));
  if (failed.length === 0) return;
  throw new ConfigurationError(
    failed.map((error) => ({
      code: 'PIPE-VERCEL-020' as const,
      what: `Vercel does not take the variable ${shown(textOf(error['envVarKey']) || textOf(error['key']))} of \`secrets\``,
      given: `its answer ${said({ code: textOf(error['code']), message: textOf(error['message']) })}`,
      remedy: 'one of the same name that an integration or a branch has is changed there',
      state: 'nothing was staged; the other variables were written',
    })),
  );
}

/**
 * Names the values of secrets without giving them away: who has the fingerprint of a deployment can't try values,
 * because the token is in it. Another token stages once more.
 */
export function secretsFingerprint(secrets: ReadonlyMap<string, string>, token: string): string {
  if (secrets.size === 0) return '';
  const entries = [...secrets].sort(([left], [right]) => (left < right ? -1 : 1));
  return createHmac('sha256', token).update(JSON.stringify(entries)).digest('hex');
}
