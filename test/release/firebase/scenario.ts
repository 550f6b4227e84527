import { target } from '../../../src/release/targets/firebase/target.ts';
import { createFirebaseHosting, type FirebaseHosting } from '../../support/firebase/hosting.ts';
import { startGithubIdentity } from '../../support/github-identity.ts';
import { createGoogleCloud } from '../../support/google-cloud.ts';
import { writeFiles } from '../../support/temporary.ts';
import type { Scenario } from '../fault-matrix.ts';
import { PROJECT, PROVIDER } from './room.ts';

/** The token that Firebase's own program sends over plain http. */
const CLI_TOKEN = 'owner';

export interface FirebaseScenario {
  readonly scenario: Scenario;
  readonly hosting: FirebaseHosting;
  readonly stop: () => Promise<void>;
}

/** Firebase Hosting for the matrix of faults, with a page that changes with each deployment. */
export async function firebaseScenario(): Promise<FirebaseScenario> {
  const github = await startGithubIdentity();
  const google = await createGoogleCloud(github.keys);
  google.providers.set(PROVIDER, { allowedAudiences: [], condition: () => true });
  const hosting = await createFirebaseHosting({
    access: (token) => (token !== CLI_TOKEN && google.holderOf(token) === undefined ? 'nobody' : 'everything'),
  });
  const site = hosting.addProject(PROJECT).sites.get(PROJECT);
  const scenario: Scenario = {
    target,
    module: new URL('../../../src/release/targets/firebase/target.ts', import.meta.url),
    services: { ...google.services, ...hosting.services },
    inputs: async (deployment, workspace) => {
      await writeFiles(workspace, {
        'firebase.json': '{"hosting": {"public": "dist"}}',
        'dist/index.html': `<p>release ${deployment}</p>`,
      });
      return { project: PROJECT, 'workload-identity-provider': PROVIDER };
    },
    environment: github.environment,
    credentials: { 'workload-identity-provider': PROVIDER },
    readState: async () => {
      const version = site?.channels.get('live')?.releases[0]?.version?.id;
      return version === undefined ? {} : { [version]: 100 };
    },
    frontDoor: `https://${PROJECT}.web.app/`,
  };
  return { scenario, hosting, stop: github.stop };
}
