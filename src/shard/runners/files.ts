import { realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { contains } from '../../runtime/files.ts';
import { type Listing, NO_FILES, type RunnerSurroundings, whole } from './listing.ts';

/**
 * Most bytes of test files on one command line. Linux takes 2 MiB of arguments and environment together; a starter such
 * as `yarn run` can put them into one argument, of which it takes 128 KiB.
 */
const LONGEST_LINE = 1_000_000;
const LONGEST_STARTED_LINE = 100_000;

/**
 * The listing of files as a runner names them.
 *
 * @param units absolute paths; those of one unit can't be separated
 */
export async function listingOf(
  units: readonly (readonly string[])[],
  starter: readonly string[],
  { workspace }: Pick<RunnerSurroundings, 'workspace'>,
): Promise<Listing> {
  const root = await realpath(workspace);
  const files = units.flat();
  if (files.length === 0) return whole(NO_FILES);
  const outside = files.find((file) => !contains(root, file) && !contains(workspace, file));
  if (outside !== undefined) return whole(`${JSON.stringify(outside)} lies outside of the repository`);
  const odd = files.find((file) => /[\u0000-\u001f\u007f\\]/.test(file));
  if (odd !== undefined) return whole(`${JSON.stringify(odd)} has a character that not every program takes`);
  const limit = starter.length === 0 ? LONGEST_LINE : LONGEST_STARTED_LINE;
  const length = files.reduce((sum, file) => sum + Buffer.byteLength(file) + 9, 0);
  if (length > limit) return whole(`its ${files.length} test files don’t fit on one command line`);
  const named = units.map((unit) => unit.map((file) => nameIn(workspace, root, file)).sort());
  return { kind: 'files', units: named.sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)) };
}

function nameIn(workspace: string, root: string, file: string): string {
  return relative(contains(root, file) ? root : workspace, file)
    .split(sep)
    .join('/');
}

/** The absolute path of a listed file. */
export async function pathsOf(files: readonly string[], workspace: string): Promise<readonly string[]> {
  if (files.length === 0) throw new RangeError('without a file every runner runs all of them');
  const root = await realpath(workspace);
  return files.map((file) => join(root, file));
}
