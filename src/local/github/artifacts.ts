import type { KnownArtifact, KnownRun } from '../state/memory.ts';
import { type Answer, type Call, notFound, problem, type Route } from './api.ts';
import { type Addresses, idOf } from './objects.ts';
import type { SignedFiles } from './signed-files.ts';

const ACTIONS = [{ scope: 'actions', level: 'read' }] as const;

const PAGE = 'actions/artifacts#';

interface Found {
  readonly run: KnownRun;
  readonly artifact: KnownArtifact;
}

/**
 * Artifacts of the repository and of a run (https://docs.github.com/rest/actions/artifacts). A download answers with an
 * address of its own, which wants no token and is good for a minute.
 */
export function artifactRoutes(runs: () => Promise<readonly KnownRun[]>, files: SignedFiles): readonly Route[] {
  const all = async (): Promise<readonly Found[]> => {
    const found = (await runs()).flatMap((run) => run.artifacts.map((artifact) => ({ run, artifact })));
    return found.sort((a, b) => b.artifact.id - a.artifact.id);
  };

  const list = ({ query, addresses }: Call, among: readonly Found[]): Answer => {
    const name = query.get('name');
    const items = among.filter(({ artifact }) => name === null || artifact.name === name);
    return { status: 200, list: { items: items.map((found) => artifactObject(found, addresses)), name: 'artifacts' } };
  };

  const ofRun = async (call: Call): Promise<Answer> => {
    const run = (await runs()).find(({ id }) => id === Number(call.params['run_id']));
    if (run === undefined) return notFound(`${PAGE}list-workflow-run-artifacts`);
    const newestFirst = [...run.artifacts].sort((a, b) => b.id - a.id);
    const among = newestFirst.map((artifact) => ({ run, artifact }));
    return list(call, call.query.get('direction') === 'asc' ? among.reverse() : among);
  };

  const find = async (call: Call) =>
    (await all()).find(({ artifact }) => artifact.id === Number(call.params['artifact_id']));

  const one = async (call: Call): Promise<Answer> => {
    const found = await find(call);
    if (found === undefined) return notFound(`${PAGE}get-an-artifact`);
    return { status: 200, body: artifactObject(found, call.addresses) };
  };

  const download = async (call: Call): Promise<Answer> => {
    const found = await find(call);
    if (found === undefined || call.params['archive_format'] !== 'zip') return notFound(`${PAGE}download-an-artifact`);
    if (found.artifact.isExpired) {
      return { status: 410, body: problem('Artifact has expired', `${PAGE}download-an-artifact`, 410) };
    }
    return { status: 302, headers: { location: files.sign(found.artifact.name, found.artifact.read) } };
  };

  const base = '/repos/{owner}/{repo}/actions';
  const shared = { method: 'GET', needs: ACTIONS } as const;
  return [
    {
      ...{ ...shared, path: `${base}/artifacts`, page: `${PAGE}list-artifacts-for-a-repository` },
      handle: async (call) => list(call, await all()),
    },
    {
      ...{ ...shared, path: `${base}/runs/{run_id}/artifacts`, page: `${PAGE}list-workflow-run-artifacts` },
      handle: ofRun,
    },
    { ...shared, path: `${base}/artifacts/{artifact_id}`, page: `${PAGE}get-an-artifact`, handle: one },
    {
      ...{ ...shared, path: `${base}/artifacts/{artifact_id}/{archive_format}`, page: `${PAGE}download-an-artifact` },
      handle: download,
    },
  ];
}

/** `artifact` */
function artifactObject({ run, artifact }: Found, addresses: Addresses) {
  const { id, name, size, digest, isExpired, createdAt, expiresAt } = artifact;
  const repository = `${addresses.owner}/${addresses.name}`;
  const url = `${addresses.api}/repos/${repository}/actions/artifacts/${id}`;
  return {
    id,
    node_id: Buffer.from(`Artifact:${id}`).toString('base64url'),
    name,
    size_in_bytes: size,
    url,
    archive_download_url: `${url}/zip`,
    expired: isExpired,
    digest: `sha256:${digest}`,
    created_at: createdAt,
    updated_at: createdAt,
    expires_at: expiresAt,
    workflow_run: {
      id: run.id,
      repository_id: idOf(repository),
      head_repository_id: idOf(run.headRepository),
      head_branch: run.headBranch,
      head_sha: run.headSha,
    },
  };
}
