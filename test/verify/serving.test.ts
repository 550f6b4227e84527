import { describe, expect, it } from 'vitest';
import type { PreparedRun } from '../../src/local/run-types.ts';
import type { ReleaseRecord } from '../../src/release/record.ts';
import { parseReference } from '../../src/release/reference.ts';
import { rolledBackAt } from '../../src/release/rollback/rolled-back.ts';
import type { Changes } from '../../src/verify/changes.ts';
import { artifactOf, recordOf, releasedRun, sharedRepository, stagedRun, verifyJob } from './repository.ts';

const shared = sharedRepository();

const RELEASE_AT = '2026-01-01T10:00:00Z';
const SERVED = 'cloud-run://acme-production/europe-west1/api/api-00042-kix';

/** A run of rollback.yml that went back to a commit's release, after what `releasedRun` has released. */
function rolledBackRun(
  commit: string,
  { record, ...more }: Partial<PreparedRun> & { readonly record?: Partial<ReleaseRecord> } = {},
): PreparedRun {
  const id = more.id ?? 850;
  const release = 'cloud-run://acme-production/europe-west1/api/api-00041-vuf';
  const place = rolledBackAt(parseReference(release));
  const left = recordOf(commit, id, { ...place, release, at: '2026-01-02T03:00:00Z', ...record });
  return {
    ...{ id, runNumber: 4, path: '.github/workflows/rollback.yml', event: 'workflow_dispatch', headBranch: 'main' },
    ...{ headSha: commit, status: 'completed', conclusion: 'success', artifacts: [artifactOf(left)] },
    jobs: [{ name: 'api / rollback', conclusion: 'success' }],
    ...more,
  };
}

/** What the next release of the newest commit says of what serves, when `second` was released and then this run came. */
async function outlookAfter(run: (first: string) => PreparedRun, inputs: Readonly<Record<string, string>> = {}) {
  const repository = shared();
  const { first, second, third } = repository;
  const runs = [
    stagedRun(third),
    releasedRun(second, { record: { release: SERVED, at: RELEASE_AT } }),
    run(first),
  ] as const;
  const { verified, context } = await verifyJob(repository, { runs, inputs: { version: 'v1.1.0', ...inputs } });
  const outputs = await verified();
  return { repository, changes: outputs['changes'] as Changes, outputs, summary: context.summaries.join('\n') };
}

describe('what serves', () => {
  it('is what somebody went back to by hand after the last release: everything since that one comes', async () => {
    const { repository, changes, outputs, summary } = await outlookAfter((first) => rolledBackRun(first));
    expect(changes).toMatchObject({ since: repository.first, commits: 2, migrations: ['20261101_add_email'] });
    expect(outputs['migrations']).toBe(true);
    expect(summary).toMatch(
      /\| serves now \| <code>\w{12}<\/code> since 2026&#45;01&#45;02, it was rolled back to by hand \(\[run\]\(https:\/\/github.com\/acme\/api\/actions\/runs\/850\)\)/,
    );
  });

  it('is told of a file with another name when that is given', async () => {
    const path = '.github/workflows/back.yml';
    const ignored = await outlookAfter((first) => rolledBackRun(first, { path }));
    expect(ignored.changes.since).toBe(ignored.repository.second);
    const told = await outlookAfter((first) => rolledBackRun(first, { path }), { 'rollback-pipeline': 'back.yml' });
    expect(told.changes.since).toBe(told.repository.first);
  });

  it.each<[string, Parameters<typeof rolledBackRun>[1]]>([
    ['older than the release', { record: { at: '2025-12-31T00:00:00Z' } }],
    ['of another place', { record: { release: 'cloud-run://acme-production/europe-west1/web/web-00001-abc' } }],
    ['of another run', { record: { run: 'https://github.com/acme/api/actions/runs/1' } }],
    ['of a fork', { headRepository: 'mallory/api' }],
    ['on a branch that may not release', { headBranch: 'strange' }],
    ['started by a push', { event: 'push' }],
    ['that left no record', { artifacts: [] }],
  ])('is the release itself when the rollback is one %s', async (_, difference) => {
    const { repository, changes } = await outlookAfter((first) => rolledBackRun(first, difference));
    expect(changes.since).toBe(repository.second);
  });
});
