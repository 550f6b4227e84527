import { expect, test } from 'vitest';
import { isLater, runIdentityOf } from '../../src/github/run.ts';

test('reads who the run is from what GitHub sets', () => {
  const run = runIdentityOf({
    GITHUB_RUN_ID: '17000000001',
    GITHUB_RUN_NUMBER: '57',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_WORKFLOW: 'CI',
    GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/ci.yml@refs/pull/7/merge',
    GITHUB_SHA: 'c'.repeat(40),
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'acme/shop',
  });
  expect(run).toEqual({
    id: 17_000_000_001,
    number: 57,
    attempt: 2,
    workflow: '.github/workflows/ci.yml',
    sha: 'c'.repeat(40),
    page: 'https://github.com/acme/shop/actions/runs/17000000001',
    repositoryPage: 'https://github.com/acme/shop',
  });
});

test('does without what a local runner leaves out, and makes no link of what is no address', () => {
  const run = runIdentityOf({ GITHUB_WORKFLOW: 'CI', GITHUB_WORKFLOW_REF: '', GITHUB_RUN_ID: 'x' });
  expect(run).toMatchObject({ id: 0, number: 0, workflow: 'CI', sha: '', page: undefined });
  const odd = { GITHUB_SERVER_URL: 'javascript:alert(1)', GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ID: '1' };
  expect(runIdentityOf(odd)).toMatchObject({ page: undefined, repositoryPage: undefined });
});

test('orders runs by id, and attempts of one run by number', () => {
  const order = (id: number, attempt: number) => ({ id, attempt });
  expect(isLater(order(2, 1), order(1, 9))).toBe(true);
  expect(isLater(order(1, 9), order(2, 1))).toBe(false);
  expect(isLater(order(1, 2), order(1, 1))).toBe(true);
  expect(isLater(order(1, 1), order(1, 1))).toBe(false);
});
