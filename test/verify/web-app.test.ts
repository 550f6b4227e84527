import { describe, expect, it } from 'vitest';
import type { ReleaseRecord } from '../../src/release/record.ts';
import { artifactOf, failureOf, recordOf, releasedRun, sharedRepository, stagedRun, verifyJob } from './repository.ts';

const shared = sharedRepository();

const HOSTED = 'firebase://acme-staging/acme-staging/1a2b3c4d5e6f7a8b';
const DEPLOYED = 'vercel://team_acme/prj_shop/dpl_1a2b3c';

/** The job `verify` for a web app whose pipeline left this record. */
async function verifyWeb(
  deploy: 'firebase' | 'vercel',
  more: Partial<ReleaseRecord> = {},
  inputs: Readonly<Record<string, string>> = {},
) {
  const repository = shared();
  const { first } = repository;
  const release = deploy === 'firebase' ? HOSTED : DEPLOYED;
  const record = recordOf(first, 900, { workflow: 'web-app', digest: '', release, ...more });
  const runs = [
    stagedRun(first, { artifacts: [artifactOf(record)] }),
    releasedRun(first, { record: { digest: '', release } }),
  ];
  return await verifyJob(repository, { runs, inputs: { version: 'v1.0.0', deploy, ...inputs } });
}

describe('a web app', () => {
  it('is released as the very release that staging has: it has no image, and the table says what it is', async () => {
    const { verified, context } = await verifyWeb('firebase');
    expect(await verified()).toMatchObject({ release: HOSTED, digest: '', 'verified-by': 'staging: health and smoke' });
    expect(context.summaries.join('\n')).toMatch(
      /\| image \| none: <code>firebase&#58;\/\/acme-staging[^|]* is released/,
    );
  });

  it('on Vercel may have been staged and held: it served nowhere, and that is said', async () => {
    const { verified } = await verifyWeb('vercel', { held: true, verifiedBy: 'nothing' });
    expect(await verified()).toMatchObject({ release: DEPLOYED, 'verified-by': 'staging: smoke' });
    const jobs = [{ name: 'api / promote', conclusion: 'success' }];
    const repository = shared();
    const record = recordOf(repository.first, 900, {
      ...{ workflow: 'web-app', digest: '', release: DEPLOYED, held: true, verifiedBy: 'nothing' },
    });
    const runs = [stagedRun(repository.first, { jobs, artifacts: [artifactOf(record)] })];
    const unseen = await verifyJob(repository, { runs, inputs: { version: 'v1.0.0', deploy: 'vercel' } });
    expect((await unseen.verified())['verified-by']).toBe(
      'staging: it was staged, and neither health nor smoke looked at it',
    );
  });

  it('says when it was released before: what serves may be it already', async () => {
    const { verified } = await verifyWeb('vercel');
    expect((await verified())['again']).toBe(true);
    const { verified: other } = await verifyWeb('vercel', { release: 'vercel://team_acme/prj_shop/dpl_other' });
    expect((await other())['again']).toBe(false);
  });

  it('counts as one that may have served where nobody knows what served', async () => {
    const repository = shared();
    const record = recordOf(repository.first, 900, { workflow: 'web-app', digest: '', release: DEPLOYED, held: true });
    const runs = [stagedRun(repository.first, { artifacts: [artifactOf(record)] })];
    const unknown = await verifyJob(repository, { runs, inputs: { version: 'v1.0.0', deploy: 'vercel' } });
    expect((await unknown.verified())['again']).toBe(true);
  });

  it('with values of staging baked in is refused for production, and released where it was built for that', async () => {
    const { verified } = await verifyWeb('firebase', { builtFor: 'staging' });
    expect(await failureOf(verified)).toMatch(
      /^PIPE-VERIFY-006: staging did not verify.*it was built for \\?"staging\\?": values of that environment are baked into it/,
    );
    const { verified: meant } = await verifyWeb('firebase', { builtFor: 'production' });
    expect(await meant()).toMatchObject({ release: HOSTED });
  });

  it('can not be released by its check alone, nor by the record of a service', async () => {
    const { verified } = await verifyWeb('firebase', {}, { 'verified-by': 'check' });
    expect(await failureOf(verified)).toMatch(/^PIPE-VERIFY-013: a release on "firebase" is the one that staging has/);
    const { verified: service } = await verifyWeb('firebase', { workflow: 'node-service' });
    expect(await failureOf(service)).toContain('it has left no such artifact');
  });
});
