import { resolve } from 'node:path';
import { type Environment, projectEnvironment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import { captureGit, NO_GIT, type Repository } from '../runtime/git.ts';
import { isLoopback } from '../runtime/loopback.ts';
import { capture } from '../runtime/process.ts';

/** The commit that is checked out. */
export interface Head {
  readonly commit: string;
  readonly parents: readonly string[];
}

/** Commits of the clone and of where it came from. */
export interface CommitSource {
  readonly head: Head;
  /** Makes sure that the clone holds a commit. @returns undefined when it does, else why not, as a phrase */
  readonly fetched: (commit: string) => Promise<string | undefined>;
  /** The tip of a branch or tag of the remote; undefined where it has none or can't be reached. */
  readonly tipOf: (name: string) => Promise<string | undefined>;
  /** Best common ancestor of a commit and HEAD; a shallow clone is deepened until it is certain. */
  readonly ancestorOf: (commit: string) => Promise<{ readonly commit: string } | { readonly reason: string }>;
}

/** By how many commits a shallow clone is deepened, step by step, until the ancestor is found or nothing is. */
const STEPS = [50, 500, 5_000];

/** Longest fetch in milliseconds. */
const TIMEOUT = 120_000;

/**
 * Where commits come from: the clone, and what `origin` is, asked with the job's token. The token is handed to git by
 * environment (GIT_CONFIG_COUNT, git-config(1)), for GitHub's own address only: it is in no argument, no file and no
 * configuration, and takes the place of one that the checkout may have left there.
 *
 * @returns a phrase where there is no repository or no commit
 */
export async function commitSource(repository: Repository, token: string): Promise<CommitSource | string> {
  const head = await headOf(repository);
  if (typeof head === 'string') return head;
  const remote = (...args: readonly string[]) => fromRemote(repository, token, args);
  const has = async (commit: string) =>
    (await captureGit(repository, ['cat-file', '-e', `${commit}^{commit}`])).exitCode === 0;
  const isShallow = async () =>
    (await captureGit(repository, ['rev-parse', '--is-shallow-repository'])).stdout.trim() === 'true';
  const fetched = async (commit: string) => {
    if (await has(commit)) return undefined;
    // A complete clone would become a shallow one by --depth.
    const depth = (await isShallow()) ? ['--depth=1'] : [];
    const reason = await remote('fetch', ...FETCH, ...depth, 'origin', commit);
    return reason.problem ?? ((await has(commit)) ? undefined : 'the remote did not send it');
  };
  return {
    head,
    fetched,
    tipOf: async (name) => {
      if (!/^[\w@][\w@./+-]{0,250}$/.test(name)) return undefined;
      const listed = await remote(
        'ls-remote',
        '--quiet',
        'origin',
        `refs/heads/${name}`,
        `refs/tags/${name}^{}`,
        `refs/tags/${name}`,
      );
      const tip = /^([0-9a-f]{40,64})\t/m.exec(listed.stdout)?.[1];
      if (listed.problem !== undefined || tip === undefined) return undefined;
      return (await fetched(tip)) === undefined ? tip : undefined;
    },
    ancestorOf: async (commit) => {
      for (const step of [0, ...STEPS]) {
        if (step > 0) {
          const deepened = await remote('fetch', ...FETCH, `--deepen=${step}`, 'origin', commit, head.commit);
          if (deepened.problem !== undefined) return { reason: deepened.problem };
        }
        const found = await certainAncestor(repository, commit, head.commit);
        if (found === 'none') return { reason: 'they have none' };
        if (found !== undefined) return { commit: found };
      }
      return { reason: `it lies more than ${STEPS.reduce((sum, step) => sum + step, 0)} commits back` };
    },
  };
}

/** Nothing but the objects: no tags, no submodules, no FETCH_HEAD, no clean-up behind our back. */
const FETCH = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--no-auto-maintenance'];

async function headOf(repository: Repository): Promise<Head | string> {
  const found = await captureGit(repository, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (found.exitCode === NO_GIT) return 'there is no git';
  const body = await captureGit(repository, ['cat-file', 'commit', 'HEAD']);
  if (found.exitCode !== 0 || body.exitCode !== 0) return 'there is no git repository with a commit';
  // The object itself names its parents, also those that a shallow clone leaves out.
  const [header = ''] = body.stdout.split('\n\n', 1);
  const parents = [...header.matchAll(/^parent ([0-9a-f]{40,64})$/gm)].map(([, parent]) => parent ?? '');
  return { commit: found.stdout.trim(), parents };
}

/**
 * The best common ancestor, when the clone reaches far enough back to be certain: none of the commits on the way to it
 * is one whose parents a shallow clone left out.
 *
 * @returns undefined while it is not certain, `none` when there is none
 */
async function certainAncestor(
  repository: Repository,
  left: string,
  right: string,
): Promise<string | 'none' | undefined> {
  const found = await captureGit(repository, ['merge-base', left, right]);
  const ancestor = found.exitCode === 0 ? found.stdout.trim().split('\n', 1)[0] : undefined;
  const cut = await shallowCommits(repository);
  if (cut.size === 0) return ancestor ?? 'none';
  if (ancestor === undefined) return undefined;
  const between = await captureGit(repository, ['rev-list', left, right, `^${ancestor}`]);
  if (between.exitCode !== 0) return undefined;
  return between.stdout.split('\n').some((commit) => cut.has(commit)) ? undefined : ancestor;
}

/** Commits whose parents the clone leaves out (gitformat-shallow(5)). */
async function shallowCommits(repository: Repository): Promise<ReadonlySet<string>> {
  const { stdout } = await captureGit(repository, ['rev-parse', '--git-path', 'shallow']);
  const text = await readTextFile(resolve(repository.workspace, stdout.trim()), 16 * 1024 * 1024);
  return new Set((text ?? '').split('\n').filter((line) => line !== ''));
}

interface Asked {
  readonly stdout: string;
  /** Why it did not work, as a phrase. */
  readonly problem: string | undefined;
}

async function fromRemote(repository: Repository, token: string, args: readonly string[]): Promise<Asked> {
  const { workspace, environment, signal } = repository;
  const env = { ...remoteEnvironment(environment), ...credentials(environment, token) };
  try {
    const done = await capture('git', [...GUARD, ...args], {
      cwd: workspace,
      env,
      timeout: TIMEOUT,
      ...(signal === undefined ? {} : { signal }),
    });
    if (done.exitCode === 0) return { stdout: done.stdout, problem: undefined };
    if (done.endedBy === 'timeout') return { stdout: '', problem: `git got no answer within ${TIMEOUT / 1_000} s` };
    const lines = done.stderr.trim().split('\n');
    const said = lines.find((line) => /^(fatal|error): /.test(line)) ?? lines[0] ?? '';
    return { stdout: '', problem: `git said ${shown(said, 160)}` };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { stdout: '', problem: error.faults[0].what };
  }
}

/** A checkout may belong to another user; its configuration and hooks must not start programs. */
const GUARD = [
  ...['-c', 'safe.directory=*', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'],
  ...['-c', 'protocol.ext.allow=never', '-c', 'credential.helper='],
];

function remoteEnvironment(environment: Environment): Environment {
  const own = Object.entries(projectEnvironment(environment)).filter(([name]) => !/^GIT_/i.test(name));
  return { ...Object.fromEntries(own), GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
}

/**
 * The token as configuration of one git process. The empty value first drops a header that the checkout persisted: two
 * of them are refused (https://git-scm.com/docs/git-config, http.extraHeader).
 */
function credentials(environment: Environment, token: string): Environment {
  const server = environment['GITHUB_SERVER_URL'] ?? '';
  if (token === '' || !/^https?:\/\/[A-Za-z0-9.-]+(:\d+)?$/.test(server)) return {};
  const { protocol, hostname } = new URL(server);
  if (protocol !== 'https:' && !isLoopback(hostname)) return {};
  const key = `http.${server}/.extraheader`;
  const basic = Buffer.from(`x-access-token:${token}`, 'utf8').toString('base64');
  return {
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: key,
    GIT_CONFIG_VALUE_0: '',
    GIT_CONFIG_KEY_1: key,
    GIT_CONFIG_VALUE_1: `AUTHORIZATION: basic ${basic}`,
  };
}
