import { randomUUID } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { link, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../is-alive.ts';
import { BOUNDS, type Bounds, withinBounds } from './bounds.ts';
import { parseRun, type StoredArtifact, type StoredRun } from './run-file.ts';

/** What GitHub would remember of a repository's runs, as files: one description a run, one archive an artifact. */
export interface RunStore {
  /** Every run that is remembered, the newest first. One whose process has died counts as cancelled. */
  readonly runs: () => Promise<readonly StoredRun[]>;
  /**
   * Enters a run that begins: its id is the next one that is not taken, its number the next of its workflow, where none
   * are given.
   */
  readonly begin: (run: NewRun, taken?: readonly number[]) => Promise<StoredRun>;
  /** Writes a run of this process again, at once: changes that come side by side cannot overtake each other. */
  readonly update: (run: StoredRun) => void;
  /** Where the archive of an artifact is; it may have gone. */
  readonly archiveOf: (artifact: Pick<StoredArtifact, 'id'>) => string;
  readonly hasArchive: (artifact: Pick<StoredArtifact, 'id'>) => Promise<boolean>;
  /** Removes what is beyond the bounds: the oldest runs and the oldest archives. */
  readonly prune: () => Promise<void>;
}

/** A run as it begins; the store gives it an id and a number where it has none. */
export type NewRun = Omit<StoredRun, 'id' | 'runNumber' | 'version' | 'process' | 'artifacts'> & {
  readonly id: number | undefined;
  readonly runNumber: number | undefined;
};

export interface StoreSettings {
  /** Told what could not be read, in one line. */
  readonly onNote: (text: string) => void;
  /** Forgets what is there. */
  readonly isFresh?: boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly bounds?: Bounds;
}

/** Ids of runs begin behind it. */
const BEFORE_FIRST = 1_000_000_000;
/** Milliseconds after which a draft is no longer being written. */
const ABANDONED = 3_600_000;

/**
 * Opens the memory of a repository. Runs may use it at the same time: a file is written beside its place and then put
 * there in one step, and each run writes its own files only.
 */
export async function openRunStore(folder: string, settings: StoreSettings): Promise<RunStore> {
  const { onNote, now = Date.now, bounds = BOUNDS } = settings;
  const runsFolder = join(folder, 'runs');
  const archives = join(folder, 'artifacts');
  for (const path of [runsFolder, archives]) await mkdir(path, { recursive: true });
  const fileOf = (id: number) => join(runsFolder, `${id}.json`);
  const archiveOf = ({ id }: Pick<StoredArtifact, 'id'>) => join(archives, `${id}.zip`);
  const hasArchive = async (artifact: Pick<StoredArtifact, 'id'>) => (await sizeOf(archiveOf(artifact))) !== undefined;

  const runs = async (): Promise<readonly StoredRun[]> => {
    const names = (await readdir(runsFolder)).filter((name) => name.endsWith('.json'));
    const read = await Promise.all(names.map((name) => readRun(join(runsFolder, name), onNote)));
    return read.filter((run) => run !== undefined).sort((a, b) => b.id - a.id);
  };

  const draft = (run: StoredRun): string => {
    const path = join(runsFolder, `${run.id}.${randomUUID()}.tmp`);
    writeFileSync(path, JSON.stringify(run), { mode: 0o600 });
    return path;
  };

  const update = (run: StoredRun): void => renameSync(draft(run), fileOf(run.id));

  const begin = async (start: NewRun, taken: readonly number[] = []): Promise<StoredRun> => {
    for (;;) {
      const known = await runs();
      let next = Math.max(BEFORE_FIRST, ...known.map(({ id }) => id)) + 1;
      while (taken.includes(next)) next += 1;
      const numbers = known.filter(({ path }) => path === start.path).map(({ runNumber }) => runNumber);
      const id = start.id ?? next;
      // A run with the number of an earlier one is another attempt of it.
      const earlier = known.find((run) => run.id === id);
      const runNumber = start.runNumber ?? earlier?.runNumber ?? Math.max(0, ...numbers) + 1;
      const run: StoredRun = {
        ...start,
        ...{ version: 1, id, runNumber, process: process.pid, artifacts: earlier?.artifacts ?? [] },
      };
      if (start.id !== undefined) {
        update(run);
        return run;
      }
      // A link fails where the id is taken: then another run has begun meanwhile, and the next one is ours.
      if (await put(draft(run), fileOf(id))) return run;
    }
  };

  const prune = async (): Promise<void> => {
    // First what is there, then who needs it: a run names an archive before it puts it here.
    const present = await readdir(archives);
    const sizes = new Map<string, number>();
    for (const name of present) sizes.set(name, (await sizeOf(join(archives, name))) ?? 0);
    const known = await runs();
    const kept = withinBounds(known, (id) => sizes.get(`${id}.zip`) ?? 0, bounds, now());
    for (const run of known.filter((candidate) => !kept.runs.includes(candidate))) {
      await rm(fileOf(run.id), { force: true });
    }
    const isKept = (name: string) => kept.archives.has(Number(name.replace(/\.zip$/, '')));
    for (const name of present.filter((entry) => entry.endsWith('.zip') && !isKept(entry))) {
      await rm(join(archives, name), { force: true });
    }
    await removeDrafts(archives, '.part', now());
    await removeDrafts(runsFolder, '.tmp', now());
  };

  if (settings.isFresh === true) {
    for (const run of (await runs()).filter(({ status }) => status === 'completed')) {
      await rm(fileOf(run.id), { force: true });
    }
  }
  await prune();
  return { runs, begin, update, archiveOf, hasArchive, prune };
}

/** Gives the draft its name, or removes it where the name is taken. */
async function put(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

/** A run as its file tells it; what cannot be read is removed, so that it is said once. */
async function readRun(path: string, onNote: (text: string) => void): Promise<StoredRun | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    // Another run has removed it.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const run = parseRun(text);
  if (run === undefined) {
    onNote(`what was kept of an earlier run cannot be read and is forgotten: ${path}`);
    await rm(path, { force: true });
    return undefined;
  }
  if (run.status === 'completed' || isAlive(run.process)) return run;
  return { ...run, status: 'completed', conclusion: 'cancelled' };
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}

/** Removes what a process that was ended has left half written. */
async function removeDrafts(folder: string, ending: string, now: number): Promise<void> {
  for (const name of (await readdir(folder)).filter((entry) => entry.endsWith(ending))) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found !== undefined && now - found.mtimeMs > ABANDONED) await rm(join(folder, name), { force: true });
  }
}
