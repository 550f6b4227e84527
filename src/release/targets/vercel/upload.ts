import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import type { VercelApi } from './api.ts';
import { refused } from './faults.ts';
import { contentOf, type DeployedFile } from './files.ts';

/** Files that are uploaded at once. */
const AT_ONCE = 16;

/**
 * Uploads the files of some digests (POST /v2/files). Vercel keeps them by their digest: what is there already is not
 * asked for.
 *
 * @param missing digests that Vercel has not
 * @throws ConfigurationError PIPE-VERCEL-011 a file has changed since it was hashed
 */
export async function uploadFiles(
  api: VercelApi,
  files: readonly DeployedFile[],
  missing: readonly string[],
): Promise<void> {
  const bySha = new Map(files.map((file) => [file.sha, file]));
  const wanted = [...new Set(missing)].flatMap((sha) => bySha.get(sha) ?? []);
  let next = 0;
  const work = async () => {
    for (let file = wanted[next++]; file !== undefined; file = wanted[next++]) await upload(api, file);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function upload(api: VercelApi, { from, path, sha, size }: DeployedFile): Promise<void> {
  const body = await contentOf(from, path);
  if (body.length !== size) throw changed(path);
  const { refusal } = await api.ask({
    method: 'POST',
    path: '/v2/files',
    headers: { 'content-type': 'application/octet-stream', 'x-now-digest': sha, 'x-now-size': String(size) },
    body,
    // The same bytes under the same digest.
    idempotent: true,
  });
  if (refusal !== undefined) throw refused(`take the file ${shown(path, 200)}`, refusal, 'nothing was staged');
}

function changed(path: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERCEL-011',
    what: `the file ${shown(path, 200)} changed while it was deployed`,
    accepted: 'files that stay as they are',
    remedy: 'end what writes to it before this step',
    state: 'nothing was staged',
  });
}
