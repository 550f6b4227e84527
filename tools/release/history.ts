import { type Git, gitOrNothing } from '../../src/local/git.ts';
import type { Contract } from '../build/contract.ts';
import type { Commit } from './commits.ts';
import { highest, tagOf, type Version, versionOf } from './version.ts';

/** What callers run; everything else of the repository is ours alone. */
const PUBLIC = ['action.yml', 'actions', 'dist', '.github/workflows', ':(exclude).github/workflows/ci-*'];

/** What a repository says about the commit that may be released. */
export interface History {
  readonly commit: string;
  /** Highest version among the tags of this very commit: its release has begun before. */
  readonly own: Version | undefined;
  /** Highest version among the tags of commits before this one. */
  readonly previous: Version | undefined;
  /** Commits of every version tag of the repository, on this line or on another. */
  readonly tags: ReadonlyMap<string, string>;
  /** Since `previous`, the newest first, without merges. */
  readonly commits: readonly Commit[];
  /** Files that callers run and that differ from `previous`; all of them without one. */
  readonly changedFiles: readonly string[];
  /** The contract at `previous`; undefined where it had none. */
  readonly contractBefore: Contract | undefined;
}

/** Reads a clone that has every commit and tag. */
export async function readHistory(git: Git): Promise<History> {
  if ((await git(['rev-parse', '--is-shallow-repository'])) === 'true') {
    throw new Error('this clone has only some of the commits: check it out with `fetch-depth: 0`');
  }
  const commit = await git(['rev-parse', 'HEAD']);
  const versionTags = async (...which: readonly string[]) => {
    const names = (await git(['tag', '--list', 'v*', ...which])).split('\n');
    return names.flatMap((name) => versionOf(name) ?? []);
  };
  const own = highest(await versionTags('--points-at', 'HEAD'));
  const previous = highest(await versionTags('--merged', 'HEAD', '--no-contains', 'HEAD'));
  const since = previous === undefined ? 'HEAD' : `refs/tags/${tagOf(previous)}..HEAD`;
  const log = await git(['log', '--no-merges', '-z', '--format=%H%n%B', since]);
  const tags = new Map<string, string>();
  for (const version of await versionTags()) {
    tags.set(tagOf(version), await git(['rev-parse', '--verify', `refs/tags/${tagOf(version)}^{commit}`]));
  }
  const changed =
    previous === undefined
      ? await git(['ls-tree', '-r', '-z', '--name-only', 'HEAD', 'action.yml', 'actions', 'dist'])
      : await git(['diff', '--name-only', '-z', `refs/tags/${tagOf(previous)}`, 'HEAD', '--', ...PUBLIC]);
  const contract =
    previous === undefined
      ? undefined
      : await gitOrNothing(git, ['show', `refs/tags/${tagOf(previous)}:docs/contract.json`]);
  return {
    commit,
    own,
    previous,
    tags,
    commits: log.split('\0').flatMap((entry) => (entry.trim() === '' ? [] : [commitOf(entry)])),
    changedFiles: changed.split('\0').filter(Boolean),
    contractBefore: contract === undefined ? undefined : (JSON.parse(contract) as Contract),
  };
}

function commitOf(entry: string): Commit {
  const [sha = '', ...message] = entry.split('\n');
  return { sha, message: message.join('\n') };
}
