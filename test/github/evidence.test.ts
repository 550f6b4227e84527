import { createServer } from 'node:http';
import { zipSync } from 'fflate';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type EvidenceWish, findEvidence } from '../../src/github/evidence.ts';
import type { PreparedRun } from '../../src/local/run-types.ts';
import { openWitness } from '../support/github/openapi.ts';
import { serveGitHub } from '../support/github/serve.ts';

const [ONE, TWO, THREE] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];

const WISH: EvidenceWish = {
  workflowPath: '.github/workflows/ci.yml',
  branch: 'main',
  artifact: 'coverage-api',
  file: 'coverage.json',
  limit: 1_000_000,
};

function ranOn(headSha: string, more: Partial<PreparedRun> & Pick<PreparedRun, 'id' | 'runNumber'>): PreparedRun {
  return {
    ...{ path: '.github/workflows/ci.yml', event: 'push', headBranch: 'main', headSha },
    ...{ status: 'completed', conclusion: 'success' },
    artifacts: [{ name: 'coverage-api', files: { 'coverage.json': `figures of ${headSha.slice(0, 1)}` } }],
    ...more,
  };
}

const NEWEST = ranOn(TWO, { id: 902, runNumber: 2 });
const EARLIER = ranOn(ONE, { id: 901, runNumber: 1 });

async function served(runs: readonly PreparedRun[], permissions: Record<string, 'read'> = { actions: 'read' }) {
  const github = await serveGitHub({ permissions, runs });
  onTestFinished(() => github.close());
  const environment = { GITHUB_API_URL: github.url, GITHUB_REPOSITORY: github.repository, NO_PROXY: '127.0.0.1' };
  const find = (wish: Partial<EvidenceWish> = {}) =>
    findEvidence({ ...WISH, ...wish }, { environment, token: github.token });
  return { github, find };
}

const contentOf = (found: Awaited<ReturnType<typeof findEvidence>>) =>
  found.kind === 'found' ? `${found.content}, run ${found.runNumber}, exact: ${found.isExact}` : found.reason;

describe('evidence of a branch', () => {
  it('is what the run of the exact commit has left, else that of the newest green push run', async () => {
    const { github, find } = await served([NEWEST, EARLIER]);
    expect(contentOf(await find({ commit: ONE }))).toBe('figures of 1, run 1, exact: true');
    expect(contentOf(await find({ commit: THREE }))).toBe('figures of 2, run 2, exact: false');
    expect(contentOf(await find())).toBe('figures of 2, run 2, exact: false');
    expect(await find({ commit: TWO })).toMatchObject({ commit: TWO, runId: 902 });

    const witness = await openWitness();
    expect(github.requests.flatMap((exchange) => witness(exchange))).toEqual([]);
  });

  it.each([
    ['a pull request', { event: 'pull_request' }],
    ['another branch', { headBranch: 'feature' }],
    ['another workflow file', { path: '.github/workflows/other.yml' }],
    ['a fork', { headRepository: 'mallory/api' }],
    ['a red run', { conclusion: 'failure' }],
    ['a cancelled run', { conclusion: 'cancelled' }],
    ['a run that has not ended', { status: 'in_progress', conclusion: null }],
    ['a schedule', { event: 'schedule' }],
  ] as const)('is never what %s has left', async (_, difference) => {
    const other = { ...ranOn(TWO, { id: 902, runNumber: 2 }), ...difference } as PreparedRun;
    const { find } = await served([other, EARLIER]);
    expect(contentOf(await find({ commit: TWO }))).toBe('figures of 1, run 1, exact: false');
    const alone = await served([other]);
    expect(contentOf(await alone.find())).toBe('there is no green run of ci.yml for a push to "main" yet');
  });

  it('is looked for in earlier runs where the newest has left none, or it has expired', async () => {
    const without = ranOn(TWO, { id: 902, runNumber: 2, artifacts: [{ name: 'other', files: { a: 'b' } }] });
    expect(contentOf(await (await served([without, EARLIER])).find())).toBe('figures of 1, run 1, exact: false');
    const expired = [{ name: 'coverage-api', files: { 'coverage.json': 'x' }, isExpired: true }];
    const { find } = await served([ranOn(TWO, { id: 902, runNumber: 2, artifacts: expired })]);
    expect(contentOf(await find())).toBe(
      'no green run of ci.yml for a push to "main" among the newest 1 has left it (run 2: its artifact has expired)',
    );
  });

  it('is not there, with the permission that is missing, when the token may not look', async () => {
    const { find } = await served([NEWEST], {});
    const reason = contentOf(await find());
    expect(reason).toContain('the token may not list the runs of ci.yml on "main"');
    expect(reason).toContain('`permissions: {actions: read}`');
  });

  it('is not there, with the reason, when the workflow was never on the branch or has no file', async () => {
    const { find } = await served([]);
    expect(contentOf(await find({ workflowPath: 'CI' }))).toBe('the runner names no workflow file but "CI"');
    expect((await find({ workflowPath: '.github/workflows/new.yml' })).kind).toBe('none');
  });

  it('is of bounded size, packed and unpacked', async () => {
    const large = [{ name: 'coverage-api', files: { 'coverage.json': 'a'.repeat(2_000_000) } }];
    const { find } = await served([ranOn(TWO, { id: 902, runNumber: 2, artifacts: large })]);
    expect(contentOf(await find())).toContain('its "coverage.json" has 2000000 bytes, 1000000 at most');
    expect(contentOf(await find({ limit: 100 }))).toMatch(/its artifact has \d+ bytes, 100 at most/);
    expect(contentOf(await find({ limit: 3_000_000 }))).toMatch(/^a{2000000}, run 2/);
  });

  it('is the one file of that name, whatever else is in the archive', async () => {
    const files = { 'deeper/coverage.json': 'no', 'coverage.json': 'yes', 'coverage.json.bak': 'no' };
    const { find } = await served([
      ranOn(TWO, { id: 902, runNumber: 2, artifacts: [{ name: 'coverage-api', files }] }),
    ]);
    expect(contentOf(await find())).toBe('yes, run 2, exact: false');
    expect(contentOf(await find({ file: 'missing.json' }))).toContain('its artifact holds no "missing.json"');
  });
});

describe('a service that answers what it should not', () => {
  /** Answers every list with the same objects, whatever is asked for, and downloads with these bytes from elsewhere. */
  async function lying(
    run: Record<string, unknown>,
    archive: Uint8Array,
    artifacts: readonly object[] = [{ id: 5, name: 'coverage-api', size_in_bytes: 10, expired: false }],
  ) {
    const asked: string[] = [];
    const seen: (string | undefined)[] = [];
    const storage = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end(archive);
    });
    const address = await listening(storage);
    const api = createServer((request, response) => {
      const json = (body: unknown) => response.end(JSON.stringify(body));
      asked.push(request.url ?? '');
      if (request.url?.endsWith('/zip') === true)
        response.writeHead(302, { location: `${address}/signed?sig=1` }).end();
      else if (request.url?.includes('/artifacts') === true) {
        json({ total_count: artifacts.length, artifacts });
      } else json({ total_count: 1, workflow_runs: [run] });
    });
    const environment = { GITHUB_API_URL: await listening(api), GITHUB_REPOSITORY: 'acme/api', NO_PROXY: '127.0.0.1' };
    return { seen, asked, found: await findEvidence({ ...WISH, commit: TWO }, { environment, token: 'secret-token' }) };
  }

  async function listening(server: ReturnType<typeof createServer>): Promise<string> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const bound = server.address();
    return `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}`;
  }

  const good = {
    ...{ id: 9, run_number: 4, event: 'push', conclusion: 'success', head_branch: 'main', head_sha: TWO },
    ...{ path: '.github/workflows/ci.yml', html_url: 'https://github.com/acme/api/actions/runs/9' },
    ...{ repository: { id: 1 }, head_repository: { id: 1 } },
  };
  const bytes = (text: string) => new TextEncoder().encode(text);

  it('does not get the token at the storage that it redirects to', async () => {
    const { seen, found } = await lying(good, zipSync({ 'coverage.json': bytes('figures') }));
    expect(contentOf(found)).toBe('figures, run 4, exact: true');
    expect(seen).toEqual([undefined]);
  });

  it('is what the last attempt has left, which can have the lower id', async () => {
    const of = (id: number, created_at: string) => {
      return { id, name: 'coverage-api', size_in_bytes: 10, expired: false, created_at };
    };
    const attempts = [of(8604, '2026-09-14T08:38:28Z'), of(4730, '2026-09-14T08:49:55Z')];
    const { asked } = await lying(good, zipSync({ 'coverage.json': bytes('figures') }), attempts);
    expect(asked.filter((url) => url.endsWith('/zip'))).toEqual(['/repos/acme/api/actions/artifacts/4730/zip']);
  });

  it.each([
    ['event', 'pull_request'],
    ['conclusion', 'failure'],
    ['head_branch', 'feature'],
    ['path', '.github/workflows/other.yml'],
    ['head_repository', { id: 2 }],
    ['head_repository', null],
  ])('is not believed a run whose %s is %j', async (field, value) => {
    const { found } = await lying({ ...good, [field]: value }, zipSync({ 'coverage.json': bytes('forged') }));
    expect(found.kind).toBe('none');
  });

  it('may send no archive, or one that says less than it holds', async () => {
    expect(contentOf((await lying(good, bytes('no archive'))).found)).toContain('is no archive that can be unpacked');
    const bomb = zipSync({ 'coverage.json': new Uint8Array(3_000_000) });
    const view = new DataView(bomb.buffer, bomb.byteOffset, bomb.byteLength);
    for (let at = bomb.length - 22; at >= 0; at -= 1) {
      if (view.getUint32(at, true) !== 0x02014b50) continue;
      view.setUint32(at + 24, 10, true);
      break;
    }
    const { found } = await lying(good, bomb);
    expect(found.kind === 'found' ? found.content.length : found.reason).toBe(10);
  });
});
