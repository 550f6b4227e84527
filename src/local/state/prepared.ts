import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PreparedArtifact, PreparedRun } from '../run-types.ts';
import { isoTime, type KnownArtifact, type KnownRun } from './memory.ts';
import { writeZip } from './zip.ts';

const RETENTION = 90 * 24 * 3_600_000;

/**
 * Prepared runs as GitHub would know them, their artifacts packed.
 *
 * @param place a folder for the archives, and what runs have in common.
 */
export async function preparedRuns(
  prepared: readonly PreparedRun[],
  place: { readonly folder: string; readonly repository: string; readonly name: string; readonly now: string },
): Promise<readonly KnownRun[]> {
  await mkdir(place.folder, { recursive: true });
  return Promise.all(
    prepared.map(async ({ artifacts = [], ...run }): Promise<KnownRun> => {
      const createdAt = run.createdAt ?? place.now;
      const packed = artifacts.map((artifact, index) => {
        return pack(artifact, { id: run.id * 1_000 + index + 1, createdAt, folder: place.folder });
      });
      return {
        ...run,
        ...{ attempt: 1, name: place.name, createdAt, updatedAt: createdAt },
        headRepository: run.headRepository ?? place.repository,
        artifacts: await Promise.all(packed),
      };
    }),
  );
}

async function pack(
  { name, files, isExpired = false }: PreparedArtifact,
  { id, createdAt, folder }: { readonly id: number; readonly createdAt: string; readonly folder: string },
): Promise<KnownArtifact> {
  const archive = join(folder, `${id}.zip`);
  const sources = Object.entries(files).map(([path, content]) => ({ path, read: async () => Buffer.from(content) }));
  const size = await writeZip(archive, sources);
  const digest = createHash('sha256')
    .update(await readFile(archive))
    .digest('hex');
  const expiresAt = isoTime(Date.parse(createdAt) + RETENTION);
  return { id, name, size, digest, createdAt, expiresAt, isExpired, read: () => readFile(archive) };
}
