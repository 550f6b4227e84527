import { createHash } from 'node:crypto';
import { type Environment, projectEnvironment } from '../runtime/environment.ts';
import { ConfigurationError, printable } from '../runtime/errors.ts';
import { capture, type ExecuteOptions } from '../runtime/process.ts';

/** How an archive is packed, in the words that GitHub's own client puts into an entry's version. */
export type Compression = 'zstd-without-long' | 'gzip';

/** What is needed to run the packing programs. */
export interface Packing {
  readonly compression: Compression;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/** Zstandard where the runner has it, gzip where not: what GitHub's own client takes on the same machine. */
export async function compressionOf(environment: Environment, signal: AbortSignal): Promise<Compression> {
  try {
    const { stdout, stderr } = await capture('zstd', ['--quiet', '--version'], processOptions({ environment, signal }));
    return `${stdout}${stderr}`.trim() === '' ? 'gzip' : 'zstd-without-long';
  } catch (error) {
    if (error instanceof ConfigurationError) return 'gzip';
    throw error;
  }
}

/**
 * The version of an entry: only who names the same paths and packs in the same way finds it (toolkit, packages/cache,
 * getCacheVersion).
 */
export function entryVersion(paths: readonly string[], compression: Compression): string {
  return createHash('sha256')
    .update([...paths, compression, '1.0'].join('|'))
    .digest('hex');
}

/**
 * Packs paths of a folder into a file.
 *
 * @param paths relative to the folder
 * @throws Error with what tar said
 */
export async function pack(file: string, folder: string, paths: readonly string[], packing: Packing): Promise<void> {
  const filter = packing.compression === 'gzip' ? ['-z'] : ['--use-compress-program', 'zstdmt'];
  await tar(['--posix', '-cf', file, ...filter, '-C', folder, '--', ...paths], packing);
}

/**
 * Unpacks an archive into a folder as it comes. Neither absolute names nor `..` nor links lead out of the folder: tar
 * refuses or strips them where it is not told otherwise (GNU tar, "Absolute File Names"). Owners are not restored.
 *
 * @throws Error with what tar said; whatever the pieces throw
 */
export async function unpack(pieces: AsyncIterable<Buffer>, folder: string, packing: Packing): Promise<void> {
  const filter = packing.compression === 'gzip' ? ['-z'] : ['--use-compress-program', 'unzstd'];
  await tar(['-xf', '-', ...filter, '--no-same-owner', '--no-same-permissions', '-C', folder], packing, pieces);
}

async function tar(args: readonly string[], packing: Packing, input?: AsyncIterable<Buffer>): Promise<void> {
  const options = processOptions(packing);
  const { exitCode, endedBy, stderr } = await capture(
    'tar',
    args,
    input === undefined ? options : { ...options, input },
  );
  packing.signal.throwIfAborted();
  if (exitCode === 0 && endedBy === 'itself') return;
  const [said = ''] = stderr.trim().split('\n');
  throw new Error(`tar ended with status ${exitCode ?? 'none'}: ${printable(said).slice(0, 200)}`);
}

function processOptions({ environment, signal }: Omit<Packing, 'compression'>): ExecuteOptions {
  // Packing needs no token.
  return { cwd: '/', env: projectEnvironment(environment), signal, grace: 1_000 };
}
