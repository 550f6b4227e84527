import { listOf } from '../../../runtime/json.ts';
import { mapOf, type VercelApi } from './api.ts';
import { type Deployment, deploymentOf } from './deployment.ts';
import { refused } from './faults.ts';

/** Most that Vercel puts on one page. */
const PAGE = 100;

/**
 * Deployments of a project, newest first, page by page (GET /v7/deployments).
 *
 * @param query further conditions: `target`, `meta-<name>`
 * @param wanted which of them count
 * @param limit how many of those
 */
export async function listDeployments(
  api: VercelApi,
  projectId: string,
  query: Readonly<Record<string, string>>,
  wanted: (deployment: Deployment) => boolean,
  limit: number,
): Promise<readonly Deployment[]> {
  const found: Deployment[] = [];
  let until: Readonly<Record<string, string>> = {};
  for (;;) {
    const parameters = { projectId, limit: String(Math.min(PAGE, Math.max(limit, 20))), ...query, ...until };
    const { value, refusal } = await api.ask({ path: '/v7/deployments', query: parameters });
    if (refusal !== undefined) throw refused('list the deployments', refusal, 'nothing was changed');
    const page = mapOf(value);
    const deployments = listOf(page['deployments']).map(deploymentOf);
    found.push(...deployments.filter(wanted));
    const { next } = mapOf(page['pagination']);
    if (found.length >= limit || deployments.length === 0 || typeof next !== 'number') return found.slice(0, limit);
    until = { until: String(next) };
  }
}
