import { join } from 'node:path';
import { expect, test } from 'vitest';
import { refuseUndescribed } from '../support/github/serve.ts';
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
