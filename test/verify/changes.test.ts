import { describe, expect, it } from 'vitest';
import { type Changes, changesOf, mayMigrate, UNKNOWN } from '../../src/verify/changes.ts';
import {
  DIGEST,
  failureOf,
  GREEN_JOBS,
  releasedRun,
  scanArtifact,
  sharedRepository,
  stagedRun,
  verifyJob,
} from './repository.ts';

const shared = sharedRepository();

const changesIn = (outputs: Readonly<Record<string, unknown>>) =>
  outputs['changes'] as Changes & Record<string, unknown>;

describe('what will change', () => {
  it('is counted from the last release to the environment: commits, migrations, image', async () => {
    const repository = shared();
    const { first, third } = repository;
    const digest = `sha256:${'00'.repeat(32)}`;
    const runs = [stagedRun(third), releasedRun(first, { record: { digest, lastMigration: '' } })];
    const { verified, context } = await verifyJob(repository, { runs, inputs: { version: 'v1.1.0', migrate: '{}' } });
    const outputs = await verified();
    expect(changesIn(outputs)).toMatchObject({
      ...{ since: first, status: 'ahead', commits: 2, migrations: ['20261101_add_email'], migrationCount: 1 },
      ...{ digest: DIGEST, previous: digest },
      list: [{ title: 'add <b>email</b> for @octocat' }, { title: 'third' }],
    });
    expect(outputs['migrations']).toBe(true);
    const summary = context.summaries.join('\n');
    expect(summary).toContain('### api v1&#46;1.0 → production: what will change'.replace('&#46;', '.'));
    expect(summary).toMatch(/\| migrations \| ⚠️ <code>20261101&#95;add&#95;email<\/code>/);
    expect(summary).toContain('until now <code>sha256:000000000000</code>…');
    // Titles are whatever somebody typed: no markup, nobody is called.
    expect(summary).toContain('add &lt;b&gt;email&lt;/b&gt; for @\u200boctocat');
    expect(summary).toMatch(/\| approval \| octocat is asked \|/);
  });

  it('has no migrations where none came and both databases have the same last one', async () => {
    const repository = shared();
    const { second, third } = repository;
    const runs = [stagedRun(third), releasedRun(second)];
    const inputs = { version: 'v1.1.0' };
    const { verified } = await verifyJob(repository, { runs, inputs });
    expect(await verified()).toMatchObject({ migrations: false, changes: { commits: 1, migrationCount: 0 } });
    const behind = [stagedRun(third), releasedRun(second, { record: { lastMigration: '20261001_before' } })];
    const { verified: differs } = await verifyJob(repository, { runs: behind, inputs });
    expect((await differs())['migrations']).toBe(true);
  });

  it('is not known before the first release: everything counts as new', async () => {
    const repository = shared();
    const { verified, context } = await verifyJob(repository, {
      runs: [stagedRun(repository.first)],
      inputs: { version: 'v1.0.0' },
    });
    expect(await verified()).toMatchObject({ migrations: true, changes: { status: 'unknown', since: '' } });
    expect(context.summaries.join('\n')).toContain('not known: what is pending is applied, if anything');
  });

  it.each<[string, Parameters<typeof releasedRun>[1]]>([
    ['a run of a branch that may not release', { headBranch: 'strange' }],
    ['a run of a fork', { headRepository: 'mallory/api' }],
    ['a push', { event: 'push' }],
    ['this run itself, in an earlier attempt', { id: 2_000_000_000 }],
    ['another workflow file', { path: '.github/workflows/ci.yml' }],
    ['a release that did not end well', { jobs: [{ name: 'production / deploy', conclusion: 'failure' }] }],
    ['a record of another run', { record: { run: 'https://github.com/acme/api/actions/runs/1' } }],
    ['a record of another environment', { record: { environment: 'elsewhere' } }],
  ])('is not counted from %s', async (_, difference) => {
    const repository = shared();
    const { second, third } = repository;
    const runs = [stagedRun(third), releasedRun(second, difference)];
    const { verified } = await verifyJob(repository, { runs, inputs: { version: 'v1.1.0' } });
    expect(await verified()).toMatchObject({ migrations: true, changes: { status: 'unknown' } });
  });

  it('warns of an older commit, and of migrations that nothing applies', async () => {
    const repository = shared();
    const { first, third } = repository;
    const older = await verifyJob(repository, {
      runs: [stagedRun(first), releasedRun(third)],
      inputs: { version: 'v1.0.0' },
    });
    await older.verified();
    expect(older.context.summaries.join('\n')).toContain('to go back, use rollback.yml');
    const { verified, context } = await verifyJob(repository, {
      runs: [stagedRun(third), releasedRun(first)],
      inputs: { version: 'v1.1.0' },
    });
    await verified();
    expect(context.said.join('\n')).toContain('warning: 1 migrations come, and nothing applies them');
  });
});

describe('a comparison', () => {
  const file = (filename: string, status = 'added') => ({ filename, status });
  const compared = (files: readonly { filename: string; status: string }[], folder?: string) =>
    changesOf(
      { status: 'ahead', total_commits: 1, commits: [], files, html_url: 'https://github.com/a/b' } as never,
      'a'.repeat(40),
      folder,
    );

  it('finds Prisma’s migrations, numbered files, and those of a folder that was named', () => {
    const files = [
      ...['packages/db/prisma/migrations/20261101_a/migration.sql', 'scripts/migrations/002_b.sql', 'db/changes/x.sql'],
      ...['migrations/readme.md', 'src/migrations/index.ts', 'prisma/schema.prisma'],
    ].map((name) => file(name));
    expect(compared(files).migrations).toEqual(['002_b.sql', '20261101_a']);
    expect(compared(files, 'db/changes').migrations).toEqual(['002_b.sql', '20261101_a', 'x.sql']);
    expect(compared([file('prisma/migrations/20261101_a/migration.sql', 'removed')]).migrationCount).toBe(0);
    expect(compared([file('prisma/migrations/20261101_a/migration.sql', 'modified')]).migrationCount).toBe(1);
  });

  it('does not say that there are none where GitHub lists no more files', () => {
    const many = Array.from({ length: 300 }, (_, index) => file(`src/${index}.ts`));
    expect(compared(many).migrationCount).toBeUndefined();
    expect(mayMigrate(compared(many), { verified: '', serving: '' })).toBe(true);
    expect(mayMigrate(compared(many.slice(1)), { verified: '', serving: '' })).toBe(false);
    expect(mayMigrate(UNKNOWN, { verified: 'a', serving: 'a' })).toBe(true);
  });

  it('stays under 16 KiB whatever was typed', () => {
    const title = 'ü'.repeat(10_000);
    const commits = Array.from({ length: 100 }, (_, index) => ({
      sha: String(index).padStart(40, '0'),
      commit: { message: title },
    }));
    const files = Array.from({ length: 299 }, (_, index) => file(`migrations/${index}${'x'.repeat(500)}.sql`));
    const changes = changesOf(
      { status: 'ahead', total_commits: 900, commits, files, html_url: 'https://github.com/a/b' } as never,
      'a'.repeat(40),
      undefined,
    );
    expect(changes).toMatchObject({ commits: 900, migrationCount: 299 });
    expect(changes.list.length).toBeGreaterThan(10);
    expect(changes.migrations).toHaveLength(50);
    expect(Buffer.byteLength(JSON.stringify(changes))).toBeLessThan(16 * 1024);
  });
});

describe('the environment', () => {
  const inputs = { version: 'v1.0.0' };

  it('has to exist: GitHub would make a misspelt one without protection', async () => {
    const repository = shared();
    const runs = [stagedRun(repository.first)];
    const environments = ['production'];
    for (const approval of ['required', 'none']) {
      const given = { ...inputs, environment: 'prodution', approval };
      const { verified } = await verifyJob(repository, { runs, environments, inputs: given });
      expect(await failureOf(verified)).toMatch(/^PIPE-VERIFY-008: there is no environment "prodution"/);
    }
    const given = { ...inputs, approval: 'none', 'rollback-environment': 'gone' };
    const { verified } = await verifyJob(repository, { runs, environments, inputs: given });
    expect(await failureOf(verified)).toMatch(/^PIPE-VERIFY-008.*`rollback-environment: gone`/);
  });

  it('has to have reviewers, unless it is written that nobody is asked: then the table says so', async () => {
    const repository = shared();
    const runs = [stagedRun(repository.first)];
    const environments = ['production'];
    const { verified } = await verifyJob(repository, { runs, environments, inputs });
    expect(await failureOf(verified)).toMatch(/^PIPE-VERIFY-009.*GitHub Enterprise.*/);
    const given = { ...inputs, approval: 'none' };
    const { verified: meant, context } = await verifyJob(repository, { runs, environments, inputs: given });
    expect(await meant()).toMatchObject({ commit: repository.first });
    expect(context.summaries.join('\n')).toContain('⚠️ nobody is asked');
    expect(context.said.join('\n')).toContain('warning: Nobody is asked to approve a release to production');
  });

  it('says when taking back a bad release would wait for an approval', async () => {
    const repository = shared();
    const runs = [stagedRun(repository.first)];
    const asked = { name: 'back', reviewers: ['octocat'] };
    for (const [environments, given, expected] of [
      [[{ name: 'production', reviewers: ['octocat'] }], {}, 'notice: A release that ends badly'],
      [
        [{ name: 'production', reviewers: ['octocat'] }, asked],
        { 'rollback-environment': 'back' },
        'warning: A release',
      ],
    ] as const) {
      const { verified, context } = await verifyJob(repository, {
        runs,
        environments,
        inputs: { ...inputs, ...given },
      });
      await verified();
      expect(context.said.join('\n')).toContain(expected);
    }
    const { verified, context } = await verifyJob(repository, {
      ...{ runs, environments: [{ name: 'production', reviewers: ['octocat'] }, 'back'] },
      inputs: { ...inputs, 'rollback-environment': 'back' },
    });
    await verified();
    expect(context.said.join('\n')).not.toContain('A release that ends badly');
  });
});

describe('a token', () => {
  it('that may not look is told which permission it lacks', async () => {
    const repository = shared();
    const runs = [stagedRun(repository.first, { jobs: GREEN_JOBS, artifacts: [scanArtifact(repository.first)] })];
    const inputs = { version: 'v1.0.0' };
    const { verified } = await verifyJob(repository, { runs, inputs, permissions: { contents: 'read' } });
    expect(await failureOf(verified)).toMatch(/^PIPE-GITHUB-002.*`permissions: \{actions: read\}`/);
    const blind = await verifyJob(repository, { runs, inputs, permissions: { actions: 'read' } });
    expect(await failureOf(blind.verified)).toMatch(/^PIPE-GITHUB-002.*`permissions: \{contents: read\}`/);
  });
});
