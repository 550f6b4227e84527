import { type Git, GitError, gitIn } from '../../src/local/git.ts';
import type { Environment } from '../../src/runtime/environment.ts';
import { isLoopback } from '../../src/runtime/loopback.ts';

/** A tag of the remote repository. */
export interface RemoteTag {
  /** What the ref itself is: a commit, or the object of an annotated tag. */
  readonly object: string;
  readonly commit: string;
}

/** The repository at GitHub, as far as its tags go. */
export interface Remote {
  readonly tags: () => Promise<ReadonlyMap<string, RemoteTag>>;
  /**
   * Sets a tag, only from what it is said to be now.
   *
   * @param expected its object now; undefined when there must be none
   * @returns false when it is another one by now, nothing was changed then
   */
  readonly setTag: (name: string, commit: string, expected: string | undefined) => Promise<boolean>;
}

/**
 * The remote of a clone. The token reaches git in its environment and nothing else: no argument, no file.
 *
 * @param environment GITHUB_SERVER_URL, GITHUB_REPOSITORY
 * @throws Error when the server is one that a token must not be sent to
 */
export function openRemote(folder: string, environment: Environment, token: string): Remote {
  const server = environment['GITHUB_SERVER_URL'] ?? 'https://github.com';
  const { protocol, host, origin } = new URL(server);
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(host))) {
    throw new Error(`a token is not sent to ${server}: GITHUB_SERVER_URL has to be an https address`);
  }
  const address = `${origin}/${environment['GITHUB_REPOSITORY'] ?? ''}`;
  const git = gitIn(folder, {
    ...environment,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`,
  });
  return {
    tags: () => tagsOf(git, address),
    setTag: async (name, commit, expected) => {
      const ref = `refs/tags/${name}`;
      try {
        await git(['push', '--quiet', `--force-with-lease=${ref}:${expected ?? ''}`, address, `${commit}:${ref}`]);
        return true;
      } catch (error) {
        if (!(error instanceof GitError)) throw error;
        // What is there decides, whatever git said: the answer may have been lost, or somebody was quicker.
        const now = (await tagsOf(git, address)).get(name);
        if (now?.commit === commit) return true;
        if (now?.object !== expected) return false;
        throw new Error(`the tag ${name} could not be pushed: ${error.message}`, { cause: error });
      }
    },
  };
}

async function tagsOf(git: Git, address: string): Promise<ReadonlyMap<string, RemoteTag>> {
  const tags = new Map<string, RemoteTag>();
  for (const line of (await git(['ls-remote', '--tags', address])).split('\n')) {
    const [object = '', name = ''] = line.split('\t');
    const [, tag, peeled] = /^refs\/tags\/(.+?)(\^\{\})?$/.exec(name) ?? [];
    if (tag === undefined) continue;
    // The commit of an annotated tag comes in a line of its own, after the tag.
    tags.set(
      tag,
      peeled === undefined ? { object, commit: object } : { object: tags.get(tag)?.object ?? object, commit: object },
    );
  }
  return tags;
}
