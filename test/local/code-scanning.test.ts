import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { Permissions } from '../../src/local/run.ts';
import { openWitness } from '../support/github/openapi.ts';
import { serveGitHub, type TestGitHub } from '../support/github/serve.ts';
import { makeBundle, makeProject, REPOSITORY, runSample, temporaryFolder, workflow, writeTree } from './fixtures.ts';

const open: TestGitHub[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ close }) => close()));
});

async function serve(permissions: Permissions = { 'security-events': 'write' }): Promise<TestGitHub> {
  const github = await serveGitHub({ permissions });
  open.push(github);
  return github;
}

const packed = (sarif: unknown) =>
  gzipSync(typeof sarif === 'string' ? sarif : JSON.stringify(sarif)).toString('base64');

const upload = (sarif: string, more: object = {}) => ({
  ...{ commit_sha: 'a'.repeat(40), ref: 'refs/heads/main', sarif },
  ...more,
});

async function ask(github: TestGitHub, body: object) {
  const address = `${github.url}/repos/acme/api/code-scanning/sarifs`;
  const headers = { authorization: `Bearer ${github.token}` };
  const answer = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) });
  const receipt = (await answer.json()) as { id?: string; url?: string; message?: string };
  if (receipt.url === undefined) return { status: answer.status, message: receipt.message };
  const status = (await (await fetch(receipt.url, { headers })).json()) as Record<string, unknown>;
  return { status: answer.status, ...status };
}

const result = (more: object = {}) => ({
  message: { text: 'x' },
  locations: [{ physicalLocation: { artifactLocation: { uri: 'a.ts' }, region: { startLine: 1 } } }],
  ...more,
});
const run = (more: object = {}) => ({ tool: { driver: { name: 'Trivy' } }, results: [result()], ...more });
const sarif = (...runs: readonly object[]) => ({ version: '2.1.0', runs });

/** What GitHub says of a file that it took in. */
async function errorsOf(file: unknown): Promise<unknown> {
  return ask(await serve(), upload(packed(file)));
}

describe('code scanning', () => {
  test('takes what a linter really writes, as GitHub describes it', async () => {
    const folder = writeTree(temporaryFolder('sarif'), { 'a.js': 'debugger;\nvar b = 1;\n' });
    const biome = join(REPOSITORY, 'node_modules/.bin/biome');
    const args = ['lint', '--reporter=sarif', '--reporter-file=found.sarif', '--max-diagnostics=50', 'a.js'];
    expect(() => execFileSync(biome, args, { cwd: folder, stdio: 'pipe' })).toThrow();
    const file = execFileSync('cat', ['found.sarif'], { cwd: folder, encoding: 'utf8' });
    const github = await serve();
    const body = upload(packed(file), { ref: 'refs/pull/1/merge', tool_name: 'x' });
    const taken = await ask(github, body);
    expect(taken).toMatchObject({ status: 202, processing_status: 'complete', errors: null });
    expect(github.codeScanning()).toMatchObject([
      { job: 'job', ref: 'refs/pull/1/merge', errors: [], analyses: [{ tool: 'Biome', category: '' }] },
    ]);
    expect(github.codeScanning()[0]?.analyses[0]?.results).toBeGreaterThan(0);
    await ask(github, upload(packed({ version: '2.1.0' })));
    await ask(github, upload('%'));
    await ask(github, {});
    const witness = await openWitness();
    expect(github.requests.map(({ status }) => status)).toEqual([202, 200, 202, 200, 400, 422]);
    expect(github.requests.flatMap((exchange) => witness(exchange))).toEqual([]);
  });

  test('wants `security-events: write`', async () => {
    expect(await ask(await serve({ 'security-events': 'read' }), upload(packed(sarif(run()))))).toEqual({
      status: 403,
      message: 'Resource not accessible by integration',
    });
  });

  test.each([
    ['no base64', upload('%%%%'), 400, 'not valid base64'],
    ['not compressed', upload(Buffer.from('{}').toString('base64')), 400, 'not compressed by gzip'],
    ['no JSON', upload(packed('{"version": ')), 400, 'It is no JSON'],
    ['a short commit', upload(packed(sarif(run())), { commit_sha: 'abc' }), 422, '"commit_sha"'],
    ['a branch for a ref', upload(packed(sarif(run())), { ref: 'main' }), 422, '"ref"'],
    ['no file', { commit_sha: 'a'.repeat(40), ref: 'refs/heads/main' }, 422, '"sarif" wasn\'t supplied'],
    ['11 MB', upload(gzipSync(randomBytes(11_000_000)).toString('base64')), 413, 'too large'],
  ])('refuses %s at once', async (_what, body, status, message) => {
    expect(await ask(await serve(), body)).toEqual({ status, message: expect.stringContaining(message) });
  });

  const at = (region: object) => ({ physicalLocation: { artifactLocation: { uri: 'a' }, region } });

  test.each([
    ['another version', { ...sarif(run()), version: '2.0.0' }, 'version is "2.0.0", not "2.1.0"'],
    ['no runs', { version: '2.1.0' }, 'runs is no list'],
    ['a tool without a name', sarif(run({ tool: {} })), 'runs[0].tool.driver.name is missing'],
    ['no results', sarif(run({ results: undefined })), 'runs[0].results is no list'],
    ['no message', sarif(run({ results: [result({ message: {} })] })), 'runs[0].results[0].message.text is missing'],
    ['no place', sarif(run({ results: [result({ locations: [] })] })), 'runs[0].results[0] has no location'],
    ['line 0', sarif(run({ results: [result({ locations: [at({ startLine: 0 })] })] })), 'region.startLine is no line'],
    ['an odd level', sarif(run({ results: [result({ level: 'high' })] })), 'level is "high", none of'],
    ['a rule that is not there', sarif(run({ results: [result({ ruleIndex: 3 })] })), 'ruleIndex points at no rule'],
    [
      'too many results',
      sarif(run({ results: Array.from({ length: 25_001 }, () => result()) })),
      'rejecting SARIF, as there are more results per run than allowed (25001 > 25000)',
    ],
    [
      'too many runs',
      sarif(...Array.from({ length: 21 }, (_, index) => run({ automationDetails: { id: `${index}/` } }))),
      'rejecting SARIF, as there are more runs than allowed (21 > 20)',
    ],
    [
      'a category twice',
      sarif(run({ automationDetails: { id: 'image/a' } }), run({ automationDetails: { id: 'image/b' } })),
      'rejecting SARIF, as there are multiple runs of Trivy with the category "image"',
    ],
  ])('rejects a file with %s while it processes it', async (_what, file, error) => {
    expect(await errorsOf(file)).toEqual({
      ...{ status: 202, processing_status: 'failed', analyses_url: null },
      errors: [expect.stringContaining(error)],
    });
  });

  test('takes 25,000 results, and several runs with categories of their own', async () => {
    const many = run({ results: Array.from({ length: 25_000 }, () => result()) });
    const other = run({ automationDetails: { id: 'image/api/' } });
    expect(await errorsOf(sarif(many, other))).toMatchObject({ processing_status: 'complete' });
  });

  test('says which upload took the place of which', async () => {
    const github = await serve();
    const categories = ['image/api/', 'image/web/', 'image/api/'];
    for (const id of categories) await ask(github, upload(packed(sarif(run({ automationDetails: { id } })))));
    await ask(github, upload(packed(sarif(run({ automationDetails: { id: 'image/web/' } }))), { ref: 'refs/heads/x' }));
    const [first, second, third, fourth] = github.codeScanning();
    expect(first?.replacedBy).toBe(third?.id);
    expect([second, third, fourth].map((one) => one?.replacedBy)).toEqual([undefined, undefined, undefined]);
  });

  test('is in the result of a run, and told at its end', async () => {
    const body = JSON.stringify(upload(packed(sarif(run()))));
    const bundle = makeBundle({
      'w.yml': workflow(`
  report:
    permissions: {security-events: write}
    runs-on: ubuntu-latest
    steps: [{uses: $/actions/probe, with: {request: 'POST /repos/{repo}/code-scanning/sarifs ${body}'}}]
`),
    });
    const ended: unknown[] = [];
    const { codeScanning } = await runSample(bundle, makeProject(), {
      onEvent: (event) => {
        if (event.kind === 'end') ended.push(...event.end.codeScanning);
      },
    });
    expect(codeScanning).toMatchObject([
      { job: 'report', analyses: [{ tool: 'Trivy', results: 1 }], sarif: sarif(run()) },
    ]);
    expect(ended).toMatchObject([{ job: 'report', analyses: [{ tool: 'Trivy', category: '', results: 1 }] }]);
    expect(JSON.stringify(ended)).not.toContain('"sarif"');
  });
});
