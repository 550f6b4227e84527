import { describe, expect, it } from 'vitest';
import { inputs } from '../../src/verify/publish-release/inputs.ts';
import { run } from '../../src/verify/publish-release/run.ts';
import { stepContext } from '../release/context.ts';
import { openWitness } from '../support/github/openapi.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';
import { standBetween } from './between.ts';
import {
  DIGEST,
  environmentOf,
  failureOf,
  githubOf,
  type Repository,
  readGiven,
  repositoryWithHistory,
} from './repository.ts';

const RELEASE = 'cloud-run://acme-production/europe-west1/api/api-00043-kix';

async function publishJob(repository: Repository, given: Readonly<Record<string, string>>, permissions = 'write') {
  const github = await githubOf(repository, {
    permissions: { actions: 'read', contents: permissions as 'read' | 'write' },
  });
  const workspace = await temporaryFolder();
  const publish = async (environment = environmentOf(github)) => {
    const context = stepContext({ workspace, temp: workspace, environment });
    const all = { environment: 'production', release: RELEASE, 'github-token': github.token, ...given };
    return (await run(await readGiven(inputs, all, workspace), context)).outputs;
  };
  const asked = () =>
    github.requests.map(({ method, path, status }) => `${method} ${path.split('/api/')[1]} ${status}`);
  return { github, publish, asked };
}

const repositoryOfItsOwn = async () => repositoryWithHistory(await temporaryFolder());

describe('the GitHub release of what serves', () => {
  it('is made with its tag, the tag first, where the commit touches workflow files too', async () => {
    const repository = await repositoryOfItsOwn();
    await writeFiles(repository.folder, { '.github/workflows/ci.yml': 'on: push\n' });
    repository.git('add', '-A');
    repository.git('commit', '-qm', 'change the workflow');
    const commit = repository.git('rev-parse', 'HEAD');
    const { publish, github, asked } = await publishJob(repository, {
      ...{ tag: 'v1.2.0', commit, digest: DIGEST, url: 'https://api.example.com', reason: 'INC-42 <b>' },
      ...{ 'verified-by': 'staging: health', run: 'https://github.com/acme/api/actions/runs/900' },
    });
    expect(await publish()).toEqual({
      'release-url': 'https://github.com/acme/api/releases/tag/v1.2.0',
      created: true,
    });
    expect(repository.git('rev-parse', 'v1.2.0')).toBe(commit);
    expect(asked()).toEqual([
      'GET git/ref/tags%2Fv1.2.0 404',
      'POST git/refs 201',
      'GET releases/tags/v1.2.0 404',
      'GET actions/runs/2000000000/approvals 200',
      'POST releases 201',
    ]);
    const body = github.requests.at(-1)?.requestBody as Record<string, unknown>;
    expect(body).toMatchObject({ tag_name: 'v1.2.0', generate_release_notes: true, prerelease: false });
    expect(body['body']).toContain(`Image: <code>${DIGEST}</code>`);
    expect(body['body']).toContain('INC&#45;42 &lt;b&gt;');
    expect(body['body']).toContain('Approved: octocat approved production');
    const witness = await openWitness();
    expect(github.requests.flatMap((exchange) => witness(exchange))).toEqual([]);
  });

  it('is left as it is when it is there, and so is its tag', async () => {
    const repository = await repositoryOfItsOwn();
    const { publish, asked } = await publishJob(repository, { tag: 'v1.1.0', commit: repository.third });
    expect(await publish()).toMatchObject({ created: true });
    expect(await publish()).toMatchObject({ created: false });
    expect(asked().filter((line) => line.startsWith('POST'))).toEqual(['POST releases 201']);
  });

  it('is one before the release where the version has a hyphen', async () => {
    const repository = await repositoryOfItsOwn();
    const { publish, github } = await publishJob(repository, { tag: 'v2.0.0-rc.1', commit: repository.third });
    await publish();
    expect(github.requests.at(-1)?.requestBody).toMatchObject({ prerelease: true });
  });

  it('moves no tag that others may have, and says that the release serves all the same', async () => {
    const repository = await repositoryOfItsOwn();
    const { publish, asked } = await publishJob(repository, { tag: 'v1.0.0', commit: repository.third });
    const failure = await failureOf(publish);
    expect(failure).toMatch(/^PIPE-VERIFY-012: production serves .*PIPE-VERIFY-011/);
    expect(failure).toContain(RELEASE);
    expect(failure).toContain('nothing of it was taken back');
    expect(asked().some((line) => line.startsWith('POST'))).toBe(false);
    expect(repository.git('rev-parse', 'v1.0.0')).toBe(repository.first);
  });

  it('says that the release serves when the token may not write', async () => {
    const repository = await repositoryOfItsOwn();
    const { publish } = await publishJob(repository, { tag: 'v1.2.0', commit: repository.third }, 'read');
    expect(await failureOf(publish)).toMatch(/^PIPE-VERIFY-012: production serves .*PIPE-GITHUB-002/);
  });

  it('is not made twice when an answer is lost: what is there is read', async () => {
    const repository = await repositoryOfItsOwn();
    const { publish, github, asked } = await publishJob(repository, { tag: 'v1.2.0', commit: repository.third });
    const url = await standBetween(github.url, ({ method }, text) => (method === 'POST' ? undefined : text));
    expect(await publish({ ...environmentOf(github), GITHUB_API_URL: url })).toMatchObject({ created: true });
    expect(asked().filter((line) => line.startsWith('POST'))).toEqual(['POST git/refs 201', 'POST releases 201']);
    expect(repository.git('rev-parse', 'v1.2.0')).toBe(repository.third);
  });
});
