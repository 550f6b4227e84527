import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { JobIdentity } from '../github/api.ts';
import { allows } from '../permissions.ts';
import type { KnownArtifact, RunMemory } from '../state/memory.ts';
import { readZip, ZipError } from '../state/zip.ts';
import { commonFolder, findFiles } from './glob.ts';
import { type StandIn, type StandInCall, StepFailure } from './server.ts';

type Inputs = StandInCall['inputs'];

/** Characters that GitHub refuses in a file of an artifact; in its name slashes, too. */
const FORBIDDEN = new Map([
  ['"', 'Double quote "'],
  [':', 'Colon :'],
  ['<', 'Less than <'],
  ['>', 'Greater than >'],
  ['|', 'Vertical bar |'],
  ['*', 'Asterisk *'],
  ['?', 'Question mark ?'],
  ['\r', 'Carriage return \\r'],
  ['\n', 'Line feed \\n'],
]);
const FORBIDDEN_IN_NAMES = new Map([...FORBIDDEN, ['\\', 'Backslash \\'], ['/', 'Forward slash /']]);

/** Days that GitHub keeps an artifact at most, unless the repository says otherwise. */
const LONGEST_RETENTION = 90;

/** actions/upload-artifact: keeps files as an archive of the run, by name; an artifact is immutable. */
export function uploadStandIn(memory: RunMemory, repository: string): StandIn {
  return async ({ inputs, workspace }) => {
    const name = inputs['name'] ?? '';
    if (name === '') throw new StepFailure('Provided artifact name input during validation is empty');
    refuseCharacters(name, FORBIDDEN_IN_NAMES, `The artifact name is not valid: ${name}`);
    const level = numberIn(inputs, 'compression-level', 0, 9);
    const retention = numberIn(inputs, 'retention-days', 0, Number.MAX_SAFE_INTEGER);
    const found = await findFiles(inputs['path'] ?? '', workspace, inputs['include-hidden-files'] === 'true');
    if (found.files.length === 0) return nothingFound(inputs);
    const root = commonFolder(found);
    const files = found.files.map((file) => {
      const path = relative(root, file).split(sep).join('/');
      refuseCharacters(path, FORBIDDEN, `The path for one of the files in artifact is not valid: ${path}`);
      return { path, read: () => readFile(file) };
    });
    await makeRoom(memory, name, inputs['overwrite'] === 'true');
    const retentionDays = retention === 0 ? LONGEST_RETENTION : Math.min(retention, LONGEST_RETENTION);
    const artifact = await packed(() => memory.upload({ name, files, level, retentionDays }));
    const url = `https://github.com/${repository}/actions/runs/${memory.own().id}/artifacts/${artifact.id}`;
    return {
      lines: [`Artifact ${name} with ${files.length} files has been uploaded (${artifact.size} bytes)`],
      outputs: { 'artifact-id': String(artifact.id), 'artifact-url': url, 'artifact-digest': artifact.digest },
    };
  };
}

function refuseCharacters(text: string, forbidden: ReadonlyMap<string, string>, problem: string): void {
  const found = [...text].map((character) => forbidden.get(character)).find((meaning) => meaning !== undefined);
  if (found !== undefined) throw new StepFailure(`${problem}. Contains the following character: ${found}`);
}

function numberIn(inputs: Inputs, name: string, least: number, most: number): number {
  const value = Number(inputs[name]);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new StepFailure(`Invalid ${name}: ${inputs[name]}`);
}

function nothingFound(inputs: Inputs) {
  const message = `No files were found with the provided path: ${inputs['path'] ?? ''}. No artifacts will be uploaded.`;
  if (inputs['if-no-files-found'] === 'error') throw new StepFailure(message);
  const lines = [inputs['if-no-files-found'] === 'ignore' ? message : `::warning::${message.replaceAll('\n', '%0A')}`];
  return { lines, outputs: {} };
}

async function makeRoom(memory: RunMemory, name: string, overwrites: boolean): Promise<void> {
  const same = memory.own().artifacts.find((artifact) => artifact.name === name);
  if (same === undefined) return;
  if (overwrites) return memory.remove(same);
  throw new StepFailure(
    'Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with ' +
      'this name already exists on the workflow run',
  );
}

async function packed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ZipError) throw new StepFailure(`the artifact cannot be kept here: ${error.message}`);
    throw error;
  }
}

/**
 * actions/download-artifact: by name into the folder itself, several into a folder each unless they are merged. With
 * `run-id` those of another run that is remembered, for a token that may read actions.
 */
export function downloadStandIn(
  memory: RunMemory,
  repository: string,
  identities: ReadonlyMap<string, JobIdentity>,
): StandIn {
  return async ({ inputs, workspace }) => {
    const { name = '', pattern = '' } = inputs;
    const ids = (inputs['artifact-ids'] ?? '')
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== '');
    if (name !== '' && ids.length > 0) {
      throw new StepFailure("Inputs 'name' and 'artifact-ids' cannot be used together. Please specify only one.");
    }
    const all = await artifactsOf(memory, repository, identities, inputs);
    const target = resolve(workspace, (inputs['path'] ?? '').replace(/^~/, workspace));
    const output = { 'download-path': target };
    if (name !== '') {
      const found = all.find((artifact) => artifact.name === name);
      if (found === undefined)
        throw new StepFailure(`Unable to download artifact(s): Artifact not found for name: ${name}`);
      await unpack(found, target);
      return { lines: [`Artifact ${name} downloaded`], outputs: output };
    }
    const chosen = all
      .filter((artifact) =>
        ids.length === 0 ? matchesName(artifact.name, pattern) : ids.includes(String(artifact.id)),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    if (ids.length > chosen.length) {
      throw new StepFailure(`Unable to download artifact(s): Artifacts not found for ids: ${ids.join(', ')}`);
    }
    for (const artifact of chosen) {
      const isMerged = inputs['merge-multiple'] === 'true' || ids.length === 1;
      await unpack(artifact, isMerged ? target : join(target, artifact.name));
    }
    return { lines: [`Total of ${chosen.length} artifact(s) downloaded`], outputs: output };
  };
}

async function artifactsOf(
  memory: RunMemory,
  repository: string,
  identities: ReadonlyMap<string, JobIdentity>,
  inputs: Inputs,
): Promise<readonly KnownArtifact[]> {
  const { 'run-id': asked = '', 'github-token': token = '', repository: other = '' } = inputs;
  const runs = await memory.runs();
  // Without a token the action knows its own run only, and does not look at the two other inputs.
  const isOwn = token === '' || asked === '' || asked === String(memory.own().id);
  const own = runs.find(({ id }) => id === memory.own().id);
  if (isOwn) return readable(own?.artifacts ?? []);
  const identity = identities.get(token);
  if (identity === undefined) throw new StepFailure('Unable to download artifact(s): Bad credentials');
  if (!allows(identity.permissions, 'actions', 'read')) {
    throw new StepFailure('Unable to download artifact(s): Resource not accessible by integration');
  }
  const isHere = other === '' || other.toLowerCase() === repository.toLowerCase();
  const run = isHere ? runs.find(({ id }) => String(id) === asked) : undefined;
  if (run === undefined) throw new StepFailure(`Unable to download artifact(s): Not Found (run ${asked})`);
  return readable(run.artifacts);
}

function readable(artifacts: readonly KnownArtifact[]): readonly KnownArtifact[] {
  return artifacts.filter(({ isExpired }) => !isExpired);
}

async function unpack(artifact: KnownArtifact, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  try {
    for await (const { path, bytes } of readZip(await artifact.read())) {
      const place = join(folder, path);
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, bytes);
    }
  } catch (error) {
    if (error instanceof ZipError) throw new StepFailure(`Unable to download artifact(s): ${error.message}`);
    throw error;
  }
}

/** The names' own wildcards: `*` and `?`; no pattern takes all. */
function matchesName(name: string, pattern: string): boolean {
  if (pattern === '') return true;
  const expression = pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, (character) =>
    character === '*' ? '.*' : character === '?' ? '.' : `\\${character}`,
  );
  return new RegExp(`^${expression}$`, 's').test(name);
}
