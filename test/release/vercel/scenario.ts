import { target } from '../../../src/release/targets/vercel/target.ts';
import { writeFiles } from '../../support/temporary.ts';
import { addProject } from '../../support/vercel/state.ts';
import type { Vercel } from '../../support/vercel/vercel.ts';
import type { Scenario } from '../fault-matrix.ts';
import { DOMAIN, outputWith, TEAM, TOKEN } from './room.ts';

/** Vercel with one project of a team: prebuilt output, staged and promoted. */
export function vercelScenario({ services, state }: Vercel): Scenario {
  state.teams.push({ id: TEAM, slug: 'acme', name: 'Acme', plan: 'pro' });
  state.users.push({
    id: 'usr_ada',
    username: 'ada',
    email: 'ada@acme.example',
    name: 'Ada',
    defaultTeamId: TEAM,
    tokens: [{ value: TOKEN, scopes: [TEAM] }],
  });
  const project = addProject(state, { name: 'web', accountId: TEAM, domains: [DOMAIN] });
  return {
    target,
    module: new URL('../../../src/release/targets/vercel/target.ts', import.meta.url),
    services,
    inputs: async (deployment, workspace) => {
      await writeFiles(workspace, outputWith(`<h1>${deployment}</h1>`));
      return { token: TOKEN, team: 'acme', project: 'web' };
    },
    credentials: { token: TOKEN },
    // What the domain leads to, not what the project says.
    readState: async () => {
      const id = state.aliases.get(DOMAIN);
      return id === undefined || id !== project.production ? {} : { [id]: 100 };
    },
    frontDoor: `https://${DOMAIN}/`,
  };
}
