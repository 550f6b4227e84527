import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventOf, readEvent } from '../../src/github/event.ts';
import { temporaryFolder } from '../support/temporary.ts';

const SHA = '0123456789abcdef0123456789abcdef01234567';
const OTHER = 'f'.repeat(40);

function pullRequest(changes: {
  head?: unknown;
  sender?: string;
  action?: string;
  more?: Record<string, unknown>;
}): unknown {
  return {
    action: changes.action ?? 'opened',
    pull_request: {
      number: 7,
      draft: false,
      head: { sha: SHA, ref: 'feature', repo: changes.head === undefined ? { full_name: 'acme/shop' } : changes.head },
      base: { sha: OTHER, ref: 'main', repo: { full_name: 'acme/shop' } },
      ...changes.more,
    },
    sender: { login: changes.sender ?? 'mona' },
  };
}

test('reads a pull request of a branch, of a fork, of a deleted fork and of Dependabot', () => {
  const own = eventOf('pull_request', pullRequest({}));
  expect(own).toEqual({
    kind: 'pull_request',
    action: 'opened',
    number: 7,
    head: { sha: SHA, ref: 'feature', repository: 'acme/shop' },
    base: { sha: OTHER, ref: 'main', repository: 'acme/shop' },
    isDraft: false,
    isMerged: false,
    isFork: false,
    isDependabot: false,
  });
  const fork = pullRequest({ head: { full_name: 'mona/shop' } });
  expect(eventOf('pull_request', fork)).toMatchObject({ isFork: true, isDependabot: false });
  expect(eventOf('pull_request', pullRequest({ head: null }))).toMatchObject({ isFork: true });
  const dependabot = pullRequest({ sender: 'dependabot[bot]' });
  expect(eventOf('pull_request', dependabot)).toMatchObject({ isFork: false, isDependabot: true });
  const merged = pullRequest({ action: 'closed', more: { merged: true } });
  expect(eventOf('pull_request', merged)).toMatchObject({ action: 'closed', isMerged: true });
});

test('reads the other events that pipelines answer to', () => {
  expect(eventOf('push', { ref: 'refs/heads/feat/a', before: OTHER, after: SHA, deleted: false })).toEqual({
    kind: 'push',
    ref: 'refs/heads/feat/a',
    branch: 'feat/a',
    before: OTHER,
    after: SHA,
    isDeleted: false,
  });
  expect(eventOf('push', { ref: 'refs/tags/v1', before: OTHER, after: SHA })).toMatchObject({ branch: undefined });
  const group = { head_sha: SHA, head_ref: 'refs/heads/gh-readonly-queue/main/pr-7', base_sha: OTHER, base_ref: 'r' };
  expect(eventOf('merge_group', { action: 'checks_requested', merge_group: group })).toEqual({
    kind: 'merge_group',
    action: 'checks_requested',
    head: { sha: SHA, ref: 'refs/heads/gh-readonly-queue/main/pr-7' },
    base: { sha: OTHER, ref: 'r' },
  });
  expect(eventOf('workflow_dispatch', { ref: 'refs/heads/main', inputs: { a: 'b', n: 3, gone: null } })).toEqual({
    kind: 'workflow_dispatch',
    ref: 'refs/heads/main',
    inputs: new Map([
      ['a', 'b'],
      ['n', '3'],
    ]),
  });
  expect(eventOf('workflow_dispatch', { ref: 'refs/heads/main', inputs: null })).toMatchObject({ inputs: new Map() });
  expect(eventOf('schedule', { schedule: '0 3 * * *' })).toEqual({ kind: 'schedule', cron: '0 3 * * *' });
  expect(eventOf('release', { action: 'published', release: { tag_name: 'v1.2.3', prerelease: true } })).toEqual({
    kind: 'release',
    action: 'published',
    tag: 'v1.2.3',
    isDraft: false,
    isPrerelease: true,
  });
  expect(eventOf('issue_comment', {})).toEqual({ kind: 'other', name: 'issue_comment' });
});

test.each([
  ['no payload', 'push', 'text'],
  ['a list', 'push', []],
  ['null', 'pull_request', null],
  ['no pull request', 'pull_request', { action: 'opened' }],
  ['a number as text', 'pull_request', pullRequest({ more: { number: '7' } })],
  ['a number below 1', 'pull_request', pullRequest({ more: { number: -1 } })],
  ['a sha with a line end', 'push', { ref: 'refs/heads/a', before: OTHER, after: `${SHA}\n` }],
  ['a sha that is an option', 'push', { ref: 'refs/heads/a', before: OTHER, after: '--upload-pack=touch /x' }],
  ['a ref of 120 kB', 'push', { ref: 'r'.repeat(120_000), before: OTHER, after: SHA }],
  [
    'fields of the prototype',
    'release',
    { action: 'published', release: JSON.parse('{"__proto__": {"tag_name": "v"}}') },
  ],
])('refuses %s with a code', (_name, name, payload) => {
  expect(() => eventOf(name, payload)).toThrow(/^PIPE-GITHUB-009: .{1,400}$/s);
});

test('reads the file of GITHUB_EVENT_PATH and refuses one that is not an event', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'event.json');
  const environment = { GITHUB_EVENT_NAME: 'schedule', GITHUB_EVENT_PATH: path };
  await writeFile(path, '\ufeff{"schedule": "0 3 * * *"}');
  expect(await readEvent(environment)).toEqual({ kind: 'schedule', cron: '0 3 * * *' });

  await writeFile(path, '{"schedule": ');
  await expect(readEvent(environment)).rejects.toThrow('PIPE-GITHUB-009');
  await writeFile(path, 'a\0b');
  await expect(readEvent(environment)).rejects.toThrow('PIPE-FILE-002');
  await writeFile(path, Buffer.alloc(27 * 1024 * 1024, 'x'));
  await expect(readEvent(environment)).rejects.toThrow('PIPE-FILE-001');
  await expect(readEvent({ ...environment, GITHUB_EVENT_PATH: join(folder, 'none') })).rejects.toThrow(
    'PIPE-GITHUB-009',
  );
  await expect(readEvent({})).rejects.toThrow('PIPE-GITHUB-009');
});
