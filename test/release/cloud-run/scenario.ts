import { target } from '../../../src/release/targets/cloud-run/target.ts';
import { LATEST } from '../../support/cloud-run/resources.ts';
import { serviceOf } from '../../support/cloud-run/state.ts';
import type { Scenario } from '../fault-matrix.ts';
import { ACCOUNT, PROVIDER, pushed, REGION, site, type World } from './place.ts';

/** Cloud Run, for the matrix of faults. */
export function cloudRunScenario(world: World): Scenario {
  const { state, services } = world.cloud;
  const credentials = { 'workload-identity-provider': PROVIDER, 'service-account': ACCOUNT };
  return {
    target,
    module: new URL('../../../src/release/targets/cloud-run/target.ts', import.meta.url),
    services,
    inputs: async (deployment) => ({
      service: 'api',
      region: REGION,
      project: state.settings.project,
      image: pushed(world, site(`release ${deployment}`)),
      env: `RELEASE: "${deployment}"`,
      'app-secrets': `DATABASE_URL: postgres://app:${deployment}@db/app`,
      authentication: 'public',
      // The container is a real process: on a machine with much to do it answers late.
      health: '{consecutive: 1, interval: 100ms, timeout: 4s}',
      ...credentials,
    }),
    environment: world.github.environment,
    credentials,
    readState: async () => {
      const service = serviceOf(state, REGION, 'api');
      const serving = (service?.traffic ?? []).filter(({ percent = 0 }) => percent > 0);
      return Object.fromEntries(
        serving.map(({ type, revision, percent = 0 }) => [
          type === LATEST ? (service?.latestReady ?? '') : (revision ?? ''),
          percent,
        ]),
      );
    },
    frontDoor: `https://api-${state.settings.projectNumber}.${REGION}.run.app/`,
    timeout: 700,
  };
}

/** Settings of a stand-in that is quick enough for thousands of deployments. */
export const QUICK = { pace: 2, polls: 1, longestWait: 150 } as const;
