import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { commonFolder, findFiles } from './glob.ts';
import { type StandIn, StepFailure } from './server.ts';

/** Characters that GitHub refuses in the name of an artifact. */
const FORBIDDEN = /["<>|:*?\r\n\\/]/;

/** actions/upload-artifact: keeps files in a folder of the run, by name; an artifact is immutable. */
export function uploadStandIn(folder: string, repository: string, runId: number): StandIn {
  return async ({ inputs, workspace }) => {
    const name = inputs['name'] ?? 'artifact';
    if (name === '' || FORBIDDEN.test(name)) throw new StepFailure(`The artifact name is not valid: ${name}`);
    const found = await findFiles(inputs['path'] ?? '', workspace, inputs['include-hidden-files'] === 'true');
    if (found.files.length === 0) return nothingFound(inputs);
    const target = join(folder, name);
    if (await exists(target)) {
      if (inputs['overwrite'] !== 'true') {
        throw new StepFailure(
          'Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with ' +
            'this name already exists on the workflow run',
        );
      }
      await rm(target, { recursive: true });
    }
    const root = commonFolder(found);
    const hash = createHash('sha256');
    for (const file of found.files) {
      const place = join(target, relative(root, file));
      await mkdir(dirname(place), { recursive: true });
      await cp(file, place, { dereference: true });
      // Permissions do not survive: an artifact is a zip of plain files.
      await chmod(place, 0o644);
      hash.update(relative(root, file)).update(await readFile(place));
    }
    const id = String((await readdir(folder)).length);
    const url = `https://github.com/${repository}/actions/runs/${runId}/artifacts/${id}`;
    return {
      lines: [`Artifact ${name} with ${found.files.length} files has been uploaded`],
      outputs: { 'artifact-id': id, 'artifact-url': url, 'artifact-digest': hash.digest('hex') },
    };
  };
}

function nothingFound(inputs: Readonly<Record<string, string>>) {
  const message = `No files were found with the provided path: ${inputs['path'] ?? ''}. No artifacts will be uploaded.`;
  if (inputs['if-no-files-found'] === 'error') throw new StepFailure(message);
  const lines = [inputs['if-no-files-found'] === 'ignore' ? message : `::warning::${message.replaceAll('\n', '%0A')}`];
  return { lines, outputs: {} };
}

/** actions/download-artifact: by name into the folder itself, several into a folder each unless they are merged. */
export function downloadStandIn(folder: string): StandIn {
  return async ({ inputs, workspace }) => {
    if ((inputs['run-id'] ?? '') !== '') throw new StepFailure('a local run has its own artifacts only (run-id)');
    const target = resolve(workspace, (inputs['path'] ?? '').replace(/^~/, workspace));
    const all = (await exists(folder)) ? (await readdir(folder)).sort() : [];
    const name = inputs['name'] ?? '';
    if (name !== '') {
      if (!all.includes(name)) {
        throw new StepFailure(`Unable to download artifact(s): Artifact not found for name: ${name}`);
      }
      await cp(join(folder, name), target, { recursive: true });
      return { lines: [`Artifact ${name} downloaded`], outputs: { 'download-path': target } };
    }
    const chosen = all.filter((artifact) => matchesName(artifact, inputs['pattern'] ?? ''));
    for (const artifact of chosen) {
      const place = inputs['merge-multiple'] === 'true' ? target : join(target, artifact);
      await cp(join(folder, artifact), place, { recursive: true });
    }
    return { lines: [`Total of ${chosen.length} artifact(s) downloaded`], outputs: { 'download-path': target } };
  };
}

/** The names' own wildcards: `*` and `?`; no pattern takes all. */
function matchesName(name: string, pattern: string): boolean {
  if (pattern === '') return true;
  const expression = pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, (character) =>
    character === '*' ? '.*' : character === '?' ? '.' : `\\${character}`,
  );
  return new RegExp(`^${expression}$`, 's').test(name);
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
