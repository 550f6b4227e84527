import { execFile } from 'node:child_process';

export type Environment = Readonly<Record<string, string | undefined>>;

/** git ended with an error; the message is its last line. */
export class GitError extends Error {
  override readonly name = 'GitError';
  /** Exit status; undefined where git did not start. */
  readonly status: number | undefined;
  constructor(message: string, status?: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Runs git with the arguments and returns what it printed, without the newline at the end. @throws GitError */
export type Git = (args: readonly string[], more?: { input?: string; env?: Environment }) => Promise<string>;

/**
 * git in one folder. Hooks, monitors and questions are off: nothing of the repository's own settings runs.
 *
 * @param environment the process environment of git.
 */
export function gitIn(folder: string, environment: Environment): Git {
  const settings = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'commit.gpgSign=false'];
  return (args, more = {}) =>
    new Promise((resolve, reject) => {
      const child = execFile(
        'git',
        [...settings, ...args],
        {
          cwd: folder,
          env: { ...environment, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C', ...more.env },
          maxBuffer: 256 * 1024 * 1024,
        },
        (error, stdout, stderr) => {
          if (error === null) resolve(stdout.replace(/\n$/, ''));
          else reject(new GitError(reason(stderr, error), statusOf(error), { cause: error }));
        },
      );
      // git may end before it has read everything; its exit status tells.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(more.input ?? '');
    });
}

function reason(stderr: string, error: Error & { code?: unknown }): string {
  if (error.code === 'ENOENT') return 'git is not installed';
  const line = stderr.trim().split('\n').at(-1);
  return line === undefined || line === '' ? error.message : line;
}

function statusOf({ code }: Error & { code?: unknown }): number | undefined {
  return typeof code === 'number' ? code : undefined;
}

/** What git prints, or undefined where it says no (a ref that is not there). */
export async function gitOrNothing(git: Git, args: readonly string[]): Promise<string | undefined> {
  try {
    return await git(args);
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}
