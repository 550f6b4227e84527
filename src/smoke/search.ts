import type { Secrets } from '../runtime/secrets.ts';
import { unzip } from './zip.ts';

/** Bytes of all that comes out of the archives in one file. */
const BUDGET = 512 * 1024 * 1024;

/** Archives in archives: an HTML report holds one, a trace in it another. */
const DEPTH = 3;

/**
 * Whether a file may leave the job: no secret is in it, not in the archives inside it either (traces are ZIP files, an
 * HTML report carries one as base64). What a picture shows can't be read.
 *
 * @returns why not; undefined when it may
 */
export function whyWithheld(bytes: Buffer, isSecret: Secrets['isIn']): string | undefined {
  return search(bytes, isSecret, DEPTH);
}

/** Names of files in an archive stand in it as they are. */
function search(bytes: Buffer, isSecret: Secrets['isIn'], depth: number): string | undefined {
  if (isSecret(bytes.toString('utf8'))) return 'it contains a secret';
  for (const archive of archivesIn(bytes)) {
    const entries = depth === 0 ? undefined : unzip(archive, BUDGET);
    if (entries === undefined) return 'it holds an archive that can’t be searched';
    for (const entry of entries) {
      const reason = search(entry.bytes, isSecret, depth - 1);
      if (reason !== undefined) return reason;
    }
  }
  return undefined;
}

/** The file itself when it is a ZIP archive, and those that stand in its text as `data:` addresses. */
function archivesIn(bytes: Buffer): readonly Buffer[] {
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') return [bytes];
  if (!bytes.includes('data:application/zip;base64,')) return [];
  return [...bytes.toString('latin1').matchAll(/data:application\/zip;base64,([A-Za-z0-9+/=]*)/g)].map(
    ([, text = '']) => {
      return Buffer.from(text, 'base64');
    },
  );
}
