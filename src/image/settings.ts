import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { ActionContext } from '../runtime/action.ts';
import { ConfigurationError, type Fault, shown } from '../runtime/errors.ts';
import { contains } from '../runtime/files.ts';
import { type BuildSettings, SBOM_IMAGE } from './build-arguments.ts';
import type { RunFacts } from './event-facts.ts';
import type { ImageInputs } from './inputs.ts';
import { ociLabels, withLines } from './labels.ts';
import { DEFAULT_FLAVOR, DEFAULT_TAG_RULES, imageTags, PLAIN_FLAVOR } from './tags.ts';

/**
 * What all images of the job have in common, from the inputs and the run.
 *
 * @throws ConfigurationError PIPE-IMAGE-017 a secret's file that is not there, PIPE-TAG-001 to 003
 */
export async function readSettings(
  inputs: ImageInputs,
  facts: RunFacts,
  context: ActionContext,
): Promise<BuildSettings> {
  const { version } = imageTags(
    inputs.tags ?? DEFAULT_TAG_RULES,
    facts.tags,
    inputs.tags === undefined ? DEFAULT_FLAVOR : PLAIN_FLAVOR,
  );
  const title = context.environment['GITHUB_REPOSITORY']?.split('/').at(-1) ?? '';
  const own = ociLabels({ ...facts.labels, title, version });
  return {
    noCache: inputs.noCache,
    pull: inputs.pull,
    provenance: inputs.provenance === 'auto' ? (inputs.push ? 'min' : 'off') : inputs.provenance,
    sbom: typeof inputs.sbom === 'string' ? inputs.sbom : inputs.sbom && SBOM_IMAGE,
    secrets: inputs.secrets ?? new Map(),
    secretFiles: await secretFiles(inputs.secretFiles ?? new Map(), context),
    ssh: inputs.ssh ?? [],
    labels: withLines(own, inputs.labels ?? [], facts.tags, 'labels'),
    annotations: withLines(own, inputs.annotations ?? [], facts.tags, 'annotations'),
  };
}

async function secretFiles(
  files: ReadonlyMap<string, string>,
  { workspace, temp, environment, secrets }: ActionContext,
): Promise<ReadonlyMap<string, string>> {
  const faults: Fault[] = [];
  const found = new Map<string, string>();
  const folders = [workspace, temp, environment['RUNNER_TEMP'] ?? tmpdir()];
  for (const [id, path] of files) {
    const absolute = resolve(workspace, path);
    const isInside = folders.some((folder) => contains(folder, absolute));
    const text = isInside ? await readText(absolute) : undefined;
    if (text === undefined) faults.push(noFile(id, path));
    else {
      secrets.add(text);
      found.set(id, absolute);
    }
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
  return found;
}

/** A secret's file, so that what a step prints of it is masked; undefined when it can't be read. */
async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // Not there, a folder, not readable: whatever the reason, BuildKit could not use it either.
    return undefined;
  }
}

function noFile(id: string, path: string): Fault {
  return {
    code: 'PIPE-IMAGE-017',
    what: `the file of the secret ${shown(id)} is not there`,
    given: shown(path, 200),
    accepted: "a file in the repository or in the runner's temporary folder",
    example: 'secret-files: {npmrc: .npmrc}',
    state: 'nothing was built',
  };
}
