import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGoogleClient, type GoogleClient } from '../../../src/google/client.ts';
import { mark, pushed, site, startWorld, type World } from './place.ts';

let world: World;
let client: GoogleClient;

const PLACE = 'https://run.googleapis.com/v2/projects/acme-production/locations/europe-west1';

beforeAll(async () => {
  world = await startWorld({ polls: 2, pace: 5 });
  const found = createGoogleClient(world.surroundings);
  if (found === undefined) throw new Error('no credentials');
  client = found;
  const prepared = await world.prepare({ image: pushed(world, site('one')) });
  await prepared.stage(mark(prepared, 'a'));
});

afterAll(async () => {
  await world.stop();
});

async function patch(mask: string, body: Readonly<Record<string, unknown>>) {
  const answer = await client.send({ method: 'PATCH', url: `${PLACE}/services/api?updateMask=${mask}`, body });
  return { status: answer.status, said: `${answer.error?.status}: ${answer.error?.message}` };
}

it('refuses fields that the description does not have, in Google’s words', async () => {
  expect(await patch('template', { template: { container: [] } })).toEqual({
    status: 400,
    said: `INVALID_ARGUMENT: Invalid JSON payload received. Unknown name "container" at 'template': Cannot find field.`,
  });
  expect(await patch('template&force=true', {})).toMatchObject({
    said: expect.stringContaining('Unknown name "force"'),
  });
  expect(await patch('colour', {})).toMatchObject({ said: expect.stringContaining('Invalid field mask: colour') });
  expect(await patch('template', { template: { timeout: 5 } })).toMatchObject({
    said: expect.stringContaining("Invalid value at 'template.timeout'"),
  });
});

it('refuses a write with an etag of before, traffic that is not 100 in all, and a revision that is not there', async () => {
  const { body } = await client.send({ url: `${PLACE}/services/api` });
  const labels = { team: 'payments' };
  expect(await patch('labels', { etag: body['etag'], labels })).toMatchObject({ status: 200 });
  expect(await patch('labels', { etag: body['etag'], labels })).toMatchObject({
    status: 409,
    said: expect.stringMatching(
      /^ABORTED: Conflict for resource 'api': version '.+' was specified but current version is/,
    ),
  });
  const target = { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: 'api-none', percent: 100 };
  expect(await patch('traffic', { traffic: [{ ...target, percent: 60 }] })).toMatchObject({ status: 400 });
  expect(await patch('traffic', { traffic: [target] })).toMatchObject({
    said: expect.stringContaining("Revision 'api-none' does not exist or is deleted"),
  });
});

it('refuses another template under the name of a revision that is there', async () => {
  const { body } = await client.send({ url: `${PLACE}/services/api` });
  const template = body['template'] as Readonly<Record<string, unknown>>;
  expect(await patch('template', { template: { ...template, timeout: '7s' } })).toMatchObject({
    status: 409,
    said: expect.stringMatching(/^ALREADY_EXISTS: Revision named '.+' with different configuration already exists\./),
  });
});

it('takes several polls for an operation, says meanwhile that it is being done, and shows the state of before', async () => {
  const name = 'polled';
  const body = { template: { containers: [{ image: pushed(world, site('polled')) }] } };
  const made = await client.send({ method: 'POST', url: `${PLACE}/services?serviceId=${name}`, body });
  expect(made.body['done']).toBeUndefined();
  const before = await client.send({ url: `${PLACE}/services/${name}` });
  expect(before.body).toMatchObject({ reconciling: true, terminalCondition: { state: 'CONDITION_RECONCILING' } });
  expect(before.body['uri']).toBeUndefined();
  let polls = 0;
  for (let done = false; !done; polls += 1) {
    const url = `https://run.googleapis.com/v2/${made.body['name']}:wait`;
    done = (await client.send({ method: 'POST', url, body: { timeout: '1s' } })).body['done'] === true;
  }
  expect(polls).toBeGreaterThanOrEqual(3);
  const after = await client.send({ url: `${PLACE}/services/${name}` });
  expect(after.body).toMatchObject({
    terminalCondition: { state: 'CONDITION_SUCCEEDED' },
    trafficStatuses: [{ percent: 100 }],
  });
});

it('keeps what it fills in, as the API does', async () => {
  const { body } = await client.send({ url: `${PLACE}/services/polled` });
  expect(body['template']).toMatchObject({
    timeout: '300s',
    maxInstanceRequestConcurrency: 80,
    serviceAccount: '123456789012-compute@developer.gserviceaccount.com',
    containers: [
      {
        ports: [{ name: 'http1', containerPort: 8080 }],
        resources: { limits: { cpu: '1000m', memory: '512Mi' }, cpuIdle: true },
        startupProbe: { tcpSocket: { port: 8080 }, periodSeconds: 240, failureThreshold: 1 },
      },
    ],
  });
});
