import { expect, test } from 'vitest';
import { ancestryOf } from '../../src/github/ancestry.ts';
import { openWitness } from '../support/github/openapi.ts';
import { startApi } from './api-server.ts';

const OLD = 'a'.repeat(40);
const NEW = 'b'.repeat(40);

async function surroundings(status: number, body: unknown) {
  const api = await startApi();
  api.intercept = () => ({ status, body });
  const environment = { GITHUB_API_URL: api.url, GITHUB_REPOSITORY: 'acme/shop', NO_PROXY: '127.0.0.1' };
  return { api, environment, token: 'job-token' };
}

test.each([
  ['ahead', 'ancestor'],
  ['behind', 'descendant'],
  ['diverged', 'diverged'],
  ['identical', 'same'],
])('reads %s of the second commit as %s of the first', async (status, ancestry) => {
  const given = await surroundings(200, { status });
  expect(await ancestryOf(OLD, NEW, given)).toBe(ancestry);
  expect(given.api.requests).toEqual([`GET /repos/acme/shop/compare/${OLD}...${NEW}?per_page=1`]);
});

test('asks what GitHub describes', async () => {
  const given = await surroundings(404, { message: 'Not Found' });
  await ancestryOf(OLD, NEW, given);
  const [method = '', path = ''] = given.api.requests[0]?.split(' ') ?? [];
  const witness = await openWitness();
  const answer = { message: 'Not Found', documentation_url: 'https://docs.github.com', status: '404' };
  const exchange = { method, path, requestBody: undefined, status: 404, responseBody: answer };
  expect(witness(exchange as Parameters<typeof witness>[0])).toEqual([]);
});

test('does not ask about a commit and itself', async () => {
  const given = await surroundings(500, {});
  expect(await ancestryOf(OLD, OLD, given)).toBe('same');
  expect(given.api.requests).toEqual([]);
});

test.each([403, 404])('does not know where GitHub answers %i', async (status) => {
  expect(await ancestryOf(OLD, NEW, await surroundings(status, { message: 'no' }))).toBe('unknown');
});

test('fails where the token is not known: a deployment must not guess', async () => {
  const given = await surroundings(401, { message: 'Bad credentials' });
  await expect(ancestryOf(OLD, NEW, given)).rejects.toThrow('PIPE-GITHUB-001');
});
