import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { refuseUndescribed, serveGitHub } from '../support/github/serve.ts';
import { makeBundle, makeProject, runSample, temporaryFolder, workflow } from './fixtures.ts';

const JOBS = workflow(`
  staged:
    runs-on: ubuntu-latest
    environment: {name: "\${{ github.ref_name }}-staging", deployment: false}
    steps: [{run: 'true'}]
  nowhere:
    runs-on: ubuntu-latest
    environment: "\${{ '' }}"
    steps: [{run: 'true'}]
  skipped:
    if: false
    runs-on: ubuntu-latest
    environment: production
    steps: [{run: 'true'}]
  red:
    runs-on: ubuntu-latest
    environment: review
    steps: [{run: 'false'}]
  deployed:
    if: always()
    needs: [staged, nowhere, skipped, red]
    permissions: {deployments: read}
    runs-on: ubuntu-latest
    environment: {name: production, url: "\${{ steps.say.outputs.said }}"}
    steps:
      - {id: say, uses: $/actions/probe, with: {say: "https://shop.example/it's?a=b"}}
      - {uses: $/actions/probe, with: {request: "GET /repos/{repo}/deployments?environment=production"}}
      - {uses: $/actions/probe, with: {request: "GET /repos/{repo}/deployments"}}
`);

test('GitHub makes a deployment of each job that names an environment, and later runs can read it', async () => {
  const stateFolder = join(temporaryFolder('state'), 'state');
  const [bundle, project] = [makeBundle({ 'w.yml': JOBS }), makeProject()];
  const first = await runSample(bundle, project, { stateFolder });
  const made = Object.fromEntries(
    first.jobs.flatMap(({ id, deployment }) => (deployment === undefined ? [] : [[id, deployment]])),
  );
  expect(made).toEqual({
    red: { environment: 'review', url: '' },
    deployed: { environment: 'production', url: "https://shop.example/it's?a=b" },
  });
  // What the runner adds for that is seen by nobody.
  expect(first.jobs.map(({ steps }) => steps.length)).toEqual([1, 1, 0, 1, 3]);
  const [mine, all] = first.requests;
  expect([mine?.status, mine?.responseBody]).toEqual([200, []]);
  expect(all?.responseBody).toMatchObject([{ environment: 'review', task: 'deploy' }]);

  const second = await runSample(bundle, project, { stateFolder });
  expect(second.requests[0]?.responseBody).toMatchObject([{ environment: 'production', sha: expect.any(String) }]);
  await refuseUndescribed([...first.requests, ...second.requests]);
});

test('a success makes the one before it inactive, a failure does not, and all say where', async () => {
  const ended = (id: number, conclusion: string, environment: string) => ({
    ...{ id, runNumber: id, path: '.github/workflows/ci.yml', event: 'push', headBranch: 'main', conclusion },
    ...{ headSha: String(id).repeat(40).slice(0, 40), status: 'completed' as const },
    jobs: [{ name: 'promote', conclusion, deployment: { environment, url: 'https://shop.example' } }],
  });
  const runs = [
    ended(1, 'success', 'staging'),
    ended(2, 'success', 'staging'),
    ended(3, 'failure', 'staging'),
    ended(4, 'success', 'review'),
  ];
  const github = await serveGitHub({ permissions: { deployments: 'read' }, runs });
  onTestFinished(() => github.close());
  const ask = async (path: string) => {
    const headers = { authorization: `Bearer ${github.token}` };
    const answer = await fetch(`${github.url}/repos/acme/api/deployments${path}`, { headers });
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  };
  const { body: found } = await ask('?environment=staging');
  const states = await Promise.all(
    found.map(async ({ id }: { id: number }) => {
      const { body } = await ask(`/${id}/statuses`);
      return body.map(({ state }: { state: string }) => state);
    }),
  );
  expect(states).toEqual([
    ['failure', 'in_progress'],
    ['success', 'in_progress'],
    ['inactive', 'success', 'in_progress'],
  ]);
  expect((await ask(`/${found[1].id}`)).body).toMatchObject({ environment: 'staging', sha: '2'.repeat(40) });
  expect((await ask(`?sha=${'4'.repeat(40)}`)).body).toMatchObject([{ environment: 'review' }]);
  expect((await ask('/1')).status).toBe(404);
});
