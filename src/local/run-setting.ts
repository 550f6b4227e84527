import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Caller } from './caller.ts';
import { type Git, gitIn } from './git.ts';
import { type Wrappers, writeWrappers } from './output-files.ts';
import { type Snapshot, takeSnapshot } from './project.ts';
import { refuseBadNames } from './ref-names.ts';
import { notesOf } from './run-notes.ts';
import type { RunEvent, RunOptions } from './run-types.ts';
import type { ValueMap } from './workflow-file.ts';

/** What is known of a run before it is planned. */
export interface Setting {
  readonly options: RunOptions;
  readonly caller: Caller;
  readonly workflows: (name: string) => ValueMap;
  readonly folder: string;
  readonly snapshot: Snapshot;
  readonly git: Git;
  readonly repository: string;
  readonly environment: Record<string, string>;
  readonly wrappers: Wrappers;
  readonly emit: (event: RunEvent) => void;
}

/** Makes the run's folders and takes the snapshot of the project. */
export async function setUp(
  options: RunOptions,
  known: Pick<Setting, 'caller' | 'workflows' | 'folder' | 'environment' | 'emit'>,
): Promise<Setting> {
  for (const name of ['caller', 'workflows', 'records', 'act']) await mkdir(join(known.folder, name));
  const event = options.event ?? { name: 'push' };
  await refuseBadNames(gitIn(known.folder, known.environment), event);
  const gitFolder = join(known.folder, 'repository.git');
  const snapshot = await takeSnapshot({
    project: options.project,
    gitFolder,
    // The user's own git settings say which files are ignored.
    environment: { ...known.environment, HOME: (options.machine ?? process.env)['HOME'] },
    base: event.base,
    againstDefaultBranch: event.name === 'pull_request' || event.name === 'merge_group',
    branch: event.branch,
    repository: options.repository,
  });
  for (const text of notesOf(snapshot, event, options.project)) known.emit({ kind: 'note', text });
  const git = gitIn(gitFolder, { ...known.environment, GIT_DIR: gitFolder });
  const wrappers = writeWrappers(join(known.folder, 'bin'), join(known.folder, 'output'), process.execPath);
  return { options, ...known, snapshot, git, wrappers, repository: `${snapshot.owner}/${snapshot.name}` };
}
