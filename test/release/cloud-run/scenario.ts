import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { target } from '../../../src/release/targets/cloud-run/target.ts';
import type { CloudService } from '../../support/cloud-proxy.ts';
import type { GcloudWitness } from '../../support/cloud-run/gcloud-witness.ts';
import type { Program } from '../../support/cloud-run/instances.ts';
import type { Scenario } from '../fault-matrix.ts';
import { ACCOUNT, PROVIDER, pushed, REGION, type World } from './place.ts';

/** A service on Cloud Run, for the matrix of faults; what serves is read by Google's own program. */
export function cloudRunScenario(world: World, witness: Pick<GcloudWitness, 'serving'>, service: string): Scenario {
  const { state, services } = world.cloud;
  const credentials = { 'workload-identity-provider': PROVIDER, 'service-account': ACCOUNT };
  return {
    target,
    module: new URL('../../../src/release/targets/cloud-run/target.ts', import.meta.url),
    services: { ...services, [GITHUB]: githubAt(world) },
    inputs: async (deployment) => ({
      service,
      region: REGION,
      project: state.settings.project,
      image: pushed(world, await quickSite(join(world.surroundings.temp, `${service}-${deployment}`))),
      env: `RELEASE: "${deployment}"`,
      'app-secrets': `DATABASE_URL: postgres://app:${deployment}@db/app`,
      authentication: 'public',
      // The container is a real process: on a machine with much to do it answers late.
      health: '{consecutive: 1, interval: 100ms, timeout: 4s}',
      ...credentials,
    }),
    environment: {
      ...world.github.environment,
      ACTIONS_ID_TOKEN_REQUEST_URL: `https://${GITHUB}/token?api-version=2.0`,
    },
    credentials,
    readState: () => witness.serving(service, REGION),
    frontDoor: `https://${service}-${state.settings.projectNumber}.${REGION}.run.app/`,
  };
}

/** Where GitHub gives out the tokens of jobs. */
const GITHUB = 'token.actions.githubusercontent.com';

/** GitHub's service, reached by the proxy like all others: what goes wrong with it is tried, too. */
function githubAt({ github }: World): CloudService {
  const { origin } = new URL(github.environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
  return async ({ path, query, headers }) => {
    const answer = await fetch(`${origin}${path}?${query}`, {
      headers: { authorization: headers['authorization'] ?? '' },
    });
    return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
  };
}

/** A web server that starts in a few milliseconds. */
async function quickSite(folder: string): Promise<Program> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'index.html'), folder);
  return { command: ['sh', '-c', 'exec busybox httpd -f -p "127.0.0.1:$PORT" -h "$0"', folder] };
}

/** Settings of a stand-in that is quick enough for thousands of deployments. */
export const QUICK = { pace: 2, polls: 1, longestWait: 150 } as const;
