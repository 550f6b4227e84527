import { shown } from '../runtime/errors.ts';
import { addressOf, ask } from './ask.ts';
import type { GitHub } from './client.ts';
import type { AnswerOf, Call } from './types.ts';

/** A file in an artifact. */
export interface ArtifactFile {
  /** Name of the artifact. */
  readonly artifact: string;
  /** Name of the file in it. */
  readonly file: string;
  /** Largest size in bytes, of the artifact as it is packed and of the file as it is unpacked; at most 64 MiB. */
  readonly limit: number;
}

/** Permission that all of it needs. */
const PERMISSION = 'actions: read';

type Run = Pick<
  AnswerOf<'/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', 'GET'>['workflow_runs'][number],
  'id' | 'run_number'
>;
type Artifact = AnswerOf<'/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts', 'GET'>['artifacts'][number];

/**
 * The file of a run's artifact, or why there is none, as a phrase about the run ("its artifact has expired").
 *
 * REST API: "List workflow run artifacts", "Download an artifact" (docs.github.com/rest/actions). The download is a
 * redirect that is followed without the token.
 *
 * @throws ConfigurationError and OutsideFault as `ask`
 */
export async function fileOfRun(github: GitHub, run: Run, wish: ArtifactFile): Promise<Buffer | string> {
  const { artifacts } = await ask(github, 'GET', '/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts', {
    doing: `list the artifacts of run ${run.run_number}`,
    permission: PERMISSION,
    path: { run_id: Number(run.id) },
    query: { name: wish.artifact, per_page: 100 },
  });
  // Each attempt of a run can leave one: the newest counts, and a later one can have the lower id.
  const time = ({ created_at: at }: Artifact) => Date.parse(at ?? '') || 0;
  const named = artifacts
    .filter(({ name }) => name === wish.artifact)
    .sort((left, right) => time(right) - time(left) || Number(right.id) - Number(left.id));
  const artifact = named.find(({ expired }) => !expired);
  if (artifact === undefined) return named.length > 0 ? 'its artifact has expired' : 'it has left no such artifact';
  const size = artifact.size_in_bytes;
  if (size > wish.limit) return `its artifact has ${size} bytes, ${wish.limit} at most`;
  return unpacked(await downloaded(github, artifact), wish);
}

async function downloaded(github: GitHub, artifact: Artifact): Promise<Buffer> {
  const path = '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}';
  const call: Call<typeof path, 'GET'> = {
    doing: `download the artifact ${shown(artifact.name)}`,
    permission: PERMISSION,
    path: { artifact_id: Number(artifact.id), archive_format: 'zip' },
  };
  const url = addressOf<'GET', typeof path>(github, path, call);
  const { body } = await github.send({ method: 'GET', url, doing: call.doing, permission: PERMISSION });
  return body;
}

async function unpacked(archive: Buffer, { file, limit }: ArtifactFile): Promise<Buffer | string> {
  if (archive.length > limit) return `its artifact has ${archive.length} bytes, ${limit} at most`;
  const { unzipSync } = await import('fflate');
  let tooLarge: number | undefined;
  let entries: Readonly<Record<string, Uint8Array>>;
  try {
    entries = unzipSync(archive, {
      filter: ({ name, originalSize }) => {
        // The unpacker writes no byte more than the directory of the archive promises, whatever is packed.
        if (name === file && originalSize > limit) tooLarge = originalSize;
        return name === file && originalSize <= limit;
      },
    });
  } catch (error) {
    return `its artifact is no archive that can be unpacked (${error instanceof Error ? error.message : String(error)})`;
  }
  if (tooLarge !== undefined) return `its ${shown(file)} has ${tooLarge} bytes, ${limit} at most`;
  const content = Object.hasOwn(entries, file) ? entries[file] : undefined;
  return content === undefined ? `its artifact holds no ${shown(file)}` : Buffer.from(content);
}
