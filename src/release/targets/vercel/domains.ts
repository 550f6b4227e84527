import { ConfigurationError, type Fault, ProjectFailure, shown } from '../../../runtime/errors.ts';
import { listOf, textOf } from '../../../runtime/json.ts';
import { mapOf, type VercelApi } from './api.ts';
import { refused, said } from './faults.ts';

interface Domain {
  readonly name: string;
  /** Whether production's deployment is what it leads to. */
  readonly isProduction: boolean;
  readonly isVerified: boolean;
}

/**
 * Checks that domains go along with production's when a deployment is promoted.
 *
 * @throws ConfigurationError PIPE-VERCEL-021 for each that does not
 */
export async function checkDomains(api: VercelApi, projectId: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const domains = await domainsOf(api, projectId);
  const production = domains.filter(({ isProduction }) => isProduction).map(({ name }) => name);
  const faults = names.flatMap((name): Fault[] => {
    const domain = domains.find((item) => item.name === name);
    if (domain?.isProduction === true && domain.isVerified) return [];
    const problem =
      domain === undefined
        ? 'it is none of the project'
        : domain.isProduction
          ? 'it is not verified'
          : 'it leads to an environment, a branch or another domain';
    return [
      {
        code: 'PIPE-VERCEL-021',
        what: `the domain ${shown(name)} would not lead to the deployment when it is promoted: ${problem}`,
        accepted: `a verified domain of production: ${shown(production.join(', '), 300)}`,
        remedy: 'add or verify it: vercel.com, the project, Settings, Domains',
        state: 'nothing was staged',
      },
    ];
  });
  if (faults.length > 0) throw new ConfigurationError(faults);
}

async function domainsOf(api: VercelApi, projectId: string): Promise<readonly Domain[]> {
  const found: Domain[] = [];
  let until: Readonly<Record<string, string>> = {};
  for (;;) {
    const path = `/v9/projects/${projectId}/domains`;
    const { value, refusal } = await api.ask({ path, query: { limit: '100', ...until } });
    if (refusal !== undefined) throw refused('list the domains', refusal, 'nothing was staged');
    const page = mapOf(value);
    found.push(...listOf(page['domains']).map(mapOf).map(domainOf));
    const { next } = mapOf(page['pagination']);
    if (typeof next !== 'number') return found;
    until = { until: String(next) };
  }
}

function domainOf(value: Readonly<Record<string, unknown>>): Domain {
  const isElsewhere = ['gitBranch', 'customEnvironmentId', 'redirect'].some((name) => textOf(value[name]) !== '');
  return { name: textOf(value['name']), isProduction: !isElsewhere, isVerified: value['verified'] === true };
}

/**
 * Lets names lead to a deployment (POST /v2/deployments/{id}/aliases). All are tried.
 *
 * @throws ProjectFailure PIPE-VERCEL-022 for each that could not be had
 */
export async function assignAliases(api: VercelApi, deployment: string, names: readonly string[]): Promise<void> {
  const faults: Fault[] = [];
  for (const alias of names) {
    const path = `/v2/deployments/${deployment}/aliases`;
    // Given twice it is the same.
    const { refusal } = await api.ask({ method: 'POST', path, body: { alias }, idempotent: true });
    if (refusal === undefined) continue;
    faults.push({
      code: 'PIPE-VERCEL-022',
      what: `the deployment is ready, and the domain ${shown(alias)} does not lead to it`,
      given: `Vercel's answer ${said(refusal)} (status ${refusal.status})`,
      remedy:
        'a domain has to belong to the team and its DNS to lead to Vercel: vercel.com, the project, Settings, Domains',
      state: `${deployment} has its own address; the domain leads where it led before`,
    });
  }
  if (faults.length > 0) throw new ProjectFailure(faults);
}
