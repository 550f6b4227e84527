import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, OutsideFault, shown } from '../runtime/errors.ts';
import type { HttpClient } from '../runtime/http.ts';
import { capture } from '../runtime/process.ts';
import { unpack } from './archive.ts';
import { fetchFile } from './node-releases.ts';
import { verifyDetached } from './openpgp.ts';
import { type ReleaseKey, signingKeys } from './openpgp-keys.ts';
import { findProgram } from './programs.ts';
import { addTool, type ToolCache } from './tool-cache.ts';

export interface NodeDownload {
  readonly http: HttpClient;
  /** Address that has `v24.1.0/SHASUMS256.txt`, without a slash at the end. */
  readonly mirror: string;
  /** Without `v`. */
  readonly version: string;
  /** `linux-x64`, as in the archive's name. */
  readonly build: string;
  readonly keys: readonly ReleaseKey[];
  readonly cache: ToolCache;
  readonly environment: Environment;
  readonly temp: string;
  readonly signal: AbortSignal;
}

export interface DownloadedNode {
  readonly folder: string;
  /** Who signed the list of checksums. */
  readonly signer: string;
}

/** Largest archive accepted in bytes: three times a current one. */
const LARGEST_ARCHIVE = 192 * 1024 * 1024;
const LARGEST_LIST = 256 * 1024;

/**
 * Downloads a release of Node into the tool cache: the list of checksums, its signature by one of `keys`, the archive
 * that the list names. Nothing is unpacked before its checksum is right; nothing stays after a refusal.
 *
 * @throws OutsideFault PIPE-SETUP-004 site not reachable, PIPE-SETUP-005 signature, PIPE-SETUP-006 checksum
 * @throws ConfigurationError PIPE-SETUP-007 the archive can't be unpacked or its Node does not start here
 */
export async function downloadNode(download: NodeDownload): Promise<DownloadedNode> {
  const { http, mirror, version, build, cache, environment, signal } = download;
  const base = `${mirror}/v${version}`;
  const list = await fetchFile(http, `${base}/SHASUMS256.txt`, signal, LARGEST_LIST);
  const signature = await fetchFile(http, `${base}/SHASUMS256.txt.sig`, signal, LARGEST_LIST);
  const signer = signerOf(list, signature, download);
  const compression = (await findProgram('xz', environment)) === undefined ? 'gz' : 'xz';
  const name = `node-v${version}-${build}.tar.${compression}`;
  const expected = checksumOf(list.toString('utf8'), name);
  if (expected === undefined) throw refused('PIPE-SETUP-006', `SHASUMS256.txt does not list ${name}`, download);
  const archive = await fetchFile(http, `${base}/${name}`, signal, LARGEST_ARCHIVE);
  const actual = createHash('sha256').update(archive).digest('hex');
  if (actual !== expected) {
    throw refused('PIPE-SETUP-006', `${name} is not the file that the signed list names`, download, {
      given: `SHA-256 ${actual}`,
      accepted: `SHA-256 ${expected}`,
    });
  }
  const folder = await addTool(cache, 'node', version, (staging) => fill(staging, archive, name, download));
  return { folder, signer };
}

function signerOf(list: Buffer, signature: Buffer, download: NodeDownload): string {
  const keys = download.keys.flatMap(signingKeys);
  const result = verifyDetached(list, signature, keys, Date.now() / 1_000);
  if ('signer' in result) return result.signer.holder;
  const by = result.issuers.length === 0 ? '' : `, made by the key ${result.issuers.join(', ')}`;
  throw refused(
    'PIPE-SETUP-005',
    `the signature of SHASUMS256.txt is not accepted: ${result.problem}${shown(by).slice(1, -1)}`,
    download,
    {
      accepted: 'a signature by one of the release keys of Node that are kept in this bundle',
      remedy:
        'another version, or a newer release of this bundle where a new releaser signed; releases of lines that have ended are signed by keys that are no longer kept',
    },
  );
}

function checksumOf(list: string, name: string): string | undefined {
  const lines = list.split('\n').map((line) => /^([0-9a-f]{64}) [ *](\S+)\s*$/.exec(line));
  return lines.find((line) => line?.[2] === name)?.[1];
}

async function fill(staging: string, archive: Buffer, name: string, download: NodeDownload): Promise<void> {
  const { version, environment, signal } = download;
  const file = `${staging}.tar`;
  await unpack({ archive, file, folder: staging, environment, signal, code: 'PIPE-SETUP-007', name });
  // The archive may be for another C library: better said here than by the first step that needs Node.
  const program = join(staging, 'bin/node');
  const { stdout, exitCode } = await startNode(program, staging, environment, signal);
  if (exitCode === 0 && stdout.trim() === `v${version}`) return;
  throw new ConfigurationError({
    code: 'PIPE-SETUP-007',
    what: `Node ${version} was downloaded and does not start on this runner`,
    given: shown(stdout.trim()),
    accepted: 'a Linux with the GNU C library in a version that this Node needs',
    remedy: 'use an image with Node in it, or one based on Debian, Ubuntu or Fedora',
    state: 'nothing was left in the tool cache',
  });
}

async function startNode(program: string, cwd: string, environment: Environment, signal: AbortSignal) {
  try {
    return await capture(program, ['--version'], { cwd, env: environment, signal, timeout: 30_000 });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { stdout: error.message, exitCode: 127 };
  }
}

function refused(
  code: 'PIPE-SETUP-005' | 'PIPE-SETUP-006',
  what: string,
  { version, mirror }: NodeDownload,
  details: { given?: string; accepted?: string; remedy?: string } = {},
): OutsideFault {
  return new OutsideFault(
    {
      code,
      what: `Node ${version} was refused: ${what}`,
      remedy: 'run the job again; if it stays, do not use that mirror',
      ...details,
      state: 'nothing was left in the tool cache',
    },
    { service: `Node's distribution site at ${new URL(mirror).host}`, status: 200, tries: 1, elapsed: 0 },
  );
}
