import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { MERGED } from './event-commits.ts';
import { ASSUMED_TAG } from './events.ts';
import { LOCAL_BRANCH, type Snapshot } from './project.ts';
import type { EventRequest } from './run-types.ts';

/** What a user should know before the run begins: what is in it that was not said, and what is not. */
export function notesOf(snapshot: Snapshot, event: EventRequest, project: string): readonly string[] {
  const notes: string[] = [];
  if (snapshot.isFolderOfRepository) notes.push(folderNote(snapshot, project));
  if (snapshot.isDirty) notes.push('uncommitted and untracked files are part of this run, ignored ones are not');
  if (event.name === 'release' && event.tag === undefined) notes.push(`no --tag: the release is of ${ASSUMED_TAG}`);
  if (event.name === 'pull_request') notes.push(changeOf(snapshot));
  return notes;
}

/** Files that say where a workspace or a project of its own begins. */
const ROOT_FILES = [
  ...['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'],
  ...['yarn.lock', 'bun.lock', 'bun.lockb'],
];

function folderNote({ top, prefix }: Snapshot, project: string): string {
  const folder = join(top, prefix);
  const root = rootOf(folder, top);
  if (root === undefined || root === folder) {
    return `${project} is a folder of a larger repository: it runs as a repository of its own`;
  }
  const inside = relative(root, folder);
  return (
    `${project} belongs to the workspace ${root} and runs without it here; to run it as a part of that: ` +
    `--project ${root} --input working-directory=${inside}`
  );
}

/** The nearest folder with such a file, from the folder itself up to the root of the repository. */
function rootOf(folder: string, top: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (ROOT_FILES.some((name) => existsSync(join(at, name)))) return at;
    if (relative(top, at) === '' || at === dirname(at)) return undefined;
  }
}

/** What a pull request is made of, in a line. */
function changeOf({ head, base, branch, baseBranch, isDirty }: Snapshot): string {
  const against = `${baseBranch} at ${(base ?? head).slice(0, 7)}`;
  if (base === undefined || base === head) return `the pull request changes nothing: there is only ${against}`;
  const isOnBase = branch === LOCAL_BRANCH;
  const what = isOnBase ? 'what is not committed' : `${branch} with what is not committed`;
  const committed = isOnBase ? 'the last commit' : branch;
  return `the pull request is ${isDirty ? what : committed}, against ${against}`;
}

/** The commit that the run works on, in words that the user's repository knows: the run's own commits are not in it. */
export function commitInWords({ lastCommit, isDirty }: Snapshot, event: EventRequest): string {
  const last = lastCommit?.slice(0, 7);
  const what = last === undefined ? 'uncommitted files' : isDirty ? `${last} with uncommitted changes` : last;
  return MERGED.includes(event.name) ? `merge of ${what}` : what;
}
