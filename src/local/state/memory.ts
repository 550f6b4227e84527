import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { PreparedJob, PreparedRun } from '../run-types.ts';
import type { StoredArtifact, StoredRun } from './run-file.ts';
import { type NewRun, openRunStore, type RunStore, type StoreSettings } from './store.ts';
import { writeZip, type ZipSource } from './zip.ts';

/** An artifact as GitHub lists it. */
export interface KnownArtifact extends StoredArtifact {
  readonly isExpired: boolean;
  /** Bytes of its archive. */
  readonly read: () => Promise<Buffer>;
}

/** A run as GitHub lists it. */
export interface KnownRun extends Omit<StoredRun, 'artifacts' | 'version' | 'process' | 'status'> {
  readonly status: PreparedRun['status'];
  readonly artifacts: readonly KnownArtifact[];
}

/** What is known of the repository's runs while one of them goes on. */
export interface RunMemory {
  /** The run that goes on. */
  readonly own: () => StoredRun;
  /** All of them, the newest first. */
  readonly runs: () => Promise<readonly KnownRun[]>;
  /** Adds an artifact to the run. @throws ZipError when it does not fit into an archive. */
  readonly upload: (upload: Upload) => Promise<KnownArtifact>;
  readonly remove: (artifact: Pick<StoredArtifact, 'id'>) => Promise<void>;
  /** Enters how the run and its jobs ended, and makes room. */
  readonly end: (conclusion: string, jobs?: readonly PreparedJob[]) => Promise<void>;
}

export interface Upload {
  readonly name: string;
  readonly files: readonly ZipSource[];
  /** Compression, 0 to 9. */
  readonly level: number;
  readonly retentionDays: number;
}

const DAY = 24 * 3_600_000;

/**
 * Begins a run in the memory of its repository. Where the folder cannot be used, the run begins in `spare` instead, with
 * a note: what GitHub remembers is a help, never a reason to fail.
 *
 * @param others runs that are known besides, with ids of their own.
 */
export async function beginRun(
  folders: { readonly state: string; readonly spare: string },
  run: NewRun,
  others: readonly KnownRun[],
  settings: StoreSettings,
): Promise<RunMemory> {
  const open = async (folder: string): Promise<RunMemory> => {
    const store = await openRunStore(folder, settings);
    const begun = await store.begin(
      run,
      others.map(({ id }) => id),
    );
    return memoryOf(store, begun, others, settings);
  };
  try {
    return await open(folders.state);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    settings.onNote(`earlier runs are not known in this one: ${message}`);
    return open(folders.spare);
  }
}

function memoryOf(
  store: RunStore,
  begun: StoredRun,
  others: readonly KnownRun[],
  { onNote, now = Date.now }: StoreSettings,
): RunMemory {
  let own = begun;
  const time = () => isoTime(now());
  const change = (next: (run: StoredRun) => StoredRun): void => {
    own = next({ ...own, updatedAt: time() });
    store.update(own);
  };

  const known = async (artifact: StoredArtifact): Promise<KnownArtifact> => {
    const isExpired = Date.parse(artifact.expiresAt) <= now() || !(await store.hasArchive(artifact));
    return { ...artifact, isExpired, read: () => readFile(store.archiveOf(artifact)) };
  };

  const upload = async ({ name, files, level, retentionDays }: Upload): Promise<KnownArtifact> => {
    const draft = store.archiveOf({ id: own.id }).replace(/\.zip$/, `.${randomUUID()}.part`);
    try {
      const size = await writeZip(draft, files, level);
      const digest = await sha256(draft);
      const createdAt = time();
      const expiresAt = isoTime(now() + retentionDays * DAY);
      const last = Math.max(own.id * 1_000, ...own.artifacts.map(({ id }) => id));
      const added: StoredArtifact = { id: last + 1, name, size, digest, createdAt, expiresAt };
      // Named first: an archive that no run names is removed by whoever makes room.
      change((run) => ({ ...run, artifacts: [...run.artifacts, added] }));
      await rename(draft, store.archiveOf(added));
      return await known(added);
    } finally {
      await rm(draft, { force: true });
    }
  };

  return {
    own: () => own,
    runs: async () => {
      const stored = await store.runs();
      const current = stored.some(({ id }) => id === own.id) ? stored : [own, ...stored];
      const all = current.map((run) => (run.id === own.id ? own : run));
      const listed = await Promise.all(all.map(async (run) => shown(run, await Promise.all(run.artifacts.map(known)))));
      const taken = new Set(others.map(({ id }) => id));
      return [...others, ...listed.filter(({ id }) => !taken.has(id))].sort((a, b) => b.id - a.id);
    },
    upload,
    remove: async ({ id }) => {
      change((run) => ({ ...run, artifacts: run.artifacts.filter((artifact) => artifact.id !== id) }));
      await rm(store.archiveOf({ id }), { force: true });
    },
    end: async (conclusion, jobs = []) => {
      try {
        // Names, ends and environments alone: what steps printed and handed over is nobody's later.
        const ended = jobs.map(({ name, conclusion: how, deployment }) => {
          return { name, conclusion: how, ...(deployment && { deployment }) };
        });
        change((run) => ({ ...run, status: 'completed', conclusion, jobs: ended }));
        await store.prune();
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === undefined) throw error;
        onNote(`this run will not be known to later ones: ${message}`);
      }
    },
  };
}

function shown(
  { version: _version, process: _process, ...run }: StoredRun,
  artifacts: readonly KnownArtifact[],
): KnownRun {
  return { ...run, artifacts };
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}
