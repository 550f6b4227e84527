import { join, relative, sep } from 'node:path';
import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import { insideWorkspace } from '../../../runtime/files.ts';
import type { FirebaseInputs } from './inputs.ts';
import { type ProjectFiles, readProjectFiles } from './project-files.ts';
import type { Section } from './section.ts';

/**
 * The folder that is deployed, in the workspace.
 *
 * @returns undefined for a site without files
 * @throws ConfigurationError PIPE-FIREBASE-002 for one outside the repository
 */
export async function outputFolder(
  given: string | undefined,
  section: Section,
  files: ProjectFiles,
  workspace: string,
): Promise<string | undefined> {
  if (given !== undefined) return given;
  if (section.public === undefined) return undefined;
  const folder = await insideWorkspace(workspace, join(files.folder, section.public));
  if (folder !== undefined) return folder;
  throw new ConfigurationError({
    code: 'PIPE-FIREBASE-002',
    what: `${files.name} names a folder outside the repository in \`public\``,
    given: shown(section.public, 200),
    accepted: 'a folder inside the repository',
    example: '"public": "dist"',
    state: 'nothing was sent',
  });
}

/**
 * Where that folder lies when an earlier job built it.
 *
 * @param folder absolute path in the workspace
 * @param built folder that stands for the workspace
 */
export async function builtFolder(folder: string, workspace: string, built: string | undefined): Promise<string> {
  if (built === undefined) return folder;
  const root = await insideWorkspace(workspace, '.');
  return join(built, relative(root ?? workspace, folder));
}

/**
 * What an earlier job has to hand over for a deployment: paths from the workspace's root.
 *
 * @throws ConfigurationError PIPE-FIREBASE-001 and 002 for a firebase.json that can't be read
 */
export async function outputFolders(inputs: FirebaseInputs, workspace: string): Promise<readonly string[]> {
  if (inputs.clone !== undefined) return [];
  const files = await readProjectFiles(inputs.config, workspace);
  const root = (await insideWorkspace(workspace, '.')) ?? workspace;
  const found = new Set<string>();
  for (const section of files.sections) {
    const folder = await outputFolder(inputs.public, section, files, workspace);
    if (folder !== undefined) found.add(relative(root, folder).split(sep).join('/') || '.');
  }
  return [...found];
}
