import { expect, it, onTestFinished } from 'vitest';
import { approvalsOfRun, approvalText } from '../../src/github/approvals.ts';
import { serveGitHub } from '../support/github/serve.ts';

async function asked(permissions: Record<string, 'read'>, runId = '7') {
  const environments = ['plain', { name: 'production', reviewers: ['octocat', 'hubot'] }];
  const github = await serveGitHub({ permissions, environments });
  onTestFinished(() => github.close());
  const environment = { GITHUB_API_URL: github.url, GITHUB_REPOSITORY: github.repository, NO_PROXY: '127.0.0.1' };
  return approvalsOfRun({ environment: { ...environment, GITHUB_RUN_ID: runId }, token: github.token });
}

it('says who approved which environment', async () => {
  const approvals = await asked({ actions: 'read' });
  expect(approvals).toEqual([{ user: 'octocat', environments: ['production'], isApproved: true, comment: '' }]);
  if (typeof approvals === 'string') throw new Error(approvals);
  expect(approvalText(approvals)).toBe('octocat approved production');
  const refused = { user: 'hubot', environments: ['production'], isApproved: false, comment: 'not today' };
  expect(approvalText([...approvals, refused])).toBe(
    'octocat approved production; hubot refused production (“not today”)',
  );
});

it('says why it can not, and fails nothing', async () => {
  expect(await asked({})).toContain('the token may not read who approved this run');
  expect(await asked({ actions: 'read' }, '')).toBe('the runner names no run');
});
