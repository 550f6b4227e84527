import { describe, expect, test } from 'vitest';
import { makeBundle, makeProject, runSample, temporaryFolder, workflow } from './fixtures.ts';

/** One step that asks the API, as a job of its own. */
const asks = (id: string, permissions: string, request: string) => `
  ${id}:
    permissions: ${permissions}
    runs-on: ubuntu-latest
    steps: [{uses: $/actions/probe, with: {request: '${request}'}}]
`;

const COMMENT = 'POST /repos/{repo}/issues/1/comments {"body":"hello"}';

describe("a job's token", () => {
  test("does what its own job's permission block allows, and gets GitHub's 403 for the rest", async () => {
    const bundle = makeBundle({
      'w.yml': workflow(
        asks('writes', '{pull-requests: write}', COMMENT) +
          asks('reads', '{pull-requests: read}', COMMENT) +
          asks('none', '{}', 'GET /repos/{repo}/pulls/1') +
          asks('sees', '{pull-requests: read}', 'GET /repos/{repo}/pulls/1') +
          asks('user', '{contents: write}', 'GET /user') +
          asks('unknown', '{contents: write}', 'GET /repos/{repo}/milestones'),
      ),
    });
    const result = await runSample(bundle, makeProject(), { event: { name: 'pull_request' } });
    const statuses = Object.fromEntries(result.requests.map(({ job, status }) => [job, status]));
    expect(statuses).toEqual({ writes: 201, reads: 403, none: 403, sees: 200, user: 403, unknown: 404 });
    const refused = result.requests.find(({ job }) => job === 'reads')?.responseBody;
    expect(refused).toMatchObject({ message: 'Resource not accessible by integration', status: '403' });
    expect(result.comments).toMatchObject([{ issue: 1, author: 'github-actions[bot]', body: 'hello', updates: 0 }]);
  });

  test('takes the block of the workflow where the job has none, and what the caller grants where neither has', async () => {
    const bundle = makeBundle({
      'w.yml': `on: {workflow_call: {}}
jobs:
  called: {uses: $/.github/workflows/without.yml, permissions: {issues: write}}
  other: {uses: $/.github/workflows/with.yml, permissions: {issues: write, contents: read}}`,
      'without.yml': `on: {workflow_call: {}}\njobs:${asks('job', '', COMMENT).replace(/ {4}permissions.*\n/, '')}`,
      'with.yml': `on: {workflow_call: {}}\npermissions: {issues: read}\njobs:${asks('job', '', COMMENT).replace(/ {4}permissions.*\n/, '')}`,
    });
    const result = await runSample(bundle, makeProject(), { event: { name: 'pull_request' } });
    const statuses = Object.fromEntries(result.requests.map(({ job, status }) => [job, status]));
    expect(statuses).toEqual({ 'called/job': 201, 'other/job': 403 });
  });

  test.each(['fork', 'dependabot'] as const)(
    'reads only on a pull request of %s, and secrets are empty',
    async (from) => {
      const jobs = `${asks('writes', '{pull-requests: write, id-token: write}', COMMENT)}
  secret:
    runs-on: ubuntu-latest
    steps: [{uses: $/actions/probe, with: {print: "<\${{ secrets.npm-token }}> \${{ github.actor }}"}}]
`;
      const bundle = makeBundle({ 'w.yml': workflow(jobs, '    secrets: {npm-token: {required: false}}') });
      const event = { name: 'pull_request', from } as const;
      const result = await runSample(bundle, makeProject(), { event, secrets: { 'npm-token': 'abcdefgh' } });
      expect(result.requests.map(({ status }) => status)).toEqual([403]);
      const actor = from === 'fork' ? 'contributor' : 'dependabot[bot]';
      expect(result.jobs[1]?.steps[0]?.log).toBe(`<> ${actor}`);
    },
  );

  test('finds comments that were there before, with their authors', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(asks('a', '{issues: read}', 'GET /repos/{repo}/issues/1/comments?per_page=1&page=2')),
    });
    const comments = [{ body: 'mine' }, { body: 'theirs', author: 'octocat' }];
    const result = await runSample(bundle, makeProject(), { event: { name: 'pull_request' }, comments });
    expect(result.requests[0]?.responseBody).toMatchObject([
      { body: 'theirs', user: { login: 'octocat', type: 'User' } },
    ]);
  });
});

describe('the start of a run', () => {
  const needsWrite = makeBundle({
    'w.yml': workflow(
      asks('report', '{pull-requests: write, contents: read}', COMMENT),
      `
    inputs:
      gate: {type: string}
      count: {type: number}
      fast: {type: boolean}
      service: {type: string, required: true}
    secrets: {npm-token: {required: true}}
`,
    ),
  });
  const given = { inputs: { service: 'api' }, secrets: { 'npm-token': 'x' } };

  test('refuses permissions that the caller does not grant, in GitHub words', async () => {
    const permissions = { contents: 'read', 'pull-requests': 'read' } as const;
    await expect(runSample(needsWrite, makeProject(), { ...given, permissions })).rejects.toThrow(
      "The workflow is not valid. Error calling workflow 'org/pipelines/.github/workflows/w.yml@v1'. The nested job " +
        "'report' is requesting 'pull-requests: write', but is only allowed 'pull-requests: read'.",
    );
  });

  test('refuses unknown, missing and wrongly typed inputs and secrets, all together', async () => {
    const inputs = { gaet: 'off', count: 'many', fast: 'yes' };
    await expect(runSample(needsWrite, makeProject(), { ...given, inputs })).rejects.toThrow(
      'w.yml: Invalid input, gaet is not defined in the referenced workflow (did you mean "gate"?); ' +
        "Unexpected value 'many' for input count: it takes a number; " +
        "Unexpected value 'yes' for input fast: it takes true or false; " +
        'Input service is required, but not provided while calling',
    );
    const secrets = { 'npm-tokn': 'x' };
    await expect(runSample(needsWrite, makeProject(), { ...given, secrets })).rejects.toThrow(
      'w.yml: Invalid secret, npm-tokn is not defined in the referenced workflow (did you mean "npm-token"?); ' +
        'Secret npm-token is required, but not provided while calling',
    );
  });

  test('refuses a workflow that act cannot run, with the reason', async () => {
    const bundle = makeBundle({
      'w.yml': workflow('  a: {runs-on: ubuntu-latest, steps: [{uses: 1, run: x, bogus: y}]}'),
    });
    await expect(runSample(bundle, makeProject())).rejects.toThrow(/the workflow cannot run here: .*bogus/);
  });
});

describe('artifacts', () => {
  const sha = '0123456789abcdef0123456789abcdef01234567';

  test('travel from job to job as plain files, hidden ones left out', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(`
  build:
    runs-on: ubuntu-latest
    steps:
      - {run: 'mkdir -p out/sub; echo 1 > out/a.txt; echo 2 > out/sub/b.txt; echo 3 > out/.hidden; chmod 755 out/a.txt'}
      - {uses: actions/upload-artifact@${sha}, with: {name: build, path: out}}
      - {uses: actions/upload-artifact@${sha}, with: {name: one, path: out/a.txt}}
      - {uses: actions/upload-artifact@${sha}, with: {name: matched, path: "out/**/*.txt\\n!out/a.txt"}}
      - {uses: actions/upload-artifact@${sha}, with: {name: none, path: nowhere}}
      - {uses: actions/upload-artifact@${sha}, continue-on-error: true, with: {name: build, path: out}}
      - {uses: actions/upload-artifact@${sha}, continue-on-error: true, with: {name: x, path: nowhere, if-no-files-found: error}}
  use:
    needs: build
    runs-on: ubuntu-latest
    steps:
      - {uses: actions/download-artifact@${sha}, with: {name: build, path: in}}
      - {run: 'find in -type f | sort; stat -c %a in/a.txt'}
      - {uses: actions/download-artifact@${sha}, with: {pattern: "*e*", path: all}}
      - {run: 'find all -type f | sort'}
      - {uses: actions/download-artifact@${sha}, continue-on-error: true, with: {name: missing}}
`),
    });
    const result = await runSample(bundle, makeProject());
    expect(result.conclusion).toBe('success');
    const logs = result.jobs[1]?.steps.map(({ log }) => log.split('\n'));
    expect(logs?.[1]).toEqual(['in/a.txt', 'in/sub/b.txt', '644']);
    expect(logs?.[3]).toEqual(['all/matched/sub/b.txt', 'all/one/a.txt']);
    const warnings = result.annotations.map(({ level, message }) => `${level}: ${message}`);
    expect(warnings).toEqual([
      'warning: No files were found with the provided path: nowhere. No artifacts will be uploaded.',
      expect.stringContaining('(409) Conflict: an artifact with this name already exists on the workflow run'),
      'error: No files were found with the provided path: nowhere. No artifacts will be uploaded.',
      'error: Unable to download artifact(s): Artifact not found for name: missing',
    ]);
  });

  test('have names as GitHub wants them, and may take the place of another where asked', async () => {
    const step = (inputs: string) =>
      `      - {uses: actions/upload-artifact@${sha}, continue-on-error: true, with: {${inputs}}}\n`;
    const bundle = makeBundle({
      'w.yml': workflow(`
  a:
    runs-on: ubuntu-latest
    steps:
      - {run: 'mkdir odd; echo 1 > a.txt; echo 2 > b.txt; echo 3 > "odd/a:b"'}
${step("name: 'a/b', path: a.txt")}${step("name: '', path: a.txt")}${step("name: 'x*', path: a.txt")}${step('name: odd, path: odd')}${step('path: a.txt, retention-days: 5, compression-level: 0')}${step('name: artifact, path: b.txt, overwrite: true')}${step('name: y, path: a.txt, compression-level: 11')}      - {uses: actions/download-artifact@${sha}, with: {path: all}}
      - {run: 'find all -type f | sort; cat all/artifact/b.txt'}
`),
    });
    const result = await runSample(bundle, makeProject());
    expect(result.annotations.map(({ message }) => message)).toEqual([
      'The artifact name is not valid: a/b. Contains the following character: Forward slash /',
      'Provided artifact name input during validation is empty',
      'The artifact name is not valid: x*. Contains the following character: Asterisk *',
      'The path for one of the files in artifact is not valid: a:b. Contains the following character: Colon :',
      'Invalid compression-level: 11',
    ]);
    expect(result.jobs[0]?.steps.at(-1)?.log.split('\n')).toEqual(['all/artifact/b.txt', '2']);
    expect(result.artifacts).toEqual([{ id: 1_000_000_001_001, name: 'artifact', size: expect.any(Number) }]);
  });

  test('of another run are downloaded by its id, by a token that may read actions', async () => {
    const download = (id: string, permissions: string, inputs: string) => `
  ${id}:
    permissions: ${permissions}
    runs-on: ubuntu-latest
    steps:
      - {uses: actions/download-artifact@${sha}, continue-on-error: true, with: {path: in, run-id: 7, ${inputs}}}
      - {run: 'cat in/totals.json'}
`;
    const token = "github-token: '${{ github.token }}'";
    const bundle = makeBundle({
      'w.yml': workflow(
        download('may', '{actions: read}', `name: coverage, ${token}`) +
          download('by-id', '{actions: read}', `artifact-ids: 7001, ${token}`) +
          download('may-not', '{contents: read}', `name: coverage, ${token}`) +
          download('without', '{actions: read}', 'name: coverage') +
          download('elsewhere', '{actions: read}', `name: coverage, repository: acme/other, ${token}`) +
          download('expired', '{actions: read}', `name: old, ${token}`),
      ),
    });
    const run = { id: 7, runNumber: 3, path: '.github/workflows/ci.yml', event: 'push', headBranch: 'main' };
    const artifacts = [
      { name: 'coverage', files: { 'totals.json': 'of run 7' } },
      { name: 'old', files: {}, isExpired: true },
    ];
    const runs = [{ ...run, headSha: 'a'.repeat(40), status: 'completed', conclusion: 'success', artifacts }] as const;
    const result = await runSample(bundle, makeProject(), { runs });
    const said = result.jobs.map(
      ({ id, steps }) => `${id}: ${steps.map(({ log }) => log.split('\n').at(-1)).join(' ')}`,
    );
    const problem = 'error: Unable to download artifact(s): ';
    const nothing = 'cat: in/totals.json: No such file or directory';
    expect(said).toEqual([
      'may: Artifact coverage downloaded of run 7',
      'by-id: Total of 1 artifact(s) downloaded of run 7',
      `may-not: ${problem}Resource not accessible by integration ${nothing}`,
      `without: ${problem}Artifact not found for name: coverage ${nothing}`,
      `elsewhere: ${problem}Not Found (run 7) ${nothing}`,
      `expired: ${problem}Artifact not found for name: old ${nothing}`,
    ]);
  });
});

describe('the cache of a run', () => {
  test("is kept between runs, in the scope of the run's ref", async () => {
    // The action saves and restores through the real @actions/cache of this repository.
    const program = `import { mkdirSync, writeFileSync } from 'node:fs';
import { restoreCache, saveCache } from ${JSON.stringify(import.meta.resolve('@actions/cache'))};
mkdirSync('kept', { recursive: true });
console.log('restored ' + (await restoreCache(['kept'], 'key-1', ['key-'])));
writeFileSync('kept/file', 'content');
await saveCache(['kept'], 'key-1');
`;
    const job = (mode: string, needs: string) => `
  ${mode}:
    needs: ${needs}
    cache-mode: ${mode}
    runs-on: ubuntu-latest
    steps: [{uses: $/actions/probe}]
`;
    const bundle = makeBundle(
      { 'w.yml': workflow(job('write', '[]') + job('read', 'write')) },
      { 'dist/probe.js': program },
    );
    const project = makeProject();
    const cacheFolder = temporaryFolder('cache');
    const calls = (result: Awaited<ReturnType<typeof runSample>>) =>
      result.cacheCalls.map(({ job, method, hit }) => `${job} ${method}${hit === undefined ? '' : ` hit ${hit}`}`);
    const pull = await runSample(bundle, project, { event: { name: 'pull_request' }, cacheFolder });
    expect(calls(pull)).toEqual([
      'write GetCacheEntryDownloadURL',
      'write CreateCacheEntry',
      'write FinalizeCacheEntryUpload',
      'read GetCacheEntryDownloadURL hit key-1',
    ]);
    const push = await runSample(bundle, project, { cacheFolder });
    expect(calls(push)[0]).toBe('write GetCacheEntryDownloadURL');
    const again = await runSample(bundle, project, { cacheFolder });
    expect(calls(again)[0]).toBe('write GetCacheEntryDownloadURL hit key-1');
  });
});
