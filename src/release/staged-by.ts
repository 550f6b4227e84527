import type { Mark, Prepared, Staged } from './target.ts';

/**
 * Stages by what was read when the deployment was looked at, the first time. A second try, after one whose answer was
 * lost, is given none of it: what the first one has made is not in there.
 */
export function stagedBy<T extends object>(
  read: T,
  stage: (mark: Mark, read: T | undefined) => Promise<Staged>,
): Prepared['stage'] {
  let first: T | undefined = read;
  return (mark) => {
    const known = first;
    first = undefined;
    return stage(mark, known);
  };
}
