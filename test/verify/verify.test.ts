import { describe, expect, it } from 'vitest';
import type { PreparedRun } from '../../src/local/run-types.ts';
import type { ReleaseRecord } from '../../src/release/record.ts';
import { openWitness } from '../support/github/openapi.ts';
import { temporaryFolder } from '../support/temporary.ts';
import {
  artifactOf,
  DIGEST,
  failureOf,
  GREEN_JOBS,
  recordOf,
  repositoryWithHistory,
  scanArtifact,
  sharedRepository,
  stagedRun,
  verifyJob,
} from './repository.ts';

const shared = sharedRepository();

describe('what staging verified', () => {
  it('is found for a tag, an annotated tag, a commit and a part of one, by calls that GitHub describes', async () => {
    const repository = shared();
    const { first, third } = repository;
    const runs = [stagedRun(third, { id: 901, runNumber: 13 }), stagedRun(first)];
    for (const [inputs, commit, run] of [
      [{ version: 'v1.0.0' }, first, 900],
      [{ version: 'v1.1.0' }, third, 901],
      [{ commit: third }, third, 901],
      [{ commit: first.slice(0, 9) }, first, 900],
      [{ version: 'v2.0.0', commit: third }, third, 901],
    ] as const) {
      const { verified, github } = await verifyJob(repository, { runs, inputs });
      expect(await verified()).toMatchObject({
        ...{ commit, digest: DIGEST, release: 'cloud-run://acme-staging/europe-west1/api/api-00042-kix' },
        ...{ run: `https://github.com/acme/api/actions/runs/${run}`, 'verified-by': 'staging: health and smoke' },
        ...{ tag: 'version' in inputs ? inputs.version : undefined, 'last-migration': '20261101_add_email' },
      });
      const witness = await openWitness();
      expect(github.requests.flatMap((exchange) => witness(exchange))).toEqual([]);
    }
  });

  it('is found for the tag of a release on GitHub, without inputs', async () => {
    const repository = shared();
    const release = { tag_name: 'v1.1.0', draft: false, prerelease: false };
    const event = { name: 'release', payload: { action: 'published', release } };
    const runs = [stagedRun(repository.third)];
    const { verified } = await verifyJob(repository, { runs, event });
    expect(await verified()).toMatchObject({ commit: repository.third, tag: 'v1.1.0' });
    const draft = { name: 'release', payload: { action: 'created', release: { ...release, draft: true } } };
    const { verified: ofDraft } = await verifyJob(repository, { runs, event: draft });
    expect(await failureOf(ofDraft)).toMatch(/^PIPE-VERIFY-001.*draft/);
  });

  it('is found for a merge commit by its tree, which staging saw as another commit', async () => {
    const repository = shared();
    const { merge, developed } = repository;
    const runs = [stagedRun(developed, { headBranch: 'develop' })];
    const { verified, context } = await verifyJob(repository, {
      runs,
      inputs: { commit: merge, 'staging-branches': 'develop' },
    });
    expect(await verified()).toMatchObject({ commit: merge, digest: DIGEST });
    expect(context.summaries.join('\n')).toContain(`by commit <code>${developed.slice(0, 12)}</code>`);
  });

  it('is an image that is called as its scan says, which need not be the name of the service', async () => {
    const repository = shared();
    const { first } = repository;
    const reference = `europe-west1-docker.pkg.dev/acme/apps/shop@${DIGEST}`;
    const artifacts = [
      artifactOf(recordOf(first, 900)),
      scanArtifact(first, { targets: [{ name: 'shop', reference }] }),
    ];
    const inputs = { version: 'v1.0.0' };
    const { verified } = await verifyJob(repository, { inputs, runs: [stagedRun(first, { artifacts })] });
    expect(await verified()).toMatchObject({ digest: DIGEST, 'image-name': 'shop' });
    const { verified: without } = await verifyJob(repository, { inputs, runs: [stagedRun(first)] });
    expect(await without()).toMatchObject({ digest: DIGEST, 'image-name': '' });
  });

  it('says which looks it had: without smoke, without health', async () => {
    const repository = shared();
    const { first } = repository;
    const jobs = GREEN_JOBS.map((job) => (job.name === 'api / smoke' ? { ...job, conclusion: 'skipped' } : job));
    const artifacts = [artifactOf(recordOf(first, 900, { verifiedBy: 'nothing' }))];
    const inputs = { version: 'v1.0.0' };
    const { verified } = await verifyJob(repository, { inputs, runs: [stagedRun(first, { jobs })] });
    expect((await verified())['verified-by']).toBe('staging: health');
    const without = await verifyJob(repository, { inputs, runs: [stagedRun(first, { jobs, artifacts })] });
    expect((await without.verified())['verified-by']).toBe(
      'staging: it served, and neither health nor smoke looked at it',
    );
  });
});

describe('what proves nothing', () => {
  const other = (name: string, conclusion: string) =>
    GREEN_JOBS.map((job) => (job.name === `api / ${name}` ? { ...job, conclusion } : job));

  it.each<[string, Partial<PreparedRun>, string]>([
    ['a run of another event', { event: 'workflow_dispatch' }, 'its event is "workflow_dispatch", not a push'],
    ['a pull request’s run', { event: 'pull_request' }, 'its event is "pull_request"'],
    ['a run of another branch', { headBranch: 'strange' }, 'it is of "strange", not of "main"'],
    ['a run of a fork', { headRepository: 'mallory/api' }, 'it comes from another repository'],
    ['a red run', { conclusion: 'failure' }, 'it ended with "failure"'],
    ['a cancelled run', { conclusion: 'cancelled' }, 'it ended with "cancelled"'],
    ['a run that goes on', { status: 'in_progress', conclusion: null }, 'it has not ended yet'],
    ['a run of another workflow file', { path: '.github/workflows/other.yml' }, 'ci.yml" has no run for it'],
    ['a run whose promotion was skipped', { jobs: other('promote', 'skipped') }, 'api / promote" ended with "skipped"'],
    ['a run whose promotion was red', { jobs: other('promote', 'failure') }, 'api / promote" ended with "failure"'],
    ['a run that promoted nothing', { jobs: [] }, 'it has no job `promote`'],
    ['a run that left no record', { artifacts: [] }, 'it has left no such artifact'],
  ])('is %s', async (_, difference, reason) => {
    const repository = shared();
    const runs = [stagedRun(repository.first, difference)];
    const { verified, github, context } = await verifyJob(repository, { runs, inputs: { version: 'v1.0.0' } });
    const failure = await failureOf(verified);
    expect(failure).toMatch(/^PIPE-VERIFY-006: staging did not verify the commit/);
    expect(failure).toContain(reason);
    expect(context.summaries.join('\n')).toMatch(/Nothing is released to production[\s\S]*PIPE-VERIFY-006/);
    expect(github.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('is a green run of another commit with other files, however new', async () => {
    const { first, second, third } = shared();
    const runs = [stagedRun(third, { id: 902, runNumber: 14 }), stagedRun(second, { id: 901, runNumber: 13 })];
    const { verified } = await verifyJob(shared(), { runs, inputs: { commit: first } });
    expect(await failureOf(verified)).toMatch(/^PIPE-VERIFY-006.*ci.yml\\?" has no run for it/);
  });

  it.each<[string, Partial<ReleaseRecord>]>([
    ['commit', { commit: 'c'.repeat(40) }],
    ['run', { run: 'https://github.com/acme/api/actions/runs/901' }],
    ['environment', { environment: 'production' }],
    ['workflow', { workflow: 'web-app' }],
    ['folder', { workingDirectory: 'apps/other' }],
    ['service', { service: 'other' }],
    ['platform', { release: 'firebase://acme/site/1a2b' }],
  ])('is a record whose %s is not that of its run', async (field, difference) => {
    const repository = shared();
    const { first } = repository;
    const forged = { ...artifactOf(recordOf(first, 900, difference)), name: artifactOf(recordOf(first, 900)).name };
    const runs = [stagedRun(first, { artifacts: [forged] })];
    const { verified } = await verifyJob(repository, { runs, inputs: { version: 'v1.0.0' } });
    expect(await failureOf(verified)).toMatch(
      new RegExp(`^PIPE-VERIFY-006.*run 12: its record contradicts it: ${field} `),
    );
  });

  it.each([
    ['no JSON', 'nothing', 'it is not JSON'],
    ['of another schema', '{"schema": 2}', 'it is of another schema'],
    ['too large', 'x'.repeat(20_000), 'bytes'],
  ])('is a record that is %s', async (_, content, reason) => {
    const repository = shared();
    const { name } = artifactOf(recordOf(repository.first, 900));
    const runs = [stagedRun(repository.first, { artifacts: [{ name, files: { 'release.json': content } }] })];
    const { verified } = await verifyJob(repository, { runs, inputs: { version: 'v1.0.0' } });
    expect(await failureOf(verified)).toContain(reason);
  });

  it('is a run that is handed out under the name of another workflow file or repository', async () => {
    const { first } = shared();
    for (const [change, reason] of [
      [{ path: '.github/workflows/other.yml' }, 'run 12: it is a run of another workflow file'],
      [{ head_repository: null }, 'run 12: it comes from another repository'],
    ] as const) {
      const { verified } = await verifyJob(shared(), {
        ...{ runs: [stagedRun(first)], inputs: { commit: first } },
        between: ({ path }, text) => {
          if (!path.includes('/workflows/ci.yml/runs')) return text;
          const { workflow_runs: runs } = JSON.parse(text) as { workflow_runs: object[] };
          return JSON.stringify({ total_count: 1, workflow_runs: runs.map((run) => ({ ...run, ...change })) });
        },
      });
      expect(await failureOf(verified)).toContain(reason);
    }
  });

  it.each([
    [
      'a commit status',
      /\/commits\/[^/]+\/status(es)?|\/statuses\//,
      { state: 'success', statuses: [{ state: 'success' }] },
    ],
    [
      'a check run',
      /check-(runs|suites)/,
      { total_count: 1, check_runs: [{ name: 'promote', conclusion: 'success' }] },
    ],
    ['a label', /\/labels|\/issues|\/pulls/, [{ name: 'verified' }]],
    ['a deployment', /\/deployments/, [{ environment: 'staging', task: 'deploy' }]],
  ])('is %s that says so: it is not even asked for', async (_, path, answer) => {
    const repository = shared();
    const { verified, github } = await verifyJob(repository, {
      ...{ runs: [stagedRun(repository.first, { conclusion: 'failure' })], inputs: { version: 'v1.0.0' } },
      between: (request, text) => (path.test(request.path) ? JSON.stringify(answer) : text),
    });
    expect(await failureOf(verified)).toMatch(/^PIPE-VERIFY-006.*it ended with/);
    expect(github.requests.filter((request) => path.test(request.path))).toEqual([]);
  });

  it('is a tag on a commit that no branch of the environment has, although staging has verified it', async () => {
    const repository = shared();
    const runs = [stagedRun(repository.stranger)];
    const { verified } = await verifyJob(repository, { runs, inputs: { version: 'forged' } });
    expect(await failureOf(verified)).toMatch(/^PIPE-VERIFY-004.*on no branch/);
    const { verified: named } = await verifyJob(repository, { runs, inputs: { version: 'forged', branches: 'gone' } });
    expect(await failureOf(named)).toMatch(/^PIPE-VERIFY-005.*"gone"/);
  });

  it('is a tag that is called like the branch: neither makes it reachable nor its run one of the branch', async () => {
    const repository = await repositoryWithHistory(await temporaryFolder());
    const { git, stranger, first } = repository;
    git('tag', 'main', stranger);
    const { verified } = await verifyJob(repository, { runs: [stagedRun(stranger)], inputs: { commit: stranger } });
    expect(await failureOf(verified)).toMatch(/^PIPE-VERIFY-004/);
    // Same files as the first commit, pushed as a tag `main`: GitHub calls the run one of `main`.
    const twin = git('commit-tree', '-m', 'twin', `${first}^{tree}`);
    git('tag', '-f', 'main', twin);
    const { verified: byTree } = await verifyJob(repository, { runs: [stagedRun(twin)], inputs: { commit: first } });
    expect(await failureOf(byTree)).toContain('run 12: its commit is not on "main"');
  });

  it('is a name: a branch that is called like a commit or a version is neither', async () => {
    const repository = await repositoryWithHistory(await temporaryFolder());
    repository.git('branch', 'abcdef1', repository.first);
    const runs = [stagedRun(repository.first)];
    for (const inputs of [{ commit: 'abcdef1' }, { version: 'main' }, { version: 'v9.9.9' }]) {
      const { verified } = await verifyJob(repository, { runs, inputs });
      expect(await failureOf(verified)).toMatch(/^PIPE-VERIFY-002/);
    }
    const two = await verifyJob(repository, { runs, inputs: { version: 'v1.1.0', commit: repository.first } });
    expect(await failureOf(two.verified)).toMatch(/^PIPE-VERIFY-003/);
    const none = await verifyJob(repository, { runs });
    expect(await failureOf(none.verified)).toMatch(/^PIPE-VERIFY-001/);
  });

  it('is the record of another call of the same run, unless the job is named whose call counts', async () => {
    const repository = shared();
    const { first } = repository;
    const jobs = [
      ...GREEN_JOBS,
      { name: 'web / promote', conclusion: 'skipped' },
      { name: 'web / smoke', conclusion: 'skipped' },
    ];
    const runs = [stagedRun(first, { jobs })];
    const { verified } = await verifyJob(repository, { runs, inputs: { version: 'v1.0.0' } });
    expect(await failureOf(verified)).toMatch(/^PIPE-VERIFY-007.*"api \/ promote", "web \/ promote".*`job: api`/);
    const named = await verifyJob(repository, { runs, inputs: { version: 'v1.0.0', job: 'api' } });
    expect(await named.verified()).toMatchObject({ commit: first });
    const other = await verifyJob(repository, { runs, inputs: { version: 'v1.0.0', job: 'web' } });
    expect(await failureOf(other.verified)).toContain('"web / promote" ended with "skipped"');
  });

  it('is a promotion without a digest, where an image is released', async () => {
    const repository = shared();
    const artifacts = [artifactOf(recordOf(repository.first, 900, { digest: '' }))];
    const runs = [stagedRun(repository.first, { artifacts })];
    const { verified } = await verifyJob(repository, { runs, inputs: { version: 'v1.0.0' } });
    expect(await failureOf(verified)).toMatch(/^PIPE-VERIFY-010/);
  });
});

describe('a project without staging', () => {
  const inputs = { version: 'v1.0.0', 'verified-by': 'check' };
  const jobs = GREEN_JOBS.slice(0, 3);

  it('releases what check and scan have seen, by the digest that was scanned, and the table says so', async () => {
    const repository = shared();
    const { first } = repository;
    const runs = [stagedRun(first, { jobs, artifacts: [scanArtifact(first)] })];
    const { verified, context } = await verifyJob(repository, { runs, inputs });
    expect(await verified()).toMatchObject({
      ...{ commit: first, digest: DIGEST, 'image-name': 'api', release: '', 'last-migration': '' },
    });
    expect(context.summaries.join('\n')).toContain('⚠️ check and scan only: it has served nowhere');
    expect(context.said.join('\n')).toContain('warning: Nothing served this before');
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['of another commit', { commit: 'c'.repeat(40) }, 'it is of commit'],
    ['that did not pass', { passed: false }, 'it did not pass'],
    ['of a tag', { targets: [{ name: 'api', reference: 'ghcr.io/acme/api:latest' }] }, 'not of images in a registry'],
    ['of nothing', { targets: [] }, 'it names no image'],
    [
      'of two images',
      { targets: ['api', 'worker'].map((name) => ({ name, reference: `ghcr.io/acme/${name}@${DIGEST}` })) },
      'it has scanned 2 images',
    ],
    ['of another format', { format: 'other/1' }, 'it is of another format'],
  ])('does not release by a scan %s', async (_, difference, reason) => {
    const repository = shared();
    const { first } = repository;
    const runs = [stagedRun(first, { jobs, artifacts: [scanArtifact(first, difference)] })];
    const { verified } = await verifyJob(repository, { runs, inputs });
    const failure = await failureOf(verified);
    expect(failure).toMatch(/^PIPE-VERIFY-006/);
    expect(failure).toContain(reason);
  });

  it.each(['check', 'tag'])('does not release when %s was not green, or was not there', async (name) => {
    const repository = shared();
    const { first } = repository;
    const artifacts = [scanArtifact(first)];
    const red = jobs.map((job) => (job.name === `api / ${name}` ? { ...job, conclusion: 'skipped' } : job));
    for (const given of [red, jobs.filter((job) => job.name !== `api / ${name}`)]) {
      const runs = [stagedRun(first, { jobs: given, artifacts })];
      const { verified } = await verifyJob(repository, { runs, inputs });
      expect(await failureOf(verified)).toMatch(/^PIPE-VERIFY-006/);
    }
  });
});
