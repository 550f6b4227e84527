import { lstat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Environment } from '../../../runtime/environment.ts';
import { ConfigurationError } from '../../../runtime/errors.ts';
import { readTextFile } from '../../../runtime/files.ts';
import { capture } from '../../../runtime/process.ts';

/** What Vercel shows of the commit of a deployment (`gitMetadata` of the request). */
export interface CommitFacts {
  readonly commitSha: string;
  readonly commitMessage: string;
  readonly commitAuthorName: string;
  readonly commitAuthorEmail: string;
  readonly commitRef: string;
  readonly dirty: boolean;
  /** From the repository, without slashes around it. */
  readonly rootDirectory: string;
  readonly remoteUrl?: string;
}

/**
 * Asks git about the folder's commit; undefined where there is no git or no repository: Vercel then shows none.
 *
 * @param environment of the step: what a checkout without a branch was made of
 */
export async function commitFacts(
  folder: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<CommitFacts | undefined> {
  const top = await topOf(folder);
  if (top === undefined) return undefined;
  const git = gitIn(folder, environment, signal);
  const [log, branch, remoteUrl, status] = await Promise.all([
    git('log', '-1', '--format=%H%x00%s%x00%an%x00%ae'),
    branchOf(top, git),
    remoteOf(environment, git),
    git('status', '-s'),
  ]);
  const [sha = '', message = '', name = '', email = ''] = log?.split('\0') ?? [];
  if (sha === '') return undefined;
  return {
    commitSha: sha,
    commitMessage: message,
    commitAuthorName: name,
    commitAuthorEmail: email,
    commitRef: branch === '' ? refOf(environment) : branch,
    dirty: status !== undefined && status.trim() !== '',
    rootDirectory: relative(top, folder).split(sep).join('/'),
    ...(remoteUrl === '' ? {} : { remoteUrl }),
  };
}

/**
 * The folder of the repository that a folder is in; undefined where it is in none. Git itself takes its time to say so,
 * and is only asked what it alone knows.
 */
async function topOf(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const found = await lstat(join(at, '.git')).catch(() => undefined);
    if (found !== undefined) return at;
    if (at === dirname(at)) return undefined;
  }
}

/** The branch that is checked out; empty where it is a commit. */
async function branchOf(top: string, git: Git): Promise<string> {
  const head = await readTextFile(join(top, '.git/HEAD')).catch(() => undefined);
  const [, branch] = /^ref: refs\/heads\/([^\p{Cc}]+)\n?$/u.exec(head ?? '') ?? [];
  if (branch !== undefined) return branch;
  if (/^[0-9a-f]{40,64}\n?$/.test(head ?? '')) return '';
  // A worktree or a submodule keeps it elsewhere.
  const named = await git('rev-parse', '--abbrev-ref', 'HEAD');
  return named === undefined || named === 'HEAD' ? '' : named;
}

/** Address of the repository; empty when it has none. */
async function remoteOf(environment: Environment, git: Git): Promise<string> {
  const { GITHUB_SERVER_URL: server = '', GITHUB_REPOSITORY: repository = '' } = environment;
  if (server !== '' && repository !== '') return `${server}/${repository}`;
  return withoutCredentials((await git('config', '--get', 'remote.origin.url')) ?? '');
}

/** A checkout of a run has no branch: the run knows it. */
function refOf(environment: Environment): string {
  return environment['GITHUB_HEAD_REF'] || environment['GITHUB_REF_NAME'] || 'HEAD';
}

/** An address may hold a token. */
function withoutCredentials(url: string): string {
  return url.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1');
}

type Git = (...args: readonly string[]) => Promise<string | undefined>;

/** git, without anything of the repository's configuration that starts programs; undefined where it says no. */
function gitIn(cwd: string, environment: Environment, signal: AbortSignal): Git {
  const guard = ['-c', 'safe.directory=*', '-c', 'core.fsmonitor=false', '-c', 'core.untrackedCache=false'];
  // Nothing else of the step's: there may be tokens in it.
  const kept = Object.entries(environment).filter(([name]) => name === 'PATH' || name === 'HOME');
  const env = { ...Object.fromEntries(kept), GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  return async (...args) => {
    try {
      const answer = await capture('git', [...guard, ...args], { cwd, env, signal, timeout: 30_000 });
      return answer.exitCode === 0 ? answer.stdout.replace(/\r?\n$/, '') : undefined;
    } catch (error) {
      // No git on this runner: the deployment goes without these facts.
      if (error instanceof ConfigurationError && error.code === 'PIPE-PROCESS-001') return undefined;
      throw error;
    }
  };
}
