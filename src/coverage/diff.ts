import { type Repository, streamGit } from '../runtime/git.ts';
import { createDiffReader, type DiffFile, type Hunk } from './diff-reader.ts';
import { movedLines } from './moved.ts';

/** A file that exists after a change, with what the change did to it. */
export interface ChangedFile {
  /** From the repository's root. */
  readonly path: string;
  /** Its path before; undefined when it is new. */
  readonly before: string | undefined;
  /** Lines that were added or changed, from 1, ascending; without those that were only moved. */
  readonly lines: readonly number[];
  /** How many lines were moved here as they were. */
  readonly moved: number;
  readonly hunks: readonly Hunk[];
}

/** By path; files that are gone are not in it. */
export type Diff = ReadonlyMap<string, ChangedFile>;

/** Bytes of a diff that are read; changes beyond are those of a vendored tree, not of a pull request. */
export const LARGEST_DIFF = 256 * 1024 * 1024;

/** Everything that somebody's configuration could change about the output is said here. */
const FORMAT = [
  ...['--no-color', '--no-ext-diff', '--no-textconv', '--no-relative', '--submodule=short', '--ignore-submodules=all'],
  ...['--src-prefix=a/', '--dst-prefix=b/', '--unified=0', '--inter-hunk-context=0', '--diff-algorithm=histogram'],
  ...['--find-renames', '--ignore-cr-at-eol', '--full-index'],
];

/**
 * What changed between two commits, by git itself. A renamed file counts with its changed lines, a changed line end
 * (CRLF) is no change, and a block that stands elsewhere as it was is moved and not changed (see {@link movedLines}).
 * Copied code is new code.
 *
 * @returns a reason where git could not say
 */
export async function diffOf(
  repository: Repository,
  from: string,
  to: string,
  largest = LARGEST_DIFF,
): Promise<{ readonly diff: Diff } | { readonly reason: string }> {
  const reader = createDiffReader();
  let problem = '';
  let size = 0;
  const args = ['-c', 'diff.renameLimit=2000', 'diff', ...FORMAT, from, to, '--'];
  try {
    const { exitCode, endedBy } = await streamGit(repository, args, (chunk, stream) => {
      if (stream === 'stderr') {
        problem = (problem + chunk.toString('utf8')).slice(0, 500);
        return;
      }
      size += chunk.length;
      if (size > largest) throw new TooLarge();
      reader.push(chunk);
    });
    if (endedBy === 'cancellation') repository.signal?.throwIfAborted();
    if (endedBy === 'timeout') return { reason: 'git took too long to compare the commits' };
    if (exitCode !== 0) return { reason: `git could not compare the commits: ${problem.trim().split('\n', 1)[0]}` };
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    return { reason: `the change is larger than ${largest} bytes` };
  }
  return { diff: changesOf(reader.end()) };
}

class TooLarge extends Error {}

function changesOf({ files, removed, weights }: ReturnType<ReturnType<typeof createDiffReader>['end']>): Diff {
  const kept = files.filter(({ after }) => after !== undefined);
  const moved = movedLines(
    kept.map(({ added }) => added),
    removed,
    weights,
  );
  return new Map(
    kept.map((file, index) => changedFile(file, moved[index] ?? new Set())).map((file) => [file.path, file]),
  );
}

function changedFile({ before, after = '', added, hunks }: DiffFile, moved: ReadonlySet<number>): ChangedFile {
  const lines = added.map(({ line }) => line).filter((line) => !moved.has(line));
  return { path: after, before, lines, moved: moved.size, hunks };
}

/** Where a line stood before; undefined when it was added or changed. */
export function lineBefore(hunks: readonly Hunk[], line: number): number | undefined {
  let shift = 0;
  for (const { oldCount, newStart, newCount } of hunks) {
    // Where lines were only removed, `newStart` is the line in front of the gap.
    const first = newCount === 0 ? newStart + 1 : newStart;
    if (line < first) break;
    if (line < first + newCount) return undefined;
    shift += oldCount - newCount;
  }
  return line + shift;
}
